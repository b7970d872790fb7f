import NIOCore
import Testing
import TrestleCore

@testable import TrestleNet

@Suite("Connections of our own to services without TLS and proxies")
struct PlainConnectionTests {
  private static let long = Duration.seconds(60)

  /// The answers to some requests to a server that sends what the script says.
  private func answers(
    to requests: [WireRequest], _ script: @escaping ScriptedServer.Script
  ) async throws -> (
    responses: [Result<WireResponse, TransportError>], server: ScriptedServer
  ) {
    try await ScriptedServer.run(script) { server, port async throws in
      // On a busy machine a connection may wait longer than usual for the next request.
      let connections = HTTPConnections(limits: .init(idleTime: .seconds(60)))
      let own = try HTTPTransport("http://127.0.0.1:\(port)/", connections: connections)
      let result = try await own.whileOpen { transport in
        var responses: [Result<WireResponse, TransportError>] = []
        for request in requests {
          do throws(TransportError) {
            responses.append(.success(try await transport.exchange(request, timeout: Self.long)))
          } catch {
            responses.append(.failure(error))
          }
        }
        return (responses, server)
      }
      await connections.shutdown()
      return result
    }
  }

  private func answer(
    to method: String = "POST", _ text: String, isLast: Bool = false
  ) async throws -> Result<WireResponse, TransportError> {
    let bytes = Array(text.utf8)
    let answers = try await answers(to: [WireRequest(method: method, body: [])]) { _, _ in
      isLast ? .last(bytes) : .answer(bytes)
    }
    return try #require(answers.responses.first)
  }

  @Test("a body in chunks is put together, its trailers left out")
  func chunks() async throws {
    let response = try await answer(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX: y\r\n\r\n"
    ).get()
    #expect(response.body == Array("abc".utf8) && response.headers["X"] == nil)
  }

  @Test("a body without a length ends with the connection")
  func toTheEnd() async throws {
    let response = try await answer("HTTP/1.0 200 OK\r\n\r\nabc", isLast: true).get()
    #expect(response.body == Array("abc".utf8))
  }

  @Test("what announces an answer is none")
  func interim() async throws {
    let response = try await answer(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nok"
    ).get()
    #expect(response.status == 201 && response.body == Array("ok".utf8))
  }

  @Test(
    "answers that have no body end with their head",
    arguments: [
      ("HEAD", "200 OK\r\nContent-Length: 9"), ("POST", "204 No Content"),
      ("GET", "304 Not Modified\r\nContent-Length: 9"),
    ])
  func noBody(method: String, head: String) async throws {
    let response = try await answer(to: method, "HTTP/1.1 \(head)\r\n\r\n").get()
    #expect(response.body.isEmpty)
  }

