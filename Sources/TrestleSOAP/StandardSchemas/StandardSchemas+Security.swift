extension StandardSchemas {
  /// WS-Security 1.0, utility schema.
  static let securityUtility = StandardSchema(
    name: "wss-utility.xsd",
    namespace:
      "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" targetNamespace="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" elementFormDefault="qualified">
        <xs:simpleType name="tTimestampFault"><xs:restriction base="xs:QName"><xs:enumeration value="u:MessageExpired"/></xs:restriction></xs:simpleType>
        <xs:attribute name="Id" type="xs:ID"/>
        <xs:attributeGroup name="commonAtts">
          <xs:attribute ref="u:Id"/><xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:attributeGroup>
        <xs:complexType name="AttributedDateTime">
          <xs:simpleContent><xs:extension base="xs:string"><xs:attributeGroup ref="u:commonAtts"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="AttributedURI">
          <xs:simpleContent><xs:extension base="xs:anyURI"><xs:attributeGroup ref="u:commonAtts"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="TimestampType">
          <xs:sequence>
            <xs:element ref="u:Created" minOccurs="0"/><xs:element ref="u:Expires" minOccurs="0"/>
            <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:any namespace="##other" processContents="lax"/></xs:choice>
          </xs:sequence>
          <xs:attributeGroup ref="u:commonAtts"/>
        </xs:complexType>
        <xs:element name="Timestamp" type="u:TimestampType"/>
        <xs:element name="Expires" type="u:AttributedDateTime"/>
        <xs:element name="Created" type="u:AttributedDateTime"/>
      </xs:schema>

      """)

  /// WS-Security 1.0, extension schema.
  static let securityExtension = StandardSchema(
    name: "wss-secext.xsd",
    namespace:
      "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd" xmlns:d="http://www.w3.org/2000/09/xmldsig#" targetNamespace="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" elementFormDefault="qualified">
        <xs:import namespace="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"/>
        <xs:import namespace="http://www.w3.org/2000/09/xmldsig#"/>
        <xs:complexType name="AttributedString">
          <xs:simpleContent>
            <xs:extension base="xs:string"><xs:attribute ref="u:Id"/><xs:anyAttribute namespace="##other" processContents="lax"/></xs:extension>
          </xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="PasswordString">
          <xs:simpleContent><xs:extension base="w:AttributedString"><xs:attribute name="Type" type="xs:anyURI"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="EncodedString">
          <xs:simpleContent><xs:extension base="w:AttributedString"><xs:attribute name="EncodingType" type="xs:anyURI"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="UsernameTokenType">
          <xs:sequence>
            <xs:element name="Username" type="w:AttributedString"/>
            <xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute ref="u:Id"/><xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:complexType name="BinarySecurityTokenType">
          <xs:simpleContent><xs:extension base="w:EncodedString"><xs:attribute name="ValueType" type="xs:anyURI"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="KeyIdentifierType">
          <xs:simpleContent><xs:extension base="w:EncodedString"><xs:attribute name="ValueType" type="xs:anyURI"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:simpleType name="tUsage"><xs:list itemType="xs:anyURI"/></xs:simpleType>
        <xs:attribute name="Usage" type="w:tUsage"/>
        <xs:complexType name="ReferenceType">
          <xs:attribute name="URI" type="xs:anyURI"/><xs:attribute name="ValueType" type="xs:anyURI"/>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:complexType name="EmbeddedType">
          <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:any processContents="lax"/></xs:choice>
          <xs:attribute name="ValueType" type="xs:anyURI"/><xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:complexType name="SecurityTokenReferenceType">
          <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:any processContents="lax"/></xs:choice>
          <xs:attribute ref="u:Id"/><xs:attribute ref="w:Usage"/><xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:complexType name="SecurityHeaderType">
          <xs:sequence><xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:complexType name="TransformationParametersType">
          <xs:sequence><xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="UsernameToken" type="w:UsernameTokenType"/>
        <xs:element name="BinarySecurityToken" type="w:BinarySecurityTokenType"/>
        <xs:element name="Reference" type="w:ReferenceType"/>
        <xs:element name="Embedded" type="w:EmbeddedType"/>
        <xs:element name="KeyIdentifier" type="w:KeyIdentifierType"/>
        <xs:element name="SecurityTokenReference" type="w:SecurityTokenReferenceType"/>
        <xs:element name="Security" type="w:SecurityHeaderType"/>
        <xs:element name="TransformationParameters" type="w:TransformationParametersType"/>
        <xs:element name="Password" type="w:PasswordString"/>
        <xs:element name="Nonce" type="w:EncodedString"/>
        <xs:simpleType name="FaultcodeEnum">
          <xs:restriction base="xs:QName">
            <xs:enumeration value="w:UnsupportedSecurityToken"/><xs:enumeration value="w:UnsupportedAlgorithm"/><xs:enumeration value="w:InvalidSecurity"/><xs:enumeration value="w:InvalidSecurityToken"/><xs:enumeration value="w:FailedAuthentication"/><xs:enumeration value="w:FailedCheck"/><xs:enumeration value="w:SecurityTokenUnavailable"/>
          </xs:restriction>
        </xs:simpleType>
      </xs:schema>

      """)
}
