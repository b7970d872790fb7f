import Foundation
import Testing
import Trestle
import TrestleCore

@testable import TrestleGateway

@Suite("Tokens of an OAuth issuer", .timeLimit(.minutes(3)))
struct OAuthTests {
  /// What PyJWT made, with scripts/interop.d/oauth_vectors.py.
  private static func vectors() throws -> Value {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/tokens.json")
    return try JSONParser.parse(String(contentsOf: file, encoding: .utf8))
  }

  @Test(
    "foreign tokens are taken where signature and claims are right, and else the reason is told")
  func foreignTokens() async throws {
    let vectors = try Self.vectors()
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("keys-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(JSONWriter.text(#require(vectors["jwks"])).utf8).write(to: file)
    let settings = OAuthSettings(
      issuer: try #require(vectors["issuer"]?.stringValue),
      audiences: [try #require(vectors["audience"]?.stringValue)], keys: file.path)
    let issuer = TokenIssuer(settings: settings, keys: try await KeyFile(file.path))
    let now = WallTime(milliseconds: (vectors["now"]?.integerValue ?? 0) * 1000)
    let tokens = vectors["tokens"]?.arrayValue ?? []
    #expect(tokens.count == 38)
    for item in tokens {
      let name = item["name"]?.stringValue ?? ""
      let mistake = item["mistake"]?.stringValue
      do throws(TokenMistake) {
        let client = try issuer.client(of: item["token"]?.stringValue ?? "", now: now)
        #expect(mistake == nil, "\(name)")
        #expect(client.scopes == [.read, .call], "\(name)")
        #expect(client.name == "oauth:agent-7", "\(name)")
      } catch {
        #expect(error.reason == mistake, "\(name)")
      }
    }
  }

  private static let noTokens = [
    "", "..", "a.b.c", "e30.e30.", "e30.e30.AA", "e30=.e30.AA", "bnVsbA.e30.AA", "e30.e30.AA.AA",
    "eyJhbGciOiJSUzI1NiIsImFsZyI6Im5vbmUifQ.e30.AA",
  ]

  @Test("what is no token is told as such", arguments: noTokens)
  func malformed(text: String) {
    #expect(throws: TokenMistake.self) { try SignedToken(text) }
  }

  // MARK: Keys

  private static let x = String(repeating: "A", count: 43)
  private static let keyMistakes: [(text: String, reason: String)] = [
    ("[", "is no JSON Web Key Set"), ("{}", "is no JSON Web Key Set"),
    (#"{"keys":[]}"#, "has no public key for signatures"),
    (#"{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}"#, "has no public key for signatures"),
    (
      #"{"keys":[{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(x)","d":"AA"}]}"#,
      "has a private key, keys[0]"
    ),
    (
      #"{"keys":[{"kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(x)"}]}"#,
      "has a key that is none, keys[0]"
    ),
    (#"{"keys":[{"kty":"EC","crv":"P-256"}]}"#, "has a key that is none, keys[0]"),
    (
      #"{"keys":[{"kty":"RSA","n":"\#(String(repeating: "x", count: 171))","e":"AQAB"}]}"#,
      "has a key that is none, keys[0]"
    ),
    (
      #"{"keys":[{"kty":"RSA","use":"enc","n":"xx","e":"AQAB"}]}"#,
      "has no public key for signatures"
    ),
    (
      #"{"keys":[{"kty":"RSA","alg":"HS256","n":"xx","e":"AQAB"}]}"#,
      "has no public key for signatures"
    ),
  ]

  @Test("a key set that is no use is told", arguments: keyMistakes)
  func brokenKeys(text: String, reason: String) async throws {
    let error = await #expect(throws: TokenKeys.Mistake.self) {
      _ = try await TokenKeys(Array(text.utf8))
    }
    #expect(error?.reason == reason)
  }

  @Test("keys that change are taken up; a file that breaks is told once, and changes nothing")
  func rotation() async throws {
    let (old, new) = (try TestIssuer(), try TestIssuer())
    defer { for issuer in [old, new] { try? FileManager.default.removeItem(at: issuer.file) } }
    let keys = try await KeyFile(old.file.path)
    let issuer = TokenIssuer(settings: old.settings, keys: keys)
    let (oldToken, newToken) = (try old.token("trestle:call"), try new.token("trestle:call"))
    #expect(throws: TokenMistake("its signature is wrong")) { try issuer.client(of: newToken) }
    try Data("{".utf8).write(to: old.file)
    #expect(await keys.refresh()?.contains("is no JSON Web Key Set") == true)
    #expect(await keys.refresh() == nil)
    #expect(try issuer.client(of: oldToken).scopes == [.read, .call])
    try FileManager.default.removeItem(at: old.file)
    #expect(await keys.refresh()?.contains("cannot be read") == true)
    #expect(await keys.refresh() == nil)
    try Data(new.keySet().utf8).write(to: old.file)
    #expect(await keys.refresh() == nil)
    #expect(try issuer.client(of: newToken).scopes == [.read, .call])
    #expect(throws: TokenMistake("its signature is wrong")) { try issuer.client(of: oldToken) }
    try new.write(as: "two")
    try Data(new.keySet(as: "two").utf8).write(to: old.file)
    _ = await keys.refresh()
    #expect(throws: TokenMistake("its key is not known here")) { try issuer.client(of: newToken) }
  }

  @Test("a key file that cannot be used keeps the gateway from starting")
  func noKeys() async throws {
    let options = GatewayOptions.onAnyPort {
      $0.oauth = OAuthSettings(issuer: "https://a", audiences: ["b"], keys: "/no/keys.json")
    }
    let error = await #expect(throws: MockError.self) {
      let running = try await GatewayServer(.empty(in: "/"), options: options).start()
      await running.stop()
    }
    #expect(error?.reason.hasPrefix("the key file /no/keys.json cannot be read") == true)
    #expect(error?.isConfiguration == true)
  }

  // MARK: Over HTTP

  private func answer(
    _ served: ServedGateway, _ method: String, _ target: String, token: String? = nil
  ) async throws -> RawResponse {
    var lines = [
      "\(method) \(target) HTTP/1.1", "Host: localhost:\(served.gateway.port)", "Connection: close",
      "Content-Length: 0",
    ]
    if let token { lines.append("Authorization: Bearer \(token)") }
    let text = (lines + ["", ""]).joined(separator: "\r\n")
    return try #require(
      RawResponse(
        try await RawClient.exchange(Array(text.utf8), port: served.gateway.port)))
  }

  @Test("a token's scopes let its holder do what is theirs, and the gateway's own tokens go on")
  func scopes() async throws {
    let issuer = try TestIssuer()
    defer { try? FileManager.default.removeItem(at: issuer.file) }
    let options = GatewayOptions.onAnyPort {
      $0.oauth = issuer.settings
      $0.oauth?.scopes = ["erp": [.call], "view": [.read], "ops": [.admin]]
    }
    try await ServedGateway.run(options: options) { served in
      let call = "/v1/systems/ledger/operations/keep"
      let table: [(String, String, String, Int)] = [
        ("erp", "POST", call, 400), ("view", "POST", call, 403), ("view", "GET", call, 200),
        ("openid", "GET", call, 403), ("erp", "GET", "/v1/mocks", 403),
        ("ops", "GET", "/v1/mocks", 200), ("trestle:call", "POST", call, 403),
        ("openid", "GET", "/version", 200),
      ]
      for (scope, method, target, status) in table {
        let token = try issuer.token(scope)
        let found = try await answer(served, method, target, token: token).status
        // What is let in fails for its parameters.
        #expect(
          status == 400 ? ![401, 403].contains(found) : found == status, "\(scope) \(target)")
      }
      #expect(try await served.client.get("/v1/mocks").status == 200)
      let base = "http://localhost:\(served.gateway.port)/.well-known/oauth-protected-resource"
      let narrow = try await answer(served, "POST", call, token: issuer.token("view"))
      #expect(
        narrow["www-authenticate"] == "Bearer realm=\"trestle\", error=\"insufficient_scope\","
          + " scope=\"erp\", resource_metadata=\"\(base)\"")
    }
  }

  @Test("who has no token is told where to get one")
  func metadata() async throws {
    let issuer = try TestIssuer()
    defer { try? FileManager.default.removeItem(at: issuer.file) }
    let options = GatewayOptions.onAnyPort { $0.oauth = issuer.settings }
    try await ServedGateway.run(options: options) { served in
      let host = "http://localhost:\(served.gateway.port)"
      let path = "/.well-known/oauth-protected-resource"
      for (target, suffix) in [("/v1/systems", ""), ("/mcp", "/mcp")] {
        let method = suffix.isEmpty ? "GET" : "POST"
        let bare = try await answer(served, method, target)
        #expect(bare.status == 401)
        let challenge = bare["www-authenticate"] ?? ""
        #expect(challenge.hasSuffix(", resource_metadata=\"\(host)\(path)\(suffix)\""))
        #expect(challenge.contains("scope=\"trestle:"))
        #expect(!challenge.contains("error="))
        let wrong = try await answer(served, method, target, token: issuer.token("x") + "x")
        #expect(wrong.status == 401)
        #expect(
          wrong["www-authenticate"]?.contains(
            "error=\"invalid_token\", error_description=\"its signature is wrong\"") == true)
        let told = try await answer(served, "GET", path + suffix)
        #expect(told.status == 200)
        let body = try JSONParser.parse(told.body)
        #expect(body["resource"] == .string(host + suffix))
        #expect(body["authorization_servers"] == [.string(TestIssuer.issuer)])
        #expect(body["scopes_supported"] == ["trestle:admin", "trestle:call", "trestle:read"])
        #expect(body["bearer_methods_supported"] == ["header"])
      }
      #expect(try await answer(served, "GET", path + "/v1").status == 401)
    }
    try await ServedGateway.run { served in
      let told = try await answer(served, "GET", "/.well-known/oauth-protected-resource")
      #expect(told.status == 404)
    }
  }
}
