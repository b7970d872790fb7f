import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

private let head = """
  <definitions targetNamespace="urn:w" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:w="urn:w"
      xmlns:t="urn:t" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:h="http://schemas.xmlsoap.org/wsdl/http/"
      xmlns:s12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:m="http://schemas.xmlsoap.org/wsdl/mime/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
    <types>\(schema("<xs:element name='Ask' type='xs:string'/><xs:element name='Other'><xs:complexType><xs:sequence><xs:element name='n' type='xs:int'/></xs:sequence></xs:complexType></xs:element><xs:element name='Answer' type='xs:int'/>"))</types>
    <message name="In"><part name="p" element="t:Ask"/></message>
    <message name="Other"><part name="p" element="t:Other"/></message>
    <message name="Out"><part name="p" element="t:Answer"/></message>
    <message name="Text"><part name="text" type="xs:string"/></message>
    <message name="Files"><part name="p" element="t:Ask"/><part name="file" type="xs:base64Binary"/></message>
  """
private let literal = "<s:body use='literal'/>"

private func binding(
  _ name: String, _ portType: String, prefix: String = "s", input: String = literal,
  extension kind: String? = nil, operations: [String] = ["Op"]
) -> String {
  let bound = operations.map {
    "<operation name='\($0)'><\(prefix):operation soapAction=''/><input>\(input)</input><output>\(literal)</output></operation>"
  }.joined()
  let kind = kind ?? "<\(prefix):binding transport='http://schemas.xmlsoap.org/soap/http'/>"
  return "<binding name='\(name)' type='w:\(portType)'>\(kind)\(bound)</binding>"
}

private func portType(_ name: String, _ operations: String) -> String {
  "<portType name='\(name)'>\(operations)</portType>"
}

private func operation(_ name: String = "Op", _ content: String) -> String {
  "<operation name='\(name)'>\(content)</operation>"
}

private func port(_ name: String, _ binding: String, _ address: String) -> String {
  "<port name='\(name)' binding='w:\(binding)'><s:address location='http://example.org\(address)'/></port>"
}

private let asking = "<input message='w:In'/><output message='w:Out'/>"

@Suite struct PortTests {
  @Test("an operation of several ports is one where they agree, and named by its port where not")
  func ports() throws {
    let definitions = load([
      "main.wsdl": head + portType("P", operation("Op", asking))
        + portType("Q", operation("Op", "<input message='w:Other'/><output message='w:Out'/>"))
        + binding("B", "P") + binding("B12", "P", prefix: "s12") + binding("C", "Q")
        + "<service name='S'>\(port("One", "B", "/1"))\(port("Two", "B12", "/2"))\(port("Three", "C", "/3"))</service></definitions>"
    ])
    #expect(definitions.diagnostics.isEmpty)
    let codec = SOAPCodec(definitions)
    #expect(codec.contract.operations.map(\.name) == ["Op", "Three.Op"])
    #expect(codec.operations[0].versions == [.soap11, .soap12])
    let plain = try codec.encode(Call(operation: "Op", parameters: ["Ask": "x"]))
    #expect(try codec.decode(plain).operation == "Op")
    let other = try codec.encode(Call(operation: "Three.Op", parameters: ["n": 1]))
    #expect(try codec.decode(other).operation == "Three.Op")
  }

  @Test("what nothing in the message tells apart is told apart by the port's path")
  func paths() throws {
    let definitions = load([
      "main.wsdl": head + portType("P", operation("Op", asking))
        + portType("Q", operation("Op", "<input message='w:In'/>"))
        + binding("B", "P") + binding("C", "Q")
        + "<service name='S'>\(port("One", "B", "/1"))\(port("Two", "C", "/2"))</service></definitions>"
    ])
    let codec = SOAPCodec(definitions)
    var request = try codec.encode(Call(operation: "Two.Op", parameters: ["Ask": "x"]))
    request.target = "/2?x"
    #expect(try codec.decode(request).operation == "Two.Op")
    request.target = "/1"
    #expect(try codec.decode(request).operation == "Op")
  }

