import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

private let contract = load([
  "main.wsdl": wsdl(
    types: schema(
      """
      <xs:simpleType name='Usage'><xs:restriction base='xs:QName' xmlns:p='urn:policy'>
        <xs:enumeration value='p:Required'/><xs:enumeration value='p:Optional'/></xs:restriction></xs:simpleType>
      <xs:simpleType name='Open'><xs:union memberTypes='t:Usage xs:QName'/></xs:simpleType>
      <xs:simpleType name='List'><xs:list itemType='t:Usage'/></xs:simpleType>
      <xs:element name='Ask'><xs:complexType><xs:sequence>
        <xs:element name='usage' type='t:Usage'/><xs:element name='open' type='t:Open'/><xs:element name='list' type='t:List'/>
        <xs:element name='any' type='xs:QName' minOccurs='0'/></xs:sequence><xs:attribute name='of' type='t:Usage'/></xs:complexType></xs:element>
      <xs:element name='Answer' type='xs:QName'/>
      """))
])

private func request(_ content: String, attributes: String = "") -> WireRequest {
  WireRequest(
    headers: ["Content-Type": "text/xml"],
    body: Array(
      "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:q='urn:policy'><s:Body><t:Ask xmlns:t='urn:t' \(attributes)>\(content)</t:Ask></s:Body></s:Envelope>"
        .utf8))
}

@Suite struct QualifiedNameTests {
  @Test("samples of enumerated names declare the prefixes they use")
  func samples() throws {
    #expect(contract.diagnostics.isEmpty)
    try expectSamplesRoundTrip(contract)
  }

  @Test("a name is its namespace and its local name, whatever prefix a message gives it")
  func values() throws {
    let codec = SOAPCodec(contract)
    let call = try codec.decode(
      request(
        "<t:usage>q:Required</t:usage><t:open xmlns:o='urn:o'> o:x </t:open><t:list>q:Optional q:Required</t:list><t:any xmlns='urn:d'>y</t:any>",
        attributes: "of='q:Optional'"))
    let expected: Record = [
      "_of": "{urn:policy}Optional", "usage": "{urn:policy}Required", "open": "{urn:o}x",
      "list": ["{urn:policy}Optional", "{urn:policy}Required"], "any": "{urn:d}y",
    ]
    #expect(call.parameters == expected)
    let written = try codec.encode(call)
    #expect(try codec.decode(written).parameters == expected)
    #expect(try ContractValidator(contract).problems(inEnvelope: written.body).isEmpty)
  }

  @Test("a name of the schema namespace may be written with its usual prefix, one alone has none")
  func writing() throws {
    let codec = SOAPCodec(contract)
    for (given, read) in [
      ("xsd:string", "{\(XMLNamespaces.schema)}string"), ("plain", "plain"), ("{}plain", "plain"),
    ] {
      let parameters: Record = [
        "usage": "{urn:policy}Required", "open": "x", "list": [], "any": .string(given),
      ]
      let written = try codec.encode(Call(operation: "Ask", parameters: parameters))
      #expect(try codec.decode(written).parameters["any"] == .string(read))
    }
  }

  @Test("a prefix of some message is refused where a name is written, with what to write")
  func prefixed() throws {
    let parameters: Record = ["usage": "p:Required", "open": "x", "list": []]
    let error = #expect(throws: CodecError.self) {
      try SOAPCodec(contract).encode(Call(operation: "Ask", parameters: parameters))
    }
    #expect(error?.path == "usage")
    #expect(error?.hint == "write {namespace}Required")
  }

  @Test("a name whose prefix is not declared stays as it is written")
  func undeclared() throws {
    let call = try SOAPCodec(contract).decode(
      request("<t:usage>zz:Required</t:usage><t:open>x</t:open><t:list/>"))
    #expect(call.parameters["usage"] == "zz:Required")
  }
}
