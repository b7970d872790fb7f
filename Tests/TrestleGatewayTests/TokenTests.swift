import Foundation
import Testing
import Trestle

@testable import TrestleGateway

@Suite("Tokens with scopes", .timeLimit(.minutes(3)))
struct TokenTests {
  private static let secrets = [
    "reader": "reader-0123456789abcdef", "caller": "caller-0123456789abcdef",
    "steerer": "steerer-0123456789abcdef", "agent": "agent-0123456789abcdef",
    "narrow": "narrow-0123456789abcdef",
  ]

  private static func clients() throws -> [ClientToken] {
    let rights: [(String, Set<AccessScope>, Set<String>?)] = [
      ("reader", [.read], nil), ("caller", [.call], nil), ("steerer", [.admin], nil),
      ("agent", [.call, .admin], nil), ("narrow", [.call, .admin], ["forms"]),
    ]
    return try rights.map { name, scopes, systems in
      ClientToken(
        name: name, token: try AccessToken(secrets[name] ?? ""), scopes: scopes, systems: systems)
    }
  }

  private static let describe = "/v1/systems/forms/operations/Describe"

  /// By each token, which of these are let in.
  private static let table: [(method: String, target: String, allowed: Set<String>)] = [
    ("GET", "/version", ["reader", "caller", "steerer", "agent", "narrow"]),
    ("GET", "/v1/systems", ["reader", "caller", "steerer", "agent", "narrow"]),
    ("HEAD", "/v1/systems", ["reader", "caller", "steerer", "agent", "narrow"]),
    ("GET", "/openapi.json", ["reader", "caller", "steerer", "agent", "narrow"]),
    ("GET", describe, ["reader", "caller", "steerer", "agent", "narrow"]),
    ("GET", "/v1/systems/forms/contract", ["reader", "caller", "steerer", "agent", "narrow"]),
    ("GET", "/v1/systems/orders", ["reader", "caller", "steerer", "agent"]),
    ("POST", describe, ["caller", "agent", "narrow"]),
    ("POST", "/v1/systems/%66orms/operations/Describe", ["caller", "agent", "narrow"]),
    ("POST", "/v1/systems/orders/operations/x", ["caller", "agent"]),
    ("GET", "/v1/mocks", ["steerer", "agent"]),
    ("GET", "/v1/mocks/forms/stubs", ["steerer", "agent", "narrow"]),
    ("DELETE", "/v1/mocks/orders/stubs", ["steerer", "agent"]),
    ("GET", "/v1/calls", ["steerer", "agent"]),
    ("GET", "/v1/calls?system=forms", ["steerer", "agent"]),
    ("POST", "/v1/reset", ["steerer", "agent"]), ("POST", "/v1/verify", ["steerer", "agent"]),
    ("POST", "/mcp", ["reader", "caller", "steerer", "agent", "narrow"]),
  ]

  @Test("each route asks for its scope, and for its system")
  func scopes() async throws {
    let clients = try Self.clients()
    let options = GatewayOptions.onAnyPort { $0.clients = clients }
    try await ServedGateway.run(options: options) { served in
      for (method, target, allowed) in Self.table {
        for (name, secret) in Self.secrets {
          let lines = [
            "\(method) \(target) HTTP/1.1", "Host: 127.0.0.1", "Connection: close",
            "Authorization: Bearer \(secret)", "Content-Length: 0", "", "",
          ]
          let bytes = try await RawClient.exchange(
            Array(lines.joined(separator: "\r\n").utf8), port: served.gateway.port)
          let answer = try #require(RawResponse(bytes))
          let place = "\(name): \(method) \(target)"
          #expect((answer.status != 403) == allowed.contains(name), "\(place)")
          #expect(answer.status != 401, "\(place)")
          if answer.status == 403 {
            let challenge = answer["www-authenticate"] ?? ""
            #expect(challenge.contains("error=\"insufficient_scope\", scope="), "\(place)")
          }
        }
      }
    }
  }

