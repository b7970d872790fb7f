import Testing
import TrestleCore
import TrestleSOAP

@Suite("The catalog of a contract that was fetched")
struct ContractCatalogTests {
  private static let main = """
    <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:t">
      <types><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <xs:import namespace="urn:a" schemaLocation="LOCATION"/>
      </xs:schema></types>
    </definitions>
    """

  private static let schema =
    "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"urn:a\"/>"

  private func entry(_ file: String, _ addresses: String...) throws -> ContractCatalog.Entry {
    ContractCatalog.Entry(
      file: file, addresses: try addresses.map { try #require(WebAddress($0)) })
  }

  /// The files that loading opened, and what it found wrong.
  private func load(
    location: String, main: String = "c/main.wsdl"
  ) throws -> (paths: [String], problems: [String]) {
    let catalog = ContractCatalog([
      try entry("main.wsdl", "http://h/ws/api?wsdl", "http://old/ws"),
      try entry("api-1.xsd", "http://h/ws/api?xsd=1", "http://h/moved.xsd"),
    ])
    let files = [
      main: Self.main.replacing("LOCATION", with: location), "c/api-1.xsd": Self.schema,
      "c/types.xsd": Self.schema,
    ]
    let definitions = WSDLLoader.load(mainPath: main, catalog: catalog) { path in
      guard let text = files[path] else { throw CodecError(reason: "no \(path)") }
      return Array(text.utf8)
    }
    return (definitions.documents.map(\.path), definitions.diagnostics.map(\.description))
  }

  @Test(
    "locations lead to the files that came from their addresses",
    arguments: [
      "?xsd=1", "api?xsd=1", "/ws/api?xsd=1", "http://h/ws/api?xsd=1", "HTTP://H:80/ws/api?xsd=1#x",
      "//h/moved.xsd", "../moved.xsd",
    ])
  func found(location: String) throws {
    let (paths, problems) = try load(location: location)
    #expect(paths == ["main.wsdl", "api-1.xsd"])
    #expect(!problems.contains { $0.contains("import") }, "\(problems)")
  }

  @Test("a file that happens to have the name is not taken for what was never fetched")
  func notFetched() throws {
    let (paths, problems) = try load(location: "types.xsd")
    #expect(paths == ["main.wsdl"])
    #expect(
      problems.contains {
        $0.contains("\"http://h/ws/types.xsd\" was not fetched when the contract was imported")
      }, "\(problems)")
  }

  @Test("what is no address of the web is refused as ever")
  func otherSchemes() throws {
    let (paths, problems) = try load(location: "file:///etc/passwd")
    #expect(paths == ["main.wsdl"])
    #expect(problems.contains { $0.contains("file: addresses are never read") })
  }

  @Test("schemas that come along are taken from where they come along")
  func bundled() throws {
    let (paths, _) = try load(location: "http://schemas.xmlsoap.org/soap/encoding/")
    #expect(paths.count == 2 && paths[1].hasPrefix("bundled/"))
  }
}

@Suite("What a document says of others")
struct ContractReferencesTests {
  @Test("imports, includes and redefinitions are found, at the top and inline")
  func references() throws {
    let text = """
      <d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/"
        xmlns:s="http://www.w3.org/2001/XMLSchema">
        <d:import namespace="urn:w" location="w.wsdl"/>
        <d:import namespace="urn:none"/>
        <d:types><s:import namespace="urn:bare" schemaLocation="bare.xsd"/>
          <s:schema><s:import namespace="urn:i" schemaLocation=" i.xsd "/>
            <s:include schemaLocation="c.xsd"/><s:redefine schemaLocation="r.xsd"/>
            <s:import namespace="urn:nowhere"/>
            <s:element name="import"/>
          </s:schema></d:types>
      </d:definitions>
      """
    let contents = try ContractReferences(Array(text.utf8))
    #expect(contents.kind == .wsdl)
    #expect(
      contents.references.map { "\($0.element) \($0.location) \($0.namespace) \($0.line)" } == [
        "wsdl:import w.wsdl urn:w 3", "xs:import bare.xsd urn:bare 5", "xs:import i.xsd urn:i 6",
        "xs:include c.xsd  7", "xs:redefine r.xsd  7",
      ])
  }

  @Test("what a document is, its root says")
  func kinds() throws {
    let schema = "<schema xmlns=\"http://www.w3.org/2001/XMLSchema\"/>"
    #expect(try ContractReferences(Array(schema.utf8)).kind == .schema)
    #expect(try ContractReferences(Array("<html/>".utf8)).kind == .other(root: "html"))
    #expect(throws: (any Error).self) { try ContractReferences(Array("<a>".utf8)) }
  }
}
