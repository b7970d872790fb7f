import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// A contract written for the rows of Trestle JSON: one operation for each element, which takes it and
/// gives it back, so that one message shows both roles.
enum GalleryContract {
  static func codec(isStrict: Bool = false) -> SOAPCodec {
    SOAPCodec(definitions, isStrict: isStrict)
  }

  static let definitions = load(["gallery.wsdl": wsdl])

  /// A SOAP 1.1 envelope around a Body, with the prefixes the tests use.
  static func envelope(_ body: String, header: String = "") -> [UInt8] {
    Array(
      """
      <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
      xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:gallery" xmlns:u="urn:loan">\
      \(header.isEmpty ? "" : "<s:Header>\(header)</s:Header>")<s:Body>\(body)</s:Body></s:Envelope>
      """.utf8)
  }

  static func request(_ body: String, header: String = "") -> WireRequest {
    WireRequest(
      headers: ["Content-Type": "text/xml; charset=utf-8"], body: envelope(body, header: header))
  }

  static func call(_ operation: String, _ json: String) throws -> Call {
    var call = Call(operation: operation)
    if case .object(let record) = try JSONParser.parse(json) { call.parameters = record }
    return call
  }

  // MARK: - The text

  private static let operations = [
    "Order", "Attributes", "Prices", "Names", "Lists", "Nothing", "Numbers", "Times", "Bytes",
    "Choice", "Steps", "Rooms", "Tours", "Unordered", "Flat", "Works", "Media", "Open", "Anything",
    "Mixed",
    "Rules", "Words",
  ]

  private static let wsdl = """
    <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" name="Gallery" xmlns:w="urn:gallery:wsdl"
      xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
      xmlns:t="urn:gallery" targetNamespace="urn:gallery:wsdl">
    <types>\(gallery)\(loan)</types>
    \(operations.map { "<message name='\($0)'><part name='p' element='t:\($0)'/></message>" }.joined())
    <message name="Session"><part name="session" element="t:session"/></message>
    <message name="Refused"><part name="fault" element="t:Refused"/></message>
    <portType name="Gallery">\(operations.map(offered).joined())</portType>
    <binding name="Gallery" type="w:Gallery">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    \(operations.map(bound).joined())</binding>
    <service name="Gallery"><port name="Gallery" binding="w:Gallery">
    <soap:address location="http://example.org/gallery"/></port></service></definitions>
    """

  private static func offered(_ name: String) -> String {
    """
    <operation name="\(name)"><input message="w:\(name)"/><output message="w:\(name)"/>
    <fault name="Refused" message="w:Refused"/></operation>
    """
  }

  private static func bound(_ name: String) -> String {
    let body = """
      <soap:header message="w:Session" part="session" use="literal"/><soap:body use="literal"/>
      """
    return """
      <operation name="\(name)"><soap:operation soapAction="urn:gallery#\(name)"/>
      <input>\(body)</input><output>\(body)</output>
      <fault name="Refused"><soap:fault name="Refused" use="literal"/></fault></operation>
      """
  }

  private static let loan = """
    <xs:schema targetNamespace="urn:loan" xmlns:t="urn:gallery" elementFormDefault="qualified">
    <xs:import namespace="urn:gallery"/>
    <xs:element name="name" type="xs:string"/>
    <xs:element name="bronze" type="t:Medium" substitutionGroup="t:medium"/>
    <xs:complexType name="Fresco"><xs:complexContent><xs:extension base="t:Painting">
    <xs:sequence><xs:element name="lender" type="xs:string"/></xs:sequence>
    </xs:extension></xs:complexContent></xs:complexType>
    </xs:schema>
    """

  /// An element of an anonymous complex type.
  private static func element(_ name: String, _ content: String) -> String {
    "<xs:element name='\(name)'><xs:complexType>\(content)</xs:complexType></xs:element>"
  }

  /// A sequence of elements: `name type` or `name type how`.
  private static func sequence(_ elements: String...) -> String {
    "<xs:sequence>" + elements.map(member).joined() + "</xs:sequence>"
  }

  private static func member(_ text: String) -> String {
    if text.hasPrefix("<") { return text }
    let words = text.split(separator: " ", maxSplits: 2)
    return "<xs:element name='\(words[0])' type='\(words[1])' \(words.count > 2 ? words[2] : "")/>"
  }

