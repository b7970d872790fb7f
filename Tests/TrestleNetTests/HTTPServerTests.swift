import Testing
import TrestleCore
import TrestleNet

@Suite struct HTTPServerTests {
  private func post(_ body: String, headers: String = "", path: String = "/") -> String {
    "POST \(path) HTTP/1.1\r\nHost: x\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Sends bytes to a fresh server; gives what it answered until it closed.
  private func answer(
    to bytes: String, limits: HTTPServerLimits = HTTPServerLimits(),
    codec: EchoCodec = EchoCodec(), half: Bool = false
  ) async throws -> String {
    try await HTTPServer(.echo(codec), limits: limits).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send(bytes)
      return await client.readToEnd()
    }
  }

  @Test("a POST on any path is answered with its length, on a connection that stays open")
  func posts() async throws {
    try await HTTPServer(.echo()).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send(post("one"))
      let first = await client.read(until: "one")
      #expect(
        first == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\none")
      try await client.send(post("two", path: "/any/path?query"))
      #expect(await client.read(until: "two").hasSuffix("Content-Length: 3\r\n\r\ntwo"))
      #expect(server.connectionCount == 1)
    }
  }

  @Test("a request that arrives byte by byte is one request")
  func drips() async throws {
    try await HTTPServer(.echo()).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      for byte in post("drip").utf8 { try await client.send([byte]) }
      #expect(await client.read(until: "drip").hasPrefix("HTTP/1.1 200 OK"))
    }
  }

  @Test("pipelined requests are answered in order, also when an early one takes time")
  func pipelines() async throws {
    let gate = Gate()
    try await HTTPServer(.echo(gate: gate)).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send(post("later 1") + post("2") + post("later 3") + post("4"))
      await gate.arrivals(1)
      gate.open()
      let text = await client.read(until: "\r\n4")
      let bodies = text.split(separator: "HTTP/1.1 200 OK").map {
        String($0.split(separator: "\r\n", omittingEmptySubsequences: false).last ?? "")
      }
      #expect(bodies == ["later 1", "2", "later 3", "4"])
    }
  }

  @Test("a thousand requests sent ahead are all answered, whatever the size of the answers")
  func pipelinesMany() async throws {
    let body = String(repeating: "x", count: 2000)
    try await HTTPServer(.echo()).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      let response =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2000\r\n\r\n" + body
      try await client.send(String(repeating: post(body), count: 1000))
      let bytes = await client.read(count: response.utf8.count * 1000)
      #expect(bytes == Array(String(repeating: response, count: 1000).utf8))
    }
  }

  @Test("chunked bodies are put together")
  func chunks() async throws {
    let text = try await answer(
      to: "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Trailer: z\r\n\r\n")
    #expect(text.hasSuffix("Connection: close\r\nContent-Length: 7\r\n\r\nabcdefg"))
  }

  @Test("a client that expects 100-continue is told to go on")
  func continues() async throws {
    try await HTTPServer(.echo()).whileRunning { server in
      var client = try await RawConnection(to: server.port)
      try await client.send(
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      #expect(await client.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      try await client.send("ok")
      #expect(await client.read(until: "ok").contains("HTTP/1.1 200 OK"))
    }
  }

  @Test("HTTP/1.0 is answered and closed; so is Connection: close")
  func closes() async throws {
    let old = try await answer(to: "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
    #expect(old.hasPrefix("HTTP/1.1 200 OK\r\n") && old.hasSuffix("\r\n\r\nhi"))
    let new = try await answer(to: post("hi", headers: "Connection: close\r\n"))
    #expect(new.contains("Connection: close\r\n"))
  }

  @Test("GET hands out the codec's document with the address the client used")
  func documents() async throws {
    let codec = EchoCodec(document: "a document")
    let get = "/s?doc HTTP/1.1\r\nHost: example:81\r\nConnection: close\r\n\r\n"
    let text = try await answer(to: "GET " + get, codec: codec)
    #expect(text.hasSuffix("\r\n\r\na document at http://example:81"))
    let head = try await answer(to: "HEAD " + get, codec: codec)
    #expect(head.contains("Content-Length: 31\r\n") && head.hasSuffix("\r\n\r\n"))
  }

  @Test(
    "what is not a call gets the status that says so",
    arguments: [
      ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
      ("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
      ("DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
      ("CONNECT x:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
      ("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: <b>\r\nContent-Length: 0\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\n", 400),
      (
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400
      ),
      ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
      ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx", 415),
      ("POST / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nContent-Length: 1\r\n\r\nx", 417),
      ("POST / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
      ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n", 400),
      ("POST / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400),
    ])
  func refuses(request: String, status: Int) async throws {
    let text = try await answer(to: request)
    #expect(text.hasPrefix("HTTP/1.1 \(status) "))
    #expect(text.contains("Connection: close\r\n"))
    #expect(!text.dropFirst().contains("HTTP/1.1 "))
  }

  @Test("405 names the method that works")
  func allows() async throws {
    let text = try await answer(to: "PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(text.contains("\r\nAllow: POST\r\n"))
  }

  @Test("a large header section within the limits is taken")
  func largeHead() async throws {
    let field = "A: \(String(repeating: "b", count: 10_000))\r\n"
    let headers = String(repeating: field, count: 6) + "Connection: close\r\n"
    #expect(try await answer(to: post("hi", headers: headers)).hasSuffix("\r\n\r\nhi"))
  }

  @Test("too many or too long header fields are 431, a body over the limit is 413")
  func sizes() async throws {
    var limits = HTTPServerLimits()
    limits.fields = 10
    limits.fieldBytes = 100
    limits.headBytes = 400
    limits.bodyBytes = 10
    let many = String(repeating: "A: b\r\n", count: 11)
    #expect(try await answer(to: post("x", headers: many), limits: limits).contains(" 431 "))
    let long = "A: " + String(repeating: "b", count: 101) + "\r\n"
    #expect(try await answer(to: post("x", headers: long), limits: limits).contains(" 431 "))
    let section = String(repeating: "A: \(String(repeating: "b", count: 80))\r\n", count: 6)
    #expect(try await answer(to: post("x", headers: section), limits: limits).contains(" 431 "))
    let chunked =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nabcdefgh\r\n"
    #expect(try await answer(to: chunked + "3\r\nijk\r\n", limits: limits).contains(" 413 "))
  }

  // Where something is sent first, there is time for that.
  @Test(
    "a client that is too slow is cut off",
    arguments: [
      ("", "", .milliseconds(20)), ("POST / HT", "408", .seconds(6)),
      ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc", "408", .seconds(30)),
    ] as [(String, String, Duration)])
  func times(request: String, status: String, headTime: Duration) async throws {
    var limits = HTTPServerLimits()
    limits.headTime = headTime
    limits.bodyTime = .milliseconds(20)
    limits.longestBodyTime = .milliseconds(20)
    #expect(try await answer(to: request, limits: limits).dropFirst(9).prefix(3) == status)
  }

  @Test("a connection without a further request is closed")
  func idles() async throws {
    var limits = HTTPServerLimits()
    limits.idleTime = .milliseconds(20)
    #expect(try await answer(to: post("once"), limits: limits).hasSuffix("once"))
  }

  @Test("a service that has no words for an error closes the connection")
  func mutes() async throws {
    #expect(try await answer(to: post("mute")) == "")
  }

  @Test(
    "a header that would split the response never leaves", arguments: ["a\r\nSet-Cookie: b", "\0"])
  func splits(value: String) async throws {
    let codec = EchoCodec(responseHeaders: ["X-Bad": value])
    let text = try await answer(to: post("x", headers: "Connection: close\r\n"), codec: codec)
    #expect(text.hasPrefix("HTTP/1.1 500 ") && !text.contains("Set-Cookie"))
  }

  @Test("a client that leaves takes its unfinished answer with it")
  func cancels() async throws {
    let gate = Gate()
    try await HTTPServer(.echo(gate: gate)).whileRunning { server in
      let client = try await RawConnection(to: server.port)
      try await client.send(post("later"))
      await gate.arrivals(1)
      try await client.close()
      await gate.cancellation()
    }
  }

  @Test("shutting down finishes the answer under way, closes idle connections, accepts none")
  func drains() async throws {
    let gate = Gate()
    let server = try await HTTPServer(.echo(gate: gate)).start(port: 0)
    var idle = try await RawConnection(to: server.port)
    try await idle.send(post("hello"))
    _ = await idle.read(until: "hello")
    var busy = try await RawConnection(to: server.port)
    try await busy.send(post("later"))
    await gate.arrivals(1)

    async let stopped: Void = server.shutdown()
    #expect(await idle.readToEnd().hasSuffix("hello"))
    gate.open()
    let last = await busy.readToEnd()
    #expect(last.contains("Connection: close\r\n") && last.hasSuffix("later"))
    await stopped
    #expect(server.connectionCount == 0)
    await #expect(throws: (any Error).self) { try await RawConnection(to: server.port) }
  }

  @Test("an answer that outlasts the grace period is cut")
  func cuts() async throws {
    let gate = Gate()
    let server = try await HTTPServer(.echo(gate: gate)).start(port: 0)
    var busy = try await RawConnection(to: server.port)
    try await busy.send(post("later"))
    await gate.arrivals(1)
    await server.shutdown(grace: .milliseconds(10))
    #expect(await busy.readToEnd() == "")
    #expect(server.connectionCount == 0)
  }

  @Test("a busy port is told by its number, with what to do")
  func busyPort() async throws {
    try await HTTPServer(.echo()).whileRunning { server in
      let error = await #expect(throws: ListenError.self) {
        try await HTTPServer(.echo()).start(port: server.port)
      }
      #expect(error?.kind == .portInUse)
      #expect(error?.reason == "port \(server.port) on 127.0.0.1 is in use")
      #expect(error?.hint?.contains("another port") == true)
    }
  }
}
