import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// Loads a contract from what stands inside its definitions.
private func contract(_ content: String) -> WSDLDefinitions {
  load([
    "main.wsdl": """
    <definitions targetNamespace="urn:w" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:w="urn:w"
        xmlns:t="urn:t" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
        xmlns:s12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:h="http://schemas.xmlsoap.org/wsdl/http/"
        xmlns:m="http://schemas.xmlsoap.org/wsdl/mime/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <types>\(schema("<xs:element name='Ask' type='xs:string'/><xs:element name='Answer' type='xs:int'/><xs:element name='Session' type='xs:string'/>"))</types>
      <message name="In"><part name="p" element="t:Ask"/><part name="session" element="t:Session"/><part name="file" type="xs:base64Binary"/></message>
      <message name="Out"><part name="p" element="t:Answer"/></message>
      <message name="Number"><part name="n" type="xs:int"/><part name="m" type="xs:int"/></message>
      \(content)
    </definitions>
    """
  ])
}

private let transport = #"transport="http://schemas.xmlsoap.org/soap/http""#

private func operations(_ definitions: WSDLDefinitions) -> [WSDLOperation] {
  definitions.services.flatMap(\.ports).flatMap(\.binding.operations)
}

@Suite struct WSDLBuilderTests {
  @Test("parts go into headers, attachments and the Body, in a MIME package too")
  func parts() throws {
    let definitions = contract(
      """
      <portType name="P"><operation name="Op"><input message="w:In"/><output message="w:Out"/></operation></portType>
      <binding name="B" type="w:P"><s:binding \(transport)/>
        <operation name="Op"><s:operation soapAction=""/>
          <input><m:multipartRelated>
            <m:part><s:header message="w:In" part="session" use="literal"/><s:body use="literal"/></m:part>
            <m:part><m:content part="file" type="application/octet-stream"/></m:part>
          </m:multipartRelated></input>
          <output><s:body parts="p" use="literal"/></output></operation></binding>
      """)
    #expect(definitions.diagnostics.isEmpty)
    let input = try #require(operations(definitions).first?.input)
    #expect(input.body.map(\.name) == ["p"])
    #expect(input.headers.map(\.name) == ["session"])
    #expect(input.attachments.map(\.name) == ["file"])
    #expect(operations(definitions).first?.action == "")
    #expect(operations(definitions).first?.output?.body.map(\.name) == ["p"])
  }

  @Test("rpc, encoded use, namespaces and styles are read from the binding")
  func rpc() throws {
    let definitions = contract(
      """
      <portType name="P"><operation name="Add"><input message="w:Number"/><output message="w:Out"/></operation>
        <operation name="Note"><input message="w:Out"/></operation>
        <operation name="Event"><output message="w:Out"/></operation></portType>
      <binding name="B" type="w:P"><s12:binding style="rpc" \(transport)/>
        <operation name="Add"><s12:operation soapAction="urn:add"/>
          <input><s12:body use="encoded" namespace="urn:r" parts="n"/></input>
          <output><s12:body use="literal" namespace="urn:r"/></output></operation>
        <operation name="Note"><s12:operation style="document"/><input><s12:body use="literal"/></input></operation>
        <operation name="Event"><output><s12:body use="literal"/></output></operation></binding>
      """)
    #expect(definitions.diagnostics.isEmpty)
    #expect(definitions.services.first?.ports.first?.binding.kind == .soap12)
    let all = operations(definitions)
    #expect(all.map(\.name) == ["Add", "Note", "Event"])
    #expect(all.map(\.style) == [.rpc, .document, .rpc])
    #expect(all[0].input?.isEncoded == true)
    #expect(all[0].input?.namespace == "urn:r")
    #expect(all[0].input?.body.map(\.name) == ["n"])
    #expect(all[0].output?.isEncoded == false)
    #expect(all[1].output == nil && all[1].action == nil)
    #expect(all[2].input == nil)
  }

  @Test("overloaded operations are kept apart by their inputs, with one name on the wire")
  func overloads() throws {
    let definitions = contract(
      """
      <portType name="P">
        <operation name="Op"><input name="OpText" message="w:In"/><output message="w:Out"/></operation>
        <operation name="Op"><input name="OpNumber" message="w:Number"/><output message="w:Out"/></operation></portType>
      <binding name="B" type="w:P"><s:binding style="rpc" \(transport)/>
        <operation name="Op"><s:operation/><input name="OpNumber"><s:body use="literal"/></input><output><s:body use="literal"/></output></operation>
        <operation name="Op"><s:operation/><input name="OpText"><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
      """)
    #expect(definitions.diagnostics.isEmpty)
    let all = operations(definitions)
    #expect(all.map(\.name) == ["Op", "Op.OpText"])
    #expect(all.map(\.wireName) == ["Op", "Op"])
    #expect(all.map { $0.input?.name.local } == ["Number", "In"])
  }

