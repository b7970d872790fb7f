import Testing
import TrestleCore

@testable import TrestleSOAP

@Suite("Messages held against the contract's schemas")
struct SchemaCheckingTests {
  private static let contract = """
    <definitions name="L" targetNamespace="urn:l" xmlns="http://schemas.xmlsoap.org/wsdl/"
      xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:l"
      xmlns:s="http://www.w3.org/2001/XMLSchema">
    <types><s:schema targetNamespace="urn:l" elementFormDefault="qualified">
    <s:simpleType name="Light"><s:restriction base="s:string"><s:enumeration value="red"/>
    <s:enumeration value="green"/></s:restriction></s:simpleType>
    <s:element name="Set"><s:complexType><s:sequence>
    <s:element name="light" type="t:Light"/></s:sequence></s:complexType></s:element>
    <s:element name="SetResponse"><s:complexType><s:sequence>
    <s:element name="was" type="t:Light"/></s:sequence></s:complexType></s:element>
    </s:schema></types>
    <message name="I"><part name="p" element="t:Set"/></message>
    <message name="O"><part name="p" element="t:SetResponse"/></message>
    <portType name="P"><operation name="Set"><input message="t:I"/><output message="t:O"/>
    </operation></portType>
    <binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Set"><soap:operation soapAction=""/><input><soap:body use="literal"/></input>
    <output><soap:body use="literal"/></output></operation></binding>
    <service name="S"><port name="P" binding="t:B"><soap:address location="http://x/"/></port>
    </service></definitions>
    """

  private func codec() -> SOAPCodec {
    SOAPCodec(WSDLLoader.load(mainPath: "l.wsdl") { _ in Array(Self.contract.utf8) })
  }

  private func envelope(_ body: String) -> [UInt8] {
    Array(
      """
      <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:l"><s:Body>\
      \(body)</s:Body></s:Envelope>
      """.utf8)
  }

  @Test("what a schema does not allow is refused on every side, and taken without the check")
  func refused() throws {
    let plain = codec()
    let checking = try plain.checkingSchemas()
    let call = Call(operation: "Set", parameters: ["light": "blue"])
    let request = WireRequest(body: envelope("<t:Set><t:light>blue</t:light></t:Set>"))
    let response = WireResponse(
      body: envelope("<t:SetResponse><t:was>blue</t:was></t:SetResponse>"))
    _ = try plain.encode(call)
    #expect(try plain.decode(request).parameters == ["light": "blue"])
    #expect(try plain.decode(response, answering: call).value == ["was": "blue"])
    for refused: () throws -> Void in [
      { _ = try checking.encode(call) }, { _ = try checking.decode(request) },
      { _ = try checking.decode(response, answering: call) },
    ] {
      let error = try #require(throws: CodecError.self) { try refused() }
      #expect(error.reason.contains("breaks the contract's schemas"))
      #expect(error.reason.contains("blue"))
    }
  }

  @Test("what a schema allows passes the check")
  func allowed() throws {
    let checking = try codec().checkingSchemas()
    let call = try checking.decode(
      try checking.encode(Call(operation: "Set", parameters: ["light": "red"])))
    let response = try checking.encode(.value(["was": "green"]), answering: call)
    #expect(try checking.decode(response, answering: call).value == ["was": "green"])
  }
}