  @Test("an http port beside a SOAP port keeps its operation under the port's name")
  func http() throws {
    let definitions = load([
      "main.wsdl": head + portType("P", operation("Op", asking))
        + portType("Q", operation("Op", "<input message='w:Text'/><output message='w:Out'/>"))
        + "<binding name='G' type='w:Q'><h:binding verb='GET'/><operation name='Op'><h:operation location='/Op'/><input><h:urlEncoded/></input><output><m:mimeXml part='p'/></output></operation></binding>"
        + binding("B", "P")
        + "<service name='S'>\(port("Get", "G", "/s"))\(port("Soap", "B", "/s"))</service></definitions>"
    ])
    let codec = SOAPCodec(definitions)
    #expect(codec.contract.operations.map(\.name) == ["Op", "Get.Op"])
    #expect(codec.contract.operations[1].effects == .read)
    let call = try codec.decode(WireRequest(method: "GET", target: "/s/Op?text=x"))
    #expect(call.operation == "Get.Op" && call.parameters == ["text": "x"])
    let soap = try codec.encode(Call(operation: "Op", parameters: ["Ask": "x"]))
    #expect(try codec.decode(soap).operation == "Op")
  }

  @Test(
    "what the service sends is listed with a note, and cannot be called",
    arguments: [
      ("<output message='w:Out'/>", "notification"),
      ("<output message='w:Out'/><input message='w:In'/>", "solicit-response"),
    ])
  func notifications(_ content: String, _ note: String) throws {
    let definitions = load([
      "main.wsdl": head
        + portType("P", operation("Op", content) + operation("Ask", asking))
        + binding("B", "P", operations: ["Op", "Ask"])
        + "<service name='S'>\(port("One", "B", "/1"))</service></definitions>"
    ])
    #expect(definitions.diagnostics.isEmpty)
    let codec = SOAPCodec(definitions)
    #expect(codec.contract.diagnostics.isEmpty)
    let listed = try #require(codec.contract.operation(named: "Op"))
    #expect(listed.notes.contains { $0.hasPrefix(note) })
    guard case .nothing = listed.input.shape else {
      Issue.record("it takes \(listed.input)")
      return
    }
    let error = #expect(throws: CodecError.self) {
      try codec.encode(Call(operation: "Op", parameters: ["Ask": "x"]))
    }
    #expect(error?.reason.contains("cannot be called") == true)
    let request = try codec.encode(Call(operation: "Ask", parameters: ["Ask": "x"]))
    #expect(try codec.decode(request).operation == "Ask")
  }

  @Test("a one-way operation is answered with 202 and nothing")
  func oneWay() throws {
    let definitions = load([
      "main.wsdl": head + portType("P", operation("Op", "<input message='w:In'/>"))
        + binding("B", "P") + "</definitions>"
    ])
    let codec = SOAPCodec(definitions)
    #expect(codec.contract.operations.map(\.isOneWay) == [true])
    let call = try codec.decode(
      try codec.encode(Call(operation: "Op", parameters: ["Ask": "x"])))
    let response = try codec.encode(.value(nil), answering: call)
    #expect(response.status == 202 && response.body.isEmpty)
    #expect(try codec.decode(response, answering: call).value == .some(.null))
  }

  @Test("the Body of a MIME binding works; its attachments are named, and refused when given")
  func attachments() throws {
    let package =
      "<m:multipartRelated><m:part>\(literal)</m:part><m:part><m:content part='file' type='image/gif'/></m:part></m:multipartRelated>"
    let definitions = load([
      "main.wsdl": head
        + portType(
          "P", operation("Op", "<input message='w:Files'/><output message='w:Out'/>"))
        + binding("B", "P", input: package) + "</definitions>"
    ])
    let codec = SOAPCodec(definitions)
    let told = try #require(codec.contract.diagnostics.first)
    #expect(told.severity == .warning && told.message.contains("\"file\" of the operation Op"))
    let operation = try #require(codec.contract.operation(named: "Op"))
    #expect(operation.notes.contains("file is an attachment, which cannot be sent yet"))
    guard case .object(let object) = operation.input.resolved.shape else {
      Issue.record("no object")
      return
    }
    #expect(object.members.map(\.name) == ["Ask", "file"])
    #expect(object.members.map(\.isRequired) == [true, false])
    try expectSamplesRoundTrip(definitions)
    let error = #expect(throws: CodecError.self) {
      try codec.encode(Call(operation: "Op", parameters: ["Ask": "x", "file": "R0lG"]))
    }
    #expect(error?.path == "file" && error?.reason.contains("attachment") == true)
  }
}
