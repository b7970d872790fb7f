import Testing

@testable import TrestleCLI

@Suite("trestle call, what SOAP adds")
struct SOAPCallTests {
  /// A workspace with a SOAP system without a contract: its mock answers what it was sent.
  private func workspace() throws -> TemporaryDirectory {
    try TemporaryDirectory([
      "adapters/ledger.yaml": """
      system: ledger
      protocol: soap
      namespace: urn:ledger
      understands: ["{urn:ledger}session"]
      mock:
        responses:
          Post: { entry: "{{request.entry}}" }
      """
    ])
  }

  private func run(_ arguments: String...) async throws -> Ran {
    try await Binary.run(["call", "ledger"] + arguments, in: workspace())
  }

  @Test("header blocks are given under _headers, and shown on the wire")
  func headers() async throws {
    let ran = try await run(
      "Post", "entry=7",
      "_headers:={\"{urn:ledger}session\":{\"_mustUnderstand\":true,\"_text\":\"abc\"}}",
      "--mock", "-v")
    #expect(ran.status == 0, "\(ran.err)")
    #expect(ran.out == "{\"entry\":\"7\"}\n")
    #expect(ran.err.contains("soap:mustUnderstand=\"1\""))
    #expect(ran.err.contains(">abc<"))
  }

  @Test("a header that must be understood and is not is a fault that names it")
  func misunderstood() async throws {
    let ran = try await run(
      "Post", "entry=7", "_headers:={\"{urn:other}trace\":{\"_mustUnderstand\":true}}", "--mock")
    #expect(ran.status == 1)
    #expect(ran.err.contains("{urn:other}trace must be understood"))
    #expect(ran.err.contains("MustUnderstand"))
  }

  @Test("--xml is the content of a Body, or a whole envelope")
  func xml() async throws {
    let body = "<Post xmlns=\"urn:ledger\"><entry>8</entry></Post>"
    let whole =
      "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>\(body)</s:Body></s:Envelope>"
    for text in [body, "<?xml version=\"1.0\"?>\n" + body, whole] {
      let ran = try await run("Post", "--xml", text, "--mock")
      #expect(ran.status == 0, "\(ran.err)")
      #expect(ran.out == "{\"entry\":\"8\"}\n")
    }
  }

  @Test("the namespace of a header block may hold dots, and anything else a URL holds")
  func dottedNamespace() async throws {
    let assignment = "_headers.{http://a.example/c?x=1}Trace:={\"id\":7}"
    let ran = try await run("Post", "entry=7", assignment, "--mock", "-v")
    #expect(ran.status == 0, "\(ran.err)")
    #expect(ran.err.contains("Trace xmlns:ns0=\"http://a.example/c?x=1\""))
    let encoded = try await Binary.run(
      ["encode", "ledger", "Post", "entry=7", assignment], in: workspace())
    #expect(encoded.out.contains("Trace xmlns:ns0=\"http://a.example/c?x=1\""), "\(encoded)")
  }

  @Test("--strict holds for the answer to --xml too")
  func strictXML() async throws {
    let directory = try TemporaryDirectory([
      "adapters/stock.yaml": "system: stock\nprotocol: soap\nwsdl: stock.wsdl\nmock: {}\n",
      "adapters/stock.wsdl": ImportTests.contract,
      "adapters/other.yaml": """
      system: other
      protocol: soap
      namespace: urn:example:stock
      mock: { responses: { GetStock: { surprise: "1" } } }
      """,
    ])
    // A server that does not keep to the contract: a mock without one.
    let mock = try Binary.start(["mock", "other", "--port", "0"], in: directory)
    let line = await mock.notes(lines: 1)
    defer { mock.terminate() }
    let port = try #require(line.first?.firstMatch(of: /:([0-9]+)/)?.output.1)
    let words = [
      "call", "stock", "GetStock", "--endpoint", "http://127.0.0.1:\(port)/", "--xml",
      "<GetStock xmlns=\"urn:example:stock\"><sku>A-1</sku></GetStock>",
    ]
    let lenient = try await Binary.run(words, in: directory)
    #expect(lenient.status == 0, "\(lenient)")
    let strict = try await Binary.run(words + ["--strict"], in: directory)
    #expect(strict.status == 5, "\(strict)")
  }

  @Test("--raw goes and comes back untouched, and its status decides")
  func raw() async throws {
    let ran = try await run("Post", "--raw", "no XML at all", "--mock")
    #expect(ran.status == 1)
    #expect(ran.out.contains("<soap:Fault>"))
    #expect(ran.err.contains("answered with HTTP 400"))
  }

  @Test(
    "what cannot be meant is a usage error",
    arguments: [
      (["Post", "entry=1", "--xml", "<a/>"], "are the whole request"),
      (["Post", "--raw", "x", "--xml", "<a/>"], "exclude each other"),
      (["Post", "--xml", "@nowhere.xml"], "no such file"),
    ])
  func usage(_ arguments: [String], _ message: String) async throws {
    let ran = try await Binary.run(["call", "ledger", "--mock"] + arguments, in: workspace())
    #expect(ran.status == 2)
    #expect(ran.err.contains(message), "\(ran.err)")
  }

  @Test("--xml that is no XML is refused before anything is sent")
  func malformed() async throws {
    let ran = try await run("Post", "--xml", "<a>", "--mock")
    #expect(ran.status != 0)
    #expect(ran.err.contains("not well-formed"))
  }
}