  @Test("a binding that no port names is offered without an address")
  func withoutPort() throws {
    let binding = """
      <s:binding \(transport)/><operation name="Op"><s:operation soapAction=""/>
      <input><s:body use="literal" parts="p"/></input></operation></binding>
      """
    let definitions = contract(
      """
      <portType name="P"><operation name="Op"><input message="w:In"/></operation></portType>
      <binding name="B" type="w:P">\(binding)<binding name="C" type="w:P">\(binding)
      <service name="S"><port name="X" binding="w:C"><s:address location="http://example.org"/></port></service>
      """)
    #expect(definitions.services.map(\.name.local) == ["S", ""])
    #expect(definitions.services.flatMap(\.ports).map(\.name) == ["X", "B"])
    #expect(definitions.services.last?.ports.first?.address == nil)
  }

  @Test("http bindings keep their verb and locations")
  func http() throws {
    let definitions = contract(
      """
      <portType name="P"><operation name="Get"><input message="w:Number"/><output message="w:Out"/></operation></portType>
      <binding name="B" type="w:P"><h:binding verb="GET"/>
        <operation name="Get"><h:operation location="/get"/><input><h:urlEncoded/></input><output><m:mimeXml part="p"/></output></operation></binding>
      <service name="S"><port name="P" binding="w:B"><h:address location="http://example.org"/></port></service>
      """)
    #expect(definitions.diagnostics.isEmpty)
    #expect(definitions.services.first?.ports.first?.binding.kind == .http("GET"))
    #expect(definitions.services.first?.ports.first?.address == "http://example.org")
    #expect(operations(definitions).first?.location == "/get")
    #expect(operations(definitions).first?.input?.body.count == 2)
  }

  @Test("what is broken is told with place and operation, and its siblings work")
  func broken() throws {
    let definitions = contract(
      """
      <message name="Odd"><part name="p" element="t:Asc"/></message>
      <portType name="P"><operation name="Good"><input message="w:In"/><output message="w:Out"/></operation>
        <operation name="Odd"><input message="w:Odd"/><output message="w:Out"/></operation>
        <operation name="Lost"><input message="w:Im"/></operation>
        <operation name="Half"><input message="w:In"/><fault name="f" message="w:Nope"/></operation></portType>
      <binding name="B" type="w:P"><s:binding \(transport)/>
        <operation name="Good"/><operation name="Odd"/><operation name="Lost"/><operation name="Half"/>
        <operation name="Gone"/></binding>
      <service name="S"><port name="P" binding="w:B"/><port name="Q" binding="w:C"/></service>
      """)
    let all = operations(definitions)
    #expect(all.map(\.name) == ["Good", "Odd", "Lost", "Half"])
    #expect(all.map { $0.problems.isEmpty } == [true, true, true, true])
    func diagnostic(_ text: String) -> Diagnostic? {
      definitions.diagnostics.first { $0.message.contains(text) }
    }
    let odd = try #require(diagnostic("t:Asc"))
    #expect(odd.hint == "did you mean \"Ask\"?")
    #expect(odd.severity == .warning && odd.operations.isEmpty)
    #expect(odd.file == "main.wsdl" && odd.line != nil)
    #expect(diagnostic("w:Im")?.severity == .warning)
    #expect(diagnostic("w:Nope")?.operations == ["Half"])
    #expect(diagnostic("\"Gone\"")?.operations == ["Gone"])
    #expect(diagnostic("w:C")?.severity == .warning)
    #expect(definitions.services.first?.ports.map(\.name) == ["P"])
  }

