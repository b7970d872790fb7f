import Testing

@testable import TrestleCore

@Suite("Loopback")
struct LoopbackTests {
  /// A protocol whose messages are operation names.
  struct WordCodec: Codec {
    let contract = Contract(name: "words", operations: [], isOpen: true)
    var wire: Wire { .http }

    func encode(_ call: Call) throws(CodecError) -> WireRequest {
      WireRequest(body: Array(call.operation.utf8))
    }
    func decode(_ request: WireRequest) throws(CodecError) -> Call {
      if request.body.isEmpty { throw CodecError(reason: "says nothing") }
      return Call(operation: String(decoding: request.body, as: UTF8.self))
    }
    func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse {
      WireResponse(body: Array((reply.value?.stringValue ?? "").utf8))
    }
    func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply {
      .value(.string(String(decoding: response.body, as: UTF8.self)))
    }
    func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse? { nil }
  }

  struct Slow: Responder {
    func respond(to call: Call) -> Answer {
      .later {
        // Nothing ever comes: the wait ends when it is cancelled.
        let (nothing, never) = AsyncStream<Int>.makeStream()
        for await _ in nothing {}
        never.finish()
        return .value("late")
      }
    }
  }

  @Test("a request goes to the service and its answer comes back")
  func answers() async throws {
    let echo = ClosureResponder { .value(.string($0.operation + "!")) }
    let loopback = Loopback(Service(codec: WordCodec(), responder: echo))
    let response = try await loopback.exchange(
      WireRequest(body: Array("hello".utf8)), timeout: .seconds(5))
    #expect(String(decoding: response.body, as: UTF8.self) == "hello!")
  }

  @Test("a service that takes too long is a timeout")
  func timesOut() async {
    let loopback = Loopback(Service(codec: WordCodec(), responder: Slow()))
    let error = await #expect(throws: TransportError.self) {
      try await loopback.exchange(WireRequest(body: [65]), timeout: .milliseconds(5))
    }
    #expect(error?.kind == .timeout)
  }

  @Test("a request without an answer is an interrupted connection")
  func closes() async {
    let loopback = Loopback(Service(codec: WordCodec(), responder: Slow()))
    let error = await #expect(throws: TransportError.self) {
      try await loopback.exchange(WireRequest(), timeout: .seconds(5))
    }
    #expect(error?.kind == .interrupted)
  }
}