  /// Elements that may each be left out.
  private static func optional(_ elements: [String]) -> String {
    "<xs:sequence>" + elements.map { member($0 + " minOccurs='0'") }.joined() + "</xs:sequence>"
  }

  private static let gallery = """
    <xs:schema targetNamespace="urn:gallery" xmlns:u="urn:loan" elementFormDefault="qualified">
    <xs:import namespace="urn:loan"/><xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
    \(plainElements)\(scalarElements)\(structures)\(polymorphic)\(openElements)</xs:schema>
    """

  private static let plainElements =
    element("Order", sequence("title xs:string", "year xs:int", "sold xs:boolean"))
    + element(
      "Attributes",
      sequence("id xs:string", "_hung xs:int")
        + """
        <xs:attribute name="id" type="xs:int" use="required"/><xs:attribute name="type" type="xs:string"/>
        <xs:attribute name="shown" type="xs:boolean" default="true"/>
        """)
      + """
      <xs:complexType name="Amount"><xs:simpleContent><xs:extension base="xs:decimal">
      <xs:attribute name="currency" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>
      <xs:complexType name="Tag"><xs:simpleContent><xs:extension base="xs:string"/></xs:simpleContent></xs:complexType>
      """ + element("Prices", sequence("asked t:Amount", "paid t:Amount", "tag t:Tag"))
    + element(
      "Names",
      sequence(
        "name xs:string", "<xs:element ref='u:name'/>", "name_2 xs:string minOccurs='0'",
        "_hidden xs:string minOccurs='0'")
          + """
          <xs:attribute name="lang" type="xs:string"/><xs:attribute ref="xml:lang"/>
          <xs:attribute name="_hidden" type="xs:string"/>
          """)
    + element(
      "Lists",
      sequence(
        "one xs:string", "few xs:int maxOccurs='3'",
        "many xs:string minOccurs='0' maxOccurs='unbounded'"))
    + element(
      "Nothing",
      sequence(
        "absent xs:string minOccurs='0'", "nil xs:string nillable='true'",
        "either xs:int minOccurs='0' nillable='true'",
        "price t:Amount minOccurs='0' nillable='true'"))

  private static let scalarElements =
    element(
      "Numbers",
      optional([
        "flag xs:boolean", "byte xs:byte", "int xs:int", "float xs:float", "double xs:double",
        "long xs:long", "integer xs:integer", "unsignedInt xs:unsignedInt", "decimal xs:decimal",
      ]))
    + element(
      "Times",
      optional([
        "date xs:date", "time xs:time", "dateTime xs:dateTime", "year xs:gYear",
        "month xs:gYearMonth", "birthday xs:gMonthDay", "duration xs:duration",
      ])) + element("Bytes", optional(["base64 xs:base64Binary", "hex xs:hexBinary"]))
      + """
      <xs:simpleType name="Status"><xs:restriction base="xs:string"><xs:enumeration value="lent"/>
      <xs:enumeration value="shown"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:pattern value="[A-Z]-[0-9]+"/>
      </xs:restriction></xs:simpleType>
      <xs:simpleType name="Height"><xs:restriction base="xs:int"><xs:minInclusive value="1"/>
      <xs:maxExclusive value="500"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="Sizes"><xs:list itemType="xs:int"/></xs:simpleType>
      <xs:simpleType name="Weight"><xs:union memberTypes="xs:int"><xs:simpleType>
      <xs:restriction base="xs:string"><xs:enumeration value="unknown"/></xs:restriction></xs:simpleType>
      </xs:union></xs:simpleType>
      """
    + element(
      "Rules",
      sequence(
        "status t:Status default='shown'", "code t:Code", "height t:Height",
        "unit xs:string fixed='cm'"))
    + element(
      "Words",
      sequence("sizes t:Sizes", "weight t:Weight")
        + "<xs:attribute name='rooms' type='t:Sizes'/>")

