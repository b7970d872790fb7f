import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// A contract whose `Ask` is declared so, with whatever else it needs.
private func asking(_ ask: String, _ more: String = "", attributes: String? = nil)
  -> WSDLDefinitions
{
  load([
    "main.wsdl": wsdl(
      types: schema(
        ask + more + "<xs:element name='Answer' type='xs:int'/>",
        attributes: attributes ?? "elementFormDefault='qualified'"))
  ])
}

private func ask(_ model: String) -> String {
  "<xs:element name='Ask'><xs:complexType>\(model)</xs:complexType></xs:element>"
}

private func request(_ content: String, attributes: String = "") -> WireRequest {
  WireRequest(
    headers: ["Content-Type": "text/xml"],
    body: Array(
      "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:xsi='\(XMLNamespaces.instance)' xmlns:xsd='\(XMLNamespaces.schema)' xmlns:t='urn:t'><s:Body><Ask xmlns='urn:t' \(attributes)>\(content)</Ask></s:Body></s:Envelope>"
        .utf8))
}

/// Reads a request and writes it again, both valid and canonically equal; gives what was read.
private func parameters(
  _ content: String, attributes: String = "", in definitions: WSDLDefinitions,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Record {
  let codec = SOAPCodec(definitions)
  let validator = try ContractValidator(definitions)
  let wire = request(content, attributes: attributes)
  #expect(
    try validator.problems(inEnvelope: wire.body).map(\.message) == [],
    sourceLocation: sourceLocation)
  let call = try codec.decode(wire)
  #expect(call.warnings == [], sourceLocation: sourceLocation)
  let written = try codec.encode(Call(operation: "Ask", parameters: call.parameters))
  #expect(
    XMLComparison.difference(wire.body, written.body) == nil, sourceLocation: sourceLocation)
  return call.parameters
}

private func refusal(_ parameters: Record, in definitions: WSDLDefinitions) -> CodecError? {
  do throws(CodecError) {
    _ = try SOAPCodec(definitions).encode(Call(operation: "Ask", parameters: parameters))
    return nil
  } catch {
    return error
  }
}

private let shapes = """
  <xs:complexType name='Shape' abstract='true'><xs:sequence><xs:element name='id' type='xs:int'/></xs:sequence></xs:complexType>
  <xs:complexType name='Circle'><xs:complexContent><xs:extension base='t:Shape'><xs:sequence><xs:element name='r' type='xs:int'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name='Ring'><xs:complexContent><xs:extension base='t:Circle'><xs:sequence><xs:element name='hole' type='xs:int'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  """

