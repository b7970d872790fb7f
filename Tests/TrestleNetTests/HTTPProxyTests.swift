import Testing
import TrestleCore

@testable import TrestleNet

@Suite("HTTP proxies")
struct HTTPProxyTests {
  private func call(
    _ url: String, through rules: HTTPProxyRules, options: HTTPTransport.Options = .init(),
    timeout: Duration = .seconds(60)
  ) async throws -> WireResponse {
    var options = options
    options.proxies = rules
    return try await withHTTPTransport(url, options: options) {
      try await $0.exchange(WireRequest("call"), timeout: timeout)
    }
  }

  private func failure(
    _ url: String, through rules: HTTPProxyRules, timeout: Duration = .seconds(60)
  ) async -> TransportError? {
    await #expect(throws: TransportError.self) {
      _ = try await call(url, through: rules, timeout: timeout)
    }
  }

  @Test("a plain call names its whole URL to the proxy, and brings its credentials there alone")
  func plain() async throws {
    try await ScriptedServer.run { _, _ in
      .response("200 OK", ["X-A: b"], "answer")
    } _: {
      server, port in
      let proxy = try HTTPProxy("http://us%65r:p%3Aw@127.0.0.1:\(port)/")
      let response = try await call("http://far.example/ws?x=1", through: .always(proxy))
      #expect(response.body == Array("answer".utf8) && response.headers["X-A"] == "b")
      let request = try #require(server.requests.first)
      #expect(request.line == "POST http://far.example/ws?x=1 HTTP/1.1")
      #expect(request.field("Host") == "far.example")
      #expect(request.field("Content-Length") == "4")
      #expect(request.field("Transfer-Encoding") == nil)
      #expect(
        request.field("Proxy-Authorization")
          == "Basic " + Base64.encode(Array("user:p:w".utf8)))
      #expect(request.body == Array("call".utf8))
    }
  }

  @Test("a secure call goes through a tunnel that the proxy makes")
  func tunnel() async throws {
    try await TestCertificates.use { files async throws in
      let tls = ServerTLS(certificate: files.server.certificate, key: files.server.key)
      try await HTTPServer(.echo(), tls: tls).whileRunning { server in
        try await TunnelProxy.run { proxy, port async throws in
          let options = HTTPTransport.Options(tls: ClientTLS(authorities: files.authority))
          let response = try await call(
            "https://localhost:\(server.port)/ws",
            through: .always(try HTTPProxy("http://u:p@127.0.0.1:\(port)")), options: options)
          #expect(response.body == Array("call".utf8))
          #expect(proxy.heads.count == 1)
          let head = try #require(proxy.heads.first)
          #expect(head.hasPrefix("CONNECT localhost:\(server.port) HTTP/1.1\r\n"))
          #expect(head.lowercased().contains("proxy-authorization: basic dtpw"))
          #expect(!head.contains("/ws"))
        }
      }
    }
  }

  @Test("a proxy that wants credentials is told, for plain and secure calls")
  func credentials() async throws {
    try await ScriptedServer.run { _, _ in
      .response("407 Proxy Authentication Required", ["Proxy-Authenticate: Basic realm=\"p\""])
    } _: { _, port async throws in
      for scheme in ["http", "https"] {
        for (user, event) in [("", "wants credentials"), ("u:hush@", "refused the credentials")] {
          let error = await failure(
            "\(scheme)://far.example/ws",
            through: .always(try HTTPProxy("http://\(user)127.0.0.1:\(port)")))
          #expect(error?.kind == .configuration)
          #expect(error?.reason.hasSuffix("\(event) (HTTP 407)") == true, "\(error?.reason ?? "")")
          #expect(!"\(String(describing: error))".contains("hush"))
        }
      }
    }
  }

  @Test("a proxy that is not there is blamed by its own address", arguments: ["http", "https"])
  func refused(scheme: String) async throws {
    let error = await failure(
      "\(scheme)://far.example/ws",
      through: .always(try HTTPProxy("127.0.0.1:1")))
    #expect(error?.kind == .connect)
    #expect(error?.reason.contains("connection refused by 127.0.0.1:1") == true)
    #expect(error?.reason.hasPrefix("the proxy for far.example:") == true)
    #expect(error?.hint?.contains("HTTP_PROXY") == true)
  }

  @Test("a proxy that makes no tunnel is told")
  func noTunnel() async throws {
    try await ScriptedServer.run { _, _ in
      .response("403 Forbidden")
    } _: { _, port async throws in
      let error = await failure(
        "https://far.example/ws", through: .always(try HTTPProxy("127.0.0.1:\(port)")))
      #expect(
        error?.reason == "the proxy makes no tunnel to far.example:443"
          || error?.reason.contains("the proxy makes no tunnel") == true, "\(error?.reason ?? "")")
    }
  }

  @Test("the timeout holds behind a proxy")
  func timesOut() async throws {
    try await CannedServer.run(answer: nil, closes: false) { server in
      let error = await failure(
        "http://far.example/ws", through: .always(try HTTPProxy("127.0.0.1:\(server.port)")),
        timeout: .milliseconds(100))
      #expect(error?.kind == .timeout)
      #expect(error?.reason == "no whole answer from far.example:80 within 100 ms")
    }
  }

  @Test(
    "what cannot be a proxy is refused without its password",
    arguments: [
      "socks5://h:1080", "https://h:1", "h", "http://u:hush@h", "http://u:hush@:1", "",
      "http://u:hu/sh@h:x", "http://hush:80/x@h",
    ])
  func unusable(text: String) {
    let error = #expect(throws: TransportError.self) { _ = try HTTPProxy(text) }
    #expect(error?.kind == .configuration)
    #expect(!"\(String(describing: error))".contains("hu"), "\(String(describing: error))")
  }

  // MARK: The environment

  private func proxy(
    of url: String, _ variables: [String: String]
  ) throws -> String? {
    try HTTPProxyRules.environment { variables[$0] }.proxy(for: Endpoint(http: url))?.authority
  }

  @Test("the environment has a proxy for each scheme")
  func environment() throws {
    let variables = ["http_proxy": "http://a:1", "HTTP_PROXY": "http://b:2", "HTTPS_PROXY": "c:3"]
    #expect(try proxy(of: "http://h/", variables) == "a:1")
    #expect(try proxy(of: "https://h/", variables) == "c:3")
    #expect(try proxy(of: "https://h/", ["http_proxy": "a:1"]) == nil)
    #expect(try proxy(of: "https://h/", ["ALL_PROXY": "a:1"]) == "a:1")
    #expect(try proxy(of: "http://h/", ["HTTP_PROXY": ""]) == nil)
    #expect(try proxy(of: "http://h/", [:]) == nil)
  }

  @Test(
    "NO_PROXY names what is called directly",
    arguments: [
      ("example.com", "http://example.com/", true), ("example.com", "http://a.example.com/", true),
      (".example.com", "http://a.Example.com/", true),
      ("*.example.com", "http://a.example.com/", true),
      ("example.com", "http://notexample.com/", false), ("*", "http://any/", true),
      ("a, b c", "http://c/", true), ("h:8080", "http://h:8080/", true),
      ("h:8080", "http://h:81/", false), ("10.0.0.0/8", "http://10.1.2.3/", true),
      ("10.0.0.0/8", "http://11.1.2.3/", false), ("10.0.0.0/8", "http://h/", false),
      ("[2001:db8::1]", "http://[2001:db8::1]/", true), ("", "http://h/", false),
      (".", "http://h/", false),
    ])
  func exceptions(list: String, url: String, isDirect: Bool) throws {
    let variables = ["http_proxy": "p:1", "NO_PROXY": list]
    let used = try proxy(of: url, variables)
    #expect((used == nil) == isDirect)
  }

  @Test(
    "what runs on this machine is called directly",
    arguments: ["http://localhost:1/", "http://127.0.0.1/", "http://127.8.8.8/", "http://[::1]/"])
  func loopback(url: String) throws {
    #expect(try proxy(of: url, ["http_proxy": "p:1"]) == nil)
    #expect(try proxy(of: "http://127.evil.example/", ["http_proxy": "p:1"]) == "p:1")
  }

  @Test("a proxy of the environment that cannot be used is told with its variable")
  func unusableVariable() {
    let error = #expect(throws: TransportError.self) {
      _ = try proxy(of: "http://h/", ["HTTP_PROXY": "socks5://s:1"])
    }
    #expect(error?.hint == "see the environment variable HTTP_PROXY")
  }
}