  @Test("where clients have tokens one is needed on loopback too, and the owner's may everything")
  func loopback() async throws {
    let clients = try Self.clients()
    let options = GatewayOptions.onAnyPort { $0.clients = clients }
    try await ServedGateway.run(options: options) { served in
      #expect(try await served.client.get("/v1/mocks").status == 200)
      var client = served.client
      for wrong in [nil, "reader-0123456789abcdeF", "reader-0123456789abcde", "reader"] {
        client.token = wrong
        let answer = try await client.get("/v1/systems")
        #expect(answer.status == 401)
        #expect(answer.raw["www-authenticate"] == "Bearer realm=\"trestle\"")
        #expect(try await client.get("/healthz").status == 200)
      }
      client.token = Self.secrets["reader"]
      let refused = try await client.post(Self.describe)
      #expect(refused.error["message"] == "the token reader has no scope call")
      #expect(refused.error["hint"] == "it needs call, and has read")
    }
  }

  @Test("a system that a token is not for is refused whether it is there or not")
  func tellsNoSystems() async throws {
    let clients = try Self.clients()
    let options = GatewayOptions.onAnyPort { $0.clients = clients }
    try await ServedGateway.run(options: options) { served in
      var client = served.client
      client.token = Self.secrets["narrow"]
      for system in ["orders", "no-such"] {
        let answer = try await client.get("/v1/systems/\(system)")
        #expect(answer.status == 403)
        #expect(answer.error["hint"] == "it is for forms")
      }
    }
  }

