import TrestleCore

@testable import TrestleSOAP
@testable import TrestleXML

/// An rpc/encoded contract written for the tests: structs, arrays of every kind, a polymorphic member,
/// a header, a fault, and an overloaded operation.
enum FleetContract {
  static func codec(isStrict: Bool = false) -> SOAPCodec {
    SOAPCodec(
      WSDLLoader.load(mainPath: "fleet.wsdl") { path in
        guard path == "fleet.wsdl" else { throw CodecError(reason: "is not there") }
        return Array(wsdl.utf8)
      }, isStrict: isStrict)
  }

  /// A SOAP 1.1 envelope around a Body, with the prefixes the tests use.
  static func envelope(_ body: String, header: String = "") -> [UInt8] {
    Array(
      """
      <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
      xmlns:xsd="http://www.w3.org/2001/XMLSchema" \
      xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:f="urn:fleet" \
      xmlns:t="urn:fleet:types">\(header.isEmpty ? "" : "<s:Header>\(header)</s:Header>")\
      <s:Body>\(body)</s:Body></s:Envelope>
      """.utf8)
  }

  static func request(_ body: String, action: String = "", header: String = "") -> WireRequest {
    WireRequest(
      headers: ["Content-Type": "text/xml; charset=utf-8", "SOAPAction": "\"\(action)\""],
      body: envelope(body, header: header))
  }

  static func call(_ operation: String, _ json: String) throws -> Call {
    var call = Call(operation: operation)
    if case .object(let record) = try JSONParser.parse(json) { call.parameters = record }
    return call
  }

  private static func message(_ name: String, _ parts: String) -> String {
    "<message name=\"\(name)\">\(parts)</message>"
  }

  private static func array(_ name: String, _ type: String) -> String {
    """
    <xsd:complexType name="\(name)"><xsd:complexContent><xsd:restriction base="enc:Array">
    <xsd:attribute ref="enc:arrayType" wsdl:arrayType="\(type)"/>
    </xsd:restriction></xsd:complexContent></xsd:complexType>
    """
  }

  private static func bound(_ name: String, _ extra: String = "", input: String = "") -> String {
    let body =
      "<soap:body use=\"encoded\" namespace=\"urn:fleet\" encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"/>"
    return """
      <operation name="\(name)"><soap:operation soapAction="urn:fleet#\(name)"/>
      <input>\(body)\(input)</input><output>\(body)</output>\(extra)</operation>
      """
  }

  static let wsdl = """
    <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
      xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
      xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:tns="urn:fleet" xmlns:t="urn:fleet:types"
      targetNamespace="urn:fleet">
    <types><xsd:schema targetNamespace="urn:fleet:types" elementFormDefault="qualified">
      <xsd:import namespace="http://schemas.xmlsoap.org/soap/encoding/"/>
      <xsd:complexType name="Driver"><xsd:sequence>
        <xsd:element name="name" type="xsd:string"/>
        <xsd:element name="license" type="xsd:long"/>
        <xsd:element name="mentor" type="t:Driver" nillable="true" minOccurs="0"/>
      </xsd:sequence></xsd:complexType>
      <xsd:complexType name="TruckDriver"><xsd:complexContent><xsd:extension base="t:Driver">
        <xsd:sequence><xsd:element name="tonnage" type="xsd:decimal"/></xsd:sequence>
      </xsd:extension></xsd:complexContent></xsd:complexType>
      <xsd:complexType name="Trip"><xsd:all>
        <xsd:element name="driver" type="t:Driver"/>
        <xsd:element name="stops" type="t:Stops"/>
        <xsd:element name="note" type="xsd:anyType" minOccurs="0"/>
      </xsd:all></xsd:complexType>
      \(array("Stops", "xsd:string[]"))
      \(array("Grid", "xsd:int[,]"))
      \(array("Shifts", "xsd:int[][]"))
      \(array("Drivers", "t:Driver[]"))
    </xsd:schema></types>
    \(message("PlanIn", "<part name=\"trip\" type=\"t:Trip\"/>"))
    \(message("PlanOut", "<part name=\"return\" type=\"t:Trip\"/>"))
    \(message("TeamIn", "<part name=\"team\" type=\"t:Drivers\"/><part name=\"grid\" type=\"t:Grid\"/><part name=\"shifts\" type=\"t:Shifts\"/>"))
    \(message("TeamOut", "<part name=\"count\" type=\"xsd:int\"/>"))
    \(message("FindByID", "<part name=\"license\" type=\"xsd:long\"/>"))
    \(message("FindByName", "<part name=\"name\" type=\"xsd:string\"/>"))
    \(message("FindOut", "<part name=\"return\" type=\"t:Driver\"/>"))
    \(message("Session", "<part name=\"session\" type=\"xsd:string\"/>"))
    \(message("NoSuchDriver", "<part name=\"missing\" type=\"t:Driver\"/>"))
    <portType name="FleetPort">
      <operation name="Plan"><input message="tns:PlanIn"/><output message="tns:PlanOut"/>
        <fault name="NoSuchDriver" message="tns:NoSuchDriver"/></operation>
      <operation name="Team"><input message="tns:TeamIn"/><output message="tns:TeamOut"/></operation>
      <operation name="Find"><input name="byID" message="tns:FindByID"/><output message="tns:FindOut"/></operation>
      <operation name="Find"><input name="byName" message="tns:FindByName"/><output message="tns:FindOut"/></operation>
    </portType>
    <binding name="FleetBinding" type="tns:FleetPort">
      <soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
      \(bound("Plan", "<fault name=\"NoSuchDriver\"><soap:fault name=\"NoSuchDriver\" use=\"encoded\" namespace=\"urn:fleet:faults\"/></fault>", input: "<soap:header message=\"tns:Session\" part=\"session\" use=\"encoded\" namespace=\"urn:fleet\"/>"))
      \(bound("Team"))
      \(bound("Find").replacingInput("byID"))
      \(bound("Find").replacingInput("byName"))
    </binding>
    <service name="Fleet"><port name="FleetPort" binding="tns:FleetBinding">
      <soap:address location="http://127.0.0.1/fleet"/></port></service>
    </definitions>
    """
}

extension String {
  fileprivate func replacingInput(_ name: String) -> String {
    guard let range = firstRange(of: "<input>") else { return self }
    return replacingCharacters(in: range, with: "<input name=\"\(name)\">")
  }

  private func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
