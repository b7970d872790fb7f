import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// The components of one schema of `urn:t`, which also has `Ask` and `Answer`.
private func components(
  _ content: String, attributes: String = "elementFormDefault='qualified'"
) -> any XSDComponents {
  let plain = "<xs:element name='Ask' type='xs:string'/><xs:element name='Answer' type='xs:int'/>"
  let definitions = load(["main.wsdl": wsdl(types: schema(plain + content, attributes: attributes))]
  )
  #expect(definitions.diagnostics.isEmpty)
  return definitions.components
}

private func name(_ local: String) -> QualifiedName { QualifiedName("urn:t", local) }

private func complex(_ local: String, in components: any XSDComponents) throws -> XSDComplexType {
  guard case .complex(let type)? = components.type(name(local)) else {
    throw Missing(name: local)
  }
  return type
}

private func simple(_ local: String, in components: any XSDComponents) throws -> XSDSimpleType {
  guard case .simple(let type)? = components.type(name(local)) else { throw Missing(name: local) }
  return type
}

private struct Missing: Error { let name: String }

/// A content model as one line: `(a, b?, (c | d)*)`.
private func text(_ content: XSDComplexType.Content) -> String {
  switch content {
  case .empty: "-"
  case .simple(let type): "text:\(type.builtIn)"
  case .elements(let particle): text(particle)
  }
}

private func text(_ particle: XSDParticle) -> String {
  let term =
    switch particle.term {
    case .element(let element): element.name.local
    case .sequence(let children): "(" + children.map { text($0) }.joined(separator: ", ") + ")"
    case .choice(let children): "(" + children.map { text($0) }.joined(separator: " | ") + ")"
    case .all(let children): "(" + children.map { text($0) }.joined(separator: " & ") + ")"
    case .any: "any"
    }
  switch (particle.minimum, particle.maximum) {
  case (1, 1): return term
  case (0, 1): return term + "?"
  case (0, nil): return term + "*"
  case (1, nil): return term + "+"
  case (let minimum, let maximum):
    return term + "{\(minimum),\(maximum.map(String.init) ?? "")}"
  }
}

@Suite struct SchemaCompilerTests {
  @Test(
    "content models",
    arguments: [
      ("<xs:sequence/>", "-"),
      ("<xs:sequence><xs:element name='a' type='xs:int'/></xs:sequence>", "(a)"),
      (
        "<xs:sequence><xs:element name='a' minOccurs='0'/><xs:element name='b' maxOccurs='unbounded'/></xs:sequence>",
        "(a?, b+)"
      ),
      (
        "<xs:choice minOccurs='2' maxOccurs='3'><xs:element name='a'/><xs:any/></xs:choice>",
        "(a | any){2,3}"
      ),
      ("<xs:all><xs:element name='a'/><xs:element name='b' minOccurs='0'/></xs:all>", "(a & b?)"),
      (
        "<xs:sequence><xs:element name='a' maxOccurs='0' minOccurs='0'/><xs:element name='b'/></xs:sequence>",
        "(b)"
      ),
      (
        "<xs:sequence><xs:element ref='t:Ask'/><xs:group ref='t:G' minOccurs='0'/></xs:sequence>",
        "(Ask, (g1 | g2)?)"
      ),
      ("<xs:group ref='t:G' maxOccurs='unbounded'/>", "(g1 | g2)+"),
      ("<xs:choice><xs:sequence/><xs:element name='a'/></xs:choice>", "(()? | a)"),
      (
        "<xs:sequence><xs:element name='a' maxOccurs='99999999999999999999'/></xs:sequence>", "(a+)"
      ),
    ])
  func contents(_ model: String, _ expected: String) throws {
    let components = components(
      "<xs:group name='G'><xs:choice><xs:element name='g1'/><xs:element name='g2'/></xs:choice></xs:group><xs:complexType name='T'>\(model)</xs:complexType>"
    )
    #expect(text(try complex("T", in: components).content) == expected)
  }

