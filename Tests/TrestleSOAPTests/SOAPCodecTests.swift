import Testing
import TrestleCore
import TrestleXML

@testable import TrestleSOAP

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

private func envelope(_ body: String, version: SOAPVersion = .soap11) -> [UInt8] {
  Array(
    "<s:Envelope xmlns:s=\"\(version.namespace)\" xmlns:o=\"urn:orders\"><s:Body>\(body)</s:Body></s:Envelope>"
      .utf8)
}

private func request(_ body: String, action: String = "", version: SOAPVersion = .soap11)
  -> WireRequest
{
  WireRequest(
    headers: ["Content-Type": version.contentType, "SOAPAction": "\"\(action)\""],
    body: envelope(body, version: version))
}

/// An order with everything the contract knows.
private let fullOrder: Value = [
  "_id": "9007199254740993", "customer": "A & B <Ltd>", "byInvoice": true,
  "line": [
    ["sku": "X-1", "qty": 2, "price": ["_currency": "EUR", "_text": "10.500"]],
    ["_type": "RushLine", "sku": "X-2", "qty": 1, "by": "2026-01-15"],
  ],
  "note": nil, "_seq": [["add": "gift"], ["drop": 3], ["add": "card"]],
  "_any": ["<x:extra xmlns:x=\"urn:x\">1</x:extra>"],
]

