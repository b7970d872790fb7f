import Foundation
import Testing
import Trestle

@testable import TrestleCLI

@Suite("trestle import")
struct ImportTests {
  private static let contract =
    ExampleWorkspace.files.first { $0.path.hasSuffix(".wsdl") }?.text ?? ""

  /// The example's contract with its types in a file beside it, and those of its ids in one above.
  private func source() throws -> TemporaryDirectory {
    let marks = ("<xs:schema", "</xs:schema>")
    let text = Self.contract
    let start = try #require(text.range(of: marks.0))
    let end = try #require(text.range(of: marks.1))
    let schema = String(text[start.lowerBound..<end.upperBound])
      .replacingOccurrences(
        of: marks.0,
        with:
          "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:tns=\"urn:example:stock\""
      )
      .replacingOccurrences(
        of: "elementFormDefault=\"qualified\">",
        with: "elementFormDefault=\"qualified\"><xs:include schemaLocation=\"../common/note.xsd\"/>"
      )
    let main = text.replacingCharacters(
      in: start.lowerBound..<end.upperBound,
      with: """
        <xs:schema><xs:import namespace="urn:example:stock" schemaLocation="types.xsd"/></xs:schema>
        """)
    return try TemporaryDirectory([
      "api/Stock Service.wsdl": main, "api/types.xsd": schema,
      "common/note.xsd": """
      <xs:schema targetNamespace="urn:example:stock"
        xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note" type="xs:string"/></xs:schema>
      """,
    ])
  }

  @Test("a contract and what it imports are copied unchanged, pinned and described")
  func imported() async throws {
    let source = try source()
    let workspace = try TemporaryDirectory()
    let ran = await workspace.run(
      ["import", source.path + "/api/Stock Service.wsdl"], registry: .standard)
    #expect(
      ran
        == Ran(
          status: 0,
          out: """
            Stock-Service: 1 operation
              wsdl/Stock-Service/api/Stock Service.wsdl
              wsdl/Stock-Service/api/types.xsd
              wsdl/Stock-Service/common/note.xsd
              wsdl/Stock-Service/trestle.lock
              adapters/Stock-Service.yaml

            Try:
              trestle describe Stock-Service
              trestle describe Stock-Service GetStock --template
              trestle mock Stock-Service

            """, err: ""))
    #expect(
      workspace.text(of: "wsdl/Stock-Service/api/types.xsd") == source.text(of: "api/types.xsd"))
    #expect(
      workspace.text(of: "adapters/Stock-Service.yaml") == """
        # yaml-language-server: $schema=../.trestle/schema/adapter.json
        system: "Stock-Service"
        protocol: soap
        wsdl: "../wsdl/Stock-Service/api/Stock Service.wsdl"
        endpoint: "${env:STOCK_SERVICE_URL:-http://127.0.0.1:8201/stock}"

        mock:
          port: 8101
          fallback: sample

        """)
    #expect(workspace.exists(".trestle/schema/adapter.json"))
    let call = await workspace.run(
      ["call", "Stock-Service", "GetStock", "sku=A-1", "--mock"], registry: .standard)
    #expect(call.status == 0)
    #expect(call.out.hasPrefix(#"{"quantity":1,"price":"#))
  }

  @Test("list says where an imported contract has changed")
  func lock() async throws {
    let workspace = try TemporaryDirectory(["stock.wsdl": Self.contract])
    _ = await workspace.run(["import", workspace.path + "/stock.wsdl"], registry: .standard)
    #expect(await workspace.run(["list", "--strict"], registry: .standard).status == 0)
    try workspace.write(Self.contract + "\n", to: "wsdl/stock/stock.wsdl")
    let ran = await workspace.run(["list"], registry: .standard)
    #expect(ran.status == 0)
    #expect(
      ran.err == """
        wsdl/stock/stock.wsdl: warning: the file has changed since it was imported
          if that was meant, write its new checksum: sha256sum stock.wsdl beside trestle.lock

        """)
    #expect(await workspace.run(["list", "--strict"], registry: .standard).status == 3)
  }

  @Test("a system that is there is not overwritten")
  func twice() async throws {
    let workspace = try TemporaryDirectory(["stock.wsdl": Self.contract])
    let words = ["import", workspace.path + "/stock.wsdl"]
    #expect(await workspace.run(words, registry: .standard).status == 0)
    #expect(
      await workspace.run(words, registry: .standard)
        == Ran(
          status: 3, out: "",
          err: """
            error: the system "stock" is already described in adapters/stock.yaml
              choose another name with --name

            """))
    let second = await workspace.run(words + ["--name", "stock2"], registry: .standard)
    #expect(second.status == 0)
    #expect(workspace.text(of: "adapters/stock2.yaml")?.contains("port: 8102") == true)
  }

  @Test(
    "what cannot be imported is told, and nothing is written",
    arguments: [
      (
        "https://x.example/a?wsdl", 2,
        "error: https://x.example/a?wsdl is not fetched: contracts are read from files\n"
      ),
      ("DIR/nowhere.wsdl", 3, "error: no such file: DIR/nowhere.wsdl\n"),
      (
        "DIR/broken.wsdl", 3,
        "DIR/broken.wsdl:1:4: error: the contract cannot be read: not well-formed: "
      ),
      ("DIR/other.xml", 3, "DIR/other.xml:1: error: the document is no WSDL: its root is other\n"),
      ("DIR/notes.txt", 2, "error: DIR/notes.txt is not known by its name to be a contract\n"),
    ])
  func refused(source: String, status: Int32, message: String) async throws {
    let workspace = try TemporaryDirectory([
      "broken.wsdl": "<a>", "other.xml": "<other/>", "notes.txt": "",
    ])
    let path = source.replacingOccurrences(of: "DIR", with: workspace.path)
    let ran = await workspace.run(["import", path], registry: .standard)
    #expect(ran.status == status)
    #expect(ran.err.hasPrefix(message), "\(ran)")
    #expect(!workspace.exists("adapters"))
    #expect(!workspace.exists("wsdl"))
  }

  @Test("a name that is none is told")
  func name() async throws {
    let workspace = try TemporaryDirectory(["stock.wsdl": Self.contract])
    let ran = await workspace.run(
      ["import", workspace.path + "/stock.wsdl", "--name", "../x"], registry: .standard)
    #expect(
      ran
        == Ran(
          status: 2, out: "",
          err: """
            error: "../x" is no name for a system
              give one of letters, digits, . _ - with --name

            """))
  }
}
