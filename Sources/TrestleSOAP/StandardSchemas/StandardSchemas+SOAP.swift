extension StandardSchemas {
  /// SOAP 1.1 §5.
  static let soapEncoding11 = StandardSchema(
    name: "soap-encoding.xsd", namespace: SchemaNames.encoding,
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/" targetNamespace="http://schemas.xmlsoap.org/soap/encoding/">
        <xs:attribute name="root">
          <xs:simpleType><xs:restriction base="xs:boolean"><xs:pattern value="0|1"/></xs:restriction></xs:simpleType>
        </xs:attribute>
        <xs:attributeGroup name="commonAttributes">
          <xs:attribute name="id" type="xs:ID"/>
          <xs:attribute name="href" type="xs:anyURI"/>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:attributeGroup>
        <xs:simpleType name="arrayCoordinate"><xs:restriction base="xs:string"/></xs:simpleType>
        <xs:attribute name="arrayType" type="xs:string"/>
        <xs:attribute name="offset" type="e:arrayCoordinate"/>
        <xs:attribute name="position" type="e:arrayCoordinate"/>
        <xs:attributeGroup name="arrayAttributes">
          <xs:attribute ref="e:arrayType"/><xs:attribute ref="e:offset"/>
        </xs:attributeGroup>
        <xs:attributeGroup name="arrayMemberAttributes"><xs:attribute ref="e:position"/></xs:attributeGroup>
        <xs:group name="Array">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
        </xs:group>
        <xs:element name="Array" type="e:Array"/>
        <xs:complexType name="Array">
          <xs:group ref="e:Array" minOccurs="0"/>
          <xs:attributeGroup ref="e:arrayAttributes"/><xs:attributeGroup ref="e:commonAttributes"/>
        </xs:complexType>
        <xs:group name="Struct">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
        </xs:group>
        <xs:element name="Struct" type="e:Struct"/>
        <xs:complexType name="Struct">
          <xs:group ref="e:Struct" minOccurs="0"/>
          <xs:attributeGroup ref="e:commonAttributes"/>
        </xs:complexType>
        <xs:simpleType name="base64"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
        <xs:element name="anyType"/>
      \(encodedTypes)</xs:schema>

      """)

  /// SOAP 1.2 part 2 §3.
  static let soapEncoding12 = StandardSchema(
    name: "soap12-encoding.xsd", namespace: "http://www.w3.org/2003/05/soap-encoding",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:e="http://www.w3.org/2003/05/soap-encoding" targetNamespace="http://www.w3.org/2003/05/soap-encoding">
        <xs:attribute name="id" type="xs:ID"/>
        <xs:attribute name="ref" type="xs:IDREF"/>
        <xs:attribute name="arraySize" type="xs:string"/>
        <xs:attribute name="itemType" type="xs:QName"/>
        <xs:attribute name="nodeType">
          <xs:simpleType>
            <xs:restriction base="xs:NMTOKEN">
              <xs:enumeration value="array"/><xs:enumeration value="simple"/><xs:enumeration value="struct"/>
            </xs:restriction>
          </xs:simpleType>
        </xs:attribute>
        <xs:attributeGroup name="commonAttributes">
          <xs:attribute ref="e:id"/><xs:attribute ref="e:ref"/><xs:attribute ref="e:nodeType"/>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:attributeGroup>
        <xs:attributeGroup name="arrayAttributes">
          <xs:attribute ref="e:arraySize"/><xs:attribute ref="e:itemType"/>
        </xs:attributeGroup>
        <xs:complexType name="Array">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attributeGroup ref="e:arrayAttributes"/><xs:attributeGroup ref="e:commonAttributes"/>
        </xs:complexType>
        <xs:element name="Array" type="e:Array"/>
        <xs:complexType name="Struct">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attributeGroup ref="e:commonAttributes"/>
        </xs:complexType>
        <xs:element name="Struct" type="e:Struct"/>
        <xs:element name="anyType"/>
      \(encodedTypes)</xs:schema>

      """)

  /// The simple types again, each as a global element and as a type that allows the encoding's
  /// attributes.
  private static var encodedTypes: String {
    let names = [
      "duration", "dateTime", "NOTATION", "time", "date", "gYearMonth", "gYear", "gMonthDay",
      "gDay", "gMonth", "boolean", "base64Binary", "hexBinary", "float", "double", "anyURI",
      "QName", "string", "normalizedString", "token", "language", "Name", "NMTOKEN", "NCName",
      "NMTOKENS", "ID", "IDREF", "ENTITY", "IDREFS", "ENTITIES", "decimal", "integer",
      "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte",
      "nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
      "positiveInteger",
    ]
    return names.map { name in
      // XSD 1.0 part 2 §3.2.19: NOTATION itself may not be used, only what restricts it.
      let base = name == "NOTATION" ? "QName" : name
      return """
          <xs:element name="\(name)" type="e:\(name)"/>
          <xs:complexType name="\(name)">
            <xs:simpleContent><xs:extension base="xs:\(base)"><xs:attributeGroup ref="e:commonAttributes"/></xs:extension></xs:simpleContent>
          </xs:complexType>

        """
    }.joined()
  }

  /// SOAP 1.1 §4.
  static let soapEnvelope11 = StandardSchema(
    name: "soap-envelope.xsd", namespace: "http://schemas.xmlsoap.org/soap/envelope/",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" targetNamespace="http://schemas.xmlsoap.org/soap/envelope/">
        <xs:element name="Envelope" type="s:Envelope"/>
        <xs:complexType name="Envelope">
          <xs:sequence>
            <xs:element ref="s:Header" minOccurs="0"/><xs:element ref="s:Body"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Header" type="s:Header"/>
        <xs:complexType name="Header">
          <xs:sequence><xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Body" type="s:Body"/>
        <xs:complexType name="Body">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##any" processContents="lax"/>
        </xs:complexType>
        <xs:attribute name="mustUnderstand">
          <xs:simpleType><xs:restriction base="xs:boolean"><xs:pattern value="0|1"/></xs:restriction></xs:simpleType>
        </xs:attribute>
        <xs:attribute name="actor" type="xs:anyURI"/>
        <xs:simpleType name="encodingStyle"><xs:list itemType="xs:anyURI"/></xs:simpleType>
        <xs:attribute name="encodingStyle" type="s:encodingStyle"/>
        <xs:attributeGroup name="encodingStyle"><xs:attribute ref="s:encodingStyle"/></xs:attributeGroup>
        <xs:element name="Fault" type="s:Fault"/>
        <xs:complexType name="Fault" final="extension">
          <xs:sequence>
            <xs:element name="faultcode" type="xs:QName"/>
            <xs:element name="faultstring" type="xs:string"/>
            <xs:element name="faultactor" type="xs:anyURI" minOccurs="0"/>
            <xs:element name="detail" type="s:detail" minOccurs="0"/>
          </xs:sequence>
        </xs:complexType>
        <xs:complexType name="detail">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##any" processContents="lax"/>
        </xs:complexType>
      </xs:schema>

      """)

  /// SOAP 1.2 part 1 §5.
  static let soapEnvelope12 = StandardSchema(
    name: "soap12-envelope.xsd", namespace: "http://www.w3.org/2003/05/soap-envelope",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:s="http://www.w3.org/2003/05/soap-envelope" targetNamespace="http://www.w3.org/2003/05/soap-envelope" elementFormDefault="qualified">
        <xs:import namespace="http://www.w3.org/XML/1998/namespace"/>
        <xs:element name="Envelope" type="s:Envelope"/>
        <xs:complexType name="Envelope">
          <xs:sequence><xs:element ref="s:Header" minOccurs="0"/><xs:element ref="s:Body"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Header" type="s:Header"/>
        <xs:complexType name="Header">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Body" type="s:Body"/>
        <xs:complexType name="Body">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:attribute name="role" type="xs:anyURI"/>
        <xs:attribute name="encodingStyle" type="xs:anyURI"/>
        <xs:attribute name="relay" type="xs:boolean"/>
        <xs:attribute name="mustUnderstand" type="xs:boolean"/>
        <xs:element name="Fault" type="s:Fault"/>
        <xs:complexType name="Fault" final="extension">
          <xs:sequence>
            <xs:element name="Code" type="s:faultcode"/>
            <xs:element name="Reason" type="s:faultreason"/>
            <xs:element name="Node" type="xs:anyURI" minOccurs="0"/>
            <xs:element name="Role" type="xs:anyURI" minOccurs="0"/>
            <xs:element name="Detail" type="s:detail" minOccurs="0"/>
          </xs:sequence>
        </xs:complexType>
        <xs:complexType name="faultreason">
          <xs:sequence><xs:element name="Text" type="s:reasontext" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
        <xs:complexType name="reasontext">
          <xs:simpleContent><xs:extension base="xs:string"><xs:attribute ref="xml:lang" use="required"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="faultcode">
          <xs:sequence><xs:element name="Value" type="s:faultcodeEnum"/><xs:element name="Subcode" type="s:subcode" minOccurs="0"/></xs:sequence>
        </xs:complexType>
        <xs:simpleType name="faultcodeEnum">
          <xs:restriction base="xs:QName">
            <xs:enumeration value="s:DataEncodingUnknown"/><xs:enumeration value="s:MustUnderstand"/><xs:enumeration value="s:Receiver"/><xs:enumeration value="s:Sender"/><xs:enumeration value="s:VersionMismatch"/>
          </xs:restriction>
        </xs:simpleType>
        <xs:complexType name="subcode">
          <xs:sequence><xs:element name="Value" type="xs:QName"/><xs:element name="Subcode" type="s:subcode" minOccurs="0"/></xs:sequence>
        </xs:complexType>
        <xs:complexType name="detail">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="NotUnderstood" type="s:NotUnderstoodType"/>
        <xs:complexType name="NotUnderstoodType"><xs:attribute name="qname" type="xs:QName" use="required"/></xs:complexType>
        <xs:element name="Upgrade" type="s:UpgradeType"/>
        <xs:complexType name="UpgradeType">
          <xs:sequence><xs:element name="SupportedEnvelope" type="s:SupportedEnvType" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
        <xs:complexType name="SupportedEnvType"><xs:attribute name="qname" type="xs:QName" use="required"/></xs:complexType>
      </xs:schema>

      """)

  /// The containers that Apache SOAP and Axis 1 share (`Map` is what Java and PHP call a map).
  static let apacheSOAP = StandardSchema(
    name: "apache-soap.xsd", namespace: "http://xml.apache.org/xml-soap",
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="http://xml.apache.org/xml-soap" targetNamespace="http://xml.apache.org/xml-soap">
        <xs:complexType name="mapItem">
          <xs:sequence><xs:element name="key" type="xs:anyType" nillable="true"/><xs:element name="value" type="xs:anyType" nillable="true"/></xs:sequence>
        </xs:complexType>
        <xs:complexType name="Map">
          <xs:sequence><xs:element name="item" type="a:mapItem" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
        <xs:complexType name="Vector">
          <xs:sequence><xs:element name="item" type="xs:anyType" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
        <xs:complexType name="Element">
          <xs:sequence><xs:any processContents="skip"/></xs:sequence>
        </xs:complexType>
        <xs:complexType name="Document">
          <xs:sequence><xs:any processContents="skip"/></xs:sequence>
        </xs:complexType>
      </xs:schema>

      """)
}
