import Testing
import TrestleCore

@testable import TrestleSOAP
@testable import TrestleXML

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

private func reply(_ body: String, status: Int = 200) -> WireResponse {
  WireResponse(
    status: status, headers: ["Content-Type": "text/xml; charset=utf-8"],
    body: GalleryContract.envelope(body))
}

/// What people who call SOAP services have complained about for twenty years, a test for each.
/// docs/soap.md lists them with these names.
@Suite("What users of SOAP suffer from")
struct PainTests {
  private let codec = GalleryContract.codec()

  // MARK: - Requests

  @Test("every element of a request is in its own namespace, whatever the order of the keys")
  func namespaces() throws {
    let expected = GalleryContract.envelope(
      """
      <t:Names lang="en" xml:lang="fr"><t:name>own</t:name><u:name>lent</u:name></t:Names>
      """)
    for json in [
      #"{"_lang":"en","_lang_2":"fr","name":"own","name_3":"lent"}"#,
      #"{"name_3":"lent","_lang_2":"fr","name":"own","_lang":"en"}"#,
    ] {
      let wire = try codec.encode(GalleryContract.call("Names", json))
      #expect(XMLComparison.difference(wire.body, expected) == nil)
      // Nothing in the codec that reads it makes up for a wrong one.
      #expect(try GalleryContract.codec(isStrict: true).decode(wire).warnings == [])
    }
  }

  @Test("elements are written in the schema's order, a base type's before those that extend it")
  func order() throws {
    let wire = try codec.encode(
      GalleryContract.call(
        "Flat", #"{"frame":"f","height":4,"_by":"me","width":3,"title":"T","_id":1}"#))
    let expected = GalleryContract.envelope(
      """
      <t:Flat id="1" by="me"><t:title>T</t:title><t:width>3</t:width><t:height>4</t:height>\
      <t:frame>f</t:frame></t:Flat>
      """)
    #expect(XMLComparison.difference(wire.body, expected) == nil)
  }

  @Test("there is a sample request for every operation, and it is valid")
  func samples() throws { try expectSamplesRoundTrip(GalleryContract.definitions) }

  @Test("a service refuses a request that breaks its contract, with a fault that says where")
  func checkedRequests() throws {
    let wrongType = GalleryContract.request(
      "<t:Order><t:title>a</t:title><t:year>soon</t:year><t:sold>1</t:sold></t:Order>")
    let wrongFacet = GalleryContract.request(
      "<t:Rules><t:status>sold</t:status><t:code>A-1</t:code><t:height>1</t:height><t:unit>cm</t:unit></t:Rules>"
    )
    let checking = try codec.checkingSchemas()
    for (request, told) in [(wrongType, "Order.year expects xs:int"), (wrongFacet, "sold")] {
      let error = try #require(throws: CodecError.self) { try checking.decode(request) }
      let answer = try #require(checking.refuse(request, because: error))
      #expect(answer.status == 500)
      #expect(text(answer.body).contains("<faultcode>soap:Client</faultcode>"))
      #expect(text(answer.body).contains(told))
    }
    // The lexical form needs no check of schemas.
    #expect(throws: CodecError.self) { try codec.decode(wrongType) }
  }

  // MARK: - Replies

  @Test("a choice in a reply is the alternative that came, and no other key")
  func choice() throws {
    let call = Call(operation: "Choice")
    for (xml, value) in [
      ("<t:number>7</t:number>", ["number": 7]),
      ("<t:artist>A</t:artist><t:note>n</t:note>", ["artist": "A", "note": "n"]),
    ] as [(String, Value)] {
      let read = try codec.decode(reply("<t:Choice>\(xml)</t:Choice>"), answering: call)
      #expect(read.value == value)
      #expect(read.warnings == [])
    }
  }

  @Test("an element that the contract does not know is kept, told, and stops nothing")
  func unknownElement() throws {
    let read = try codec.decode(
      reply(
        "<t:Order><t:title>a</t:title><u:new><u:x/></u:new><t:year>1</t:year><t:sold>1</t:sold></t:Order>"
      ), answering: Call(operation: "Order"))
    #expect(read.value?["year"] == 1 && read.value?["sold"] == true)
    #expect(read.value?["_any"] == ["<u:new xmlns:u=\"urn:loan\"><u:x/></u:new>"])
    #expect(
      read.warnings == [
        "the element {urn:loan}new at Order is not in the contract; it was kept in _any"
      ])
    #expect(throws: CodecError.self) {
      try GalleryContract.codec(isStrict: true).decode(
        reply("<t:Order><u:new/></t:Order>"), answering: Call(operation: "Order"))
    }
  }

