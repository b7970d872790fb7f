import Synchronization
import Testing
import TrestleCore
import TrestleNet

@Suite("HTTP credentials")
struct HTTPCredentialsTests {
  private func call(
    _ port: Int, _ options: HTTPTransport.Options, times: Int = 1, path: String = "/ws"
  ) async throws -> [WireResponse] {
    try await withHTTPTransport("http://127.0.0.1:\(port)\(path)", options: options) { transport in
      var responses: [WireResponse] = []
      for _ in 0..<times {
        responses.append(
          try await transport.exchange(WireRequest("call"), timeout: .seconds(60)))
      }
      return responses
    }
  }

  private func failure(
    _ port: Int, _ options: HTTPTransport.Options
  ) async -> TransportError? {
    await #expect(throws: TransportError.self) { _ = try await call(port, options) }
  }

  @Test(
    "fixed credentials go with every request, names and passwords in UTF-8",
    arguments: [
      (
        HTTPCredentials.basic(user: "Aladdin", password: "open sesame"), "Authorization",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
      ),
      // RFC 7617 §2.1.
      (.basic(user: "test", password: "123£"), "Authorization", "Basic dGVzdDoxMjPCow=="),
      (.bearer("mF_9.B5f-4.1JqM"), "Authorization", "Bearer mF_9.B5f-4.1JqM"),
      (.field(.init(name: "X-Api-Key", value: "k1")), "X-Api-Key", "k1"),
    ])
  func fixed(credentials: HTTPCredentials, name: String, value: String) async throws {
    try await ScriptedServer.run { _, _ in
      .ok()
    } _: { server, port async throws in
      _ = try await call(port, .init(credentials: credentials), times: 2)
      #expect(server.requests.map { $0.field(name) } == [value, value])
    }
  }

  private static let nonce = "Digest realm=\"r\", qop=\"auth\", nonce="

  @Test("a digest challenge is answered once, and the calls after it carry their answer at once")
  func digest() async throws {
    try await ScriptedServer.run { request, _ in
      request.field("Authorization") == nil
        ? .response("401 Unauthorized", ["WWW-Authenticate: \(Self.nonce)\"n1\""]) : .ok()
    } _: { server, port async throws in
      let options = HTTPTransport.Options(credentials: .digest(user: "u", password: "p"))
      let responses = try await call(port, options, times: 3)
      #expect(responses.map(\.status) == [200, 200, 200])
      let fields = server.requests.map { $0.field("Authorization") }
      #expect(fields.count == 4 && fields[0] == nil)
      for (index, field) in fields.dropFirst().enumerated() {
        #expect(field?.contains("nc=0000000\(index + 1),") == true, "\(field ?? "")")
        #expect(field?.contains("uri=\"/ws\"") == true)
      }
      #expect(server.requests.allSatisfy { $0.body == Array("call".utf8) })
    }
  }

  @Test("a stale nonce is replaced and the call goes through")
  func stale() async throws {
    try await ScriptedServer.run { request, number in
      switch number {
      case 1: .response("401 Unauthorized", ["WWW-Authenticate: \(Self.nonce)\"n1\""])
      // It was fresh once, and is none any more.
      case 3:
        .response("401 Unauthorized", ["WWW-Authenticate: \(Self.nonce)\"n2\", stale=true"])
      default: .ok()
      }
    } _: { server, port async throws in
      let options = HTTPTransport.Options(credentials: .digest(user: "u", password: "p"))
      #expect(try await call(port, options, times: 2).map(\.status) == [200, 200])
      let last = server.requests.last?.field("Authorization") ?? ""
      #expect(last.contains("nonce=\"n2\"") && last.contains("nc=00000001"))
      #expect(server.requests.count == 4)
    }
  }

  @Test("a wrong password ends after one answer, and the error says so without it")
  func wrongPassword() async throws {
    try await ScriptedServer.run { _, number in
      .response("401 Unauthorized", ["WWW-Authenticate: \(Self.nonce)\"n\(number)\""])
    } _: { server, port async throws in
      let error = await failure(
        port, .init(credentials: .digest(user: "u", password: "hush-hush")))
      #expect(error?.kind == .configuration)
      #expect(
        error?.reason
          == "127.0.0.1:\(port) refused the credentials (HTTP 401); it takes Digest for \"r\"")
      #expect(!"\(String(describing: error))".contains("hush"))
      #expect(server.requests.count == 2)
    }
  }

  @Test("a digest that cannot be answered is told as one, and not answered")
  func unknownDigest() async throws {
    try await ScriptedServer.run { _, _ in
      .response(
        "401 Unauthorized",
        ["WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-512-256"])
    } _: { server, port async throws in
      let error = await failure(port, .init(credentials: .digest(user: "u", password: "p")))
      #expect(
        error?.reason == "127.0.0.1:\(port) asks for no Digest that is known here (HTTP 401);"
          + " it takes Digest with SHA-512-256 for \"r\"")
      #expect(server.requests.count == 1)
    }
  }

  @Test("a server that wants credentials is told with what it takes")
  func wanted() async throws {
    try await ScriptedServer.run { _, _ in
      .response("401 Unauthorized", ["WWW-Authenticate: Negotiate", "WWW-Authenticate: NTLM"])
    } _: { _, port async throws in
      let error = await failure(port, .init())
      #expect(
        error?.reason
          == "127.0.0.1:\(port) wants credentials (HTTP 401); it takes Negotiate, Ntlm")
    }
  }

  @Test("a 401 with a message of the protocol is the codec's")
  func message() async throws {
    try await ScriptedServer.run { _, _ in
      .response("401 Unauthorized", ["Content-Type: text/xml"], "<fault/>")
    } _: { _, port async throws in
      #expect(try await call(port, .init()).map(\.status) == [401])
    }
  }

  @Test("observers see stars in place of every secret, and the wire sees the secret")
  func masked() async throws {
    let seen = Mutex<[String]>([])
    var options = HTTPTransport.Options(
      headers: ["X-Auth-Token": "s1", "Cookie": "id=s2", "X-Plain": "shown"],
      credentials: .field(.init(name: "X-Mine", value: "s3")))
    options.observer = { event in seen.withLock { $0.append("\(event)") } }
    try await ScriptedServer.run { _, _ in
      .response("200 OK", ["Set-Cookie: id=s4", "X-Other: shown"])
    } _: { server, port async throws in
      let response = try await call(port, options)[0]
      #expect(response.headers["Set-Cookie"] == "id=s4")
      #expect(server.requests[0].field("X-Mine") == "s3")
      #expect(server.requests[0].field("Cookie") == "id=s2")
    }
    let text = seen.withLock { $0 }.joined()
    for secret in ["s1", "s2", "s3", "s4"] { #expect(!text.contains("\"\(secret)")) }
    #expect(!text.contains("id=s"))
    #expect(text.contains("shown") && text.contains("***"))
  }

  @Test("of an Authorization field the scheme is shown")
  func scheme() async throws {
    let seen = Mutex<[String]>([])
    var options = HTTPTransport.Options(credentials: .bearer("abc"))
    options.observer = { event in
      if case .sending(let request, _) = event {
        seen.withLock { $0.append(request.headers["Authorization"] ?? "") }
      }
    }
    try await ScriptedServer.run { _, _ in
      .ok()
    } _: { _, port async throws in
      _ = try await call(port, options)
    }
    #expect(seen.withLock { $0 } == ["Bearer ***"])
  }
}