  private static let structures =
    element(
      "Choice",
      """
      <xs:sequence><xs:choice><xs:element name="number" type="xs:int"/>
      <xs:sequence><xs:element name="artist" type="xs:string"/><xs:element name="title" type="xs:string" minOccurs="0"/>
      </xs:sequence></xs:choice><xs:element name="note" type="xs:string" minOccurs="0"/></xs:sequence>
      """)
    + element(
      "Steps",
      """
      <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="lift" type="xs:int"/>
      <xs:element name="hang" type="xs:string"/></xs:choice>
      """)
    + element(
      "Rooms",
      """
      <xs:sequence maxOccurs="unbounded"><xs:element name="room" type="xs:string"/>
      <xs:element name="work" type="xs:int" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
      """)
    + element(
      "Tours",
      """
      <xs:sequence minOccurs="0" maxOccurs="unbounded"><xs:element name="guide" type="xs:string"/>
      <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="see" type="xs:int"/>
      <xs:element name="pause" type="xs:string"/></xs:choice></xs:sequence>
      """)
    + element(
      "Unordered",
      "<xs:all><xs:element name='a' type='xs:int'/><xs:element name='b' type='xs:int' minOccurs='0'/></xs:all>"
    )
      + """
      <xs:group name="Measures"><xs:sequence><xs:element name="width" type="xs:int"/>
      <xs:element name="height" type="xs:int"/></xs:sequence></xs:group>
      <xs:attributeGroup name="Marks"><xs:attribute name="by" type="xs:string"/></xs:attributeGroup>
      <xs:complexType name="Thing"><xs:sequence><xs:element name="title" type="xs:string"/></xs:sequence>
      <xs:attribute name="id" type="xs:int"/></xs:complexType>
      <xs:complexType name="Measured"><xs:complexContent><xs:extension base="t:Thing"><xs:sequence>
      <xs:group ref="t:Measures"/></xs:sequence><xs:attributeGroup ref="t:Marks"/></xs:extension></xs:complexContent></xs:complexType>
      <xs:element name="Flat"><xs:complexType><xs:complexContent><xs:extension base="t:Measured"><xs:sequence>
      <xs:element name="frame" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:element>
      """

  private static let polymorphic =
    """
    <xs:complexType name="Work" abstract="true"><xs:sequence><xs:element name="title" type="xs:string"/>
    </xs:sequence></xs:complexType>
    <xs:complexType name="Painting"><xs:complexContent><xs:extension base="t:Work"><xs:sequence>
    <xs:element name="paint" type="xs:string" minOccurs="0"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
    <xs:complexType name="Fresco"><xs:complexContent><xs:extension base="t:Painting"><xs:sequence>
    <xs:element name="wall" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
    <xs:complexType name="Medium"><xs:sequence><xs:element name="age" type="xs:int"/></xs:sequence></xs:complexType>
    <xs:element name="medium" type="t:Medium"/>
    <xs:element name="bronze" type="t:Medium" substitutionGroup="t:medium" nillable="true"/>
    <xs:element name="Fresco" type="t:Medium" substitutionGroup="t:medium"/>
    <xs:element name="label" type="xs:string" abstract="true"/>
    <xs:element name="sign" type="xs:string" substitutionGroup="t:label"/>
    """
    + element(
      "Works",
      sequence("work t:Work minOccurs='0' maxOccurs='unbounded'", "first t:Painting minOccurs='0'"))
    + element(
      "Media",
      sequence(
        "<xs:element ref='t:medium' minOccurs='0' maxOccurs='unbounded'/>",
        "<xs:element ref='t:label' minOccurs='0'/>"))

  private static let openElements =
    element(
      "Open",
      sequence(
        "known xs:int",
        "<xs:any namespace='##other' processContents='lax' minOccurs='0' maxOccurs='unbounded'/>")
        + "<xs:anyAttribute namespace='##other' processContents='lax'/>")
    + element("Anything", sequence("value xs:anyType maxOccurs='unbounded' nillable='true'"))
      + """
      <xs:element name="Mixed"><xs:complexType><xs:sequence><xs:element name="text"><xs:complexType mixed="true">
      <xs:sequence><xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
      <xs:attribute name="lang" type="xs:string"/></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
      <xs:element name="session" type="xs:string"/>
      """ + element("Refused", sequence("reason xs:string", "until xs:date minOccurs='0'"))
}
