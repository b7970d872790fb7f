extension StandardSchemas {
  /// WS-Addressing 1.0 (core and SOAP binding).
  static let addressing200508 = StandardSchema(
    name: "ws-addr.xsd", namespace: "http://www.w3.org/2005/08/addressing",
    addresses: [
      "www.w3.org/2005/08/addressing/ws-addr.xsd", "www.w3.org/2006/03/addressing/ws-addr.xsd",
    ],
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="http://www.w3.org/2005/08/addressing" targetNamespace="http://www.w3.org/2005/08/addressing" elementFormDefault="qualified" blockDefault="#all">
        <xs:element name="EndpointReference" type="a:EndpointReferenceType"/>
        <xs:complexType name="EndpointReferenceType">
          <xs:sequence>
            <xs:element name="Address" type="a:AttributedURIType"/>
            <xs:element ref="a:ReferenceParameters" minOccurs="0"/>
            <xs:element ref="a:Metadata" minOccurs="0"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="ReferenceParameters" type="a:ReferenceParametersType"/>
        <xs:complexType name="ReferenceParametersType">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Metadata" type="a:MetadataType"/>
        <xs:complexType name="MetadataType">
          <xs:sequence><xs:any namespace="##any" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="MessageID" type="a:AttributedURIType"/>
        <xs:element name="RelatesTo" type="a:RelatesToType"/>
        <xs:complexType name="RelatesToType">
          <xs:simpleContent>
            <xs:extension base="xs:anyURI">
              <xs:attribute name="RelationshipType" type="a:RelationshipTypeOpenEnum" default="http://www.w3.org/2005/08/addressing/reply"/>
              <xs:anyAttribute namespace="##other" processContents="lax"/>
            </xs:extension>
          </xs:simpleContent>
        </xs:complexType>
        <xs:simpleType name="RelationshipTypeOpenEnum"><xs:union memberTypes="a:RelationshipType xs:anyURI"/></xs:simpleType>
        <xs:simpleType name="RelationshipType">
          <xs:restriction base="xs:anyURI"><xs:enumeration value="http://www.w3.org/2005/08/addressing/reply"/></xs:restriction>
        </xs:simpleType>
        <xs:element name="ReplyTo" type="a:EndpointReferenceType"/>
        <xs:element name="From" type="a:EndpointReferenceType"/>
        <xs:element name="FaultTo" type="a:EndpointReferenceType"/>
        <xs:element name="To" type="a:AttributedURIType"/>
        <xs:element name="Action" type="a:AttributedURIType"/>
        <xs:complexType name="AttributedURIType">
          <xs:simpleContent><xs:extension base="xs:anyURI"><xs:anyAttribute namespace="##other" processContents="lax"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:attribute name="IsReferenceParameter" type="xs:boolean"/>
        <xs:simpleType name="FaultCodesOpenEnumType"><xs:union memberTypes="a:FaultCodesType xs:QName"/></xs:simpleType>
        <xs:simpleType name="FaultCodesType">
          <xs:restriction base="xs:QName">
            <xs:enumeration value="a:InvalidAddressingHeader"/><xs:enumeration value="a:InvalidAddress"/><xs:enumeration value="a:InvalidEPR"/><xs:enumeration value="a:InvalidCardinality"/><xs:enumeration value="a:MissingAddressInEPR"/><xs:enumeration value="a:DuplicateMessageID"/><xs:enumeration value="a:ActionMismatch"/><xs:enumeration value="a:MessageAddressingHeaderRequired"/><xs:enumeration value="a:DestinationUnreachable"/><xs:enumeration value="a:ActionNotSupported"/><xs:enumeration value="a:EndpointUnavailable"/>
          </xs:restriction>
        </xs:simpleType>
        <xs:element name="RetryAfter" type="a:AttributedUnsignedLongType"/>
        <xs:complexType name="AttributedUnsignedLongType">
          <xs:simpleContent><xs:extension base="xs:unsignedLong"><xs:anyAttribute namespace="##other" processContents="lax"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:element name="ProblemHeaderQName" type="a:AttributedQNameType"/>
        <xs:complexType name="AttributedQNameType">
          <xs:simpleContent><xs:extension base="xs:QName"><xs:anyAttribute namespace="##other" processContents="lax"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:element name="ProblemHeader" type="a:AttributedAnyType"/>
        <xs:complexType name="AttributedAnyType">
          <xs:sequence><xs:any namespace="##any" processContents="lax"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="ProblemIRI" type="a:AttributedURIType"/>
        <xs:element name="ProblemAction" type="a:ProblemActionType"/>
        <xs:complexType name="ProblemActionType">
          <xs:sequence><xs:element ref="a:Action" minOccurs="0"/><xs:element name="SoapAction" type="xs:anyURI" minOccurs="0"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
      </xs:schema>

      """)

  /// WS-Addressing as submitted in August 2004.
  static let addressing200408 = StandardSchema(
    name: "ws-addr-2004-08.xsd", namespace: "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    addresses: ["schemas.xmlsoap.org/ws/2004/08/addressing/addressing.xsd"],
    text: submittedAddressing(
      namespace: "http://schemas.xmlsoap.org/ws/2004/08/addressing", hasParameters: true))

  /// WS-Addressing as published in March 2004: without reference parameters.
  static let addressing200403 = StandardSchema(
    name: "ws-addr-2004-03.xsd", namespace: "http://schemas.xmlsoap.org/ws/2004/03/addressing",
    addresses: ["schemas.xmlsoap.org/ws/2004/03/addressing/addressing.xsd"],
    text: submittedAddressing(
      namespace: "http://schemas.xmlsoap.org/ws/2004/03/addressing", hasParameters: false))

  private static func submittedAddressing(namespace: String, hasParameters: Bool) -> String {
    let parameters =
      hasParameters
      ? #"<xs:element name="ReferenceParameters" type="a:ReferenceParametersType" minOccurs="0"/>"#
      : ""
    let parametersType =
      hasParameters
      ? #"<xs:complexType name="ReferenceParametersType"><xs:sequence><xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>"#
      : ""
    return """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="\(namespace)" targetNamespace="\(namespace)" elementFormDefault="qualified" blockDefault="#all">
        <xs:element name="EndpointReference" type="a:EndpointReferenceType"/>
        <xs:complexType name="EndpointReferenceType">
          <xs:sequence>
            <xs:element name="Address" type="a:AttributedURI"/>
            <xs:element name="ReferenceProperties" type="a:ReferencePropertiesType" minOccurs="0"/>
            \(parameters)
            <xs:element name="PortType" type="a:AttributedQName" minOccurs="0"/>
            <xs:element name="ServiceName" type="a:ServiceNameType" minOccurs="0"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:complexType name="ReferencePropertiesType">
          <xs:sequence><xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
        \(parametersType)
        <xs:complexType name="ServiceNameType">
          <xs:simpleContent>
            <xs:extension base="xs:QName">
              <xs:attribute name="PortName" type="xs:NCName"/>
              <xs:anyAttribute namespace="##other" processContents="lax"/>
            </xs:extension>
          </xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="Relationship">
          <xs:simpleContent>
            <xs:extension base="xs:anyURI">
              <xs:attribute name="RelationshipType" type="xs:QName"/>
              <xs:anyAttribute namespace="##other" processContents="lax"/>
            </xs:extension>
          </xs:simpleContent>
        </xs:complexType>
        <xs:simpleType name="RelationshipTypeValues"><xs:restriction base="xs:QName"><xs:enumeration value="a:Reply"/></xs:restriction></xs:simpleType>
        <xs:element name="MessageID" type="a:AttributedURI"/>
        <xs:element name="RelatesTo" type="a:Relationship"/>
        <xs:element name="To" type="a:AttributedURI"/>
        <xs:element name="Action" type="a:AttributedURI"/>
        <xs:element name="From" type="a:EndpointReferenceType"/>
        <xs:element name="ReplyTo" type="a:EndpointReferenceType"/>
        <xs:element name="FaultTo" type="a:EndpointReferenceType"/>
        <xs:simpleType name="FaultSubcodeValues">
          <xs:restriction base="xs:QName">
            <xs:enumeration value="a:InvalidMessageInformationHeader"/><xs:enumeration value="a:MessageInformationHeaderRequired"/><xs:enumeration value="a:DestinationUnreachable"/><xs:enumeration value="a:ActionNotSupported"/><xs:enumeration value="a:EndpointUnavailable"/>
          </xs:restriction>
        </xs:simpleType>
        <xs:element name="ReplyAfter" type="a:ReplyAfterType"/>
        <xs:complexType name="ReplyAfterType">
          <xs:simpleContent><xs:extension base="xs:nonNegativeInteger"><xs:anyAttribute namespace="##other"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="AttributedQName">
          <xs:simpleContent><xs:extension base="xs:QName"><xs:anyAttribute namespace="##other" processContents="lax"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:complexType name="AttributedURI">
          <xs:simpleContent><xs:extension base="xs:anyURI"><xs:anyAttribute namespace="##other" processContents="lax"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:attribute name="Action" type="xs:anyURI"/>
      </xs:schema>

      """
  }

  /// WS-Discovery, April 2005.
  static let discovery200504 = StandardSchema(
    name: "ws-discovery-2005-04.xsd", namespace: "http://schemas.xmlsoap.org/ws/2005/04/discovery",
    addresses: ["schemas.xmlsoap.org/ws/2005/04/discovery/ws-discovery.xsd"],
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" targetNamespace="http://schemas.xmlsoap.org/ws/2005/04/discovery" elementFormDefault="qualified" blockDefault="#all">
        <xs:import namespace="http://schemas.xmlsoap.org/ws/2004/08/addressing"/>
        <xs:element name="Hello" type="d:HelloType"/>
        <xs:complexType name="HelloType">
          <xs:sequence>
            <xs:element ref="a:EndpointReference"/><xs:element ref="d:Types" minOccurs="0"/><xs:element ref="d:Scopes" minOccurs="0"/><xs:element ref="d:XAddrs" minOccurs="0"/><xs:element ref="d:MetadataVersion"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:simpleType name="RelationshipType"><xs:restriction base="xs:QName"><xs:enumeration value="d:Suppression"/></xs:restriction></xs:simpleType>
        <xs:simpleType name="OpenRelationshipType"><xs:union memberTypes="d:RelationshipType xs:QName"/></xs:simpleType>
        <xs:element name="Bye" type="d:ByeType"/>
        <xs:complexType name="ByeType">
          <xs:sequence>
            <xs:element ref="a:EndpointReference"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Probe" type="d:ProbeType"/>
        <xs:complexType name="ProbeType">
          <xs:sequence>
            <xs:element ref="d:Types" minOccurs="0"/><xs:element ref="d:Scopes" minOccurs="0"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="ProbeMatches" type="d:ProbeMatchesType"/>
        <xs:complexType name="ProbeMatchesType">
          <xs:sequence>
            <xs:element name="ProbeMatch" type="d:ProbeMatchType" minOccurs="0" maxOccurs="unbounded"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:complexType name="ProbeMatchType">
          <xs:sequence>
            <xs:element ref="a:EndpointReference"/><xs:element ref="d:Types" minOccurs="0"/><xs:element ref="d:Scopes" minOccurs="0"/><xs:element ref="d:XAddrs" minOccurs="0"/><xs:element ref="d:MetadataVersion"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Resolve" type="d:ResolveType"/>
        <xs:complexType name="ResolveType">
          <xs:sequence>
            <xs:element ref="a:EndpointReference"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="ResolveMatches" type="d:ResolveMatchesType"/>
        <xs:complexType name="ResolveMatchesType">
          <xs:sequence>
            <xs:element name="ResolveMatch" type="d:ResolveMatchType" minOccurs="0"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:complexType name="ResolveMatchType">
          <xs:sequence>
            <xs:element ref="a:EndpointReference"/><xs:element ref="d:Types" minOccurs="0"/><xs:element ref="d:Scopes" minOccurs="0"/><xs:element ref="d:XAddrs" minOccurs="0"/><xs:element ref="d:MetadataVersion"/>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Types" type="d:QNameListType"/>
        <xs:simpleType name="QNameListType"><xs:list itemType="xs:QName"/></xs:simpleType>
        <xs:element name="Scopes" type="d:ScopesType"/>
        <xs:complexType name="ScopesType">
          <xs:simpleContent>
            <xs:extension base="d:UriListType">
              <xs:attribute name="MatchBy" type="xs:anyURI"/>
              <xs:anyAttribute namespace="##other" processContents="lax"/>
            </xs:extension>
          </xs:simpleContent>
        </xs:complexType>
        <xs:element name="XAddrs" type="d:UriListType"/>
        <xs:simpleType name="UriListType"><xs:list itemType="xs:anyURI"/></xs:simpleType>
        <xs:element name="MetadataVersion" type="xs:unsignedInt"/>
        <xs:simpleType name="FaultCodeType"><xs:restriction base="xs:QName"><xs:enumeration value="d:MatchingRuleNotSupported"/></xs:restriction></xs:simpleType>
        <xs:simpleType name="FaultCodeOpenType"><xs:union memberTypes="d:FaultCodeType xs:QName"/></xs:simpleType>
        <xs:element name="SupportedMatchingRules" type="d:UriListType"/>
        <xs:attribute name="Id" type="xs:ID"/>
        <xs:element name="Security" type="d:SecurityType"/>
        <xs:complexType name="SecurityType">
          <xs:sequence><xs:element ref="d:Sig" minOccurs="0"/></xs:sequence>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="Sig" type="d:SigType"/>
        <xs:complexType name="SigType">
          <xs:sequence><xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="Scheme" type="xs:anyURI" use="required"/>
          <xs:attribute name="KeyId" type="xs:base64Binary"/>
          <xs:attribute name="Refs" type="xs:IDREFS" use="required"/>
          <xs:attribute name="Sig" type="xs:base64Binary" use="required"/>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
        <xs:element name="AppSequence" type="d:AppSequenceType"/>
        <xs:complexType name="AppSequenceType">
          <xs:attribute name="InstanceId" type="xs:unsignedInt" use="required"/>
          <xs:attribute name="SequenceId" type="xs:anyURI"/>
          <xs:attribute name="MessageNumber" type="xs:unsignedInt" use="required"/>
          <xs:anyAttribute namespace="##other" processContents="lax"/>
        </xs:complexType>
      </xs:schema>

      """)
}