  @Test("an extension's content follows its base's through every level")
  func extensions() throws {
    let components = components(
      """
      <xs:complexType name='A' abstract='true'><xs:sequence><xs:element name='a'/></xs:sequence>
        <xs:attribute name='x' type='xs:int'/></xs:complexType>
      <xs:complexType name='B'><xs:complexContent><xs:extension base='t:A'>
        <xs:choice><xs:element name='b'/><xs:element name='c'/></xs:choice>
        <xs:attribute name='y' use='required'/></xs:extension></xs:complexContent></xs:complexType>
      <xs:complexType name='C'><xs:complexContent><xs:extension base='t:B'/></xs:complexContent></xs:complexType>
      <xs:complexType name='D'><xs:complexContent><xs:restriction base='t:B'>
        <xs:sequence><xs:element name='a'/></xs:sequence>
        <xs:attribute name='x' use='prohibited'/></xs:restriction></xs:complexContent></xs:complexType>
      """)
    #expect(text(try complex("B", in: components).content) == "((a), (b | c))")
    #expect(text(try complex("C", in: components).content) == "((a), (b | c))")
    #expect(try complex("C", in: components).base == name("B"))
    #expect(try complex("C", in: components).attributes.map(\.name.local) == ["x", "y"])
    #expect(try complex("D", in: components).attributes.map(\.name.local) == ["y"])
    #expect(text(try complex("D", in: components).content) == "(a)")
    #expect(try complex("A", in: components).isAbstract)
    #expect(try !complex("B", in: components).isAbstract)
    #expect(components.derivedTypes(of: name("A")).map(\.local) == ["B", "C", "D"])
  }

  @Test("text with attributes: extension and restriction of simple content")
  func simpleContent() throws {
    let components = components(
      """
      <xs:complexType name='A'><xs:simpleContent><xs:extension base='xs:decimal'>
        <xs:attribute name='unit' default='kg'/></xs:extension></xs:simpleContent></xs:complexType>
      <xs:complexType name='B'><xs:simpleContent><xs:restriction base='t:A'>
        <xs:maxInclusive value='9'/></xs:restriction></xs:simpleContent></xs:complexType>
      """)
    #expect(text(try complex("A", in: components).content) == "text:decimal")
    let restricted = try complex("B", in: components)
    guard case .simple(let type) = restricted.content else { throw Missing(name: "B") }
    #expect(type.facets.maximum == "9")
    #expect(restricted.attributes.first?.defaultText == "kg")
  }

