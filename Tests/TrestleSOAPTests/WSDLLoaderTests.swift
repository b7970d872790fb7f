import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// Loads a contract from texts by path; the first is the main document.
func load(_ files: KeyValuePairs<String, String>) -> WSDLDefinitions {
  struct NotThere: Error, CustomStringConvertible { let description = "there is no such file" }
  let texts = Dictionary(files.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  return WSDLLoader.load(mainPath: files.first?.key ?? "") { path in
    guard let text = texts[path] else { throw NotThere() }
    return Array(text.utf8)
  }
}

/// A WSDL of one document/literal operation `Ask`, around other texts.
func wsdl(
  types: String, imports: String = "", input: String = "t:Ask", output: String = "t:Answer"
) -> String {
  """
  <definitions name="Asking" targetNamespace="urn:w" xmlns="http://schemas.xmlsoap.org/wsdl/"
      xmlns:w="urn:w" xmlns:t="urn:t" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
      xmlns:xs="http://www.w3.org/2001/XMLSchema">
    \(imports)
    <types>\(types)</types>
    <message name="In"><part name="p" element="\(input)"/></message>
    <message name="Out"><part name="p" element="\(output)"/></message>
    <portType name="Port"><operation name="Ask">
      <documentation>Asks.</documentation>
      <input message="w:In"/><output message="w:Out"/>
    </operation></portType>
    <binding name="Binding" type="w:Port">
      <s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
      <operation name="Ask"><s:operation soapAction="urn:ask"/>
        <input><s:body use="literal"/></input><output><s:body use="literal"/></output>
      </operation>
    </binding>
    <service name="Service"><port name="Port" binding="w:Binding">
      <s:address location="http://example.org/ask"/>
    </port></service>
  </definitions>
  """
}

/// A schema of the namespace `urn:t` around declarations.
func schema(_ content: String, attributes: String = "elementFormDefault='qualified'") -> String {
  "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' targetNamespace='urn:t' \(attributes)>\(content)</xs:schema>"
}

let plainTypes = schema(
  "<xs:element name='Ask' type='xs:string'/><xs:element name='Answer' type='xs:int'/>")

extension WSDLDefinitions {
  var operation: WSDLOperation? { services.first?.ports.first?.binding.operations.first }
}

@Suite struct WSDLLoaderTests {
  @Test("a document/literal contract has its service, port, binding, operation and parts")
  func plain() throws {
    let definitions = load(["main.wsdl": wsdl(types: plainTypes)])
    #expect(definitions.diagnostics.isEmpty)
    #expect(definitions.name == "Asking")
    let port = try #require(definitions.services.first?.ports.first)
    #expect(port.address == "http://example.org/ask")
    #expect(port.binding.kind == .soap11)
    let operation = try #require(definitions.operation)
    #expect(operation.name == "Ask")
    #expect(operation.documentation == "Asks.")
    #expect(operation.action == "urn:ask")
    #expect(operation.style == .document)
    guard case .element(let element)? = operation.input?.body.first?.definition,
      case .simple(let type) = element.type
    else {
      Issue.record("the input is an element of simple type")
      return
    }
    #expect(element.name == QualifiedName("urn:t", "Ask"))
    #expect(type.builtIn == "string")
  }

  @Test("imports are followed relative to the importing file, nested, circular, each file once")
  func imports() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types:
          "<xs:schema><xs:import namespace='urn:t' schemaLocation='./xsd/../xsd/a.xsd'/></xs:schema>"
      ),
      "xsd/a.xsd": schema(
        "<xs:include schemaLocation='b.xsd'/><xs:element name='Ask' type='t:Text'/>"),
      "xsd/b.xsd": schema(
        "<xs:include schemaLocation='a.xsd'/><xs:include schemaLocation='deep/c.xsd'/><xs:element name='Answer' type='t:Number'/>"
      ),
      "xsd/deep/c.xsd":
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:simpleType name='Text'><xs:restriction base='xs:string'/></xs:simpleType><xs:simpleType name='Number'><xs:restriction base='Text'/></xs:simpleType></xs:schema>",
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(
      definitions.documents.map(\.path) == [
        "main.wsdl", "xsd/a.xsd", "xsd/b.xsd", "xsd/deep/c.xsd",
      ])
    #expect(definitions.documents[0].references.map(\.location) == ["./xsd/../xsd/a.xsd"])
    #expect(definitions.operation?.problems.isEmpty == true)
    #expect(definitions.components.type(QualifiedName("urn:t", "Number")) != nil)
  }

  @Test(
    "what lies outside the contract's folder is not read, but told with its line",
    arguments: [
      "../../etc/passwd", "/etc/../../etc/passwd", "file:///etc/passwd", "ftp://localhost/x.xsd",
      "http://localhost:1/x.xsd", "//server/share/x.xsd", "..\\..\\secret.xsd", "%2e%2e/%2e%2e/x",
    ])
  func outside(_ location: String) throws {
    let types =
      "<xs:schema>\n<xs:import namespace='urn:x' schemaLocation='\(location)'/></xs:schema>"
      + plainTypes
    let paths = Recorder()
    let main = Array(wsdl(types: types).utf8)
    let definitions = WSDLLoader.load(mainPath: "folder/main.wsdl") { path in
      paths.add(path)
      guard path == "folder/main.wsdl" else { throw Recorder.NotThere() }
      return main
    }
    #expect(paths.list.allSatisfy { !$0.contains("..") && !$0.hasPrefix("/") })
    let error = try #require(definitions.diagnostics.first { $0.severity == .error })
    #expect(error.file == "folder/main.wsdl")
    #expect(error.line == 6)
    #expect(error.message.contains("xs:import"))
    #expect(definitions.operation?.problems.isEmpty == true)
  }

  /// Remembers what a loader asked for.
  final class Recorder {
    struct NotThere: Error {}
    var list: [String] = []
    func add(_ path: String) { list.append(path) }
  }
}
