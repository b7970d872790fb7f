extension StandardSchemas {
  /// XML Signature (W3C recommendation of 2002, core).
  static let signature = StandardSchema(
    name: "xmldsig.xsd", namespace: "http://www.w3.org/2000/09/xmldsig#",
    addresses: [
      "www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd",
      "www.w3.org/TR/xmldsig-core/xmldsig-core-schema.xsd",
      "www.w3.org/TR/2008/REC-xmldsig-core-20080610/xmldsig-core-schema.xsd",
    ],
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:d="http://www.w3.org/2000/09/xmldsig#" targetNamespace="http://www.w3.org/2000/09/xmldsig#" elementFormDefault="qualified">
        <xs:simpleType name="CryptoBinary"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
        <xs:element name="Signature" type="d:SignatureType"/>
        <xs:complexType name="SignatureType">
          <xs:sequence>
            <xs:element ref="d:SignedInfo"/><xs:element ref="d:SignatureValue"/><xs:element ref="d:KeyInfo" minOccurs="0"/><xs:element ref="d:Object" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/>
        </xs:complexType>
        <xs:element name="SignatureValue" type="d:SignatureValueType"/>
        <xs:complexType name="SignatureValueType">
          <xs:simpleContent><xs:extension base="xs:base64Binary"><xs:attribute name="Id" type="xs:ID"/></xs:extension></xs:simpleContent>
        </xs:complexType>
        <xs:element name="SignedInfo" type="d:SignedInfoType"/>
        <xs:complexType name="SignedInfoType">
          <xs:sequence>
            <xs:element ref="d:CanonicalizationMethod"/><xs:element ref="d:SignatureMethod"/><xs:element ref="d:Reference" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/>
        </xs:complexType>
        <xs:element name="CanonicalizationMethod" type="d:CanonicalizationMethodType"/>
        <xs:complexType name="CanonicalizationMethodType" mixed="true">
          <xs:sequence><xs:any namespace="##any" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
        </xs:complexType>
        <xs:element name="SignatureMethod" type="d:SignatureMethodType"/>
        <xs:simpleType name="HMACOutputLengthType"><xs:restriction base="xs:integer"/></xs:simpleType>
        <xs:complexType name="SignatureMethodType" mixed="true">
          <xs:sequence>
            <xs:element name="HMACOutputLength" type="d:HMACOutputLengthType" minOccurs="0"/>
            <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
        </xs:complexType>
        <xs:element name="Reference" type="d:ReferenceType"/>
        <xs:complexType name="ReferenceType">
          <xs:sequence>
            <xs:element ref="d:Transforms" minOccurs="0"/><xs:element ref="d:DigestMethod"/><xs:element ref="d:DigestValue"/>
          </xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/><xs:attribute name="URI" type="xs:anyURI"/><xs:attribute name="Type" type="xs:anyURI"/>
        </xs:complexType>
        <xs:element name="Transforms" type="d:TransformsType"/>
        <xs:complexType name="TransformsType">
          <xs:sequence><xs:element ref="d:Transform" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
        <xs:element name="Transform" type="d:TransformType"/>
        <xs:complexType name="TransformType" mixed="true">
          <xs:choice minOccurs="0" maxOccurs="unbounded">
            <xs:any namespace="##other" processContents="lax"/><xs:element name="XPath" type="xs:string"/>
          </xs:choice>
          <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
        </xs:complexType>
        <xs:element name="DigestMethod" type="d:DigestMethodType"/>
        <xs:complexType name="DigestMethodType" mixed="true">
          <xs:sequence><xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
        </xs:complexType>
        <xs:element name="DigestValue" type="d:DigestValueType"/>
        <xs:simpleType name="DigestValueType"><xs:restriction base="xs:base64Binary"/></xs:simpleType>
        <xs:element name="KeyInfo" type="d:KeyInfoType"/>
        <xs:complexType name="KeyInfoType" mixed="true">
          <xs:choice maxOccurs="unbounded">
            <xs:element ref="d:KeyName"/><xs:element ref="d:KeyValue"/><xs:element ref="d:RetrievalMethod"/><xs:element ref="d:X509Data"/><xs:element ref="d:PGPData"/><xs:element ref="d:SPKIData"/><xs:element ref="d:MgmtData"/>
            <xs:any namespace="##other" processContents="lax"/>
          </xs:choice>
          <xs:attribute name="Id" type="xs:ID"/>
        </xs:complexType>
        <xs:element name="KeyName" type="xs:string"/>
        <xs:element name="MgmtData" type="xs:string"/>
        <xs:element name="KeyValue" type="d:KeyValueType"/>
        <xs:complexType name="KeyValueType" mixed="true">
          <xs:choice><xs:element ref="d:DSAKeyValue"/><xs:element ref="d:RSAKeyValue"/><xs:any namespace="##other" processContents="lax"/></xs:choice>
        </xs:complexType>
        <xs:element name="RetrievalMethod" type="d:RetrievalMethodType"/>
        <xs:complexType name="RetrievalMethodType">
          <xs:sequence><xs:element ref="d:Transforms" minOccurs="0"/></xs:sequence>
          <xs:attribute name="URI" type="xs:anyURI"/><xs:attribute name="Type" type="xs:anyURI"/>
        </xs:complexType>
        <xs:element name="X509Data" type="d:X509DataType"/>
        <xs:complexType name="X509DataType">
          <xs:sequence maxOccurs="unbounded">
            <xs:choice>
              <xs:element name="X509IssuerSerial" type="d:X509IssuerSerialType"/><xs:element name="X509SKI" type="xs:base64Binary"/><xs:element name="X509SubjectName" type="xs:string"/><xs:element name="X509Certificate" type="xs:base64Binary"/><xs:element name="X509CRL" type="xs:base64Binary"/>
              <xs:any namespace="##other" processContents="lax"/>
            </xs:choice>
          </xs:sequence>
        </xs:complexType>
        <xs:complexType name="X509IssuerSerialType">
          <xs:sequence><xs:element name="X509IssuerName" type="xs:string"/><xs:element name="X509SerialNumber" type="xs:integer"/></xs:sequence>
        </xs:complexType>
        <xs:element name="PGPData" type="d:PGPDataType"/>
        <xs:complexType name="PGPDataType">
          <xs:choice>
            <xs:sequence>
              <xs:element name="PGPKeyID" type="xs:base64Binary"/><xs:element name="PGPKeyPacket" type="xs:base64Binary" minOccurs="0"/>
              <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
            </xs:sequence>
            <xs:sequence>
              <xs:element name="PGPKeyPacket" type="xs:base64Binary"/>
              <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
            </xs:sequence>
          </xs:choice>
        </xs:complexType>
        <xs:element name="SPKIData" type="d:SPKIDataType"/>
        <xs:complexType name="SPKIDataType">
          <xs:sequence maxOccurs="unbounded">
            <xs:element name="SPKISexp" type="xs:base64Binary"/><xs:any namespace="##other" processContents="lax" minOccurs="0"/>
          </xs:sequence>
        </xs:complexType>
        <xs:element name="Object" type="d:ObjectType"/>
        <xs:complexType name="ObjectType" mixed="true">
          <xs:sequence minOccurs="0" maxOccurs="unbounded"><xs:any namespace="##any" processContents="lax"/></xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/><xs:attribute name="MimeType" type="xs:string"/><xs:attribute name="Encoding" type="xs:anyURI"/>
        </xs:complexType>
        <xs:element name="Manifest" type="d:ManifestType"/>
        <xs:complexType name="ManifestType">
          <xs:sequence><xs:element ref="d:Reference" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/>
        </xs:complexType>
        <xs:element name="SignatureProperties" type="d:SignaturePropertiesType"/>
        <xs:complexType name="SignaturePropertiesType">
          <xs:sequence><xs:element ref="d:SignatureProperty" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/>
        </xs:complexType>
        <xs:element name="SignatureProperty" type="d:SignaturePropertyType"/>
        <xs:complexType name="SignaturePropertyType" mixed="true">
          <xs:choice maxOccurs="unbounded"><xs:any namespace="##other" processContents="lax"/></xs:choice>
          <xs:attribute name="Target" type="xs:anyURI" use="required"/><xs:attribute name="Id" type="xs:ID"/>
        </xs:complexType>
        <xs:element name="DSAKeyValue" type="d:DSAKeyValueType"/>
        <xs:complexType name="DSAKeyValueType">
          <xs:sequence>
            <xs:sequence minOccurs="0"><xs:element name="P" type="d:CryptoBinary"/><xs:element name="Q" type="d:CryptoBinary"/></xs:sequence>
            <xs:element name="G" type="d:CryptoBinary" minOccurs="0"/><xs:element name="Y" type="d:CryptoBinary"/><xs:element name="J" type="d:CryptoBinary" minOccurs="0"/>
            <xs:sequence minOccurs="0"><xs:element name="Seed" type="d:CryptoBinary"/><xs:element name="PgenCounter" type="d:CryptoBinary"/></xs:sequence>
          </xs:sequence>
        </xs:complexType>
        <xs:element name="RSAKeyValue" type="d:RSAKeyValueType"/>
        <xs:complexType name="RSAKeyValueType">
          <xs:sequence><xs:element name="Modulus" type="d:CryptoBinary"/><xs:element name="Exponent" type="d:CryptoBinary"/></xs:sequence>
        </xs:complexType>
      </xs:schema>

      """)

  /// XML Encryption (W3C recommendation of 2002).
  static let encryption = StandardSchema(
    name: "xenc.xsd", namespace: "http://www.w3.org/2001/04/xmlenc#",
    addresses: [
      "www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd",
      "www.w3.org/TR/xmlenc-core/xenc-schema.xsd",
    ],
    text: """
      <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:e="http://www.w3.org/2001/04/xmlenc#" xmlns:d="http://www.w3.org/2000/09/xmldsig#" targetNamespace="http://www.w3.org/2001/04/xmlenc#" elementFormDefault="qualified">
        <xs:import namespace="http://www.w3.org/2000/09/xmldsig#"/>
        <xs:complexType name="EncryptedType" abstract="true">
          <xs:sequence>
            <xs:element name="EncryptionMethod" type="e:EncryptionMethodType" minOccurs="0"/><xs:element ref="d:KeyInfo" minOccurs="0"/><xs:element ref="e:CipherData"/><xs:element ref="e:EncryptionProperties" minOccurs="0"/>
          </xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/><xs:attribute name="Type" type="xs:anyURI"/><xs:attribute name="MimeType" type="xs:string"/><xs:attribute name="Encoding" type="xs:anyURI"/>
        </xs:complexType>
        <xs:complexType name="EncryptionMethodType" mixed="true">
          <xs:sequence>
            <xs:element name="KeySize" type="e:KeySizeType" minOccurs="0"/><xs:element name="OAEPparams" type="xs:base64Binary" minOccurs="0"/>
            <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
        </xs:complexType>
        <xs:simpleType name="KeySizeType"><xs:restriction base="xs:integer"/></xs:simpleType>
        <xs:element name="CipherData" type="e:CipherDataType"/>
        <xs:complexType name="CipherDataType">
          <xs:choice><xs:element name="CipherValue" type="xs:base64Binary"/><xs:element ref="e:CipherReference"/></xs:choice>
        </xs:complexType>
        <xs:element name="CipherReference" type="e:CipherReferenceType"/>
        <xs:complexType name="CipherReferenceType">
          <xs:choice><xs:element name="Transforms" type="e:TransformsType" minOccurs="0"/></xs:choice>
          <xs:attribute name="URI" type="xs:anyURI" use="required"/>
        </xs:complexType>
        <xs:complexType name="TransformsType">
          <xs:sequence><xs:element ref="d:Transform" maxOccurs="unbounded"/></xs:sequence>
        </xs:complexType>
        <xs:element name="EncryptedData" type="e:EncryptedDataType"/>
        <xs:complexType name="EncryptedDataType"><xs:complexContent><xs:extension base="e:EncryptedType"/></xs:complexContent></xs:complexType>
        <xs:element name="EncryptedKey" type="e:EncryptedKeyType"/>
        <xs:complexType name="EncryptedKeyType">
          <xs:complexContent>
            <xs:extension base="e:EncryptedType">
              <xs:sequence><xs:element ref="e:ReferenceList" minOccurs="0"/><xs:element name="CarriedKeyName" type="xs:string" minOccurs="0"/></xs:sequence>
              <xs:attribute name="Recipient" type="xs:string"/>
            </xs:extension>
          </xs:complexContent>
        </xs:complexType>
        <xs:element name="AgreementMethod" type="e:AgreementMethodType"/>
        <xs:complexType name="AgreementMethodType" mixed="true">
          <xs:sequence>
            <xs:element name="KA-Nonce" type="xs:base64Binary" minOccurs="0"/>
            <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/>
            <xs:element name="OriginatorKeyInfo" type="d:KeyInfoType" minOccurs="0"/><xs:element name="RecipientKeyInfo" type="d:KeyInfoType" minOccurs="0"/>
          </xs:sequence>
          <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
        </xs:complexType>
        <xs:element name="ReferenceList">
          <xs:complexType>
            <xs:choice maxOccurs="unbounded"><xs:element name="DataReference" type="e:ReferenceType"/><xs:element name="KeyReference" type="e:ReferenceType"/></xs:choice>
          </xs:complexType>
        </xs:element>
        <xs:complexType name="ReferenceType">
          <xs:sequence><xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="URI" type="xs:anyURI" use="required"/>
        </xs:complexType>
        <xs:element name="EncryptionProperties" type="e:EncryptionPropertiesType"/>
        <xs:complexType name="EncryptionPropertiesType">
          <xs:sequence><xs:element ref="e:EncryptionProperty" maxOccurs="unbounded"/></xs:sequence>
          <xs:attribute name="Id" type="xs:ID"/>
        </xs:complexType>
        <xs:element name="EncryptionProperty" type="e:EncryptionPropertyType"/>
        <xs:complexType name="EncryptionPropertyType" mixed="true">
          <xs:choice maxOccurs="unbounded"><xs:any namespace="##other" processContents="lax"/></xs:choice>
          <xs:attribute name="Target" type="xs:anyURI"/><xs:attribute name="Id" type="xs:ID"/>
          <xs:anyAttribute namespace="http://www.w3.org/XML/1998/namespace"/>
        </xs:complexType>
      </xs:schema>

      """)
}
