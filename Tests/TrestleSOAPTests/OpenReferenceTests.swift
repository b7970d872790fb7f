import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

private let head =
  "<xs:element name='Answer' type='xs:int'/><xs:element name='Thing'><xs:complexType><xs:sequence><xs:element name='a' type='xs:int'/></xs:sequence></xs:complexType></xs:element><xs:complexType name='Kind'><xs:sequence><xs:element name='b' type='xs:int'/></xs:sequence></xs:complexType>"

/// Names that lead nowhere, but say where what they name stands.
@Suite struct OpenReferenceTests {
  @Test(
    "a part whose name leads nowhere is called as it is named, with a warning that names it",
    arguments: [
      ("t:Nope", "leads to no element {urn:t}Nope; any content is taken"),
      ("t:Kind", "leads to no element {urn:t}Kind, but to a type, which is taken"),
      ("none:Ask2", "leads to no element; any content is taken"),
      ("xs:int", "leads to no element"),
    ])
  func parts(_ input: String, _ told: String) throws {
    let definitions = load(["main.wsdl": wsdl(types: schema(head), input: input)])
    let warning = try #require(definitions.diagnostics.first)
    #expect(warning.severity == .warning && warning.file == "main.wsdl" && warning.line != nil)
    #expect(warning.message.contains("\"\(input)\" of the part \"p\" of the message In"))
    #expect(warning.message.contains(told))
    #expect(definitions.diagnostics.count == 1)
    try expectSamplesRoundTrip(definitions)
  }

  @Test(
    "an element or attribute whose type leads nowhere takes what comes",
    arguments: [
      "<xs:element name='x' type='t:Nope'/>", "<xs:element name='x' type='xs:any'/>",
      "<xs:element name='x' type='t:Thing'/>", "<xs:element name='x' type='o:X' xmlns:o='urn:o'/>",
    ])
  func types(_ element: String) throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          head
            + "<xs:element name='Ask'><xs:complexType><xs:sequence>\(element)</xs:sequence><xs:attribute name='y' type='t:Gone'/></xs:complexType></xs:element>"
        ))
    ])
    #expect(definitions.diagnostics.map(\.severity) == [.warning, .warning])
    #expect(definitions.diagnostics.allSatisfy { $0.line != nil })
    #expect(definitions.operation?.problems == [])
    try expectSamplesRoundTrip(definitions)
  }

  @Test("a type that names an element means that element's type")
  func typeOfElement() throws {
    let definitions = load([
      "main.wsdl": wsdl(types: schema(head + "<xs:element name='Ask' type='t:Thing'/>"))
    ])
    let codec = SOAPCodec(definitions)
    #expect(throws: CodecError.self) {
      try codec.encode(Call(operation: "Ask", parameters: ["wrong": 1]))
    }
    let request = try codec.encode(Call(operation: "Ask", parameters: ["a": 1]))
    #expect(String(decoding: request.body, as: UTF8.self).contains("<ns0:a>1</ns0:a>"))
  }

  @Test(
    "a part without element and type, and a binding's operation without its other half, are told")
  func halves() throws {
    let text = wsdl(types: plainTypes)
      .replacing("element=\"t:Ask\"", with: "")
      .replacing("</binding>", with: "<operation name='Gone'/></binding>")
    let definitions = load(["main.wsdl": text])
    #expect(definitions.diagnostics.map(\.severity) == [.warning, .warning])
    #expect(definitions.diagnostics.contains { $0.message.contains("neither element nor type") })
    #expect(definitions.diagnostics.contains { $0.message.contains("\"Gone\"") })
    try expectSamplesRoundTrip(definitions)
  }

  @Test("what a name that leads nowhere is part of, and cannot be guessed, is an error")
  func groups() throws {
    for reference in [
      "<xs:group ref='t:Nope'/>", "<xs:sequence><xs:element ref='t:Nope'/></xs:sequence>",
      "<xs:attributeGroup ref='t:Nope'/>",
    ] {
      let definitions = load([
        "main.wsdl": wsdl(
          types: schema(
            head
              + "<xs:element name='Ask'><xs:complexType>\(reference)</xs:complexType></xs:element>"
          ))
      ])
      let error = try #require(definitions.diagnostics.first)
      #expect(error.severity == .error && error.line != nil && error.operations == ["Ask"])
    }
  }
}
