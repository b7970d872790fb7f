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
      guard let word = reply.value?.stringValue else { throw CodecError(reason: "is no word") }
      return WireResponse(body: Array(word.utf8))
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

  @Test("a request that the service cannot read is told with its reason")
  func refusesToRead() async {
    let loopback = Loopback(Service(codec: WordCodec(), responder: Slow()))
    let error = await #expect(throws: TransportError.self) {
      try await loopback.exchange(WireRequest(), timeout: .seconds(5))
    }
    #expect(error?.kind == .configuration)
    #expect(error?.reason == "the mock cannot read the request: says nothing")
  }

  @Test("a reply that the service cannot write is told with its reason")
  func refusesToWrite() async {
    let number = ClosureResponder { _ in .value(7) }
    let loopback = Loopback(Service(codec: WordCodec(), responder: number))
    let error = await #expect(throws: TransportError.self) {
      try await loopback.exchange(WireRequest(body: [65]), timeout: .seconds(5))
    }
    #expect(error?.reason == "the mock cannot write its reply: is no word")
  }
}
