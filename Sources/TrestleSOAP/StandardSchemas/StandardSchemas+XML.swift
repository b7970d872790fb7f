internal import TrestleXML

extension StandardSchemas {
  /// Attributes of the `xml` prefix (XML 1.0 §2.10, §2.12; XML Base; xml:id).
  static let xml = StandardSchema(
    name: "xml.xsd", namespace: XMLNamespaces.xml,
    addresses: [
      "www.w3.org/2001/xml.xsd", "www.w3.org/2001/03/xml.xsd", "www.w3.org/2004/10/xml.xsd",
      "www.w3.org/2005/08/xml.xsd", "www.w3.org/2007/08/xml.xsd", "www.w3.org/2009/01/xml.xsd",
    ],
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
        <xs:attribute name="lang">
          <xs:simpleType>
            <xs:union memberTypes="xs:language">
              <xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value=""/></xs:restriction></xs:simpleType>
            </xs:union>
          </xs:simpleType>
        </xs:attribute>
        <xs:attribute name="space">
          <xs:simpleType>
            <xs:restriction base="xs:NCName">
              <xs:enumeration value="default"/><xs:enumeration value="preserve"/>
            </xs:restriction>
          </xs:simpleType>
        </xs:attribute>
        <xs:attribute name="base" type="xs:anyURI"/>
        <xs:attribute name="id" type="xs:ID"/>
        <xs:attributeGroup name="specialAttrs">
          <xs:attribute ref="xml:base"/><xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/><xs:attribute ref="xml:id"/>
        </xs:attributeGroup>
      </xs:schema>

      """)

  /// Media types of binary content (W3C note "Describing Media Content of Binary Data in XML").
  static let xmlMime = StandardSchema(
    name: "xmlmime.xsd", namespace: "http://www.w3.org/2005/05/xmlmime",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="http://www.w3.org/2005/05/xmlmime" targetNamespace="http://www.w3.org/2005/05/xmlmime">
        <xs:attribute name="contentType">
          <xs:simpleType><xs:restriction base="xs:string"><xs:minLength value="3"/></xs:restriction></xs:simpleType>
        </xs:attribute>
        <xs:attribute name="expectedContentTypes" type="xs:string"/>
        <xs:complexType name="base64Binary">
          <xs:simpleContent><xs:extension base="xs:base64Binary"><xs:attribute ref="m:contentType"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="hexBinary">
          <xs:simpleContent><xs:extension base="xs:hexBinary"><xs:attribute ref="m:contentType"/></xs:extension></xs:simpleContent>
        </xs:complexType>
      </xs:schema>

      """)

  /// XML-binary Optimized Packaging, §2.1.
  static let xopInclude = StandardSchema(
    name: "xop-include.xsd", namespace: "http://www.w3.org/2004/08/xop/include",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:x="http://www.w3.org/2004/08/xop/include" targetNamespace="http://www.w3.org/2004/08/xop/include" elementFormDefault="qualified">
        <xs:element name="Include" type="x:Include"/>
        <xs:complexType name="Include">
          <xs:sequence><xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="href" type="xs:anyURI" use="required"/>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
      </xs:schema>

      """)

  /// What schemas may want of WSDL 1.1 itself: the attribute that types SOAP arrays (§2.2).
  static let wsdl = StandardSchema(
    name: "wsdl.xsd", namespace: "http://schemas.xmlsoap.org/wsdl/",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://schemas.xmlsoap.org/wsdl/">
        <xs:attribute name="arrayType" type="xs:string"/>
      </xs:schema>

      """)

  /// Attributes of links (XLink 1.0 §3.2).
  static let xlink = StandardSchema(
    name: "xlink.xsd", namespace: "http://www.w3.org/1999/xlink",
    addresses: ["www.w3.org/1999/xlink.xsd", "www.w3.org/XML/2008/06/xlink.xsd"],
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xlink">
        <xs:attribute name="type" type="xs:token"/>
        <xs:attribute name="href" type="xs:anyURI"/>
        <xs:attribute name="role" type="xs:anyURI"/>
        <xs:attribute name="arcrole" type="xs:anyURI"/>
        <xs:attribute name="title" type="xs:string"/>
        <xs:attribute name="show" type="xs:token"/>
        <xs:attribute name="actuate" type="xs:token"/>
        <xs:attribute name="label" type="xs:NCName"/>
        <xs:attribute name="from" type="xs:NCName"/>
        <xs:attribute name="to" type="xs:NCName"/>
      </xs:schema>

      """)
}
