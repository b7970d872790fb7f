import Synchronization
import Testing
import TrestleCore
import TrestleNet

@Suite struct HTTPTransportTests {
  private func request(_ body: String) -> WireRequest {
    WireRequest(headers: ["Content-Type": "text/plain"], body: Array(body.utf8))
  }

  /// What calling a server that answers with fixed bytes fails with.
  private func failure(
    answer: String?, closes: Bool, timeout: Duration = .seconds(10),
    options: HTTPTransport.Options = .init()
  ) async throws -> TransportError {
    try await CannedServer.run(answer: answer.map { Array($0.utf8) }, closes: closes) { server in
      try await withHTTPTransport("http://127.0.0.1:\(server.port)/", options: options) {
        transport in
        let error = await #expect(throws: TransportError.self) {
          try await transport.exchange(request("x"), timeout: timeout)
        }
        return try #require(error)
      }
    }
  }

  @Test("a request reaches the endpoint's path with its headers, its answer comes back")
  func exchanges() async throws {
    let seen = Mutex<[WireEvent]>([])
    var options = HTTPTransport.Options(headers: [
      "Authorization": "Bearer t", "content-type": "a/b",
    ])
    options.observer = { event in seen.withLock { $0.append(event) } }
    try await HTTPServer(.echo()).whileRunning { server in
      try await withHTTPTransport(
        "http://127.0.0.1:\(server.port)/a?b=c", options: options
      ) { transport in
        for text in ["one", "two", ""] {
          let response = try await transport.exchange(request(text), timeout: .seconds(10))
          #expect(response.status == (text.isEmpty ? 500 : 200))
          #expect(response.body == Array((text.isEmpty ? "is empty" : text).utf8))
        }
        #expect(server.connectionCount == 1, "the connection is kept")
      }
    }
    let events = seen.withLock { $0 }
    #expect(events.count == 6)
    guard case .sending(let sent, let endpoint) = events[0], case .received(let got, _) = events[1]
    else {
      Issue.record("expected a request and its response")
      return
    }
    #expect(endpoint.target == "/a?b=c" && sent.target == "/a?b=c" && sent.method == "POST")
    #expect(sent.headers["Authorization"] == "Bearer ***")
    #expect(sent.headers["Content-Type"] == "a/b")
    #expect(sent.headers["User-Agent"] == "trestle/0.1")
    #expect(sent.headers["Host"] == endpoint.authority)
    #expect(got.status == 200 && got.headers["Content-Length"] == "3")
  }

  @Test("a target in the request replaces the endpoint's path")
  func targets() async throws {
    try await HTTPServer(.echo(EchoCodec(document: "d"))).whileRunning { server in
      try await withHTTPTransport("http://127.0.0.1:\(server.port)/s") { transport in
        let get = WireRequest(method: "GET", target: "/t?doc")
        let response = try await transport.exchange(get, timeout: .seconds(10))
        #expect(response.body == Array("d at http://127.0.0.1:\(server.port)".utf8))
      }
    }
  }

  @Test("many calls at once all get their own answer")
  func concurrent() async throws {
    try await HTTPServer(.echo()).whileRunning { server in
      try await withHTTPTransport("http://127.0.0.1:\(server.port)/") { transport in
        try await withThrowingTaskGroup(of: Bool.self) { group in
          for number in 0..<200 {
            group.addTask {
              let text = "call \(number)"
              let response = try await transport.exchange(request(text), timeout: .seconds(30))
              return response.body == Array(text.utf8)
            }
          }
          for try await isRight in group { #expect(isRight) }
        }
      }
    }
  }

  @Test("a refused connection is told at once, with the address and what to do")
  func refused() async throws {
    try await withHTTPTransport("http://127.0.0.1:1/") { transport in
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(request("x"), timeout: .seconds(60))
      }
      #expect(error?.kind == .connect)
      #expect(error?.reason == "connection refused by 127.0.0.1:1")
      #expect(error?.hint?.hasPrefix("nothing listens there") == true)
      #expect(error?.mayHaveBeenSent == false)
    }
  }

  @Test("an unknown host is told by its name")
  func unknownHost() async throws {
    try await withHTTPTransport("http://no-such-host.invalid/") { transport in
      let error = await #expect(throws: TransportError.self) {
        try await transport.exchange(request("x"), timeout: .seconds(60))
      }
      #expect(error?.kind == .connect)
      #expect(error?.reason == "no host is named 'no-such-host.invalid'")
    }
  }

  @Test(
    "the timeout holds for the header section and for the body",
    arguments: [nil, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
  func timesOut(answer: String?) async throws {
    let error = try await failure(answer: answer, closes: false, timeout: .milliseconds(300))
    #expect(error.kind == .timeout && error.mayHaveBeenSent)
    #expect(error.reason.hasSuffix("within 300 ms"))
  }

  @Test(
    "a connection that closes before the whole answer is told so",
    arguments: [nil, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
  func closedEarly(answer: String?) async throws {
    let error = try await failure(answer: answer, closes: true)
    #expect(error.kind == .interrupted && error.mayHaveBeenSent)
    #expect(error.reason.contains("closed the connection before its answer was whole"))
  }

  @Test("an answer that is not HTTP is told so")
  func notHTTP() async throws {
    let error = try await failure(answer: "220 mail.example ESMTP ready\r\n", closes: false)
    #expect(error.kind == .protocolViolation)
    #expect(error.reason.hasSuffix("is not HTTP"))
  }

  @Test("an answer over the limit is refused")
  func tooLarge() async throws {
    var options = HTTPTransport.Options()
    options.responseLimit = 5
    let error = try await failure(
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef", closes: false, options: options)
    #expect(error.kind == .protocolViolation)
    #expect(error.reason.hasSuffix("is larger than 5 bytes"))
  }

  @Test("calls go on after the server closed the kept connection")
  func reconnects() async throws {
    var limits = HTTPServerLimits()
    limits.idleTime = .milliseconds(1)
    try await HTTPServer(.echo(), limits: limits).whileRunning { server in
      try await withHTTPTransport("http://127.0.0.1:\(server.port)/") { transport in
        var answered = 0
        for _ in 0..<10 {
          do throws(TransportError) {
            let response = try await transport.exchange(request("again"), timeout: .seconds(10))
            #expect(response.status == 200)
            answered += 1
          } catch {
            // The request left before the close was seen: only the caller knows whether to repeat it.
            #expect(error.kind == .interrupted && error.mayHaveBeenSent)
          }
          while server.connectionCount > 0 { await Task.yield() }
        }
        #expect(answered >= 5)
      }
    }
  }

  @Test("a cancelled call ends")
  func cancels() async throws {
    let gate = Gate()
    try await HTTPServer(.echo(gate: gate)).whileRunning { server in
      try await withHTTPTransport("http://127.0.0.1:\(server.port)/") { transport in
        let call = Task { try await transport.exchange(request("later"), timeout: .seconds(60)) }
        await gate.arrivals(1)
        call.cancel()
        let error = await #expect(throws: TransportError.self) { try await call.value }
        #expect(error?.reason.hasSuffix("was cancelled") == true)
      }
    }
  }

  @Test("headers that cannot be sent are refused before anything is")
  func headers() {
    let options = HTTPTransport.Options(headers: ["X": "a\r\nb"])
    let error = #expect(throws: TransportError.self) {
      try HTTPTransport("http://x/", options: options)
    }
    #expect(error?.kind == .configuration)
  }
}
