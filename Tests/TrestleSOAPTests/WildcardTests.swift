import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

private func asking(_ content: String, more: String = "") -> WSDLDefinitions {
  load([
    "main.wsdl": wsdl(
      types: schema(
        "<xs:element name='Ask'><xs:complexType>\(content)</xs:complexType></xs:element><xs:element name='Answer'><xs:complexType><xs:sequence><xs:any/></xs:sequence></xs:complexType></xs:element>\(more)"
      ))
  ])
}

@Suite struct WildcardTests {
  @Test(
    "samples of wildcards are valid, whatever they demand",
    arguments: [
      "<xs:sequence><xs:any/></xs:sequence>",
      "<xs:sequence><xs:any namespace='##other'/></xs:sequence>",
      "<xs:sequence><xs:any namespace='urn:x ##local' processContents='lax'/></xs:sequence>",
      "<xs:sequence><xs:any namespace='##local' processContents='skip'/></xs:sequence>",
      "<xs:sequence><xs:any minOccurs='3' maxOccurs='unbounded' processContents='skip'/></xs:sequence>",
      "<xs:sequence><xs:any namespace='urn:x' minOccurs='0'/><xs:any namespace='urn:y' processContents='lax'/></xs:sequence>",
    ])
  func samples(_ content: String) throws {
    let definitions = asking(content)
    #expect(definitions.diagnostics.isEmpty)
    try expectSamplesRoundTrip(definitions)
  }

  @Test("under a strict wildcard an undeclared element may say its type, and must be of it")
  func typed() throws {
    let definitions = asking("<xs:sequence><xs:any/></xs:sequence>")
    let validator = try ContractValidator(definitions)
    func problems(_ element: String) throws -> [String] {
      try validator.problems(
        inEnvelope: Array(
          "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:xsi='\(XMLNamespaces.instance)' xmlns:xsd='\(XMLNamespaces.schema)'><s:Body><t:Ask xmlns:t='urn:t'>\(element)</t:Ask></s:Body></s:Envelope>"
            .utf8)
      ).map(\.message)
    }
    #expect(try problems("<x xsi:type='xsd:int'>1</x>") == [])
    #expect(try problems("<x xsi:type='xsd:int'>one</x>").count == 1)
    #expect(try problems("<x xsi:type='t:Nope'>1</x>").count == 1)
    #expect(try problems("<x>1</x>").count == 1)
  }

  @Test("of several wildcards each takes the elements of its namespaces")
  func several() throws {
    let definitions = asking(
      "<xs:sequence><xs:any namespace='urn:x' minOccurs='0' maxOccurs='unbounded' processContents='lax'/><xs:element name='mid' type='xs:int'/><xs:any namespace='urn:y' minOccurs='0' maxOccurs='unbounded' processContents='lax'/></xs:sequence>"
    )
    let codec = SOAPCodec(definitions)
    let call = Call(
      operation: "Ask",
      parameters: [
        "_any": ["<x xmlns='urn:x'/>", "<y xmlns='urn:y'>1</y>", "<y xmlns='urn:y'>2</y>"],
        "mid": 1,
      ])
    let request = try codec.encode(call)
    let text = String(decoding: request.body, as: UTF8.self)
    #expect(
      text.contains(
        "<x xmlns='urn:x'/><ns0:mid>1</ns0:mid><y xmlns='urn:y'>1</y><y xmlns='urn:y'>2</y>"))
    #expect(try ContractValidator(definitions).problems(inEnvelope: request.body).isEmpty)
  }
}
