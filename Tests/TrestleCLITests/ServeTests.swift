import Foundation
import Testing
import Trestle

@testable import TrestleCLI

@Suite("trestle serve and trestle export", .timeLimit(.minutes(1)))
struct ServeTests {
  private func workspace() async throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    _ = await directory.run(["init"], registry: .standard)
    return directory
  }

  /// Starts a gateway, and gives its URL.
  private func serve(
    _ words: [String] = [], in directory: TemporaryDirectory
  ) async throws -> (process: RunningBinary, url: String) {
    let process = try Binary.start(
      ["serve", "--ports", "auto", "-o", "json"] + words, in: directory)
    while case let lines = await process.data(lines: 1), !lines.isEmpty {
      let events = try lines.map { try JSONParser.parse($0) }
      if let gateway = events.first(where: { $0["event"] == "gateway" }) {
        return (process, gateway["url"]?.stringValue ?? "")
      }
    }
    throw CancellationError()
  }

  /// What an HTTP server answers, as bash reads it.
  private func ask(
    _ url: String, _ target: String, body: String? = nil, in directory: TemporaryDirectory
  ) async throws -> String {
    let port = try #require(URL(string: url)?.port)
    let request =
      body.map {
        "POST \(target) HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n"
          + "Content-Type: application/json\\r\\nContent-Length: \($0.utf8.count)\\r\\n\\r\\n\($0)"
      } ?? "GET \(target) HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n"
    return try await Binary.bash(
      "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(request)' >&3; cat <&3", in: directory
    ).out
  }

  @Test("serves calls, tells what to try, and its mocks are steered by the other commands")
  func serves() async throws {
    let directory = try await workspace()
    let process = try Binary.start(["serve", "--ports", "auto"], in: directory)
    let lines = await process.notes(lines: 7)
    #expect(
      lines.prefix(4).map { $0.split(separator: " ").first }
        == ["boiler", "stock", "translator", "gateway"])
    let url = try String(#require(lines[3].split(separator: " ").last))
    #expect(
      lines.suffix(3) == [
        "try:", "  curl \(url)/v1/systems",
        "  curl --json '{\"sensor\":\"sensor\"}' \(url)/v1/systems/boiler/operations/read",
      ])
    let set = try await Binary.run(
      [
        "stub", "set", "stock", "GetStock", "--reply",
        #"{"quantity":1,"price":{"_currency":"EUR","_text":"1"}}"#,
      ],
      in: directory)
    #expect(set.status == 0, "\(set)")
    let answer = try await ask(
      url, "/v1/systems/stock/operations/GetStock", body: #"{"sku":"A-1"}"#, in: directory)
    #expect(
      answer.hasSuffix(
        "\r\n\r\n{\"quantity\":1,\"price\":{\"_currency\":\"EUR\",\"_text\":\"1\"}}\n"))
    let calls = try await Binary.run(["calls", "-o", "json"], in: directory)
    #expect(calls.out.contains("GetStock"))
    process.interrupt()
    #expect(await process.finished().status == 130)
    #expect(!directory.exists(".trestle/run.json"))
  }

  @Test(
    "asked to terminate it answers the call under way, keeps it in the journal, and ends with 0")
  func drains() async throws {
    let directory = try await workspace()
    let (process, url) = try await serve(in: directory)
    let late = try await Binary.run(["fault", "set", "stock", "late=1s"], in: directory)
    #expect(late.status == 0)
    async let answer = ask(
      url, "/v1/systems/stock/operations/GetStock", body: #"{"sku":"A-1"}"#, in: directory)
    // The fault has happened once, so the mock has the call.
    while try await Binary.run(["fault", "list", "-o", "json"], in: directory).out
      .contains("\"times\":0")
    {}
    process.terminate()
    #expect(await process.finished().status == 0)
    #expect(try await answer.contains("{\"quantity\":42,"))
    let calls = try await Binary.run(["calls", "-o", "json"], in: directory)
    #expect(calls.out.contains("A-1"))
  }

  @Test("a busy port is told, and no mock is left running")
  func busyPort() async throws {
    let directory = try await workspace()
    let (first, url) = try await serve(in: directory)
    let port = try #require(URL(string: url)?.port)
    let other = try await workspace()
    let second = try await Binary.run(
      ["serve", "--ports", "auto", "--port", "\(port)"], in: other)
    #expect(second.status == 4)
    #expect(
      second.err.contains("error: the gateway cannot listen: port \(port) on 127.0.0.1 is in use"))
    #expect(second.err.contains("--port 0"))
    first.terminate()
    _ = await first.finished()
  }

  @Test("an operation that a file declares while it serves can be called")
  func takesUpChanges() async throws {
    let directory = try await workspace()
    let (process, url) = try await serve(["--no-mocks"], in: directory)
    let file = try #require(directory.text(of: "adapters/translator.yaml"))
    try directory.write(
      file.replacingOccurrences(of: "  languages:\n", with: "  tongues:\n"),
      to: "adapters/translator.yaml")
    var listed = ""
    while !listed.contains("tongues") {
      listed = try await ask(url, "/v1/systems/translator/operations", in: directory)
    }
    process.terminate()
    #expect(await process.finished().status == 0)
  }

  private static let contract = "wsdl/stock/stock.wsdl"
  private static let member = #"<xs:element name="sku""#

  @Test("a contract that changes while it serves is taken up; one that breaks is told, and kept")
  func takesUpContracts() async throws {
    let directory = try await workspace()
    let contract = try #require(directory.text(of: Self.contract))
    let (process, url) = try await serve(["--no-mocks"], in: directory)
    let target = "/v1/systems/stock/operations/GetStock/schema"
    #expect(try await ask(url, target, in: directory).contains("\"sku\""))
    try directory.write("<wsdl:definitions", to: Self.contract)
    var notes = ""
    while !notes.contains("stock keeps the contract of before") {
      notes += await process.notes(lines: 1).joined(separator: "\n")
    }
    #expect(notes.contains(Self.contract))
    #expect(try await ask(url, target, in: directory).contains("\"sku\""))
    try directory.write(
      contract.replacingOccurrences(
        of: Self.member, with: #"<xs:element name="shelf" type="xs:string"/>"# + Self.member),
      to: Self.contract)
    while try await !ask(url, target, in: directory).contains("\"shelf\"") {}
    process.terminate()
    #expect(await process.finished().status == 0)
  }

  @Test("the mock of a contract that changes keeps to the old one, and so do calls of it")
  func keepsContractsOfMocks() async throws {
    let directory = try await workspace()
    let contract = try #require(directory.text(of: Self.contract))
    let (process, url) = try await serve(in: directory)
    try directory.write(
      contract.replacingOccurrences(
        of: Self.member, with: #"<xs:element name="shelf" type="xs:string"/>"# + Self.member),
      to: Self.contract)
    var notes = ""
    while !notes.contains("stock: the mock keeps to the contract that it began with") {
      notes += await process.notes(lines: 1).joined(separator: "\n")
    }
    let answer = try await ask(
      url, "/v1/systems/stock/operations/GetStock", body: #"{"sku":"A-1"}"#, in: directory)
    #expect(answer.contains("{\"quantity\":42,"), "\(answer)")
    process.terminate()
    #expect(await process.finished().status == 0)
  }

  private static func tokens(_ names: [String]) -> String {
    // Each token is 32 times the first letter of its name; here is what sha256sum says of them.
    let digests = [
      "ann": "3ba3f5f43b92602683c19aee62a20342b084dd5971ddd33808d81a328879a547",
      "bob": "bdb339768bc5e4fecbe55a442056919b2b325907d49bcbf3bf8de13781996a83",
    ]
    return "tokens:\n"
      + names.map { "  - { name: \($0), sha256: \(digests[$0] ?? ""), scopes: [call] }\n" }.joined()
  }

  @Test("clients come and go with gateway.yaml while it serves, and a broken one changes nothing")
  func tokensChange() async throws {
    let directory = try await workspace()
    let (process, url) = try await serve(in: directory)
    let ann = String(repeating: "a", count: 32)
    let bob = String(repeating: "b", count: 32)
    func status(_ token: String?) async throws -> String {
      let field = token.map { "Authorization: Bearer \($0)\\r\\n" } ?? ""
      let port = try #require(URL(string: url)?.port)
      let answer = try await Binary.bash(
        "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET /v1/systems HTTP/1.1\\r\\nHost: localhost\\r\\n\(field)Connection: close\\r\\n\\r\\n' >&3; head -1 <&3",
        in: directory)
      return String(answer.out.dropFirst(9).prefix(3))
    }
    #expect(try await status(nil) == "200")
    try directory.write(Self.tokens(["ann"]), to: "gateway.yaml")
    while try await status(nil) == "200" {}
    #expect(try await status(nil) == "401")
    #expect(try await status(ann) == "200")
    #expect(try await status(bob) == "401")
    // The owner's token was made with the first client, and told in the run file.
    let stubs = try await Binary.run(["stub", "list"], in: directory)
    #expect(stubs.status == 0, "\(stubs)")
    try directory.write("tokens:\n  - { name: bob, scope: [call] }\n", to: "gateway.yaml")
    var notes = ""
    while !notes.contains("has mistakes") {
      notes += await process.notes(lines: 1).joined(separator: "\n")
    }
    #expect(notes.contains("gateway.yaml:2:"))
    #expect(try await status(ann) == "200")
    try directory.write(Self.tokens(["bob"]), to: "gateway.yaml")
    while try await status(ann) == "200" {}
    #expect(try await status(ann) == "401")
    #expect(try await status(bob) == "200")
    try FileManager.default.removeItem(atPath: directory.path + "/gateway.yaml")
    while !notes.contains("is gone") {
      notes += await process.notes(lines: 1).joined(separator: "\n")
    }
    #expect(try await status(nil) == "401")
    #expect(try await status(bob) == "200")
    process.terminate()
    #expect(await process.finished().status == 0)
  }

  @Test("a gateway.yaml with a mistake starts nothing; one without asks for its tokens")
  func tokens() async throws {
    let directory = try await workspace()
    try directory.write(
      "tokens:\n  - { name: ci, secret: \"${env:PATH}\", scope: [call] }", to: "gateway.yaml")
    let broken = try await Binary.run(["serve", "--ports", "auto"], in: directory)
    #expect(broken.status == 3)
    #expect(broken.err.contains("gateway.yaml:2:"))
    #expect(broken.err.contains("did you mean \"scopes\"?"))
    let missing = try await Binary.run(
      ["serve", "--ports", "auto", "--tokens", "none.yaml"], in: directory)
    #expect(missing.status == 3)
    try directory.write(
      "tokens:\n  - { name: ci, sha256: \(String(repeating: "ab", count: 32)), scopes: [call] }",
      to: "gateway.yaml")
    let (process, url) = try await serve(in: directory)
    #expect(try await ask(url, "/v1/systems", in: directory).hasPrefix("HTTP/1.1 401"))
    // By the owner's token, which the run file tells.
    #expect(try await Binary.run(["fault", "list", "-o", "json"], in: directory).status == 0)
    process.terminate()
    #expect(await process.finished().status == 0)
  }

  @Test("options that exclude each other are told")
  func refusesOptions() async throws {
    let directory = try await workspace()
    let ran = await directory.run(["serve", "--no-mocks", "--validate"], registry: .standard)
    #expect(ran.status == 2)
    #expect(ran.err.contains("--no-mocks excludes"))
  }

  @Test("the document is written without a server, for some systems, for a server to come")
  func exportsOpenAPI() async throws {
    let directory = try await workspace()
    let ran = await directory.run(
      ["export", "openapi", "stock", "--server", "https://legacy.example"], registry: .standard)
    #expect(ran.status == 0)
    let document = try JSONParser.parse(ran.out)
    #expect(document["openapi"] == "3.1.0")
    #expect(document["servers"] == [["url": "https://legacy.example"]])
    let paths = document["paths"]?.objectValue?.names ?? []
    #expect(paths.contains("/v1/systems/stock/operations/GetStock"))
    #expect(!paths.contains { $0.contains("translator") || $0.contains("mocks") })
  }

  @Test("a WSDL is written as it is, with all that it imports")
  func exportsWSDL() async throws {
    let directory = try await workspace()
    let written = try #require(directory.text(of: "wsdl/stock/stock.wsdl"))
    let plain = await directory.run(["export", "wsdl", "stock"], registry: .standard)
    #expect(plain.out == written)
    let moved = await directory.run(
      [
        "export", "wsdl", "stock", "--address", "https://a.example/s", "--out",
        directory.path + "/contract",
      ],
      registry: .standard)
    #expect(moved.status == 0, "\(moved)")
    #expect(directory.text(of: "contract/stock.wsdl")?.contains("https://a.example/s") == true)
    let none = await directory.run(["export", "wsdl", "boiler"], registry: .standard)
    #expect(none.status == 2)
    #expect(none.err.contains("boiler has no WSDL"))
  }
}