/// XSD 1.0, feature by feature, from the schema to the wire and back.
@Suite struct SchemaFeatureTests {
  @Test("a derived type through any depth is named by xsi:type, an abstract one cannot be sent")
  func polymorphism() throws {
    let definitions = asking(
      ask("<xs:sequence><xs:element name='shape' type='t:Shape' maxOccurs='3'/></xs:sequence>"),
      shapes)
    let value = try parameters(
      "<shape xsi:type='t:Ring'><id>1</id><r>2</r><hole>3</hole></shape><shape xsi:type='t:Circle'><id>1</id><r>2</r></shape>",
      in: definitions)
    #expect(
      value == [
        "shape": [
          ["_type": "Ring", "id": 1, "r": 2, "hole": 3], ["_type": "Circle", "id": 1, "r": 2],
        ]
      ])
    try expectSamplesRoundTrip(definitions)
    let abstract = refusal(["shape": [["id": 1]]], in: definitions)
    #expect(abstract?.path == "shape[0]")
    #expect(abstract?.hint == "one of Circle, Ring")
    let unknown = refusal(["shape": [["_type": "Rink", "id": 1]]], in: definitions)
    #expect(unknown?.path == "shape[0]._type")
    #expect(unknown?.reason.contains("\"Ring\"") == true)
    let member = refusal(
      ["shape": [["_type": "Circle", "id": 1, "r": 1, "hole": 2]]], in: definitions)
    #expect(member?.path == "shape[0].hole")
  }

  @Test("an element of a substitution group stands for its head, an abstract head never for itself")
  func substitution() throws {
    let definitions = asking(
      ask("<xs:sequence><xs:element ref='t:pay' maxOccurs='unbounded'/></xs:sequence>"),
      """
      <xs:element name='pay' abstract='true' type='t:Pay'/><xs:complexType name='Pay'><xs:sequence><xs:element name='sum' type='xs:int'/></xs:sequence></xs:complexType>
      <xs:element name='card' type='t:Card' substitutionGroup='t:pay'/><xs:element name='cash' substitutionGroup='t:pay'/>
      <xs:complexType name='Card'><xs:complexContent><xs:extension base='t:Pay'><xs:attribute name='no' type='xs:int' use='required'/></xs:extension></xs:complexContent></xs:complexType>
      """)
    let value = try parameters(
      "<card no='7'><sum>1</sum></card><cash><sum>2</sum></cash>", in: definitions)
    #expect(
      value == ["pay": [["_type": "card", "_no": 7, "sum": 1], ["_type": "cash", "sum": 2]]])
    try expectSamplesRoundTrip(definitions)
    #expect(refusal(["pay": [["sum": 1]]], in: definitions)?.path == "pay[0]")
  }

  private static let simple: [(type: String, text: String, value: Value, bad: Value)] = [
    // A union takes what any member takes; its members are told apart by text.
    (
      "<xs:simpleType><xs:union memberTypes='xs:int xs:date'><xs:simpleType><xs:restriction base='xs:string'><xs:enumeration value='none'/></xs:restriction></xs:simpleType></xs:union></xs:simpleType>",
      "2026-01-15", "2026-01-15", [1]
    ),
    ("<xs:simpleType><xs:list itemType='xs:int'/></xs:simpleType>", "1 -2 3", [1, -2, 3], ["one"]),
    (
      "<xs:simpleType><xs:list><xs:simpleType><xs:restriction base='xs:token'><xs:enumeration value='a'/></xs:restriction></xs:simpleType></xs:list></xs:simpleType>",
      "a a", ["a", "a"], ["x": 1]
    ),
    (
      "<xs:complexType><xs:simpleContent><xs:extension base='xs:decimal'><xs:attribute name='unit' use='required'/></xs:extension></xs:simpleContent></xs:complexType>",
      "1.50", ["_unit": "kg", "_text": "1.50"], ["_text": "1.50"]
    ),
    (
      "<xs:simpleType><xs:restriction base='xs:int'><xs:maxInclusive value='9'/></xs:restriction></xs:simpleType>",
      "9", 9, "nine"
    ),
  ]

  @Test("unions, lists, restrictions and text with attributes", arguments: simple)
  func simpleTypes(_ type: String, _ text: String, _ value: Value, _ bad: Value) throws {
    let definitions = asking(
      ask("<xs:sequence><xs:element name='x'>\(type)</xs:element></xs:sequence>"))
    let attribute = type.contains("unit") ? " unit='kg'" : ""
    #expect(
      try parameters("<x\(attribute)>\(text)</x>", in: definitions) == ["x": value])
    try expectSamplesRoundTrip(definitions)
    #expect(refusal(["x": bad], in: definitions)?.path.hasPrefix("x") == true)
  }

  @Test("mixed content keeps text and elements in their order")
  func mixed() throws {
    let definitions = asking(
      "<xs:element name='Ask'><xs:complexType><xs:sequence><xs:element name='note' type='t:Note'/></xs:sequence></xs:complexType></xs:element>",
      "<xs:complexType name='Note' mixed='true'><xs:sequence><xs:element name='b' type='xs:string' minOccurs='0' maxOccurs='unbounded'/></xs:sequence><xs:attribute name='lang'/></xs:complexType>"
    )
    let value = try parameters(
      "<note lang='en'>one <b>two</b> &amp; <b/>three</note>", in: definitions)
    #expect(value["note"]?["_lang"] == "en")
    let xml = value["note"]?["_xml"]?.stringValue
    #expect(xml?.hasPrefix("one <b") == true && xml?.contains("&amp; <b") == true)
    #expect(refusal(["note": ["_xml": "<b>"]], in: definitions)?.path == "note._xml")
    try expectSamplesRoundTrip(definitions)
  }

  @Test("an empty element has its default, a fixed value is filled in where it is required")
  func defaults() throws {
    let definitions = asking(
      ask(
        "<xs:sequence><xs:element name='n' type='xs:int' default='5'/><xs:element name='v' type='xs:string' fixed='1.0'/></xs:sequence><xs:attribute name='k' type='xs:int' default='3'/><xs:attribute name='f' use='required' fixed='yes'/>"
      ))
    let codec = SOAPCodec(definitions)
    let call = try codec.decode(request("<n/><v/>", attributes: "f='yes'"))
    #expect(call.parameters == ["_f": "yes", "n": 5, "v": "1.0"])
    let written = try codec.encode(Call(operation: "Ask", parameters: ["n": 1]))
    let text = String(decoding: written.body, as: UTF8.self)
    #expect(text.contains("f=\"yes\"") && text.contains(">1.0<"))
    #expect(try ContractValidator(definitions).problems(inEnvelope: written.body).isEmpty)
    try expectSamplesRoundTrip(definitions)
  }

  @Test("attributes outside the contract are kept where anyAttribute takes them")
  func anyAttribute() throws {
    let open = asking(
      ask("<xs:attribute name='a'/><xs:anyAttribute namespace='##other' processContents='lax'/>"))
    #expect(
      try parameters("", attributes: "a='1' o:b='2' xmlns:o='urn:o'", in: open)
        == ["_a": "1", "_anyAttributes": ["{urn:o}b": "2"]])
    let closed = SOAPCodec(asking(ask("<xs:attribute name='a'/>")), isStrict: true)
    let error = #expect(throws: CodecError.self) {
      try closed.decode(request("", attributes: "b='2'"))
    }
    #expect(error?.reason.contains("the attribute b") == true)
    #expect(refusal(["_anyAttributes": ["not a name": "1"]], in: open)?.path == "_anyAttributes")
  }

  @Test("nillable elements are null, others refuse it")
  func nillable() throws {
    let definitions = asking(
      ask(
        "<xs:sequence><xs:element name='a' type='xs:int' nillable='true'/><xs:element name='b' type='xs:int'/></xs:sequence>"
      ))
    #expect(
      try parameters("<a xsi:nil='true'/><b>1</b>", in: definitions) == ["a": nil, "b": 1])
    #expect(refusal(["a": 1, "b": nil], in: definitions)?.path == "b")
  }

  @Test("types that hold themselves go as deep as the value")
  func recursion() throws {
    let definitions = asking(
      "<xs:element name='Ask' type='t:Node'/>",
      "<xs:complexType name='Node'><xs:sequence><xs:element name='v' type='xs:int'/><xs:element name='next' type='t:Node' minOccurs='0' maxOccurs='unbounded'/></xs:sequence></xs:complexType>"
    )
    let value = try parameters(
      "<v>1</v><next><v>2</v><next><v>3</v></next><next><v>4</v></next></next>", in: definitions)
    #expect(value["next"]?[0]?["next"]?[1]?["v"] == 4)
    try expectSamplesRoundTrip(definitions)
    let deep = refusal(["v": 1, "next": [["v": 2, "next": [["v": "x"]]]]], in: definitions)
    #expect(deep?.path == "next[0].next[0].v")
  }

  @Test("identity constraints, block, final and notations are read, and change nothing")
  func passedOver() throws {
    let definitions = asking(
      """
      <xs:complexType name='Row' block='extension' final='#all'><xs:attribute name='id' type='xs:int' use='required'/></xs:complexType>
      <xs:element name='Ask' block='#all' final='restriction'><xs:complexType><xs:sequence>
        <xs:element name='row' type='t:Row' maxOccurs='unbounded'/></xs:sequence></xs:complexType>
        <xs:key name='rows'><xs:selector xpath='t:row'/><xs:field xpath='@id'/></xs:key>
        <xs:unique name='once'><xs:selector xpath='t:row'/><xs:field xpath='@id'/></xs:unique>
        <xs:keyref name='ref' refer='t:rows'><xs:selector xpath='t:row'/><xs:field xpath='@id'/></xs:keyref>
      </xs:element><xs:notation name='gif' public='image/gif'/>
      """, attributes: "elementFormDefault='qualified' blockDefault='extension' finalDefault='#all'"
    )
    #expect(definitions.diagnostics.isEmpty)
    #expect(
      try parameters("<row id='1'/><row id='2'/>", in: definitions)
        == ["row": [["_id": 1], ["_id": 2]]])
  }

  @Test(
    "names go by form and its default",
    arguments: [
      ("elementFormDefault='qualified'", "", "<x>1</x>"),
      ("elementFormDefault='unqualified'", "", "<x xmlns=''>1</x>"),
      ("", "form='qualified'", "<x>1</x>"),
      ("elementFormDefault='qualified'", "form='unqualified'", "<x xmlns=''>1</x>"),
    ])
  func forms(_ defaults: String, _ form: String, _ content: String) throws {
    let definitions = asking(
      ask("<xs:sequence><xs:element name='x' type='xs:int' \(form)/></xs:sequence>"),
      attributes: defaults)
    #expect(try parameters(content, in: definitions) == ["x": 1])
  }

  @Test("groups, attribute groups and simple types are redefined with their old selves inside")
  func redefine() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          """
          <xs:redefine schemaLocation='a.xsd'>
            <xs:group name='G'><xs:sequence><xs:group ref='t:G'/><xs:element name='b' type='xs:int'/></xs:sequence></xs:group>
            <xs:attributeGroup name='A'><xs:attributeGroup ref='t:A'/><xs:attribute name='q'/></xs:attributeGroup>
            <xs:simpleType name='S'><xs:restriction base='t:S'><xs:maxLength value='2'/></xs:restriction></xs:simpleType>
          </xs:redefine>
          \(ask("<xs:sequence><xs:group ref='t:G'/><xs:element name='s' type='t:S'/></xs:sequence><xs:attributeGroup ref='t:A'/>"))
          <xs:element name='Answer' type='xs:int'/>
          """)),
      "a.xsd": schema(
        "<xs:group name='G'><xs:sequence><xs:element name='a' type='xs:int'/></xs:sequence></xs:group><xs:attributeGroup name='A'><xs:attribute name='p'/></xs:attributeGroup><xs:simpleType name='S'><xs:restriction base='xs:string'/></xs:simpleType>"
      ),
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(
      try parameters("<a>1</a><b>2</b><s>xy</s>", attributes: "p='1' q='2'", in: definitions)
        == ["_p": "1", "_q": "2", "a": 1, "b": 2, "s": "xy"])
    let lost = load([
      "main.wsdl": wsdl(
        types: schema(
          "<xs:redefine schemaLocation='a.xsd'><xs:complexType name='Gone'><xs:sequence/></xs:complexType></xs:redefine><xs:element name='Ask'/><xs:element name='Answer'/>"
        )), "a.xsd": schema("<xs:element name='x'/>"),
    ])
    let told = try #require(lost.diagnostics.first)
    #expect(told.message.contains("{urn:t}Gone") && told.file == "main.wsdl" && told.line != nil)
  }

  @Test(
    "a wrong or missing location is no loss where the namespace is known, and told where it is not")
  func locations() throws {
    let known = load([
      "main.wsdl": wsdl(
        types:
          "<xs:schema targetNamespace='urn:o'><xs:element name='o' type='xs:int'/></xs:schema>"
          + schema(
            "<xs:import namespace='urn:o' schemaLocation='gone.xsd'/><xs:import namespace='\(XMLNamespaces.xml)'/>\(ask("<xs:sequence><xs:element ref='o:o' xmlns:o='urn:o'/></xs:sequence><xs:attribute ref='xml:lang'/>"))<xs:element name='Answer' type='xs:int'/>"
          ))
    ])
    #expect(known.diagnostics.map(\.severity) == [.warning])
    #expect(known.diagnostics.first?.message.contains("gone.xsd") == true)
    #expect(known.operation?.problems == [])
    try expectSamplesRoundTrip(known)
    let unknown = load([
      "main.wsdl": wsdl(
        types: schema(
          "<xs:import namespace='urn:o' schemaLocation='gone.xsd'/>\(ask("<xs:sequence><xs:element ref='o:o' xmlns:o='urn:o'/></xs:sequence>"))<xs:element name='Answer' type='xs:int'/>"
        ))
    ])
    let errors = unknown.diagnostics.filter { $0.severity == .error }
    #expect(errors.contains { $0.message.contains("\"gone.xsd\"") && $0.line != nil })
    #expect(errors.contains { $0.message.contains("{urn:o}o") && $0.operations == ["Ask"] })
    #expect(unknown.operation?.problems.isEmpty == false)
  }

  private static let builtIns: [(type: String, good: [String], bad: [String])] = [
    ("boolean", ["true", "0"], ["yes", "TRUE", ""]),
    ("decimal", ["-1.50", "+.5", "7."], ["1e3", "."]),
    ("float", ["1.5E3", "-INF"], ["inf", "0x1"]),
    ("double", ["INF", "-0"], ["1,5", "nan"]),
    ("integer", ["99999999999999999999", "-0"], ["1.0", ""]),
    ("nonPositiveInteger", ["0", "-7"], ["1"]), ("negativeInteger", ["-1"], ["0"]),
    ("nonNegativeInteger", ["0"], ["-1"]), ("positiveInteger", ["1"], ["0"]),
    ("long", ["-9223372036854775808"], ["9223372036854775808"]),
    ("int", ["2147483647"], ["2147483648"]),
    ("short", ["-32768"], ["32768"]), ("byte", ["127"], ["128"]),
    ("unsignedLong", ["18446744073709551615"], ["-1"]),
    ("unsignedInt", ["4294967295"], ["4294967296"]),
    ("unsignedShort", ["65535"], ["65536"]), ("unsignedByte", ["255"], ["256"]),
    ("duration", ["P1Y2M3DT4H5M6.7S", "-PT1S"], ["P", "PT", "1D"]),
    (
      "dateTime", ["2026-02-28T24:00:00", "-0001-01-01T00:00:00.123+14:00"],
      ["2026-02-30T00:00:00", "2026-01-01"]
    ),
    ("date", ["2024-02-29Z"], ["2026-02-29", "26-01-01"]),
    ("time", ["23:59:59.9-05:00"], ["25:00:00", "1:00:00"]),
    ("gYearMonth", ["2026-12"], ["2026-13"]), ("gYear", ["-2026", "12026"], ["26", "02026"]),
    ("gMonthDay", ["--02-29"], ["--02-30", "02-29"]), ("gDay", ["---31"], ["---32", "31"]),
    ("gMonth", ["--12Z"], ["--13", "12"]), ("hexBinary", ["0aFF", ""], ["0", "0g"]),
    ("base64Binary", ["aGk=", ""], ["a*=="]), ("anyURI", ["a/b?c#d", "urn:x"], []),
    ("QName", ["a", "xsd:b"], ["a:b:c", ":a", "1"]), ("language", ["en-GB"], []),
    ("Name", ["a:b.c"], []),
    ("NCName", ["a_b"], []), ("NMTOKEN", ["1a"], []), ("NMTOKENS", ["a 1"], []),
    ("token", ["a b"], []),
    ("normalizedString", ["a  b"], []), ("string", [" a\tb "], []), ("ID", ["a"], []),
    ("IDREFS", ["a"], []),
  ]

  @Test(
    "every built-in type reads and writes its lexical space, and refuses what is not in it",
    arguments: builtIns)
  func builtIn(_ type: String, _ good: [String], _ bad: [String]) throws {
    let reference = type == "IDREFS" ? "<xs:attribute name='i' type='xs:ID'/>" : ""
    let definitions = asking(
      ask("<xs:sequence><xs:element name='x' type='xs:\(type)'/></xs:sequence>\(reference)"))
    let codec = SOAPCodec(definitions)
    let validator = try ContractValidator(definitions)
    let schema = try #require(codec.contract.operation(named: "Ask")).input
    for text in good {
      let wire = request("<x>\(text)</x>", attributes: reference.isEmpty ? "" : "i='a'")
      #expect(try validator.problems(inEnvelope: wire.body).isEmpty, "\(text)")
      let call = try codec.decode(wire)
      #expect(call.warnings == [] && call.parameters["x"] != nil, "\(text)")
      #expect(SchemaValidator.issues(in: .object(call.parameters), against: schema).isEmpty)
      let written = try codec.encode(Call(operation: "Ask", parameters: call.parameters))
      #expect(try validator.problems(inEnvelope: written.body).isEmpty, "\(text)")
      #expect(try codec.decode(written).parameters == call.parameters, "\(text)")
    }
    for text in bad {
      let wire = request("<x>\(text)</x>")
      #expect(try !validator.problems(inEnvelope: wire.body).isEmpty, "\(text)")
      let issues = SchemaValidator.issues(in: ["x": .string(text)], against: schema)
      #expect(issues.map(\.path) == ["x"], "\(text)")
    }
  }
}
