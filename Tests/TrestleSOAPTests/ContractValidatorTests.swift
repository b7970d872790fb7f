import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

private func problems(_ body: String, in definitions: WSDLDefinitions) throws -> [String] {
  let envelope =
    "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:t='urn:t' xmlns:w='urn:w'><s:Body>\(body)</s:Body></s:Envelope>"
  return try ContractValidator(definitions).problems(inEnvelope: Array(envelope.utf8)).map(
    \.message)
}

@Suite struct ContractValidatorTests {
  @Test("a Body is validated against schemas spread over files, inline schemas and a chameleon")
  func spread() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: "<xs:schema targetNamespace='urn:o'><xs:element name='o' type='xs:int'/></xs:schema>"
          + schema(
            "<xs:import namespace='urn:o'/><xs:include schemaLocation='a.xsd'/><xs:element name='Ask'><xs:complexType><xs:sequence><xs:element ref='o:o' xmlns:o='urn:o'/><xs:element name='text' type='t:Text'/></xs:sequence></xs:complexType></xs:element>"
          )
          + schema(
            "<xs:element name='Answer' type='t:Text'/><xs:element name='Ask' type='xs:string'/>")
      ),
      "a.xsd":
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:simpleType name='Text'><xs:restriction base='Base'><xs:maxLength value='3'/></xs:restriction></xs:simpleType><xs:simpleType name='Base'><xs:restriction base='xs:string'/></xs:simpleType></xs:schema>",
    ])
    #expect(definitions.diagnostics.filter { $0.severity == .error }.isEmpty)
    #expect(
      try problems("<t:Ask><o xmlns='urn:o'>1</o><t:text>abc</t:text></t:Ask>", in: definitions)
        .isEmpty)
    #expect(
      try problems("<t:Ask><o xmlns='urn:o'>1</o><t:text>abcd</t:text></t:Ask>", in: definitions)
        .count == 1)
    #expect(try problems("<t:Answer>ab</t:Answer>", in: definitions).isEmpty)
    #expect(try problems("<t:Nope/>", in: definitions).count == 1)
  }

  @Test("redefined types are validated as redefined")
  func redefined() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          "<xs:redefine schemaLocation='a.xsd'><xs:complexType name='T'><xs:complexContent><xs:extension base='t:T'><xs:sequence><xs:element name='b' type='xs:int'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:redefine><xs:element name='Ask' type='t:T'/><xs:element name='Answer' type='t:T'/>"
        )),
      "a.xsd": schema(
        "<xs:complexType name='T'><xs:sequence><xs:element name='a' type='xs:int'/></xs:sequence></xs:complexType>"
      ),
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(
      try problems("<t:Ask><t:a>1</t:a><t:b>2</t:b></t:Ask>", in: definitions).isEmpty)
    #expect(try problems("<t:Ask><t:a>1</t:a></t:Ask>", in: definitions).count == 1)
  }

  @Test("an rpc/literal wrapper is validated by its binding")
  func rpc() throws {
    let text = """
      <definitions name="R" targetNamespace="urn:w" xmlns="http://schemas.xmlsoap.org/wsdl/"
          xmlns:w="urn:w" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
          xmlns:xs="http://www.w3.org/2001/XMLSchema">
        <message name="In"><part name="a" type="xs:int"/><part name="b" type="xs:date"/></message>
        <message name="Out"><part name="r" type="xs:int"/></message>
        <portType name="P"><operation name="Op"><input message="w:In"/><output message="w:Out"/></operation></portType>
        <binding name="B" type="w:P"><s:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
          <operation name="Op"><s:operation soapAction=""/>
            <input><s:body use="literal" namespace="urn:w"/></input>
            <output><s:body use="literal" namespace="urn:w"/></output></operation></binding>
      </definitions>
      """
    let definitions = load(["main.wsdl": text])
    #expect(definitions.diagnostics.isEmpty)
    #expect(
      try problems("<w:Op><a>1</a><b>2024-01-01</b></w:Op>", in: definitions).isEmpty)
    #expect(try problems("<w:Op><a>1</a><b>x</b></w:Op>", in: definitions).count == 1)
    #expect(try !problems("<w:Op><b>2024-01-01</b></w:Op>", in: definitions).isEmpty)
    #expect(try problems("<w:OpResponse><r>1</r></w:OpResponse>", in: definitions).isEmpty)
    let encoded = load(["main.wsdl": text.replacing("literal", with: "encoded")])
    #expect(try problems("<w:Op><a>1</a></w:Op><multiRef id='x'/>", in: encoded).isEmpty)
    let validator = try ContractValidator(definitions)
    let document = try XMLDocument(
      Array("<w:Op\nxmlns:w='urn:w'><a>1</a>\n<b>x</b></w:Op>".utf8))
    #expect(validator.problems(inBody: document.root).first?.line == 3)
  }

  @Test(
    "every bundled schema is one that libxml2 takes", arguments: StandardSchemas.all.map(\.name))
  func bundled(_ name: String) throws {
    let standard = try #require(StandardSchemas.all.first { $0.name == name })
    let definitions = load([
      "main.wsdl": wsdl(
        types: plainTypes
          + "<xs:schema targetNamespace='urn:x'><xs:import namespace='\(standard.namespace)'/></xs:schema>"
      )
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(definitions.documents.contains { $0.path == "bundled/" + name })
    #expect(try problems("<t:Ask>a</t:Ask>", in: definitions).isEmpty)
  }

  @Test("a data set's xs:schema is let through, and so is a fault's detail that nothing declares")
  func dataSet() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          "<xs:element name='Ask' type='xs:string'/><xs:element name='Answer'><xs:complexType><xs:sequence><xs:element ref='xs:schema'/><xs:any/></xs:sequence></xs:complexType></xs:element>"
        ))
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(
      try problems(
        "<t:Answer><xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/><t:Ask>a</t:Ask></t:Answer>",
        in: definitions
      ).isEmpty)
    #expect(
      try problems(
        "<s:Fault><faultcode>s:Client</faultcode><faultstring/><detail><any/><t:Ask><t:no/></t:Ask></detail></s:Fault>",
        in: definitions
      ).count == 1)
  }
}