  @Test("a token for some systems is told of those alone, in lists, in the document and in hints")
  func tellsOwnSystems() async throws {
    var clients = try Self.clients()
    let lost = "lost-0123456789abcdef"
    clients.append(
      ClientToken(name: "lost", token: try AccessToken(lost), scopes: [.read], systems: ["none"]))
    let options = GatewayOptions.onAnyPort { [clients] in $0.clients = clients }
    try await ServedGateway.run(options: options) { served in
      let narrow = try await AdminClient(
        port: served.gateway.port, token: Self.secrets["narrow"])
      let list = try await narrow.get("/v1/systems")
      #expect(list.value["systems"]?.arrayValue?.map { $0["system"] } == ["forms"])
      let paths = narrow.document["paths"]?.objectValue?.names ?? []
      let called = paths.filter { $0.contains("/operations/") && !$0.contains("{") }
      #expect(called.count == 3)
      #expect(called.allSatisfy { $0.hasPrefix("/v1/systems/forms/") })
      #expect(paths.contains("/v1/mocks/{system}/stubs"))
      #expect(!paths.contains("/v1/calls"))
      let text = JSONWriter.text(narrow.document)
      for other in ["ledger", "boiler", "claims"] { #expect(!text.contains("\(other)/")) }
      // The whole one, before and after.
      #expect(served.client.document["paths"]?["/v1/calls"] != nil)
      let again = try await AdminClient(port: served.gateway.port, token: served.client.token)
      #expect(again.document == served.client.document)
      var client = served.client
      client.token = lost
      #expect(try await client.get("/v1/systems").value["systems"] == [])
      let unknown = try await client.get("/v1/systems/none")
      #expect(unknown.status == 404)
      #expect(!JSONWriter.text(unknown.value).contains("forms"))
    }
  }

  // MARK: Clients that change

  private static func client(
    _ name: String, scopes: Set<AccessScope> = [.call], systems: Set<String>? = nil
  ) throws -> ClientToken {
    ClientToken(
      name: name, token: try AccessToken("\(name)-0123456789abcdef"), scopes: scopes,
      systems: systems)
  }

  @Test("a client that is let in no more is refused from then on, also on a connection that it has")
  func letsIn() async throws {
    let (ann, bob) = (try Self.client("ann"), try Self.client("bob"))
    try await ServedGateway.run { served in
      #expect(served.gateway.token == nil)
      #expect(try await served.client.get("/v1/systems").status == 200)
      await served.gateway.letIn([ann])
      let owner = try #require(served.gateway.token)
      var client = served.client
      func status(_ token: String?) async throws -> Int {
        client.token = token
        return try await client.get("/v1/systems").status
      }
      #expect(try await status(nil) == 401)
      #expect(try await status(owner.text) == 200)
      #expect(try await status("ann-0123456789abcdef") == 200)
      await served.gateway.letIn([bob])
      #expect(try await status("ann-0123456789abcdef") == 401)
      #expect(try await status("bob-0123456789abcdef") == 200)
      #expect(served.gateway.token == owner)
      // The same name for other things: what it may do is what it says now.
      await served.gateway.letIn([try Self.client("bob", scopes: [.read], systems: ["forms"])])
      client.token = "bob-0123456789abcdef"
      #expect(try await client.post(Self.describe).status == 403)
      let systems = try await client.get("/v1/systems").value["systems"]?.arrayValue
      #expect(systems?.map { $0["system"] } == ["forms"])
    }
  }

  @Test("who is gone is told by what tokens let in, not by their limits")
  func gone() throws {
    let (ann, bob) = (try Self.client("ann"), try Self.client("bob"))
    var limited = ann
    limited.limits.concurrent = 2
    let owner = AccessToken.random()
    func registry(_ clients: [ClientToken], _ token: AccessToken? = owner) -> ClientRegistry {
      ClientRegistry(token: token, clients: clients)
    }
    let both = registry([ann, bob])
    #expect(both.gone(in: registry([limited, bob])) == [])
    #expect(both.gone(in: registry([bob])) == ["ann"])
    #expect(both.gone(in: registry([ann, try Self.client("bob", systems: ["forms"])])) == ["bob"])
    #expect(ClientRegistry.open.gone(in: both) == [nil])
    #expect(ClientRegistry.open.gone(in: .open) == [])
  }

  @Test("limits that stay the same stay used")
  func keepsMeters() throws {
    var ann = try Self.client("ann")
    ann.limits.rate = TokenLimits.Rate("1/h")
    let before = ClientRegistry(token: nil, clients: [ann])
    try before.meters["ann"]?.begin()
    let same = ClientRegistry(token: nil, clients: [ann], after: before)
    #expect(throws: APIError.self) { try same.meters["ann"]?.begin() }
    ann.limits.rate = TokenLimits.Rate("2/h")
    let more = ClientRegistry(token: nil, clients: [ann], after: before)
    try more.meters["ann"]?.begin()
  }

  // MARK: The file

  private func read(_ text: String) throws -> GatewayFile {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let adapters = directory.appendingPathComponent("adapters")
    let secrets = directory.appendingPathComponent(".trestle/secrets")
    for folder in [adapters, secrets] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    try "0123456789abcdef-ci".write(
      to: secrets.appendingPathComponent("ci"), atomically: true, encoding: .utf8)
    try "short".write(
      to: secrets.appendingPathComponent("weak"), atomically: true, encoding: .utf8)
    try "protocol: xml_rpc\nmethods: { add: {} }\n".write(
      to: adapters.appendingPathComponent("sums.yaml"), atomically: true, encoding: .utf8)
    let path = directory.appendingPathComponent(GatewayFile.name)
    try text.write(to: path, atomically: true, encoding: .utf8)
    return GatewayFile(path: path.path, workspace: try Workspace.load(directory: directory.path))
  }

  @Test("a client has its token as a secret or as its SHA-256")
  func readsClients() throws {
    let file = try read(
      """
      tokens:
        - { name: ci, secret: "${secret:ci}", scopes: [call], systems: [sums] }
        - name: shop
          sha256: 9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08
          scopes: [read, admin]
      """)
    #expect(file.diagnostics.isEmpty, "\(file.diagnostics)")
    let ci = ClientToken.holder(of: "0123456789abcdef-ci", among: file.tokens)
    #expect(ci?.name == "ci")
    #expect(ci?.scopes == [.read, .call])
    #expect(ci?.systems == ["sums"])
    // The digest is that of the word test.
    let shop = ClientToken.holder(of: "test", among: file.tokens)
    #expect(shop?.name == "shop")
    #expect(shop?.scopes == [.read, .admin])
    #expect(shop?.systems == nil)
    #expect(ClientToken.holder(of: "other", among: file.tokens) == nil)
  }

  @Test("certificates stand for tokens, and the files of TLS are beside gateway.yaml")
  func readsTLS() throws {
    let file = try read(
      """
      tls: { cert: gw.pem, key: /etc/gw.key, client_ca: keys/ca.pem }
      tokens:
        - { name: shop, certificate: { subject: "CN=shop,O=Example" }, scopes: [call] }
        - { name: till, certificate: { san: "spiffe://example/till" }, scopes: [read] }
      """)
    #expect(file.diagnostics.isEmpty, "\(file.diagnostics)")
    let folder = try #require(file.tls?.certificate.dropLast("/gw.pem".count))
    #expect(folder.hasPrefix("/"))
    #expect(file.tls?.key == "/etc/gw.key")
    #expect(file.tls?.clientAuthorities == folder + "/keys/ca.pem")
    #expect(file.tokens.map(\.showsCertificate) == [true, true])
    #expect(ClientToken.holder(of: "", among: file.tokens) == nil)
  }

  @Test("an issuer has its keys beside gateway.yaml, and scopes of its own")
  func readsOAuth() throws {
    let file = try read(
      """
      oauth:
        issuer: https://login.example
        audience: [https://gw.example, "api://trestle"]
        jwks: keys/login.json
        resource: https://gw.example/
        scopes: { erp.write: [call, admin], erp.read: [read] }
      """)
    #expect(file.diagnostics.isEmpty, "\(file.diagnostics)")
    #expect(file.oauth?.issuer == "https://login.example")
    #expect(file.oauth?.audiences == ["https://gw.example", "api://trestle"])
    #expect(file.oauth?.keys.hasSuffix("/keys/login.json") == true)
    #expect(file.oauth?.resource == "https://gw.example")
    #expect(file.oauth?.scopes == ["erp.write": [.call, .admin], "erp.read": [.read]])
    let plain = try read("oauth: { issuer: 'https://a', audience: b, jwks: c }")
    #expect(plain.oauth?.audiences == ["b"])
    #expect(plain.oauth?.scopes["trestle:call"] == [.call])
  }

  private static let secret = "secret: \"${secret:ci}\""

  private static let mistakesTable: [(text: String, message: String, line: Int?, column: Int?)] = [
    ("tokens:\n  - { nam: ci }", "unknown key \"nam\"; did you mean \"name\"?", 2, 7),
    ("token: []", "unknown key \"token\"; did you mean \"tokens\"?", 1, 1),
    ("", "the file is empty", nil, nil),
    ("tokens: []", "tokens is empty", 1, 9),
    ("tokens:\n  - { name: ci, \(secret), scopes: [cal] }", "did you mean \"call\"?", 2, 50),
    ("tokens:\n  - { name: ci, \(secret), scopes: [] }", "ci may do nothing", 2, 49),
    (
      "tokens:\n  - { name: ci, scopes: [call] }", "ci has one of secret, sha256 and certificate",
      2, 5
    ),
    (
      "tokens:\n  - { name: ci, secret: 0123456789abcdef-ci, scopes: [call] }",
      "a token does not stand in the file itself", 2, 25
    ),
    ("tokens:\n  - { name: ci, sha256: abc, scopes: [call] }", "sha256 has 64 hex digits", 2, 25),
    (
      "tokens:\n  - { name: ci, secret: \"${secret:none}\", scopes: [call] }",
      "there is no secret none", 2, 25
    ),
    (
      "tokens:\n  - { name: ci, secret: \"${secret:weak}\", scopes: [call] }",
      "a token has at least 16 characters, this one has 5", 2, 25
    ),
    (
      "tokens:\n  - { name: \"a\\nb\", \(secret), scopes: [call] }",
      "a client's name is made of letters", 2, 13
    ),
    (
      "tokens:\n  - { name: ci, \(secret), scopes: [call], systems: [] }", "ci is for no system",
      2, 66
    ),
    (
      "tokens:\n  - { name: a, \(secret), scopes: [call] }\n  - { name: b, \(secret), scopes: [call] }",
      "what b shows is another client's too", 3, 5
    ),
    ("tokens:\n  - { name: owner, \(secret), scopes: [call] }", "owner is the token of", 2, 13),
    (
      "tokens:\n  - { name: ci, \(secret), scopes: [call], rate: 5/day }",
      "rate is a number in a time",
      2, 63
    ),
    (
      "tokens:\n  - { name: ci, \(secret), scopes: [call], burst: 5 }", "burst is for a rate", 2, 64
    ),
    (
      "tokens:\n  - { name: ci, \(secret), scopes: [call], concurrent: 0 }",
      "concurrent expects a whole number from 1", 2, 69
    ),
    (
      "tokens:\n  - { name: ci, certificate: {}, scopes: [call] }",
      "a certificate is known by one of subject and san", 2, 30
    ),
    (
      "tokens:\n  - { name: ci, \(secret), certificate: { san: a }, scopes: [call] }",
      "ci has one of secret, sha256 and certificate", 2, 5
    ),
    (
      "tokens:\n  - { name: a, certificate: { san: x }, scopes: [call] }\n"
        + "  - { name: b, certificate: { san: x }, scopes: [call] }",
      "what b shows is another client's too", 3, 5
    ),
    ("oauth: { issuer: 'https://a', audience: b }", "oauth lacks \"jwks\"", 1, 8),
    ("oauth: { issuer: a, audience: b, jwks: c }", "issuer is a URL", 1, 18),
    ("oauth: { issuer: 'https://a', audience: [], jwks: c }", "audience names nobody", 1, 41),
    (
      "oauth: { issuer: 'https://a', audience: b, jwks: c, scopes: { x: [cal] } }",
      "did you mean \"call\"?", 1, 67
    ),
    (
      "oauth: { issuer: 'https://a', audience: b, jwks: c, resource: 'https://a/b' }",
      "resource is the URL of a host, without a path", 1, 63
    ),
    ("tls: { cert: a.pem }", "tls lacks \"key\"", 1, 6),
    ("tls: { cert: a.pem, key: a.key, ca: b.pem }", "unknown key \"ca\"", 1, 33),
    ("tokens: [", "this is no YAML", nil, nil),
  ]

  @Test(
    "a mistake in the file is told with its place, and lets nobody in", arguments: mistakesTable)
  func mistakes(text: String, message: String, line: Int?, column: Int?) throws {
    let file = try read(text)
    #expect(file.tokens.isEmpty)
    let found = try #require(
      file.diagnostics.first { $0.message.contains(message) }, "\(file.diagnostics)")
    if let line { #expect(found.line == line) }
    if let column { #expect(found.column == column) }
    #expect(!"\(file.diagnostics)".contains("0123456789abcdef-ci"))
  }

  @Test("a system that is not there is only warned of: its file may come later")
  func unknownSystem() throws {
    let file = try read(
      "tokens:\n  - { name: ci, \(Self.secret), scopes: [call], systems: [sum] }")
    #expect(file.tokens.count == 1)
    #expect(file.diagnostics.map(\.severity) == [.warning])
    #expect(file.diagnostics[0].message == "there is no system \"sum\"; did you mean \"sums\"?")
  }
}