  @Test(
    "a connection is used again only where its answer allows it",
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1),
      ("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 1),
      ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 3),
      ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 3),
      // What comes after an answer would be taken for the next one.
      (
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
        3
      ),
    ])
  func reuse(answer: String, connections: Int) async throws {
    let request = WireRequest(body: [1])
    let (responses, server) = try await answers(to: [request, request, request]) { _, _ in
      .answer(Array(answer.utf8))
    }
    for response in responses { #expect(try response.get().body.isEmpty) }
    #expect(server.connections == connections)
  }

  @Test(
    "what could be read in two ways is refused, and said",
    arguments: [
      (
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "cannot be taken: Content-Length and Transfer-Encoding exclude each other"
      ),
      (
        "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", "a chunk does not end where its size says"
      ),
      ("Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\n", "is larger than"),
      ("A : b\r\n\r\n", "a header line is not a name, a colon and a value"),
      (String(repeating: "A: b\r\n", count: 300) + "\r\n", "the header section of the answer of"),
      (String(repeating: "A: bbbbbbbbbbbbb\r\n", count: 6000), "is too large"),
    ])
  func refused(rest: String, reason: String) async throws {
    let result = try await answer("HTTP/1.1 200 OK\r\n" + rest)
    let error = #expect(throws: TransportError.self) { _ = try result.get() }
    #expect(error?.kind == .protocolViolation && error?.mayHaveBeenSent == true)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }

  @Test("a request says its length where its method means a body, and is written as it is")
  func requests() async throws {
    let requests = [
      WireRequest(method: "POST"), WireRequest(method: "GET", target: "/a?b=%20"),
      WireRequest(method: "PUT", headers: ["A": "1", "a": "2"], body: Array("xy".utf8)),
    ]
    let (responses, server) = try await answers(to: requests) { _, _ in .ok() }
    for response in responses { #expect(try response.get().status == 200) }
    let seen = server.requests
    #expect(seen.map(\.line) == ["POST / HTTP/1.1", "GET /a?b=%20 HTTP/1.1", "PUT / HTTP/1.1"])
    #expect(seen.map { $0.field("Content-Length") } == ["0", nil, "2"])
    #expect(seen[2].head.contains("\r\nA: 1\r\na: 2\r\n") && seen[2].body == Array("xy".utf8))
  }

  @Test("a field that would break the header section is not sent")
  func splitting() async throws {
    var request = WireRequest()
    request.headers["X"] = "a\r\nInjected: yes"
    let (responses, server) = try await answers(to: [request]) { _, _ in .ok() }
    #expect(throws: TransportError.self) { _ = try responses[0].get() }
    #expect(server.requests.isEmpty)
  }

  @Test("large messages go both ways")
  func large() async throws {
    let body = [UInt8](repeating: 7, count: 3 << 20)
    let request = WireRequest(body: body)
    let (responses, server) = try await answers(to: [request, request]) { request, _ in
      .response("200 OK", bytes: request.body)
    }
    for response in responses { #expect(try response.get().body == body) }
    #expect(server.connections == 1)
  }

  // MARK: Many calls, and their end

  @Test("a connection that nobody needs is closed after a while")
  func idle() async throws {
    try await HTTPServer(.echo()).whileRunning { server in
      let connections = HTTPConnections(limits: .init(idleTime: .milliseconds(1)))
      let transport = try HTTPTransport(
        "http://127.0.0.1:\(server.port)/", connections: connections)
      _ = try await transport.exchange(WireRequest("x"), timeout: Self.long)
      while server.connectionCount > 0 { await Task.yield() }
      await connections.shutdown()
    }
  }

  @Test("further calls wait for a connection where as many are open as may be")
  func bounded() async throws {
    try await ScriptedServer.run { request, _ in
      .response("200 OK", bytes: request.body)
    } _: { server, port async throws in
      let connections = HTTPConnections(limits: .init(connections: 2))
      let transport = try HTTPTransport("http://127.0.0.1:\(port)/", connections: connections)
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<100 {
          group.addTask {
            let body = Array("call \(number)".utf8)
            let response = try await transport.exchange(
              WireRequest(body: body), timeout: Self.long)
            return response.body == body
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect(server.connections <= 2)
      await connections.shutdown()
    }
  }

  @Test(
    "a call that gets no connection in time is told so, and those that wait go on when one is free")
  func waits() async throws {
    let gate = Gate()
    try await HTTPServer(.echo(gate: gate)).whileRunning { server in
      let connections = HTTPConnections(limits: .init(connections: 1))
      var options = HTTPTransport.Options()
      let patient = try HTTPTransport(
        "http://127.0.0.1:\(server.port)/", options: options, connections: connections)
      options.connectTimeout = .milliseconds(50)
      let hasty = try HTTPTransport(
        "http://127.0.0.1:\(server.port)/", options: options, connections: connections)
      let first = Task { try await patient.exchange(WireRequest("later"), timeout: Self.long) }
      await gate.arrivals(1)
      let error = await #expect(throws: TransportError.self) {
        try await hasty.exchange(WireRequest("x"), timeout: Self.long)
      }
      #expect(error?.kind == .timeout && error?.mayHaveBeenSent == false)
      #expect(error?.reason == "no connection to 127.0.0.1:\(server.port) within 50 ms")
      let second = Task { try await patient.exchange(WireRequest("x"), timeout: Self.long) }
      first.cancel()
      #expect(try await second.value.body == Array("x".utf8))
      await connections.shutdown()
    }
  }

  @Test("a cancelled call closes its connection, on which an answer could still come")
  func cancelled() async throws {
    let gate = Gate()
    try await HTTPServer(.echo(gate: gate)).whileRunning { server in
      try await withHTTPTransport("http://127.0.0.1:\(server.port)/") { transport in
        let call = Task { try await transport.exchange(WireRequest("later"), timeout: Self.long) }
        await gate.arrivals(1)
        call.cancel()
        let error = await #expect(throws: TransportError.self) { try await call.value }
        #expect(error?.reason == "the call to 127.0.0.1:\(server.port) was cancelled")
        while server.connectionCount > 0 { await Task.yield() }
      }
    }
  }

  @Test("a shutdown ends the calls under way, and lets none begin")
  func shutdown() async throws {
    let gate = Gate()
    try await HTTPServer(.echo(gate: gate)).whileRunning { server in
      let transport = try HTTPTransport("http://127.0.0.1:\(server.port)/")
      let call = Task { try await transport.exchange(WireRequest("later"), timeout: Self.long) }
      await gate.arrivals(1)
      await transport.shutdown()
      await #expect(throws: TransportError.self) { try await call.value }
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(WireRequest("x"), timeout: Self.long)
      }
      #expect(error?.reason == "the connections were already shut down")
    }
  }
}
