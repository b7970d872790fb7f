import Testing

@testable import TrestleXML

private let main = """
  <xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t' xmlns:o='urn:o'
      targetNamespace='urn:t' elementFormDefault='qualified'>
    <xs:import namespace='urn:o' schemaLocation='other.xsd'/>
    <xs:include schemaLocation='part.xsd'/>
    <xs:element name='a'><xs:complexType><xs:sequence>
      <xs:element name='n' type='t:Small'/><xs:element ref='o:b' minOccurs='0'/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:schema>
  """

private let files: [String: [UInt8]] = [
  "main.xsd": Array(main.utf8),
  "part.xsd": Array(
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:simpleType name='Small'><xs:restriction base='xs:int'><xs:maxInclusive value='9'/></xs:restriction></xs:simpleType></xs:schema>"
      .utf8),
  "other.xsd": Array(
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:o'><xs:element name='b' type='xs:date'/></xs:schema>"
      .utf8),
]

private func root(_ text: String) throws -> XMLElement { try XMLDocument(Array(text.utf8)).root }

@Suite struct XMLSchemaValidatorTests {
  @Test("schemas given as bytes import and include each other by name")
  func validates() throws {
    let validator = try XMLSchemaValidator(documents: files, main: "main.xsd")
    let good = try root("<a xmlns='urn:t'><n>9</n><o:b xmlns:o='urn:o'>2024-02-29</o:b></a>")
    #expect(validator.problems(in: good).isEmpty)
    let bad = try root("<a xmlns='urn:t'>\n<n>10</n>\n<o:b xmlns:o='urn:o'>2023-02-29</o:b></a>")
    let problems = validator.problems(in: bad)
    #expect(problems.compactMap(\.line) == [2, 3])
    #expect(problems.first?.message.contains("maximum") == true)
    #expect(!validator.problems(in: try root("<c/>")).isEmpty)
  }

  @Test("a subtree is validated where it stands")
  func subtree() throws {
    let validator = try XMLSchemaValidator(documents: files, main: "main.xsd")
    let outer = try root("<e:Body xmlns:e='urn:e' xmlns:t='urn:t'><t:a><t:n>x</t:n></t:a></e:Body>")
    let inner = try #require(outer.firstChild)
    #expect(validator.problems(in: inner).count == 1)
  }

  @Test("schemas that are wrong, or want a file, give an error")
  func wrongSchemas() throws {
    func schema(_ content: String) -> [String: [UInt8]] {
      [
        "main.xsd": Array(
          "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n\(content)</xs:schema>".utf8)
      ]
    }
    let error = try #require(throws: XMLSchemaError.self) {
      try XMLSchemaValidator(
        documents: schema("<xs:element name='a' type='nope'/>"), main: "main.xsd")
    }
    #expect(error.problems.first?.line == 2)
    #expect(throws: XMLSchemaError.self) {
      try XMLSchemaValidator(
        documents: schema("<xs:include schemaLocation='/etc/hostname'/>"), main: "main.xsd")
    }
    #expect(throws: XMLSchemaError.self) { try XMLSchemaValidator(documents: [:], main: "x.xsd") }
  }

  @Test("a message's own schemaLocation opens nothing and changes nothing")
  func schemaLocation() throws {
    let validator = try XMLSchemaValidator(documents: files, main: "main.xsd")
    let xsi = "xmlns:i='http://www.w3.org/2001/XMLSchema-instance'"
    let message = try root(
      "<a xmlns='urn:t' \(xsi) i:schemaLocation='urn:x file:///etc/passwd'><n>1</n></a>")
    #expect(validator.problems(in: message).isEmpty)
  }

  @Test("many validators work at once without mixing up their schemas")
  func concurrent() async throws {
    await withTaskGroup(of: Bool.self) { group in
      for number in 1...40 {
        group.addTask {
          let schema =
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:include schemaLocation='in.xsd'/></xs:schema>"
          let included =
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a\(number)' type='xs:int'/></xs:schema>"
          guard
            let validator = try? XMLSchemaValidator(
              documents: ["main.xsd": Array(schema.utf8), "in.xsd": Array(included.utf8)],
              main: "main.xsd"), let good = try? root("<a\(number)>1</a\(number)>"),
            let bad = try? root("<a\(number)>x</a\(number)>")
          else { return false }
          return validator.problems(in: good).isEmpty && validator.problems(in: bad).count == 1
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
