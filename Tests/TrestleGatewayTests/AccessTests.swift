import Testing
import Trestle

@testable import TrestleGateway

@Suite("Who may use the admin API", .timeLimit(.minutes(3)))
struct AccessTests {
  private func head(_ lines: [String], port: Int) -> [UInt8] {
    let text = (["GET /v1/mocks HTTP/1.1"] + lines + ["Connection: close"])
      .map { $0.replacing("PORT", with: "\(port)") + "\r\n" }.joined()
    return Array((text + "\r\n").utf8)
  }

  private static let hostsTable: [([String], Int)] = [
    (["Host: 127.0.0.1:PORT"], 200), (["Host: localhost:PORT"], 200), (["Host: LOCALHOST"], 200),
    (["Host: [::1]:PORT"], 200),
    // Behind a forwarded port.
    (["Host: localhost:9999"], 200),
    ([], 400), (["Host: evil.example"], 403), (["Host: evil.example:PORT"], 403),
    (["Host: 127.0.0.1.evil.example:PORT"], 403), (["Host: localhost.evil.example"], 403),
    (["Host: 10.0.0.1:PORT"], 403), (["Host:"], 403), (["Host: user@localhost"], 403),
    (["Host: localhost:port"], 403), (["Host: localhost, evil.example"], 403),
    (["Host: localhost:PORT", "Host: evil.example"], 400),
  ]

  @Test("Host must name this machine")
  func hosts() async throws {
    // One set of mocks for all: starting them takes longer than asking.
    try await SteeredMocks.run { steered in
      for (lines, status) in Self.hostsTable {
        let answer = try await steered.client.send(
          head(lines, port: steered.admin.port), as: ("GET", "/v1/mocks"))
        #expect(answer.status == status, "\(lines)")
        if status != 200 { #expect(answer.error["code"] == "forbidden", "\(lines)") }
      }
    }
  }

  private static let originsTable: [(String, Int)] = [
    ("Origin: http://127.0.0.1:PORT", 200), ("Origin: http://evil.example", 403),
    ("Origin: null", 403), ("Origin: http://localhost:PORT", 403),
    ("Origin: http://127.0.0.1:3000", 403), ("Origin: http://127.0.0.1", 403),
    ("Sec-Fetch-Site: cross-site", 403), ("Sec-Fetch-Site: same-site", 403),
    ("Sec-Fetch-Site: same-origin", 200), ("Sec-Fetch-Site: none", 200),
  ]

  @Test("a page of another origin is not let in")
  func origins() async throws {
    // One set of mocks for all: starting them takes longer than asking.
    try await SteeredMocks.run { steered in
      for (line, status) in Self.originsTable {
        let answer = try await steered.client.send(
          head(["Host: 127.0.0.1:PORT", line], port: steered.admin.port), as: ("GET", "/v1/mocks"))
        #expect(answer.status == status)
      }
    }
  }

  @Test("a token that was asked for is needed, but not to see that it is there")
  func token() async throws {
    let token = try AccessToken("0123456789abcdef-ours")
    try await SteeredMocks.run(options: .init(token: token)) { steered in
      var client = steered.client
      #expect(try await client.get("/v1/mocks").status == 200)
      for wrong in ["0123456789abcdef-theirs", "0123456789abcdef-our", "x", " "] {
        client.token = wrong
        let answer = try await client.get("/v1/mocks")
        #expect(answer.status == 401)
        #expect(answer.error["code"] == "unauthorized")
        #expect(answer.raw["www-authenticate"] == "Bearer realm=\"trestle\"")
      }
      client.token = nil
      #expect(try await client.get("/v1/mocks").status == 401)
      #expect(try await client.get("/openapi.json").status == 401)
      #expect(try await client.get("/healthz").status == 200)
      let basic = try await client.send(
        "GET", "/v1/mocks", headers: ["Authorization: Basic \(token.text)"])
      #expect(basic.status == 401)
    }
  }

  @Test("an address beyond this machine gets a token, and is called by its numbers or names")
  func wide() async throws {
    try await SteeredMocks.run(options: .init(host: "0.0.0.0")) { steered in
      let token = try #require(steered.admin.token)
      #expect(token.text.count == 48)
      #expect(steered.admin.url.hasPrefix("http://127.0.0.1:"))
      var client = steered.client
      #expect(try await client.get("/v1/mocks").status == 200)
      client.token = nil
      #expect(try await client.get("/v1/mocks").status == 401)
      for (host, status) in [("192.0.2.7:8080", 401), ("evil.example", 403)] {
        let answer = try await client.send(
          head(["Host: \(host)"], port: steered.admin.port), as: ("GET", "/v1/mocks"))
        #expect(answer.status == status)
      }
    }
  }

  @Test(
    "a token that can be guessed or sent in no header is refused",
    arguments: ["short", "", "has a blank in it and more", "line\r\nbreak-and-so-on-and-on"])
  func weakTokens(text: String) {
    #expect(throws: AccessToken.Mistake.self) { try AccessToken(text) }
  }

  @Test("tokens that are made differ, and match themselves alone")
  func randomTokens() {
    let (one, other) = (AccessToken.random(), AccessToken.random())
    #expect(one != other)
    #expect(one.matches(one.text))
    #expect(!one.matches(other.text))
    #expect(!one.matches(one.text.dropLast()))
    #expect(!one.matches(one.text + "0"))
    #expect(!one.matches(""))
  }
}
