import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

/// Loads a contract of an http binding around operations (abstract halves, bound halves).
private func contract(_ verb: String, _ abstract: String, _ bound: String) -> WSDLDefinitions {
  load([
    "main.wsdl": """
    <definitions targetNamespace="urn:w" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:w="urn:w"
        xmlns:t="urn:t" xmlns:h="http://schemas.xmlsoap.org/wsdl/http/"
        xmlns:m="http://schemas.xmlsoap.org/wsdl/mime/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <types>\(schema("<xs:element name='Ask'><xs:complexType><xs:sequence><xs:element name='a' type='xs:int'/><xs:element name='b' type='xs:string' minOccurs='0' maxOccurs='unbounded'/><xs:element name='deep' type='t:List' minOccurs='0'/></xs:sequence></xs:complexType></xs:element><xs:element name='Answer' type='xs:int'/><xs:complexType name='List'><xs:sequence><xs:element name='string' type='xs:string' minOccurs='0' maxOccurs='unbounded'/></xs:sequence></xs:complexType>"))</types>
      <message name="Pair"><part name="x" type="xs:int"/><part name="list" type="t:List"/></message>
      <message name="Element"><part name="p" element="t:Ask"/></message>
      <message name="Number"><part name="Body" element="t:Answer"/></message>
      <message name="Text"><part name="text" type="xs:string"/></message>
      <message name="Picture"><part name="picture" type="xs:base64Binary"/></message>
      <portType name="P">\(abstract)</portType>
      <binding name="B" type="w:P"><h:binding verb="\(verb)"/>\(bound)</binding>
      <service name="S"><port name="Port" binding="w:B"><h:address location="http://example.org/s"/></port></service>
    </definitions>
    """
  ])
}

private func operation(_ input: String, _ output: String = "Number") -> String {
  "<operation name='Op'><input message='w:\(input)'/><output message='w:\(output)'/></operation>"
}

private func bound(
  _ input: String, _ output: String = "<m:mimeXml part='Body'/>", at location: String = "/op"
) -> String {
  "<operation name='Op'><h:operation location='\(location)'/><input>\(input)</input><output>\(output)</output></operation>"
}

@Suite struct HTTPBindingTests {
  private static let carriers:
    [(
      verb: String, abstract: String, bound: String, parameters: Record, target: String,
      body: String
    )] = [
      (
        "GET", operation("Pair"), bound("<h:urlEncoded/>"),
        ["x": 1, "list": ["string": ["a b", "ü&="]]], "op?x=1&list=a%20b&list=%C3%BC%26%3D", ""
      ),
      (
        "GET", operation("Element"), bound("<h:urlEncoded/>"), ["a": 7, "b": ["1", "2"]],
        "op?a=7&b=1&b=2", ""
      ),
      (
        "POST", operation("Pair"),
        bound("<m:content type='application/x-www-form-urlencoded'/>"),
        ["x": -2, "list": ["string": []]], "op", "x=-2"
      ),
      (
        "GET", operation("Text"), bound("<h:urlReplacement/>", at: "v1/A(text)B/end"),
        ["text": "x/y z"], "v1/Ax%2Fy%20zB/end", ""
      ),
      (
        "POST", operation("Element"), bound("<m:content type='text/xml' part='p'/>"),
        ["a": 7, "b": ["1"]], "op",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ns0:Ask xmlns:ns0=\"urn:t\"><ns0:a>7</ns0:a><ns0:b>1</ns0:b></ns0:Ask>"
      ),
      (
        "POST", operation("Text"), bound("<m:content type='text/plain'/>"), ["text": "hé"], "op",
        "hé"
      ),
      (
        "POST", operation("Picture"), bound("<m:content type='image/gif' part='picture'/>"),
        ["picture": "R0lG"], "op", "GIF"
      ),
    ]

  @Test("parameters travel where the binding says, and are read back the same", arguments: carriers)
  func requests(
    _ verb: String, _ abstract: String, _ bound: String, _ parameters: Record, _ target: String,
    _ body: String
  ) throws {
    let definitions = contract(verb, abstract, bound)
    #expect(definitions.diagnostics.isEmpty)
    let codec = SOAPCodec(definitions)
    var request = try codec.encode(Call(operation: "Op", parameters: parameters))
    #expect(request.method == verb)
    #expect(request.target == target)
    #expect(String(decoding: request.body, as: UTF8.self) == body)
    request.target = request.target(at: "/any/where")
    #expect(codec.isCall(request))
    let call = try codec.decode(request)
    #expect(call.operation == "Op")
    #expect(call.parameters == parameters)
    #expect(call.warnings == [])
  }

  private static let outputs: [(message: String, carrier: String, value: Value, type: String)] = [
    ("Number", "<m:mimeXml part='Body'/>", ["Answer": 42], "text/xml; charset=utf-8"),
    (
      "Element", "<m:content type='application/xml'/>", ["a": 1, "b": []], "text/xml; charset=utf-8"
    ),
    ("Text", "<m:content type='text/html'/>", ["text": "<p>"], "text/html; charset=utf-8"),
    ("Picture", "<m:content type='image/gif'/>", ["picture": "R0lG"], "image/gif"),
  ]