  @Test("elements carry their properties, and names go by form and its default")
  func elements() throws {
    let content = """
      <xs:element name='e' nillable='true' default='d' abstract='1'><xs:annotation>
        <xs:documentation>  One.
          Two. </xs:documentation></xs:annotation><xs:simpleType><xs:restriction base='xs:string'/></xs:simpleType></xs:element>
      <xs:complexType name='T'><xs:sequence><xs:element name='a'/><xs:element name='b' form='FORM'/>
        </xs:sequence><xs:attribute name='x'/><xs:attribute name='y' form='qualified'/></xs:complexType>
      """
    let qualified = components(content.replacing("FORM", with: "unqualified"))
    let element = try #require(qualified.element(name("e")))
    #expect(element.isNillable && element.isAbstract && element.isGlobal)
    #expect(element.defaultText == "d")
    #expect(element.documentation == "One.\nTwo.")
    func names(_ components: any XSDComponents) throws -> [String] {
      guard case .elements(let particle) = try complex("T", in: components).content,
        case .sequence(let children) = particle.term
      else { return [] }
      return children.compactMap {
        guard case .element(let element) = $0.term else { return nil }
        return element.name.description
      }
    }
    #expect(try names(qualified) == ["{urn:t}a", "b"])
    let plain = components(content.replacing("FORM", with: "qualified"), attributes: "")
    #expect(try names(plain) == ["a", "{urn:t}b"])
    #expect(
      try complex("T", in: plain).attributes.map(\.name.description) == ["x", "{urn:t}y"])
    #expect(qualified.element(name("e")) === qualified.element(name("e")))
  }

  @Test("facets of all steps hold together, and built-in bounds with them")
  func facets() throws {
    let components = components(
      """
      <xs:simpleType name='A'><xs:restriction base='xs:unsignedByte'><xs:minExclusive value='5'/></xs:restriction></xs:simpleType>
      <xs:simpleType name='P'><xs:restriction base='xs:token'><xs:pattern value='a.*'/><xs:pattern value='b.*'/><xs:maxLength value='5'/></xs:restriction></xs:simpleType>
      <xs:simpleType name='Q'><xs:restriction base='t:P'><xs:pattern value='.*z'/><xs:enumeration value=' az '/><xs:enumeration value='bz'/></xs:restriction></xs:simpleType>
      <xs:simpleType name='L'><xs:list itemType='t:A'/></xs:simpleType>
      <xs:simpleType name='U'><xs:union memberTypes='xs:int t:L'><xs:simpleType><xs:restriction base='xs:string'><xs:length value='3'/></xs:restriction></xs:simpleType></xs:union></xs:simpleType>
      """)
    let number = try simple("A", in: components)
    #expect(number.builtIn == "unsignedByte")
    #expect(number.kind == .integer)
    #expect(number.facets.minimum == "0")
    #expect(number.facets.exclusiveMinimum == "5")
    #expect(number.facets.maximum == "255")
    let word = try simple("Q", in: components)
    #expect(word.facets.patterns == ["(a.*)|(b.*)", ".*z"])
    #expect(word.facets.enumeration == ["az", "bz"])
    #expect(word.facets.maximumLength == 5)
    #expect(word.whiteSpace == .collapse)
    guard case .list(let item) = try simple("L", in: components).variety else {
      throw Missing(name: "L")
    }
    #expect(item.name == name("A"))
    guard case .union(let members) = try simple("U", in: components).variety else {
      throw Missing(name: "U")
    }
    #expect(members.map { $0.name?.local } == ["int", "L", nil])
    #expect(members.last?.facets.length == 3)
  }

  @Test(
    "every built-in type is there with its kind",
    arguments: [
      ("string", ScalarSchema.Kind.string), ("boolean", .boolean), ("decimal", .decimal),
      ("integer", .integer), ("unsignedLong", .integer), ("float", .float), ("double", .double),
      ("duration", .duration), ("dateTime", .dateTime), ("time", .time), ("date", .date),
      ("gYearMonth", .gYearMonth), ("gYear", .gYear), ("gMonthDay", .gMonthDay), ("gDay", .gDay),
      ("gMonth", .gMonth), ("hexBinary", .hex), ("base64Binary", .base64), ("anyURI", .uri),
      ("QName", .qualifiedName), ("NOTATION", .qualifiedName), ("language", .string),
      ("NMTOKENS", .string), ("anySimpleType", .string),
    ])
  func builtIn(_ local: String, _ kind: ScalarSchema.Kind) throws {
    let components = components("")
    guard case .simple(let type)? = components.type(QualifiedName(XMLNamespaces.schema, local))
    else {
      throw Missing(name: local)
    }
    #expect(type.kind == kind)
  }

  @Test("xs:anyType takes anything, and is what an element without a type has")
  func anyType() throws {
    let components = components("<xs:element name='e'/>")
    guard case .complex(let type)? = components.element(name("e"))?.type else {
      throw Missing(name: "e")
    }
    #expect(type.name == BuiltInTypes.anyTypeName)
    #expect(type.isMixed)
    #expect(text(type.content) == "(any*)")
  }

  @Test("substitution groups hold through any depth, without their abstract members")
  func substitution() {
    let components = components(
      """
      <xs:element name='head' type='xs:date' abstract='true'/>
      <xs:element name='middle' substitutionGroup='t:head' abstract='true'/>
      <xs:element name='leaf' substitutionGroup='t:middle'/>
      """)
    #expect(components.substitutes(for: name("head")).map(\.name.local) == ["leaf"])
    guard case .simple(let type)? = components.element(name("leaf"))?.type else {
      Issue.record("a member without a type has its head's")
      return
    }
    #expect(type.builtIn == "date")
  }

  @Test("attribute groups and wildcards combine")
  func wildcards() throws {
    let components = components(
      """
      <xs:attributeGroup name='G'><xs:attribute name='g'/><xs:anyAttribute namespace='urn:a urn:b'/></xs:attributeGroup>
      <xs:complexType name='A'><xs:attributeGroup ref='t:G'/><xs:anyAttribute namespace='urn:b ##local' processContents='lax'/></xs:complexType>
      <xs:complexType name='B'><xs:complexContent><xs:extension base='t:A'><xs:anyAttribute namespace='##targetNamespace'/></xs:extension></xs:complexContent></xs:complexType>
      <xs:complexType name='O'><xs:anyAttribute namespace='##other'/></xs:complexType>
      """)
    let intersected = try #require(try complex("A", in: components).anyAttribute)
    #expect(intersected.processing == .lax)
    #expect(
      ["urn:a", "urn:b", "", "urn:t"].map(intersected.allows) == [false, true, false, false])
    let united = try #require(try complex("B", in: components).anyAttribute)
    #expect(["urn:a", "urn:b", "", "urn:t"].map(united.allows) == [false, true, false, true])
    let other = try #require(try complex("O", in: components).anyAttribute)
    #expect(["urn:a", "", "urn:t"].map(other.allows) == [true, false, false])
    #expect(try complex("B", in: components).attributes.map(\.name.local) == ["g"])
  }

  @Test("a strict wildcard finds an element that is quickly written")
  func simplest() {
    let components = components(
      "<xs:element name='big'><xs:complexType><xs:sequence><xs:element name='a'/></xs:sequence></xs:complexType></xs:element><xs:element name='none'><xs:complexType/></xs:element>"
    )
    func found(_ namespaces: XSDWildcard.Namespaces) -> String? {
      components.simplestElement(
        allowedBy: XSDWildcard(namespaces: namespaces, processing: .strict))?.name.local
    }
    #expect(found(.any) == "Ask")
    #expect(found(.other("urn:t")) == nil)
    let endless = schema(
      "<xs:element name='Ask'><xs:complexType><xs:sequence><xs:element ref='t:Ask'/></xs:sequence></xs:complexType></xs:element><xs:element name='Open'><xs:complexType><xs:sequence><xs:any/></xs:sequence></xs:complexType></xs:element><xs:element name='Answer'><xs:complexType><xs:sequence><xs:element name='a' type='xs:int'/></xs:sequence></xs:complexType></xs:element>"
    )
    #expect(
      load(["main.wsdl": wsdl(types: endless)]).components.simplestElement(
        allowedBy: XSDWildcard(namespaces: .any, processing: .strict))?.name.local == "Answer")
    let empty = load([
      "main.wsdl": wsdl(
        types: schema("<xs:element name='Ask'/><xs:element name='Answer'/>")
      )
    ]).components
    #expect(
      empty.simplestElement(
        allowedBy: XSDWildcard(namespaces: .oneOf(["urn:t"]), processing: .strict))?.name.local
        == "Ask")
  }

  @Test("a SOAP array's type is read from wsdl:arrayType")
  func arrays() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          """
          <xs:import namespace='http://schemas.xmlsoap.org/soap/encoding/'/>
          <xs:element name='Ask' type='xs:string'/><xs:element name='Answer' type='xs:int'/>
          <xs:complexType name='Lines'><xs:complexContent><xs:restriction xmlns:e='http://schemas.xmlsoap.org/soap/encoding/' base='e:Array'>
            <xs:attribute ref='e:arrayType' xmlns:d='http://schemas.xmlsoap.org/wsdl/' d:arrayType='t:Line[][2]'/>
          </xs:restriction></xs:complexContent></xs:complexType>
          <xs:complexType name='Line'/>
          """))
    ])
    #expect(definitions.diagnostics.isEmpty)
    let lines = try complex("Lines", in: definitions.components)
    let array = try #require(lines.attributes.first { $0.arrayType != nil })
    #expect(array.name == QualifiedName(SchemaNames.encoding, "arrayType"))
    #expect(array.arrayType?.item == name("Line"))
    #expect(array.arrayType?.dimensions == "[][2]")
    #expect(lines.base == QualifiedName(SchemaNames.encoding, "Array"))
  }

  @Test("types that hold themselves are compiled on use")
  func recursion() throws {
    let components = components(
      "<xs:complexType name='Node'><xs:sequence><xs:element name='child' type='t:Node' minOccurs='0'/></xs:sequence></xs:complexType>"
    )
    var type = try complex("Node", in: components)
    for _ in 0..<3 {
      guard case .elements(let particle) = type.content,
        case .sequence(let children) = particle.term,
        case .element(let element) = children[0].term, case .complex(let inner) = element.type
      else { throw Missing(name: "child") }
      #expect(inner === type)
      type = inner
    }
  }

  @Test("groups that double from one to the next are told, not expanded")
  func doubling() throws {
    var groups = "<xs:group name='G0'><xs:sequence><xs:element name='a'/></xs:sequence></xs:group>"
    var unions = "<xs:simpleType name='U0'><xs:union memberTypes='xs:int xs:date'/></xs:simpleType>"
    var attributes =
      "<xs:attributeGroup name='A0'><xs:attribute name='x'/></xs:attributeGroup>"
    for level in 1...40 {
      let below = level - 1
      groups +=
        "<xs:group name='G\(level)'><xs:sequence><xs:group ref='t:G\(below)'/><xs:group ref='t:G\(below)'/></xs:sequence></xs:group>"
      unions +=
        "<xs:simpleType name='U\(level)'><xs:union memberTypes='t:U\(below) t:U\(below)'/></xs:simpleType>"
      attributes +=
        "<xs:attributeGroup name='A\(level)'><xs:attributeGroup ref='t:A\(below)'/><xs:attributeGroup ref='t:A\(below)'/></xs:attributeGroup>"
    }
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          groups + unions + attributes
            + "<xs:element name='Ask'><xs:complexType><xs:group ref='t:G40'/><xs:attribute name='u' type='t:U40'/><xs:attributeGroup ref='t:A40'/></xs:complexType></xs:element><xs:element name='Answer' type='xs:int'/>"
        ))
    ])
    #expect(definitions.diagnostics.contains { $0.message.contains("more than 5000 particles") })
    #expect(definitions.operation?.problems.isEmpty == false)
    guard case .complex(let type)? = definitions.components.element(name("Ask"))?.type else {
      throw Missing(name: "Ask")
    }
    #expect(text(type.content) == "-")
    #expect(type.attributes.map(\.name.local) == ["u", "x"])
    guard case .union(let members)? = type.attributes.first?.type.variety else {
      throw Missing(name: "U40")
    }
    #expect(members.count == 2)
  }

  @Test(
    "what XSD 1.0 does not know is told by name",
    arguments: [
      (
        "<xs:complexType name='T'><xs:sequence/><xs:assert test='true()'/></xs:complexType>",
        "xs:assert"
      ),
      (
        "<xs:complexType name='T'><xs:sequence><xs:element name='a' minOccurs='one'/></xs:sequence></xs:complexType>",
        "minOccurs=\"one\""
      ),
      ("<xs:override schemaLocation='x.xsd'/>", "xs:override"),
      (
        "<xs:complexType name='T'><xs:sequence><xs:element type='xs:int'/></xs:sequence></xs:complexType>",
        "neither name nor ref"
      ),
    ])
  func unknown(_ content: String, _ told: String) throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          content
            + "<xs:element name='Ask' type='xs:int'/><xs:element name='Answer' type='xs:int'/>"
        ))
    ])
    let found = try #require(definitions.diagnostics.first)
    #expect(found.message.contains(told))
    #expect(found.line != nil)
    #expect(definitions.operation?.problems.isEmpty == true)
  }

  @Test("a type redefined keeps its old self as base")
  func redefine() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          "<xs:redefine schemaLocation='a.xsd'><xs:complexType name='T'><xs:complexContent><xs:extension base='t:T'><xs:sequence><xs:element name='b'/></xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:redefine><xs:element name='Ask' type='t:T'/><xs:element name='Answer' type='xs:int'/>"
        )),
      "a.xsd": schema(
        "<xs:complexType name='T'><xs:sequence><xs:element name='a'/></xs:sequence></xs:complexType>"
      ),
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(text(try complex("T", in: definitions.components).content) == "((a), (b))")
  }

  @Test(
    "rings of definitions end, and are told where they break something",
    arguments: [
      "<xs:complexType name='A'><xs:complexContent><xs:extension base='t:B'/></xs:complexContent></xs:complexType><xs:complexType name='B'><xs:complexContent><xs:extension base='t:A'/></xs:complexContent></xs:complexType>",
      "<xs:simpleType name='A'><xs:restriction base='t:A'/></xs:simpleType>",
      "<xs:simpleType name='A'><xs:union memberTypes='t:A t:A xs:int'/></xs:simpleType>",
      "<xs:group name='G'><xs:sequence><xs:group ref='t:G'/></xs:sequence></xs:group><xs:complexType name='A'><xs:group ref='t:G'/></xs:complexType>",
      "<xs:attributeGroup name='G'><xs:attributeGroup ref='t:G'/></xs:attributeGroup><xs:complexType name='A'><xs:attributeGroup ref='t:G'/></xs:complexType>",
    ])
  func rings(_ content: String) throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          content
            + "<xs:element name='Ask' type='t:A'/><xs:element name='Answer' type='xs:int'/>"))
    ])
    switch try #require(definitions.components.element(name("Ask"))).type {
    case .simple(let type): #expect(type.name == name("A"))
    case .complex(let type):
      _ = type.content
      _ = type.attributes
    }
    if content.contains("base=") {
      #expect(definitions.operation?.problems.isEmpty == false)
      #expect(definitions.diagnostics.contains { $0.message.contains("derives from itself") })
    }
  }
}
