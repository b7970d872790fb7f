import Testing
import TrestleCore

@testable import TrestleNet

@Suite("HTTP Digest")
struct DigestTests {
  private func session(
    _ challenge: String, user: String = "Mufasa", password: String = "Circle of Life",
    nonce: String = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
  ) throws -> DigestSession {
    let session = DigestSession(user: user, password: password) { nonce }
    session.accept(
      try #require(DigestChallenge.best(in: ["WWW-Authenticate": challenge])))
    return session
  }

  private func answer(_ session: DigestSession, body: String = "") throws -> [String: String] {
    let field = try #require(
      session.authorization(method: "GET", target: "/dir/index.html", body: Array(body.utf8)))
    #expect(field.hasPrefix("Digest "))
    return AuthenticationChallenge.all(in: ["WWW-Authenticate": field]).first?.parameters ?? [:]
  }

  private static let realm =
    "realm=\"http-auth@example.org\", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
    + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""

  // The first two are RFC 7616 §3.9.1's; the others were made with Python's hashlib.
  @Test(
    "answers are those of the RFC",
    arguments: [
      ("qop=\"auth, auth-int\", algorithm=MD5", "8ca523f5e9506fed4657c9700eebdbec"),
      (
        "qop=\"auth, auth-int\", algorithm=SHA-256",
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
      ),
      ("qop=auth, algorithm=MD5-sess", "e783283f46242139c486a698fec7211d"),
      (
        "qop=auth, algorithm=sha-256-sess",
        "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7"
      ),
      ("qop=auth-int", "8804a53d3640a40a4f73cea12c5ba451"),
    ])
  func answers(parameters: String, response: String) throws {
    let session = try session("Digest \(Self.realm), \(parameters)")
    let given = try answer(session)
    #expect(given["response"] == response)
    #expect(given["username"] == "Mufasa" && given["uri"] == "/dir/index.html")
    #expect(given["nc"] == "00000001")
    #expect(given["opaque"] == "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")
  }

  @Test("a server of RFC 2069 gets the answer without qop, nc and cnonce")
  func oldServer() throws {
    let session = try session(
      "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
      password: "CircleOfLife")
    let given = try answer(session)
    #expect(given["response"] == "1949323746fe6a43ef61f9606e7febea")
    #expect(given["qop"] == nil && given["nc"] == nil && given["cnonce"] == nil)
    #expect(given["algorithm"] == nil)
  }

  @Test("every request with one nonce has its own count")
  func counts() throws {
    let session = try session("Digest \(Self.realm), qop=auth")
    #expect(try answer(session)["nc"] == "00000001")
    let second = try answer(session)
    #expect(second["nc"] == "00000002")
    session.noteAnswer(["Authentication-Info": "nextnonce=\"n2\", qop=auth"])
    let third = try answer(session)
    #expect(third["nc"] == "00000001" && third["nonce"] == "n2")
  }

  @Test("names that no quoted string holds are encoded, and hashed where asked for")
  func names() throws {
    let plain = try session("Digest \(Self.realm), qop=auth", user: "a\"b\\c")
    #expect(try answer(plain)["username"] == "a\"b\\c")
    // RFC 7616 §3.9.2's user.
    let other = try session("Digest \(Self.realm), qop=auth", user: "Jäsøn Doe")
    #expect(try answer(other)["username*"] == "UTF-8''J%C3%A4s%C3%B8n%20Doe")
    let hidden = try session(
      "Digest \(Self.realm), qop=auth, algorithm=SHA-256, userhash=true", user: "Jäsøn Doe")
    let given = try answer(hidden)
    #expect(given["userhash"] == "true")
    #expect(
      given["username"]
        == "d1b8b7c3547b1ff28d0956e751ab1d229d1e8a9e8ed1147f10c8f1bbabc5715b")
  }

  @Test("the strongest challenge is answered, whatever stands around it")
  func choice() {
    let headers: Headers = [
      "WWW-Authenticate":
        "Negotiate YIIB==, NTLM, Basic realm=\"a, Digest b\", Digest realm=\"r\\\"x\", nonce=n1",
      "www-authenticate": "Digest nonce=\"n2\", algorithm=SHA-256 , stale=TRUE, qop=\"auth\"",
    ]
    let all = AuthenticationChallenge.all(in: headers)
    #expect(all.map(\.scheme) == ["negotiate", "ntlm", "basic", "digest", "digest"])
    #expect(all[2].parameters == ["realm": "a, Digest b"])
    #expect(all[3].parameters == ["realm": "r\"x", "nonce": "n1"])
    let best = DigestChallenge.best(in: headers)
    #expect(best?.nonce == "n2" && best?.isStale == true && best?.algorithm == .sha256)
  }

  @Test(
    "what cannot be answered is no challenge for us",
    arguments: [
      "Digest realm=\"r\"", "Digest nonce=n, algorithm=SHA-512-256", "Basic realm=r",
      "Digest nonce=n, qop=\"token\"", "", "=", ",,", "Digest",
    ])
  func unusable(field: String) {
    #expect(DigestChallenge.best(in: ["WWW-Authenticate": field]) == nil)
  }
}
