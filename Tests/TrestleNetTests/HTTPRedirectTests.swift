import Testing
import TrestleCore
import TrestleNet

@Suite("HTTP redirects")
struct HTTPRedirectTests {
  private func call(
    _ url: String, method: String = "POST", options: HTTPTransport.Options = .init()
  ) async throws -> (response: WireResponse, from: Endpoint) {
    try await withHTTPTransport(url, options: options) { transport in
      var request = WireRequest("call")
      request.method = method
      if method == "GET" { request.body = [] }
      return try await transport.fetch(request, timeout: .seconds(60))
    }
  }

  private func failure(
    _ url: String, method: String = "POST", options: HTTPTransport.Options = .init()
  ) async -> TransportError? {
    await #expect(throws: TransportError.self) {
      _ = try await call(url, method: method, options: options)
    }
  }

  @Test("307 and 308 take the call with its body to the target", arguments: [307, 308])
  func kept(status: Int) async throws {
    try await ScriptedServer.run { request, _ in
      request.line.contains(" /new/ws?v=2 ")
        ? .ok() : .response("\(status) Moved", ["Location: ../new/ws?v=2#part"])
    } _: { server, port async throws in
      let (response, from) = try await call("http://127.0.0.1:\(port)/old/ws")
      #expect(response.status == 200 && from.target == "/new/ws?v=2")
      #expect(server.requests.map(\.line).last == "POST /new/ws?v=2 HTTP/1.1")
      #expect(server.requests.last?.body == Array("call".utf8))
    }
  }

  @Test(
    "a call is never made a GET: 301, 302 and 303 are told with their target",
    arguments: [301, 302, 303])
  func lostBody(status: Int) async throws {
    try await ScriptedServer.run { _, _ in
      .response("\(status) Moved", ["Location: https://new.example/ws"])
    } _: { server, port async throws in
      let error = await failure("http://127.0.0.1:\(port)/ws")
      #expect(error?.kind == .protocolViolation && error?.mayHaveBeenSent == true)
      #expect(
        error?.reason == "http://127.0.0.1:\(port)/ws redirects the call (HTTP \(status)) to"
          + " https://new.example:443/ws without its body")
      #expect(error?.hint?.contains("set the endpoint to https://new.example:443/ws") == true)
      #expect(server.requests.count == 1)
    }
  }

  @Test("a document is fetched through every redirect", arguments: [301, 302, 303, 307, 308])
  func documents(status: Int) async throws {
    try await ScriptedServer.run { request, _ in
      request.line.contains(" /b ") ? .ok() : .response("\(status) Moved", ["Location: /b"])
    } _: { server, port async throws in
      let (response, from) = try await call("http://127.0.0.1:\(port)/a", method: "GET")
      #expect(response.status == 200 && from.target == "/b")
      #expect(server.requests.map(\.line) == ["GET /a HTTP/1.1", "GET /b HTTP/1.1"])
    }
  }

  @Test("redirects in a circle end")
  func circle() async throws {
    try await ScriptedServer.run { _, _ in
      .response("307 Moved", ["Location: /ws"])
    } _: { server, port async throws in
      let error = await failure("http://127.0.0.1:\(port)/ws")
      #expect(error?.reason.contains("redirects more than 5 times") == true)
      #expect(server.requests.count == 6)
    }
  }

  @Test("credentials stay with the endpoint's own host and port")
  func otherHost() async throws {
    try await ScriptedServer.run { _, _ in
      .ok()
    } _: { other, otherPort async throws in
      try await ScriptedServer.run { request, number in
        number == 1
          ? .response("307 Moved", ["Location: /here"])
          : .response("307 Moved", ["Location: http://127.0.0.1:\(otherPort)/there"])
      } _: { server, port async throws in
        let options = HTTPTransport.Options(
          headers: ["X-Tenant": "t1"], credentials: .basic(user: "u", password: "p"))
        let url = "http://127.0.0.1:\(port)/ws"
        #expect(try await call(url, options: options).response.status == 200)
        #expect(server.requests.allSatisfy { $0.field("Authorization") != nil })
        #expect(server.requests.allSatisfy { $0.field("X-Tenant") == "t1" })
        let stranger = try #require(other.requests.first)
        #expect(stranger.field("Authorization") == nil && stranger.field("X-Tenant") == nil)
        #expect(stranger.field("Host") == "127.0.0.1:\(otherPort)")
        #expect(stranger.body == Array("call".utf8))
      }
    }
  }

  @Test("a call is for the host it was meant for: a redirect to another is told with its target")
  func strangeHost() async throws {
    try await ScriptedServer.run { _, _ in
      .ok()
    } _: { other, otherPort async throws in
      try await ScriptedServer.run { _, _ in
        .response("307 Moved", ["Location: http://localhost:\(otherPort)/there"])
      } _: { _, port async throws in
        let error = await failure("http://127.0.0.1:\(port)/ws")
        #expect(error?.kind == .protocolViolation && error?.mayHaveBeenSent == true)
        #expect(
          error?.reason == "http://127.0.0.1:\(port)/ws redirects (HTTP 307) to"
            + " http://localhost:\(otherPort)/there, which is another host")
        #expect(other.requests.isEmpty)
        // One who asks for it by a rule of its own gets it.
        let anywhere: @Sendable (Endpoint) async throws(TransportError) -> Void = { _ in }
        var options = HTTPTransport.Options()
        options.allowsRedirect = anywhere
        #expect(
          try await call("http://127.0.0.1:\(port)/ws", options: options).response.status == 200)
      }
    }
  }

  @Test("digest challenges of another host are not answered")
  func otherHostDigest() async throws {
    try await ScriptedServer.run { _, _ in
      .response("401 No", ["WWW-Authenticate: Digest realm=\"x\", nonce=\"n\""])
    } _: { other, otherPort async throws in
      try await ScriptedServer.run { _, _ in
        .response("307 Moved", ["Location: http://127.0.0.1:\(otherPort)/there"])
      } _: { _, port async throws in
        let error = await failure(
          "http://127.0.0.1:\(port)/ws",
          options: .init(credentials: .digest(user: "u", password: "p")))
        #expect(error?.reason.contains("wants credentials (HTTP 401)") == true)
        #expect(error?.hint?.hasPrefix("credentials are not sent to where") == true)
        #expect(other.requests.count == 1)
      }
    }
  }

  @Test("a client certificate is for the endpoint alone")
  func otherHostCertificate() async throws {
    try await TestCertificates.use { files async throws in
      var tls = ServerTLS(
        certificate: files.server.certificate, key: files.server.key)
      tls.clientAuthorities = files.authority
      let client = ClientTLS(
        authorities: files.authority, certificate: files.client.certificate, key: files.client.key)
      try await HTTPServer(.echo(), tls: tls).whileRunning { other in
        try await ScriptedServer.run { _, _ in
          .response("307 Moved", ["Location: https://127.0.0.1:\(other.port)/"])
        } _: { _, port async throws in
          let error = await failure(
            "http://127.0.0.1:\(port)/ws", options: .init(tls: client))
          #expect(
            error?.reason.contains("refused our side of TLS") == true, "\(error?.reason ?? "")")
        }
      }
    }
  }

  @Test("a secure call does not go on without TLS")
  func downgrade() async throws {
    try await TestCertificates.use { files async throws in
      let tls = ServerTLS(certificate: files.server.certificate, key: files.server.key)
      var codec = EchoCodec()
      codec.status = 307
      codec.responseHeaders = ["Location": "http://127.0.0.1:1/plain"]
      try await HTTPServer(.echo(codec), tls: tls).whileRunning { server in
        let error = await failure(
          "https://localhost:\(server.port)/",
          options: .init(tls: ClientTLS(authorities: files.authority)))
        #expect(
          error?.reason.hasSuffix("to http://127.0.0.1:1/plain, which is not secure") == true,
          "\(error?.reason ?? "")")
      }
    }
  }

  @Test("a target that is none is told", arguments: ["ftp://h/x", "http://", "file:///etc/passwd"])
  func unusable(location: String) async throws {
    try await ScriptedServer.run { _, _ in
      .response("307 Moved", ["Location: \(location)"])
    } _: { _, port async throws in
      let error = await failure("http://127.0.0.1:\(port)/ws")
      #expect(error?.reason.hasSuffix("to \"\(location)\", which is no address of HTTP") == true)
    }
  }

  @Test("an answer like a redirect that names no target is an answer", arguments: [301, 304, 307])
  func noTarget(status: Int) async throws {
    try await ScriptedServer.run { _, _ in
      .response("\(status) Moved")
    } _: { _, port async throws in
      #expect(try await call("http://127.0.0.1:\(port)/ws").response.status == status)
    }
  }
}
