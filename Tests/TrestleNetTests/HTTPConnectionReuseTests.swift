import NIOCore
import NIOPosix
import Testing
import TrestleCore
import TrestleNet

@Suite("Kept HTTP connections, and those that do not come about")
struct HTTPConnectionReuseTests {
  /// Two calls to a server that takes the second on the kept connection and closes without an answer.
  private func secondCall(
    repeatable: Bool, method: String = "POST", partial: String? = nil
  ) async throws -> (Result<WireResponse, TransportError>, requests: Int, connections: Int) {
    try await ScriptedServer.run { _, number in
      guard number == 2 else { return .ok("\(number)") }
      return partial.map { .last(Array($0.utf8)) } ?? .close
    } _: { server, port async throws in
      try await withHTTPTransport("http://127.0.0.1:\(port)/") { transport in
        var request = WireRequest("x")
        request.method = method
        _ = try await transport.exchange(request, timeout: .seconds(60))
        request.isRepeatable = repeatable
        let result: Result<WireResponse, TransportError>
        do throws(TransportError) {
          result = .success(try await transport.exchange(request, timeout: .seconds(60)))
        } catch {
          result = .failure(error)
        }
        return (result, server.requests.count, server.connections)
      }
    }
  }

  @Test("a read is sent again where a kept connection closed without an answer")
  func read() async throws {
    let (result, requests, connections) = try await secondCall(repeatable: true)
    #expect(try result.get().body == Array("3".utf8))
    #expect(requests == 3 && connections >= 2)
  }

  @Test(
    "a write is not, by whatever method: the server may have done its work",
    arguments: ["POST", "GET"])
  func write(method: String) async throws {
    let (result, requests, _) = try await secondCall(repeatable: false, method: method)
    let error = #expect(throws: TransportError.self) { _ = try result.get() }
    #expect(error?.kind == .interrupted && error?.mayHaveBeenSent == true)
    #expect(requests == 2)
  }

  @Test(
    "neither is, once a part of the answer has come",
    arguments: ["HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
  func partial(answer: String) async throws {
    let (result, requests, _) = try await secondCall(repeatable: true, partial: answer)
    let error = #expect(throws: TransportError.self) { _ = try result.get() }
    #expect(error?.kind == .interrupted)
    #expect(requests == 2)
  }

  @Test("a read is sent again once, not for ever")
  func once() async throws {
    try await ScriptedServer.run { _, _ in
      .close
    } _: { server, port async throws in
      try await withHTTPTransport("http://127.0.0.1:\(port)/") { transport in
        var request = WireRequest("x")
        request.isRepeatable = true
        let error = await #expect(throws: TransportError.self) {
          try await transport.exchange(request, timeout: .seconds(60))
        }
        #expect(error?.kind == .interrupted)
        #expect(server.requests.count == 2)
      }
    }
  }

  /// A port where connections hang: its listener takes none, and its queue is full.
  private func whereConnectionsHang<Result>(
    _ body: (_ port: Int) async throws -> Result
  ) async throws -> Result {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 1)
      .serverChannelOption(.autoRead, value: false)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = listener.localAddress?.port ?? 0
    let client = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.milliseconds(200))
    var fillers: [any Channel] = []
    // Full is a queue that takes nothing twice running: on a busy machine one attempt may just be slow.
    var refusals = 0
    while refusals < 2 {
      if let filler = try? await client.connect(host: "127.0.0.1", port: port).get() {
        fillers.append(filler)
        refusals = 0
      } else {
        refusals += 1
      }
    }
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(port)) } catch { result = .failure(error) }
    try await listener.close()
    for filler in fillers { try? await filler.close() }
    return try result.get()
  }

  @Test(
    "a connection that does not come about ends with its own limit, the shorter of the two",
    arguments: [
      (Duration.milliseconds(150), Duration.seconds(20)), (.seconds(20), .milliseconds(150)),
    ])
  func connectTimeout(connect: Duration, whole: Duration) async throws {
    try await whereConnectionsHang { port in
      var options = HTTPTransport.Options()
      options.connectTimeout = connect
      try await withHTTPTransport("http://127.0.0.1:\(port)/", options: options) { transport in
        let error = await #expect(throws: TransportError.self) {
          try await transport.exchange(WireRequest("x"), timeout: whole)
        }
        #expect(error?.kind == .timeout && error?.mayHaveBeenSent == false)
        #expect(error?.reason == "no connection to 127.0.0.1:\(port) within 150 ms")
      }
    }
  }

  @Test("a TLS handshake that does not end is told with the limit for connections")
  func handshake() async throws {
    try await CannedServer.run(answer: nil, closes: false) { server in
      var options = HTTPTransport.Options()
      options.connectTimeout = .milliseconds(150)
      try await withHTTPTransport("https://127.0.0.1:\(server.port)/", options: options) {
        transport in
        let error = await #expect(throws: TransportError.self) {
          try await transport.exchange(WireRequest("x"), timeout: .seconds(20))
        }
        #expect(error?.reason.contains("within 150 ms") == true, "\(error?.reason ?? "")")
      }
    }
  }
}
