import Trestle

/// A system of each protocol that answers what it was asked, with everything in it that is easily lost.
enum LosslessSystems {
  static let files = [
    "adapters/shop.yaml": shop, "wsdl/shop.wsdl": contract, "adapters/store.yaml": store,
    "adapters/meter.yaml": meter,
  ]

  private static let shop = """
    system: shop
    protocol: soap
    wsdl: ../wsdl/shop.wsdl
    operations: { Peek: { effects: read } }
    mock:
      responses:
        Place: { order: "{{request.order}}" }
        Peek: { order: "{{request.order}}" }
    """

  private static let store = """
    system: store
    protocol: xml_rpc
    methods:
      keep:
        effects: read
        params:
          - { name: wide, type: i8 }
          - { name: raw, type: base64 }
          - { name: at, type: dateTime }
          - { name: list, type: [string] }
          - { name: none, type: any }
        returns: { struct: { wide: i8, raw: base64, at: dateTime, list: [string], none: any } }
      names: { effects: read, params: [], returns: [string] }
    mock:
      responses:
        keep: { wide: "{{request.wide}}", raw: "{{request.raw}}", at: "{{request.at}}", list: "{{request.list}}", none: "{{request.none}}" }
        names: [one]
    """

  private static let meter = """
    system: meter
    protocol: custom_tcp
    frame: { lines: crlf, max: 8k }
    layout: { kv: { separator: ";", assign: "=" } }
    operations:
      read:
        effects: read
        params: { sensor: string, limit: decimal }
        request: { set: { CMD: READ, ID: "{{request.sensor}}", LIM: "{{request.limit}}" } }
        reply: { map: { value: V as decimal, unit: U } }
        error: { when: ERR present, code: ERR, message: MSG }
    conversation: { correlate: { key: ID } }
    mock:
      responses: { read: { value: "{{request.limit}}", unit: C } }
      stubs: [ { operation: read, when: { sensor: X }, fault: { code: E1, message: no such sensor } } ]
    """

  /// An order with an attribute, a decimal of thirty digits, a nil, a list of one, a choice, a derived type and
  /// an element that the contract does not know.
  static let order: Value = [
    "_currency": "EUR", "total": "1234567890123456789012345678.90", "note": .null,
    "line": [["sku": "A-1", "quantity": 2]], "byName": "Ada",
    "shape": ["_type": "Circle", "label": "round", "radius": "2.50"],
    "_any": [#"<x:extra xmlns:x="urn:extra">1</x:extra>"#],
  ]

  private static let contract = """
    <?xml version="1.0" encoding="UTF-8"?>
    <definitions name="Shop" targetNamespace="urn:shop" xmlns:tns="urn:shop"
        xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
        xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <types>
        <xs:schema targetNamespace="urn:shop" elementFormDefault="qualified">
          <xs:complexType name="Shape"><xs:sequence>
            <xs:element name="label" type="xs:string"/></xs:sequence></xs:complexType>
          <xs:complexType name="Circle"><xs:complexContent><xs:extension base="tns:Shape"><xs:sequence>
            <xs:element name="radius" type="xs:decimal"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
          <xs:complexType name="Line"><xs:sequence>
            <xs:element name="sku" type="xs:string"/><xs:element name="quantity" type="xs:int"/></xs:sequence></xs:complexType>
          <xs:complexType name="Part"><xs:sequence>
            <xs:element name="name" type="xs:string"/>
            <xs:element name="part" type="tns:Part" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
          <xs:complexType name="Order">
            <xs:sequence>
              <xs:element name="total" type="xs:decimal"/>
              <xs:element name="note" type="xs:string" nillable="true" minOccurs="0"/>
              <xs:element name="line" type="tns:Line" minOccurs="0" maxOccurs="unbounded"/>
              <xs:choice><xs:element name="byId" type="xs:long"/><xs:element name="byName" type="xs:string"/></xs:choice>
              <xs:element name="shape" type="tns:Shape" minOccurs="0"/>
              <xs:any namespace="##other" processContents="lax" minOccurs="0"/>
            </xs:sequence>
            <xs:attribute name="currency" type="xs:string" use="required"/>
          </xs:complexType>
          <xs:element name="Place"><xs:complexType><xs:sequence>
            <xs:element name="order" type="tns:Order"/></xs:sequence></xs:complexType></xs:element>
          <xs:element name="Placed"><xs:complexType><xs:sequence>
            <xs:element name="order" type="tns:Order"/></xs:sequence></xs:complexType></xs:element>
          <xs:element name="Find"><xs:complexType><xs:choice>
            <xs:element name="byId" type="xs:int"/><xs:element name="größe" type="xs:string"/></xs:choice></xs:complexType></xs:element>
          <xs:element name="Found"><xs:complexType><xs:sequence>
            <xs:element name="part" type="tns:Part"/></xs:sequence></xs:complexType></xs:element>
        </xs:schema>
      </types>
      <message name="PlaceIn"><part name="p" element="tns:Place"/></message>
      <message name="PlaceOut"><part name="p" element="tns:Placed"/></message>
      <message name="FindIn"><part name="p" element="tns:Find"/></message>
      <message name="FindOut"><part name="p" element="tns:Found"/></message>
      <portType name="Shop">
        <operation name="Place"><input message="tns:PlaceIn"/><output message="tns:PlaceOut"/></operation>
        <operation name="Peek"><input message="tns:PlaceIn"/><output message="tns:PlaceOut"/></operation>
        <operation name="Find"><input message="tns:FindIn"/><output message="tns:FindOut"/></operation>
      </portType>
      <binding name="ShopSoap" type="tns:Shop">
        <soap:binding transport="http://schemas.xmlsoap.org/soap/http" style="document"/>
        <operation name="Place"><soap:operation soapAction="urn:shop#Place"/>
          <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
        <operation name="Peek"><soap:operation soapAction="urn:shop#Peek"/>
          <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
        <operation name="Find"><soap:operation soapAction="urn:shop#Find"/>
          <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
      </binding>
      <service name="Shop"><port name="Shop" binding="tns:ShopSoap">
        <soap:address location="http://127.0.0.1:9/shop"/></port></service>
    </definitions>
    """
}