@Suite struct SOAPCodecTests {
  @Test("a call is written in schema order, whatever the order of the caller's keys")
  func schemaOrder() throws {
    let codec = try OrderContract.codec()
    let parameters: Record = ["byCard": "4111", "line": [["qty": 1, "sku": "a"]], "customer": "C"]
    let wire = try codec.encode(Call(operation: "PlaceOrder", parameters: parameters))
    #expect(
      text(wire.body)
        == """
        <?xml version="1.0" encoding="UTF-8"?>
        <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
        <ns0:PlaceOrder xmlns:ns0="urn:orders"><ns0:customer>C</ns0:customer>\
        <ns0:byCard>4111</ns0:byCard><ns0:line><ns0:sku>a</ns0:sku><ns0:qty>1</ns0:qty></ns0:line>\
        </ns0:PlaceOrder></soap:Body></soap:Envelope>
        """)
    #expect(wire.headers["SOAPAction"] == "\"urn:orders#place\"")
    #expect(wire.headers["Content-Type"] == "text/xml; charset=utf-8")
  }

  @Test("what a client writes a service reads as the same call")
  func roundTrip() throws {
    let codec = try OrderContract.codec()
    let call = Call(operation: "PlaceOrder", parameters: try #require(fullOrder.objectValue))
    let wire = try codec.encode(call)
    let decoded = try codec.decode(wire)
    #expect(decoded.operation == "PlaceOrder")
    #expect(decoded.warnings == [])
    #expect(decoded.parameters == call.parameters)
    #expect(text(try codec.encode(decoded).body) == text(wire.body))
  }

  /// A call for the customer é, in an encoding, with or without a declaration of another.
  private func bytes(_ customer: [UInt8], declaring encoding: String?) -> [UInt8] {
    let mark = UInt8(ascii: "~")
    var bytes = encoding.map { Array("<?xml version=\"1.0\" encoding=\"\($0)\"?>".utf8) } ?? []
    for byte in envelope(
      "<o:PlaceOrder><o:customer>~</o:customer><o:byCard>1</o:byCard></o:PlaceOrder>")
    {
      bytes += byte == mark ? customer : [byte]
    }
    return bytes
  }

  // RFC 7303 §3: the charset goes before the declaration, which a proxy that converts leaves as it is.
  @Test(
    "the charset of the Content-Type goes before the document's own declaration",
    arguments: [
      ("text/xml; charset=utf-8", "ISO-8859-1", [0xC3, 0xA9]),
      ("text/xml; charset=iso-8859-1", "UTF-8", [0xE9]),
      ("text/xml;charset=\"ISO-8859-1\"", nil, [0xE9]),
      ("application/soap+xml; charset=utf-8; action=\"x\"", "us-ascii", [0xC3, 0xA9]),
      ("text/xml", "ISO-8859-1", [0xE9]), ("text/xml", nil, [0xC3, 0xA9]),
      ("text/xml; charset=", "ISO-8859-1", [0xE9]),
    ] as [(String, String?, [UInt8])])
  func charset(type: String, declared: String?, customer: [UInt8]) throws {
    let codec = try OrderContract.codec()
    let call = try codec.decode(
      WireRequest(
        headers: ["Content-Type": type, "SOAPAction": "\"\""],
        body: bytes(customer, declaring: declared)))
    #expect(call.parameters["customer"] == "é")
  }

  @Test("a byte order mark goes before both")
  func byteOrderMark() throws {
    let codec = try OrderContract.codec()
    let body = [0xEF, 0xBB, 0xBF] + bytes([0xC3, 0xA9], declaring: "ISO-8859-1")
    let call = try codec.decode(
      WireRequest(headers: ["Content-Type": "text/xml; charset=iso-8859-1"], body: body))
    #expect(call.parameters["customer"] == "é")
  }

  @Test("bytes that are not of the charset, and charsets that are not taken, are errors")
  func wrongCharset() throws {
    let codec = try OrderContract.codec()
    for (type, word) in [("text/xml; charset=utf-8", ""), ("text/xml; charset=utf-7", "utf-7")] {
      let error = #expect(throws: CodecError.self) {
        _ = try codec.decode(
          WireRequest(
            headers: ["Content-Type": type], body: bytes([0xE9], declaring: "ISO-8859-1")))
      }
      #expect(error?.reason.contains(word) == true || word.isEmpty)
    }
  }

  @Test("the order of a repeating choice is data")
  func repeatingChoice() throws {
    let codec = try OrderContract.codec()
    let call = try codec.decode(
      request(
        "<o:PlaceOrder><o:customer>c</o:customer><o:byCard>1</o:byCard>"
          + "<o:drop>1</o:drop><o:add>x</o:add><o:add>y</o:add></o:PlaceOrder>"))
    #expect(call.parameters["_seq"] == [["drop": 1], ["add": "x"], ["add": "y"]])
    #expect(call.parameters["line"] == [])
  }

  @Test("rpc/literal wraps unqualified parts in the operation's name and namespace")
  func rpc() throws {
    let codec = try OrderContract.codec()
    let wire = try codec.encode(Call(operation: "Sum", parameters: ["b": 2, "a": 1]))
    #expect(
      text(wire.body).contains("<ns1:Sum xmlns:ns1=\"urn:sums\"><a>1</a><b>2</b></ns1:Sum>"))
    let call = try codec.decode(wire)
    #expect(call.parameters == ["a": 1, "b": 2])
    let response = try codec.encode(.value(["result": "3"]), answering: call)
    #expect(text(response.body).contains("SumResponse"))
    #expect(try codec.decode(response, answering: call).value == ["result": "3"])
  }

  @Test("every child of a Body of several parts is typed by its own element")
  func severalParts() throws {
    let codec = try OrderContract.codec()
    let parameters: Record = [
      "PlaceOrderResponse": ["number": "7", "total": "1.50"],
      "OutOfStock": ["sku": "X", "qty": 3],
    ]
    let wire = try codec.encode(Call(operation: "Pair", parameters: parameters))
    let call = try codec.decode(wire)
    #expect(call.operation == "Pair")
    #expect(call.parameters == parameters)
  }

  @Test("a reply comes in the version of its request", arguments: [SOAPVersion.soap11, .soap12])
  func versions(_ version: SOAPVersion) throws {
    let codec = try OrderContract.codec()
    let call = try codec.decode(
      request(
        "<o:PlaceOrder><o:customer>c</o:customer><o:byCard>1</o:byCard></o:PlaceOrder>",
        version: version))
    let response = try codec.encode(
      .value(["number": "7", "total": "10.50", "weight": 1.5]), answering: call)
    #expect(text(response.body).contains(version.namespace))
    #expect(response.headers["Content-Type"] == version.contentType)
    let reply = try codec.decode(response, answering: call)
    #expect(reply.value == ["number": "7", "total": "10.50", "weight": 1.5])
  }

  @Test(
    "faults keep code, message, actor and typed detail", arguments: [SOAPVersion.soap11, .soap12])
  func faults(_ version: SOAPVersion) throws {
    let codec = try OrderContract.codec()
    var call = Call(operation: "PlaceOrder")
    call.context = SOAPCodec.RequestContext(version: version, namespace: "", isEncoded: false)
    let fault = Fault(
      code: "Client", message: "no <stock>", actor: "urn:shop",
      detail: ["OutOfStock": ["sku": "X", "qty": 0]])
    let response = try codec.encode(.fault(fault), answering: call)
    #expect(response.status == (version == .soap11 ? 500 : 400))
    let read = try #require(try codec.decode(response, answering: call).fault)
    #expect(read.code == version.callerCode)
    #expect(read.message == "no <stock>")
    #expect(read.actor == "urn:shop")
    #expect(read.detail == ["OutOfStock": ["sku": "X", "qty": 0]])
  }

  @Test("a code of one's own is a qualified code in 1.1 and a subcode in 1.2")
  func customCode() throws {
    let codec = try OrderContract.codec()
    var call = Call(operation: "PlaceOrder")
    let fault = Fault(code: "{urn:f}TooMany", message: "m")
    call.context = SOAPCodec.RequestContext(version: .soap11, namespace: "", isEncoded: false)
    let old = try codec.decode(codec.encode(.fault(fault), answering: call), answering: call)
    #expect(old.fault?.code == "{urn:f}TooMany")
    call.context = SOAPCodec.RequestContext(version: .soap12, namespace: "", isEncoded: false)
    let new = try codec.decode(codec.encode(.fault(fault), answering: call), answering: call)
    #expect(new.fault?.code == "Receiver")
    #expect(new.fault?.subcodes == ["{urn:f}TooMany"])
  }

  /// JSON of parameters, the path an error must name, and words of its reason.
  private static let refused: [(String, String, String)] = [
    (#"{"customer":"c"}"#, "", "needs one of byCard, byInvoice"),
    (#"{"customer":"c","byCard":"1","byInvoice":true}"#, "", "more than one alternative"),
    (#"{"byCard":"1"}"#, "customer", "is required"),
    (#"{"customer":"c","byCard":"1","lines":[]}"#, "lines", #"did you mean "line"?"#),
    (#"{"customer":"c","byCard":"1","line":{"sku":"a"}}"#, "line", "is a list"),
    (
      #"{"customer":"c","byCard":"1","line":[{"sku":"a","qty":"two"}]}"#, "line[0].qty",
      #"expects xs:int, found "two""#
    ),
    (#"{"customer":"c","byCard":null}"#, "byCard", "is null"),
    (#"{"customer":"c\u0001","byCard":"1"}"#, "customer", "U+0001"),
    (
      #"{"customer":"c","byCard":"1","line":[{"sku":"a","qty":1,"price":{"_text":"1"}}]}"#,
      "line[0].price._currency", "is required"
    ),
    (#"{"customer":"c","byCard":"1","_any":["<a>"]}"#, "_any[0]", "is not XML"),
    (
      #"{"customer":"c","byCard":"1","line":[{"_type":"Rush","sku":"a","qty":1}]}"#,
      "line[0]._type", "did you mean"
    ),
  ]

  @Test("a value the contract has no place for is refused with its path", arguments: refused)
  func refusedValues(_ json: String, _ path: String, _ reason: String) throws {
    let codec = try OrderContract.codec()
    let parameters = try #require(try JSONParser.parse(json).objectValue)
    let error = try #require(throws: CodecError.self) {
      try codec.encode(Call(operation: "PlaceOrder", parameters: parameters))
    }
    #expect(error.path == path)
    #expect(error.description.contains(reason))
  }

  @Test(
    "a request that is no single call of the contract is refused",
    arguments: [
      "<o:Unknown/>", "", "<o:PlaceOrder/><o:PlaceOrder/>",
      "<o:PlaceOrder><o:customer>c</o:customer><o:byCard>1</o:byCard><o:line><o:qty>x</o:qty></o:line></o:PlaceOrder>",
      "<s:Fault><faultcode>s:Client</faultcode></s:Fault>",
    ])
  func refusedRequests(_ body: String) throws {
    let codec = try OrderContract.codec()
    let wire = request(body)
    let error = try #require(throws: CodecError.self) { try codec.decode(wire) }
    let response = try #require(codec.refuse(wire, because: error))
    #expect(response.status == 500)
    #expect(text(response.body).contains("<faultcode>soap:Client</faultcode>"))
  }

  @Test("a root in another namespace is told, and refused when strict")
  func strangeNamespace() throws {
    let wire = request("<PlaceOrder/>")
    let call = try OrderContract.codec().decode(wire)
    #expect(call.operation == "PlaceOrder")
    #expect(call.warnings.first?.contains("{urn:orders}PlaceOrder") == true)
    #expect(throws: CodecError.self) { try OrderContract.codec(isStrict: true).decode(wire) }
  }

  @Test(
    "the Body decides on the operation; a contradicting action is told, and refused when strict")
  func actionSpoofing() throws {
    let wire = request(
      "<x:Sum xmlns:x='urn:sums'><a>1</a><b>2</b></x:Sum>", action: "urn:orders#place")
    let call = try OrderContract.codec().decode(wire)
    #expect(call.operation == "Sum")
    #expect(call.warnings.count == 1)
    #expect(throws: CodecError.self) { try OrderContract.codec(isStrict: true).decode(wire) }
  }

  @Test(
    "what is no XML is a bad request, and multipart an unsupported media type",
    arguments: [("text/xml", "no XML", 400), ("multipart/related; boundary=x", "--x", 415)])
  func malformed(_ type: String, _ body: String, _ status: Int) throws {
    let codec = try OrderContract.codec()
    let wire = WireRequest(headers: ["Content-Type": type], body: Array(body.utf8))
    let error = try #require(throws: CodecError.self) { try codec.decode(wire) }
    let response = try #require(codec.refuse(wire, because: error))
    #expect(response.status == status)
    #expect(text(response.body).contains("soap:Client"))
  }

  @Test("an Envelope of another version is a VersionMismatch")
  func versionMismatch() throws {
    let codec = try OrderContract.codec()
    let wire = WireRequest(
      body: Array("<e:Envelope xmlns:e='urn:soap13'><e:Body/></e:Envelope>".utf8))
    let error = try #require(throws: CodecError.self) { try codec.decode(wire) }
    #expect(error.code == "VersionMismatch")
    let response = try #require(codec.refuse(wire, because: error))
    #expect(text(response.body).contains("soap:VersionMismatch"))
  }

  @Test("a header that must be understood and is not is a fault")
  func mustUnderstand() throws {
    let codec = try OrderContract.codec()
    let wire = WireRequest(
      body: Array(
        """
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>\
        <h:Lock xmlns:h="urn:h" s:mustUnderstand="1">x</h:Lock></s:Header><s:Body>\
        <x:Sum xmlns:x="urn:sums"><a>1</a><b>2</b></x:Sum></s:Body></s:Envelope>
        """.utf8))
    let error = try #require(throws: CodecError.self) { try codec.decode(wire) }
    #expect(error.code == "MustUnderstand")
  }

  @Test("an unknown element is kept with a warning, and refused when strict")
  func unknownElement() throws {
    let body = "<x:Sum xmlns:x='urn:sums'><a>1</a><b>2</b><c>3</c></x:Sum>"
    let call = try OrderContract.codec().decode(request(body))
    #expect(call.parameters["_any"] == ["<c>3</c>"])
    #expect(call.warnings.count == 1)
    #expect(throws: CodecError.self) {
      try OrderContract.codec(isStrict: true).decode(request(body))
    }
  }

  @Test("text in pieces, comments and CDATA is one value")
  func brokenText() throws {
    let codec = try OrderContract.codec()
    let call = try codec.decode(
      request(
        "<o:PlaceOrder><o:customer>a<!-- x -->b<![CDATA[<c>]]>&amp;</o:customer>"
          + "<o:byCard>1</o:byCard></o:PlaceOrder>"))
    #expect(call.parameters["customer"] == "ab<c>&")
  }

  @Test("an HTML page instead of SOAP is told with its status and start")
  func htmlAnswer() throws {
    let codec = try OrderContract.codec()
    let response = WireResponse(
      status: 502, headers: ["Content-Type": "text/html"], body: Array("<html>Bad gateway".utf8))
    let error = try #require(throws: CodecError.self) {
      try codec.decode(response, answering: Call(operation: "Sum"))
    }
    #expect(error.reason.contains("502") && error.reason.contains("Bad gateway"))
  }

  @Test("the contract's schema describes what the codec takes")
  func schema() throws {
    let contract = try OrderContract.codec().contract
    let input = try #require(contract.operation(named: "PlaceOrder")).input
    guard case .object(let object) = input.resolved.shape else {
      Issue.record("the input is no object")
      return
    }
    #expect(
      object.members.map(\.name)
        == ["_id", "customer", "byCard", "byInvoice", "line", "note", "_seq", "_any"])
    #expect(object.members.filter(\.isRequired).map(\.name) == ["customer"])
    #expect(object.choices.map(\.alternatives) == [[["byCard"], ["byInvoice"]]])
  }
}

@Suite struct OpenSOAPTests {
  @Test("without a contract the Body's element is the operation")
  func open() throws {
    let codec = SOAPCodec(open: OpenSOAP(), name: "legacy")
    let call = Call(
      operation: "analyze", parameters: ["text": "a<b", "tags": ["x", "y"], "deep": ["n": 1]])
    let wire = try codec.encode(call)
    #expect(
      text(wire.body).contains(
        "<analyze><text>a&lt;b</text><tags>x</tags><tags>y</tags><deep><n>1</n></deep></analyze>"))
    let decoded = try codec.decode(wire)
    #expect(decoded.operation == "analyze")
    #expect(decoded.parameters == ["text": "a<b", "tags": ["x", "y"], "deep": ["n": "1"]])
    let response = try codec.encode(.value(["score": 0.5, "none": nil]), answering: decoded)
    #expect(text(response.body).contains("<analyzeResponse"))
    let reply = try codec.decode(response, answering: call)
    #expect(reply.value == ["score": "0.5", "none": nil])
  }

  @Test("a flat reply is local names and text, the last of a name standing")
  func flat() throws {
    let codec = SOAPCodec(open: OpenSOAP(isFlat: true), name: "legacy")
    let reply = try codec.decode(
      WireResponse(body: envelope("<r><a>1</a><b><a>2</a><c> </c></b></r>")),
      answering: Call(operation: "x"))
    #expect(reply.value == ["a": "2", "c": " "])
  }
}
