/// A contract with what bridges to JSON lose first: attributes, choices, derived types, lists of one, nil, long numbers.
enum FormsContract {
  static let wsdl = """
    <definitions name="Forms" targetNamespace="urn:forms" xmlns="http://schemas.xmlsoap.org/wsdl/"
        xmlns:f="urn:forms" xmlns:xs="http://www.w3.org/2001/XMLSchema"
        xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
      <types>
        <xs:schema targetNamespace="urn:forms" elementFormDefault="qualified">
          <xs:complexType name="Shape" abstract="true">
            <xs:sequence><xs:element name="label" type="xs:string" minOccurs="0"/></xs:sequence>
          </xs:complexType>
          <xs:complexType name="Circle">
            <xs:complexContent><xs:extension base="f:Shape">
              <xs:sequence><xs:element name="radius" type="xs:decimal"/></xs:sequence>
            </xs:extension></xs:complexContent>
          </xs:complexType>
          <xs:complexType name="Group">
            <xs:complexContent><xs:extension base="f:Shape">
              <xs:sequence>
                <xs:element name="member" type="f:Shape" minOccurs="0" maxOccurs="unbounded"/>
              </xs:sequence>
            </xs:extension></xs:complexContent>
          </xs:complexType>
          <xs:complexType name="Weight">
            <xs:simpleContent><xs:extension base="xs:decimal">
              <xs:attribute name="unit" type="xs:string" use="required"/>
            </xs:extension></xs:simpleContent>
          </xs:complexType>
          <xs:complexType name="Canvas">
            <xs:sequence>
              <xs:element name="title" type="xs:string" nillable="true"/>
              <xs:choice>
                <xs:element name="byId" type="xs:long"/>
                <xs:element name="byName" type="xs:string"/>
              </xs:choice>
              <xs:element name="shape" type="f:Shape"/>
              <xs:element name="tag" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
              <xs:element name="amount" type="xs:decimal"/>
              <xs:element name="weight" type="f:Weight" nillable="true" minOccurs="0"/>
              <xs:element name="ratio" type="xs:double" minOccurs="0"/>
              <xs:element name="note" type="xs:string" minOccurs="0"/>
            </xs:sequence>
            <xs:attribute name="size" type="xs:int" use="required"/>
          </xs:complexType>
          <xs:element name="Draw"><xs:complexType><xs:sequence>
            <xs:element name="canvas" type="f:Canvas"/></xs:sequence></xs:complexType></xs:element>
          <xs:element name="DrawResponse"><xs:complexType><xs:sequence>
            <xs:element name="canvas" type="f:Canvas"/></xs:sequence></xs:complexType></xs:element>
          <xs:element name="Describe"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
          <xs:element name="DescribeResponse"><xs:complexType><xs:sequence>
            <xs:element name="text" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
          <xs:element name="Note"><xs:complexType><xs:sequence>
            <xs:element name="text" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
          <xs:element name="Spoiled"><xs:complexType><xs:sequence>
            <xs:element name="why" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
          <xs:element name="Session"><xs:complexType><xs:simpleContent>
            <xs:extension base="xs:string"><xs:attribute name="until" type="xs:date"/></xs:extension>
          </xs:simpleContent></xs:complexType></xs:element>
        </xs:schema>
      </types>
      <message name="Draw"><part name="parameters" element="f:Draw"/></message>
      <message name="DrawResponse"><part name="parameters" element="f:DrawResponse"/></message>
      <message name="Describe"><part name="parameters" element="f:Describe"/></message>
      <message name="DescribeResponse"><part name="parameters" element="f:DescribeResponse"/></message>
      <message name="Note"><part name="parameters" element="f:Note"/></message>
      <message name="Spoiled"><part name="fault" element="f:Spoiled"/></message>
      <message name="Session"><part name="session" element="f:Session"/></message>
      <portType name="Forms">
        <operation name="Draw">
          <input message="f:Draw"/><output message="f:DrawResponse"/>
          <fault name="Spoiled" message="f:Spoiled"/>
        </operation>
        <operation name="Describe">
          <input message="f:Describe"/><output message="f:DescribeResponse"/>
        </operation>
        <operation name="Note"><input message="f:Note"/></operation>
      </portType>
      <binding name="Forms" type="f:Forms">
        <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
        <operation name="Draw">
          <soap:operation soapAction="urn:forms#Draw"/>
          <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>
          <fault name="Spoiled"><soap:fault name="Spoiled" use="literal"/></fault>
        </operation>
        <operation name="Describe">
          <soap:operation soapAction="urn:forms#Describe"/>
          <input><soap:header message="f:Session" part="session" use="literal"/><soap:body use="literal"/></input>
          <output><soap:header message="f:Session" part="session" use="literal"/><soap:body use="literal"/></output>
        </operation>
        <operation name="Note">
          <soap:operation soapAction="urn:forms#Note"/>
          <input><soap:body use="literal"/></input>
        </operation>
      </binding>
      <service name="Forms">
        <port name="Forms" binding="f:Forms"><soap:address location="http://forms.example/ws"/></port>
      </service>
    </definitions>
    """
}