  @Test("a broken type spoils the operations that reach it, through any depth, and no others")
  func spoiled() throws {
    let types = schema(
      """
      <xs:complexType name='Deep'><xs:sequence><xs:element ref='t:Missing'/></xs:sequence></xs:complexType>
      <xs:group name='G'><xs:sequence><xs:element name='d' type='t:Deep'/></xs:sequence></xs:group>
      <xs:element name='Ask'><xs:complexType><xs:group ref='t:G'/></xs:complexType></xs:element>
      <xs:element name='Answer' type='xs:int'/>
      """)
    let definitions = load(["main.wsdl": wsdl(types: types)])
    let error = try #require(definitions.diagnostics.first)
    #expect(error.message.contains("t:Missing"))
    #expect(error.operations == ["Ask"])
    #expect(definitions.operation?.problems.count == 1)
    let other = load(["main.wsdl": wsdl(types: types, input: "t:Answer")])
    #expect(other.operation?.problems.isEmpty == true)
    #expect(other.diagnostics.first?.operations == [])
  }

  @Test(
    "mistakes with one meaning are read with a warning",
    arguments: [
      (
        schema(
          "<xs:element name='Ask' type='Text'/><xs:element name='Answer' type='xs:int'/><xs:simpleType name='Text'><xs:restriction base='xs:string'/></xs:simpleType>"
        ), "type=\"Text\""
      ),
      (
        schema(
          "<xs:element name='Ask' type='nowhere:string'/><xs:element name='Answer' type='xs:int'/>"),
        "nowhere:string"
      ),
      (
        schema(
          "<xs:element name='Ask' type='xs:string'/><xs:element name='Answer' type='xs:int'/><xs:complexType name='T'><xs:attribute ref='t:none'/></xs:complexType>"
        ), "t:none"
      ),
      (plainTypes + schema("<xs:element name='Ask' type='xs:date'/>"), "second time"),
    ])
  func guesses(_ types: String, _ told: String) throws {
    let definitions = load(["main.wsdl": wsdl(types: types)])
    let warning = try #require(definitions.diagnostics.first)
    #expect(warning.severity == .warning)
    #expect(warning.message.contains(told))
    #expect(definitions.diagnostics.count == 1)
    #expect(definitions.operation?.problems.isEmpty == true)
  }

  @Test("a schema used without being imported is taken from the bundled ones")
  func unimported() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          "<xs:element name='Ask'><xs:complexType><xs:attribute ref='xml:lang'/></xs:complexType></xs:element><xs:element name='Answer' type='xs:int'/>"
        ))
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(definitions.documents.map(\.path) == ["main.wsdl", "bundled/xml.xsd"])
  }

  @Test("documents without a binding, of WSDL 2.0 and of no WSDL are told as such")
  func others() {
    func message(_ text: String) -> String? {
      load(["main.wsdl": text]).diagnostics.first?.description
    }
    #expect(
      message("<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>")?.contains("no binding")
        == true)
    #expect(
      message("<description xmlns='http://www.w3.org/ns/wsdl'/>")?.contains("WSDL 2.0") == true)
    #expect(message("<html/>")?.contains("its root is html") == true)
    #expect(message("<definitions>")?.hasPrefix("main.wsdl:1") == true)
    #expect(load([:]).diagnostics.first?.message.contains("cannot be read") == true)
  }

  @Test("imported WSDLs may name each other, and bindings and portTypes lie in either")
  func importedDefinitions() throws {
    let head =
      "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' xmlns:a='urn:a' xmlns:w='urn:w'"
    let definitions = load([
      "main.wsdl": """
      \(head) targetNamespace='urn:w'><import namespace='urn:a' location='parts/a.wsdl'/>
      <binding name='B' type='a:P'><s:binding xmlns:s='http://schemas.xmlsoap.org/wsdl/soap/' \(transport)/><operation name='Op'/></binding></definitions>
      """,
      "parts/a.wsdl": """
      \(head) targetNamespace='urn:a'><import namespace='urn:w' location='../main.wsdl'/>
      <import namespace='urn:t' location='t.xsd'/>
      <message name='M'><part name='p' element='t:e' xmlns:t='urn:t'/></message>
      <portType name='P'><operation name='Op'><input message='a:M'/></operation></portType>
      <service name='S'><port name='X' binding='w:B'/></service></definitions>
      """,
      "parts/t.xsd": schema("<xs:element name='e'/>"),
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(definitions.operation?.input?.body.count == 1)
    #expect(definitions.services.first?.name == QualifiedName("urn:a", "S"))
    #expect(definitions.documents.map(\.path) == ["main.wsdl", "parts/a.wsdl", "parts/t.xsd"])
    #expect(
      definitions.documents[1].references.map(\.location) == ["../main.wsdl", "t.xsd"])
  }
}