  @Test("one long text is read to the limit of the message, and past it refused by name")
  func longText() throws {
    func order(_ length: Int) -> WireResponse {
      let title = String(repeating: "x", count: length)
      return reply(
        "<t:Order><t:title>\(title)</t:title><t:year>1</t:year><t:sold>1</t:sold></t:Order>")
    }
    let call = Call(operation: "Order")
    let long = XMLLimits.message.maximumBytes - 1000
    let read = try codec.decode(order(long), answering: call)
    #expect(read.value?["title"]?.stringValue?.utf8.count == long)
    let error = try #require(throws: CodecError.self) {
      try codec.decode(order(XMLLimits.message.maximumBytes), answering: call)
    }
    #expect(error.reason.contains("\(XMLLimits.message.maximumBytes)"), "\(error)")
    // The parser itself has no limit of its own below: 12 MB in one node.
    final class Length: XMLEventHandler {
      let outcome = XMLHandlerOutcome()
      var bytes = 0
      func text(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes += bytes.count }
    }
    let handler = Length()
    try XMLEventReader(symbols: XMLSymbolTable()).read(
      order(12 << 20).body, limits: .stream, into: handler)
    #expect(handler.bytes == 12 << 20 + 2)
  }

  @Test("messages with invented names leave nothing behind: no name, no prefix")
  func memory() throws {
    let call = Call(operation: "Open")
    func read(_ number: Int) throws {
      let name = "n\(number)"
      let message = reply(
        "<t:Open xmlns:x='urn:\(name)' x:\(name)='1'><t:known>1</t:known><x:\(name)/></t:Open>")
      let read = try codec.decode(message, answering: call)
      // Written again too: a mock echoes what it is sent.
      _ = try codec.encode(.value(read.value ?? .null), answering: call)
    }
    try read(0)
    let names = codec.context.symbols.generation
    let prefixes = codec.context.prefixes.index(of: "urn:last")
    for number in 1...20_000 { try read(number) }
    #expect(codec.context.symbols.generation == names)
    #expect(codec.context.prefixes.index(of: "urn:after") == prefixes + 1)
  }

  @Test("a fault's detail is typed by the contract, in both versions, with subcodes in 1.2")
  func typedFaults() throws {
    let detail = "<t:Refused><t:reason>closed</t:reason><t:until>2026-03-01</t:until></t:Refused>"
    let eleven = reply(
      """
      <s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring><detail>\(detail)</detail></s:Fault>
      """, status: 500)
    let twelve = WireResponse(
      status: 500, headers: ["Content-Type": "application/soap+xml; charset=utf-8"],
      body: Array(
        """
        <e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:t="urn:gallery"><e:Body>
        <e:Fault><e:Code><e:Value>e:Receiver</e:Value><e:Subcode><e:Value>t:Closed</e:Value></e:Subcode></e:Code>
        <e:Reason><e:Text xml:lang="en">no</e:Text><e:Text xml:lang="fr">non</e:Text></e:Reason>
        <e:Detail>\(detail)</e:Detail></e:Fault></e:Body></e:Envelope>
        """.utf8))
    let call = Call(operation: "Order")
    for (response, code) in [(eleven, "Server"), (twelve, "Receiver")] {
      let fault = try #require(try codec.decode(response, answering: call).fault)
      #expect(fault.code == code && fault.message == "no")
      #expect(fault.detail == ["Refused": ["reason": "closed", "until": "2026-03-01"]])
    }
    let fault = try #require(try codec.decode(twelve, answering: call).fault)
    #expect(fault.subcodes == ["{urn:gallery}Closed"])
    #expect(fault.translations == ["fr": "non"])
  }

  @Test("arrays of the encoding and what they refer to are plain arrays and values")
  func encodedArrays() throws {
    let call = try FleetContract.codec().decode(
      FleetContract.request(
        """
        <f:Team><team enc:arrayType="t:Driver[2]"><i href="#d"/><i><name>Bo</name><license>2</license></i></team>
        <grid enc:arrayType="xsd:int[2,2]"><i>1</i><i>2</i><i>3</i><i>4</i></grid>
        <shifts enc:arrayType="xsd:int[][1]"><i enc:arrayType="xsd:int[1]"><i>9</i></i></shifts></f:Team>
        <multiRef id="d"><name>Ada</name><license>1</license></multiRef>
        """))
    #expect(
      Value.object(call.parameters) == [
        "team": [["name": "Ada", "license": "1"], ["name": "Bo", "license": "2"]],
        "grid": [[1, 2], [3, 4]], "shifts": [[9]],
      ])
  }

  // MARK: - Contracts

  @Test("a WSDL may import another, and schemas import and include others, in a ring too")
  func imports() throws {
    let service = wsdl(
      types: "", imports: "<import namespace='urn:w' location='parts/types.wsdl'/>")
    let definitions = load([
      "main.wsdl": service,
      "parts/types.wsdl":
        "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' targetNamespace='urn:w'><types>"
        + "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'><s:import namespace='urn:t' schemaLocation='../a.xsd'/></s:schema>"
        + "</types></definitions>",
      "a.xsd": schema(
        "<xs:include schemaLocation='b.xsd'/><xs:element name='Ask' type='t:Text'/>"),
      "b.xsd": schema(
        "<xs:include schemaLocation='a.xsd'/><xs:element name='Answer' type='xs:int'/><xs:simpleType name='Text'><xs:restriction base='xs:string'/></xs:simpleType>"
      ),
    ])
    #expect(definitions.diagnostics.isEmpty)
    #expect(definitions.documents.count == 4)
    try expectSamplesRoundTrip(definitions)
  }

  @Test("a chameleon takes the namespace of who includes it; an absolute path begins at the root")
  func chameleon() throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types:
          "<xs:schema><xs:import namespace='urn:t' schemaLocation='/schemas/a.xsd'/></xs:schema>"),
      "schemas/a.xsd": schema(
        "<xs:include schemaLocation='/schemas/none.xsd'/><xs:element name='Ask' type='t:Text'/><xs:element name='Answer' type='t:Text'/>"
      ),
      "schemas/none.xsd":
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:complexType name='Text'><xs:sequence><xs:element name='x' type='Word'/></xs:sequence></xs:complexType><xs:simpleType name='Word'><xs:restriction base='xs:string'/></xs:simpleType></xs:schema>",
    ])
    #expect(definitions.diagnostics.isEmpty)
    try expectSamplesRoundTrip(definitions)
  }

  @Test("of a large contract only what is called is compiled")
  func largeContract() throws {
    let types = (0..<2000).map { number in
      "<xs:complexType name='T\(number)'><xs:sequence><xs:element name='e\(number)' type='t:T\(number + 1)' minOccurs='0'/></xs:sequence></xs:complexType>"
    }
    let content =
      types.joined() + "<xs:complexType name='T2000'/><xs:element name='Ask' type='xs:string'/>"
      + "<xs:element name='Answer' type='t:T0'/>"
    let codec = SOAPCodec(load(["main.wsdl": wsdl(types: schema(content))]))
    let loaded = codec.context.symbols.generation
    #expect(loaded < 100)
    let call = try codec.decode(codec.encode(Call(operation: "Ask", parameters: ["Ask": "x"])))
    let answer = try codec.encode(.value(["e0": ["e1": [:]]]), answering: call)
    #expect(try codec.decode(answer, answering: call).value == ["e0": ["e1": [:]]])
    #expect(codec.context.symbols.generation < loaded + 10)
  }

  @Test(
    "types that hold themselves are described, sampled and called without end",
    arguments: [
      // A tree, and expressions of which some hold expressions: what stands for the head holds it.
      "<xs:complexType name='Node'><xs:sequence><xs:element name='name' type='xs:string'/><xs:element name='child' type='t:Node' minOccurs='0'/></xs:sequence></xs:complexType>",
      "<xs:complexType name='Node'><xs:sequence><xs:element ref='t:term' minOccurs='0'/></xs:sequence></xs:complexType><xs:element name='term' type='t:Node'/><xs:element name='not' type='t:Node' substitutionGroup='t:term'/>",
    ])
  func recursion(_ types: String) throws {
    let definitions = load([
      "main.wsdl": wsdl(
        types: schema(
          types + "<xs:element name='Ask' type='t:Node'/><xs:element name='Answer' type='t:Node'/>"
        ))
    ])
    try expectSamplesRoundTrip(definitions)
    let input = try #require(SOAPCodec(definitions).contract.operation(named: "Ask")?.input)
    #expect(JSONWriter.text(JSONSchemaWriter.jsonSchema(for: input)).utf8.count < 4000)
  }

  // MARK: - Mocks

  @Test("a contract alone makes a mock: valid replies, its own WSDL, and faults with HTTP 500")
  func mock() throws {
    let codec = codec
    let service = Service(
      codec: codec,
      responder: ClosureResponder { call in
        guard call.parameters["title"] != "gone" else {
          return .fault(
            Fault(code: "Client", message: "gone", detail: ["Refused": ["reason": "sold"]]))
        }
        let output = codec.contract.operation(named: call.operation)?.output ?? .nothing
        return .value(SampleMaker.sample(for: output))
      })
    func answer(_ title: String) throws -> WireResponse {
      let request = GalleryContract.request(
        "<t:Order><t:title>\(title)</t:title><t:year>1</t:year><t:sold>1</t:sold></t:Order>")
      guard case .now(let response) = service.handle(request) else {
        throw CodecError(reason: "was not answered at once")
      }
      return response
    }
    let good = try answer("ice")
    #expect(good.status == 200)
    let validator = try ContractValidator(GalleryContract.definitions)
    #expect(try validator.problems(inEnvelope: good.body).map(\.message) == [])
    let bad = try answer("gone")
    #expect(bad.status == 500)
    #expect(try validator.problems(inEnvelope: bad.body).map(\.message) == [])
    let page = try #require(
      codec.document(
        for: WireRequest(method: "GET", target: "/any?wsdl"), at: "http://127.0.0.1:1"))
    #expect(text(page.body).contains("location=\"http://127.0.0.1:1/any\""))
  }
}