  @Test("replies are XML, text or bytes, in both roles", arguments: outputs)
  func replies(_ message: String, _ carrier: String, _ value: Value, _ type: String) throws {
    let codec = SOAPCodec(
      contract("GET", operation("Text", message), bound("<h:urlEncoded/>", carrier)))
    let call = try codec.decode(WireRequest(method: "GET", target: "/s/op?text=x"))
    let response = try codec.encode(.value(value), answering: call)
    #expect(response.status == 200 && response.headers["Content-Type"] == type)
    #expect(try codec.decode(response, answering: Call(operation: "Op")).value == value)
  }

  @Test("a fault is its message as text, with the status of whose mistake it is")
  func faults() throws {
    let codec = SOAPCodec(contract("GET", operation("Text"), bound("<h:urlEncoded/>")))
    let call = Call(operation: "Op", parameters: ["text": "x"])
    for (code, status) in [("Client", 400), ("Server", 500)] {
      let response = try codec.encode(
        .fault(Fault(code: code, message: "no such thing")), answering: call)
      #expect(response.status == status)
      let fault = try codec.decode(response, answering: call).fault
      #expect(fault?.code == code && fault?.message == "no such thing")
    }
    let page = WireResponse(
      status: 503, headers: ["Content-Type": "text/html"], body: Array("<html/>".utf8))
    #expect(try codec.decode(page, answering: call).fault?.message == "HTTP 503")
  }

  @Test("operations at one address are told apart by their element")
  func sharedLocation() throws {
    let more =
      "<operation name='Other'><input message='w:Number'/><output message='w:Number'/></operation>"
    let second =
      "<operation name='Other'><h:operation location='/'/><input><m:mimeXml/></input><output><m:mimeXml/></output></operation>"
    let codec = SOAPCodec(
      contract(
        "POST", operation("Element") + more, bound("<m:mimeXml/>", at: "/") + second))
    for (name, parameters) in [("Op", ["a": 1, "b": []] as Record), ("Other", ["Answer": 1])] {
      var request = try codec.encode(Call(operation: name, parameters: parameters))
      request.target = request.target(at: "/queue")
      #expect(try codec.decode(request).operation == name)
    }
    #expect(!codec.isCall(WireRequest(method: "GET", target: "/queue?wsdl")))
  }

  @Test("what a binding has no form for is refused with its name")
  func refused() throws {
    let codec = SOAPCodec(contract("GET", operation("Element"), bound("<h:urlEncoded/>")))
    func path(_ parameters: Record) -> String? {
      do throws(CodecError) {
        _ = try codec.encode(Call(operation: "Op", parameters: parameters))
        return nil
      } catch {
        return error.path
      }
    }
    #expect(path(["a": "seven"]) == "a")
    #expect(path(["a": 1, "deep": ["string": ["x"]]]) == "deep")
    #expect(path(["a": 1, "c": 2]) == "c")
    #expect(codec.contract.operations[0].notes.contains { $0.hasPrefix("deep has no form") })
    let text = #expect(throws: CodecError.self) {
      try codec.decode(WireRequest(method: "GET", target: "/op?a=seven"))
    }
    #expect(text?.path == "a")
    let strict = SOAPCodec(
      contract("GET", operation("Text"), bound("<h:urlEncoded/>")), isStrict: true)
    #expect(throws: CodecError.self) {
      try strict.decode(WireRequest(method: "GET", target: "/op?text=a&more=b"))
    }
    let places = SOAPCodec(
      contract("GET", operation("Text"), bound("<h:urlReplacement/>", at: "x/(text)")))
    let missing = #expect(throws: CodecError.self) { try places.encode(Call(operation: "Op")) }
    #expect(missing?.path == "text")
  }

  @Test("an operation whose message has no form is left out, with its reason")
  func leftOut() throws {
    let definitions = contract(
      "POST", operation("Pair"), bound("<m:content type='text/xml'/>"))
    let codec = SOAPCodec(definitions)
    #expect(codec.contract.operations.isEmpty)
    let told = try #require(codec.contract.diagnostics.first)
    #expect(told.severity == .warning && told.operations == ["Op"])
    #expect(told.message.contains("does not say which of 2 parts it is"))
  }

  @Test(
    "a location is found at the end of any path",
    arguments: [
      ("/op", "/op", true), ("/op", "/a/b/op", true), ("/op", "/xop", false), ("op", "/op/", false),
      ("a/op", "/op", false), ("a/(x)/op", "/s/a/1%202/op", true), ("(x)(y)", "/12", true),
    ])
  func locations(_ location: String, _ path: String, _ fits: Bool) {
    let found = HTTPLocation(location, parts: ["x", "y"]).match(path[...])
    #expect((found != nil) == fits)
    if location.hasPrefix("a/(") { #expect(found == ["x": "1 2"]) }
  }
}
