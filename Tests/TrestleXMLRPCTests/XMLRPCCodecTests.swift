import Testing
import TrestleCore

@testable import TrestleXMLRPC

private let classifier = makeCodec(classifierDefinition).codec
private let open = makeCodec(["system": "open"]).codec
private let structured: XMLRPCType = .structure(
  XMLRPCStructure(members: [
    .init(name: "size", type: .i8), .init(name: "name", type: .string, isOptional: true),
  ]))
private let typed = XMLRPCCodec(
  name: "typed",
  methods: [
    XMLRPCMethod(
      name: "m", parameters: [.init(name: "value", type: structured)], returns: structured),
    XMLRPCMethod(name: "int", returns: .int), XMLRPCMethod(name: "double", returns: .double),
    XMLRPCMethod(name: "string", returns: .string),
    XMLRPCMethod(name: "boolean", returns: .boolean),
    XMLRPCMethod(name: "dateTime", returns: .dateTime),
    XMLRPCMethod(name: "base64", returns: .base64),
    XMLRPCMethod(name: "i8", returns: .i8), XMLRPCMethod(name: "nil", returns: .nil),
    XMLRPCMethod(name: "list", returns: .array(.int)), XMLRPCMethod(name: "any", returns: .any),
  ])

private func request(_ text: String, type: String? = "text/xml") -> WireRequest {
  var headers: Headers = [:]
  headers["Content-Type"] = type
  return WireRequest(headers: headers, body: Array(text.utf8))
}

private func response(_ text: String, status: Int = 200, type: String = "text/xml") -> WireResponse
{
  WireResponse(status: status, headers: ["Content-Type": type], body: Array(text.utf8))
}

private func reply(_ method: String, _ value: String) throws -> Reply {
  try typed.decode(response(responseDocument(value)), answering: Call(operation: method))
}

@Suite struct XMLRPCCodecTests {
  @Test("named parameters go out in declared order and come in named and typed")
  func named() throws {
    let call = Call(
      operation: "classifier.classify",
      parameters: [
        "options": ["max_labels": "3", "language": "de"], "document": "AAEC",
      ])
    let sent = try classifier.encode(call)
    #expect(sent.method == "POST")
    #expect(sent.headers["content-type"] == "text/xml; charset=utf-8")
    #expect(
      sent.body.text.hasSuffix(
        "<params><param><value><base64>AAEC</base64></value></param><param><value><struct>"
          + "<member><name>language</name><value><string>de</string></value></member>"
          + "<member><name>max_labels</name><value><i4>3</i4></value></member>"
          + "</struct></value></param></params></methodCall>"))
    let received = try classifier.decode(sent)
    #expect(received.operation == "classifier.classify")
    #expect(
      received.parameters == [
        "document": .bytes([0, 1, 2]), "options": ["language": "de", "max_labels": 3],
      ])
    #expect(received.warnings == [])
  }

  @Test("declared parameters may be given by position")
  func positional() throws {
    let call = Call(
      operation: "classifier.classify",
      parameters: ["params": ["AAEC", .emptyObject, "2024-01-02T03:04:05"]])
    let received = try classifier.decode(try classifier.encode(call))
    #expect(received.parameters["since"] == .dateTime("20240102T03:04:05"))
    #expect(received.parameters["options"] == .emptyObject)
  }

  @Test(
    "parameters that break the declaration are refused by name",
    arguments: [
      (["document": "AAEC"], "options is missing"),
      (["document": "AAEC", "options": .emptyObject, "sinse": "x"], "did you mean \"since\""),
      (["document": "*", "options": .emptyObject], "document expects base64"),
      (["document": "hello world", "options": .emptyObject], "document expects base64"),
      (["document": "AA==", "options": ["max_labels": "many"]], "options.max_labels expects i4"),
      (["document": "AA==", "options": ["lang": "de"]], "options.lang is not declared"),
      (["params": ["AA"]], "takes 2 to 3 parameters, found 1"),
      (["params": [1, 2, 3, 4]], "takes 2 to 3 parameters, found 4"),
    ] as [(Record, String)])
  func badParameters(_ parameters: Record, _ words: String) throws {
    let error = try #require(throws: CodecError.self) {
      try classifier.encode(Call(operation: "classifier.classify", parameters: parameters))
    }
    #expect(error.description.contains(words), "\(error)")
  }

  @Test("an optional parameter before a given one cannot be left out")
  func gap() throws {
    let codec = XMLRPCCodec(
      name: "gap",
      methods: [
        XMLRPCMethod(
          name: "m",
          parameters: [
            .init(name: "a", type: .int, isOptional: true),
            .init(name: "b", type: .int, isOptional: true),
          ])
      ])
    #expect(throws: CodecError.self) {
      try codec.encode(Call(operation: "m", parameters: ["b": 1]))
    }
  }

  @Test("null that is given goes out as null, whether it may be left out or not")
  func givenNull() throws {
    func codec(_ options: XMLRPCWritingOptions) -> XMLRPCCodec {
      XMLRPCCodec(
        name: "null",
        methods: [
          XMLRPCMethod(
            name: "m",
            parameters: [
              .init(name: "a", type: .int), .init(name: "b", type: .int, isOptional: true),
              .init(name: "c", type: .int, isOptional: true),
            ])
        ], writing: options)
    }
    let call = Call(operation: "m", parameters: ["a": 1, "b": .null, "c": 3])
    let plain = codec(XMLRPCWritingOptions())
    let received = try plain.decode(try plain.encode(call))
    #expect(received.parameters == call.parameters)
    #expect(received.warnings == [])
    let last = Call(operation: "m", parameters: ["a": 1, "b": .null])
    #expect(try plain.decode(try plain.encode(last)).parameters == last.parameters)
    for options in [
      XMLRPCWritingOptions(nilForm: .omit), XMLRPCWritingOptions(dialect: .strict),
    ] {
      let codec = codec(options)
      #expect(try codec.decode(try codec.encode(last)).parameters == ["a": 1])
      #expect(throws: CodecError.self) { try codec.encode(call) }
    }
  }

  @Test("without a declaration parameters are an array, and names make one struct")
  func undeclared() throws {
    let both = try open.encode(Call(operation: "m", parameters: ["params": [1, ["a": "x"]]]))
    #expect(try open.decode(both).parameters == ["params": [1, ["a": "x"]]])
    let named = try open.encode(Call(operation: "m", parameters: ["sku": "A-1", "n": 2]))
    #expect(try open.decode(named).parameters == ["params": [["sku": "A-1", "n": 2]]])
    let none = try open.encode(Call(operation: "m"))
    #expect(try open.decode(none).parameters == ["params": []])
    let wide = try open.decode(request(callDocument("<i8>5</i8>", "<int>6</int>")))
    #expect(wide.parameters == ["params": ["5", 6]])
  }

  @Test("a method nobody declared is refused with a suggestion, on both sides")
  func unknownMethod() throws {
    let error = try #require(throws: CodecError.self) {
      try classifier.encode(Call(operation: "classifier.clasify"))
    }
    #expect(error.code == "-32601")
    #expect(error.reason.contains("did you mean \"classifier.classify\"?"))
    #expect(throws: CodecError.self) {
      try classifier.decode(request(callDocument(method: "classifier.clasify")))
    }
  }

  struct TypedRow: Sendable, CustomTestStringConvertible {
    let method: String
    let wire: String
    let value: Value?
    let isWarned: Bool
    var testDescription: String { "\(method) from \(wire)" }

    init(_ method: String, _ wire: String, _ value: Value?, warned: Bool = true) {
      self.method = method
      self.wire = wire
      self.value = value
      isWarned = warned
    }
  }

  @Test(
    "a reply is held against its declared type",
    arguments: [
      TypedRow("int", "<i4>7</i4>", 7, warned: false), TypedRow("int", "<i8>7</i8>", 7),
      TypedRow("int", "<string>7</string>", 7), TypedRow("int", "<double>7.0</double>", 7),
      TypedRow("int", "<nil/>", .null), TypedRow("int", "seven", nil),
      TypedRow("int", "<double>7.5</double>", nil), TypedRow("int", "<array><data/></array>", nil),
      TypedRow("i8", "<i8>7</i8>", "7", warned: false),
      TypedRow("i8", "<int>7</int>", "7", warned: false),
      TypedRow("i8", "<string>7</string>", "7"),
      TypedRow("double", "<double>7.5</double>", 7.5, warned: false),
      TypedRow("double", "<int>7</int>", 7.0), TypedRow("double", "7.5", 7.5),
      TypedRow("double", "x", nil), TypedRow("string", "x", "x", warned: false),
      TypedRow("string", "<int>7</int>", "7"), TypedRow("string", "<struct/>", nil),
      TypedRow("boolean", "<boolean>1</boolean>", true, warned: false),
      TypedRow("boolean", "<int>1</int>", true), TypedRow("boolean", "<int>2</int>", nil),
      TypedRow(
        "dateTime", "<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>",
        .dateTime("19980717T14:08:55"), warned: false),
      TypedRow("dateTime", "19980717T14:08:55", .dateTime("19980717T14:08:55")),
      TypedRow("dateTime", "soon", nil),
      TypedRow("base64", "<base64>AAEC</base64>", .bytes([0, 1, 2]), warned: false),
      TypedRow("base64", "AAEC", .bytes([0, 1, 2])), TypedRow("base64", "", nil),
      TypedRow("base64", "hello world", nil), TypedRow("base64", "QR==", nil),
      TypedRow("int", "<int>98765432100123456789</int>", "98765432100123456789"),
      TypedRow("i8", "<i8>98765432100123456789</i8>", "98765432100123456789"),
      TypedRow("dateTime", "room 5", nil),
      TypedRow("nil", "<nil/>", .null, warned: false),
      TypedRow("nil", "<boolean>1</boolean>", true),
      TypedRow(
        "list", "<array><data><value><int>1</int></value></data></array>", [1], warned: false),
      TypedRow("list", "<array><data><value>1</value></data></array>", [1]),
      TypedRow("list", "<struct/>", []), TypedRow("list", "x", nil),
      TypedRow(
        "m", "<struct><member><name>size</name><value><i8>7</i8></value></member></struct>",
        ["size": "7"], warned: false),
      TypedRow(
        "m",
        "<struct><member><name>size</name><value><i8>7</i8></value></member>"
          + "<member><name>siz</name><value><i8>8</i8></value></member></struct>",
        ["size": "7", "siz": "8"]),
      TypedRow("m", "<struct/>", .emptyObject),
      TypedRow("m", "<array><data/></array>", .emptyObject),
      TypedRow("m", "x", nil),
      TypedRow(
        "any", "<array><data><value><i8>7</i8></value></data></array>", ["7"], warned: false),
    ])
  func typedReplies(_ row: TypedRow) throws {
    guard let wanted = row.value else {
      #expect(throws: CodecError.self) { try reply(row.method, row.wire) }
      return
    }
    let read = try reply(row.method, row.wire)
    #expect(read.value == wanted)
    #expect(read.warnings.isEmpty != row.isWarned, "\(read.warnings)")
  }

  @Test("a warning names the member, and a request lacking a declared member is refused")
  func members() throws {
    let read = try reply(
      "m", "<struct><member><name>size</name><value>7</value></member></struct>")
    #expect(read.warnings == ["size is the string \"7\" where i8 is declared"])
    let error = try #require(throws: CodecError.self) {
      try typed.decode(request(callDocument("<struct/>")))
    }
    #expect(error.description == "params[0].size is missing; it is declared as i8")
    #expect(error.code == "-32602")
  }

  @Test("a list that is wrong in one way many times is told twenty times and counted")
  func manyTypes() throws {
    let items = String(repeating: "<value>1</value>", count: 30)
    let warnings = try reply("list", "<array><data>\(items)</data></array>").warnings
    #expect(warnings.count == 21)
    #expect(warnings.last == "and 10 more departures from the declared types")
  }

  @Test("an integer that a double cannot hold is told with what becomes of it")
  func roundedDoubles() throws {
    #expect(
      try reply("double", "<i8>9007199254740993</i8>").warnings == [
        "the reply is number where double is declared; 9007199254740993 has more digits than a double,"
          + " and becomes 9007199254740992.0"
      ])
    #expect(
      try reply("double", "<i8>7</i8>").warnings == ["the reply is number where double is declared"]
    )
  }

  @Test("a double that is no number equals nothing, and is as declared all the same")
  func notANumber() throws {
    let codec = XMLRPCCodec(
      name: "nan",
      methods: [
        XMLRPCMethod(
          name: "m",
          returns: .structure(
            .init(members: [.init(name: "a", type: .double), .init(name: "b", type: .i8)])))
      ])
    let text = responseDocument(
      "<struct><member><name>a</name><value><double>NaN</double></value></member>"
        + "<member><name>b</name><value><i8>1</i8></value></member></struct>")
    let warnings = try codec.decode(response(text), answering: Call(operation: "m")).warnings
    #expect(warnings.count == 1)
    #expect(warnings[0].contains("is no number that the spec has words for"))
  }

  @Test("wide integers are text in a fault's details too")
  func faultDetails() throws {
    let text =
      "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>1</int>"
      + "</value></member><member><name>faultString</name><value>no</value></member><member>"
      + "<name>size</name><value><i8>5</i8></value></member></struct></value></fault></methodResponse>"
    let reply = try open.decode(response(text), answering: Call(operation: "m"))
    #expect(reply.fault?.detail == ["size": "5"])
  }

  @Test("strict mode refuses what differs from the declaration")
  func strictTypes() throws {
    let codec = XMLRPCCodec(
      name: "strict", methods: [XMLRPCMethod(name: "double", returns: .double)], isStrict: true)
    let call = Call(operation: "double")
    #expect(throws: CodecError.self) {
      try codec.decode(response(responseDocument("<int>7</int>")), answering: call)
    }
    #expect(throws: CodecError.self) {
      try codec.decode(
        response(responseDocument("<double>7.5</double>"), status: 500), answering: call)
    }
    #expect(throws: CodecError.self) {
      try codec.decode(request(callDocument(method: "double"), type: "text/plain"))
    }
  }

  @Test("a response that is no XML-RPC gives an error with its status and start")
  func notXMLRPC() throws {
    let call = Call(operation: "m")
    let page = "<!DOCTYPE HTML>\n<html><body>Internal Server Error</body></html>"
    let error = try #require(throws: CodecError.self) {
      try open.decode(response(page, status: 500, type: "text/html"), answering: call)
    }
    #expect(error.reason.contains("found HTTP 500, text/html: \"<!DOCTYPE HTML> <html>"))
    let empty = try #require(throws: CodecError.self) {
      try open.decode(response("", status: 404), answering: call)
    }
    #expect(
      empty.description == "expects an XML-RPC response, found HTTP 404 with an empty body; "
        + "check the endpoint's path, which is often /RPC2")
    let text = try #require(throws: CodecError.self) {
      try open.decode(response("OK " + String(repeating: "x", count: 500)), answering: call)
    }
    #expect(text.reason.contains("found HTTP 200, text/xml: \"OK xxx"))
    #expect(text.reason.utf8.count < 400)
    #expect(throws: CodecError.self) {
      try open.decode(response(callDocument("1")), answering: call)
    }
    let late = try open.decode(response(responseDocument("x"), status: 203), answering: call)
    #expect(late.warnings == ["the response has HTTP status 203, where the spec asks for 200"])
    let refused = try #require(throws: CodecError.self) {
      try open.decode(response(responseDocument("x"), status: 401), answering: call)
    }
    #expect(
      refused.description == "expects a fault with HTTP status 401, found a value; "
        + "the service wants other credentials")
  }

  @Test("the transport's charset goes before the document's own")
  func charset() throws {
    var bytes = Array(responseDocument("%").utf8)
    let place = try #require(bytes.firstIndex(of: UInt8(ascii: "%")))
    bytes[place] = 0xE9
    for type in ["text/xml; charset=ISO-8859-1", "text/xml;Charset=\"iso-8859-1\"; x=y"] {
      let reply = try open.decode(
        WireResponse(headers: ["Content-Type": type], body: bytes), answering: Call(operation: "m"))
      #expect(reply.value == "é")
    }
    // The other way round.
    let declared = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
    let reply = try open.decode(
      WireResponse(
        headers: ["Content-Type": "text/xml; charset=utf-8"],
        body: Array((declared + responseDocument("é")).utf8)),
      answering: Call(operation: "m"))
    #expect(reply.value == "é")
  }

  struct FaultRow: Sendable {
    let fault: Fault
    let operation: String
    let code: String
    let message: String
  }

  @Test(
    "faults go out with a number, and nothing they say is lost",
    arguments: [
      FaultRow(
        fault: Fault(code: "404", message: "gone"), operation: "m", code: "404", message: "gone"),
      FaultRow(
        fault: Fault(code: "UnknownLabel", message: ""), operation: "classifier.classify",
        code: "404",
        message: "no such label"),
      FaultRow(
        fault: Fault(code: "UnknownLabel", message: "none"), operation: "classifier.ping",
        code: "-32500", message: "UnknownLabel: none"),
      FaultRow(
        fault: Fault(code: "Client", message: "x"), operation: "m", code: "-32602", message: "x"),
      FaultRow(
        fault: Fault(code: "Receiver", message: "x"), operation: "m", code: "-32500", message: "x"),
      FaultRow(
        fault: Fault(code: "unmatched", message: "x", isUnmatched: true), operation: "nobody",
        code: "-32601", message: "x"),
      FaultRow(
        fault: Fault(code: "unmatched", message: "x", isUnmatched: true),
        operation: "classifier.ping", code: "-32500", message: "x"),
      FaultRow(
        fault: Fault(code: "4000000000", message: "x"), operation: "m", code: "-32500",
        message: "4000000000: x"),
      FaultRow(
        fault: Fault(code: "7", message: "x", detail: ["near": [1]]), operation: "m", code: "7",
        message: "x {\"near\":[1]}"),
    ])
  func faults(_ row: FaultRow) throws {
    let call = Call(operation: row.operation)
    let sent = try classifier.encode(.fault(row.fault), answering: call)
    #expect(sent.status == 200)
    let read = try classifier.decode(sent, answering: call)
    #expect(read.fault?.code == row.code && read.fault?.message == row.message)
    #expect(read.fault?.detail == .null)
    #expect(read.warnings == [])
  }

  @Test("what is refused is told in XML-RPC's words, with a number of the interop set")
  func refusals() throws {
    for (request, code) in [
      (request("<methodCall"), "-32700"), (request("<methodCall/>"), "-32600"),
      (request(responseDocument("x")), "-32600"),
      (request(callDocument(method: "nope")), "-32601"),
      (request(callDocument(method: "classifier.classify")), "-32602"),
      (request("<methodCall/>", type: "text/xml; charset=utf-7"), "-32701"),
    ] {
      let error = try #require(throws: CodecError.self) { try classifier.decode(request) }
      let response = try #require(classifier.refuse(request, because: error))
      #expect(response.status == 200)
      #expect(response.headers["Content-Type"] == "text/xml; charset=utf-8")
      let reply = try classifier.decode(response, answering: Call(operation: "x"))
      #expect(reply.fault?.code == code)
    }
    let get = WireRequest(method: "GET", target: "/RPC2")
    let error = try #require(throws: CodecError.self) { try classifier.decode(get) }
    #expect(classifier.refuse(get, because: error)?.status == 405)
    var unwritable = CodecError(path: "label", reason: "is missing")
    unwritable.isCallerAtFault = false
    let response = try #require(
      classifier.refuse(request("<methodCall/>"), because: unwritable))
    #expect(response.body.text.contains("<int>-32603</int>"))
  }

  @Test("a content type that is no XML is warned of")
  func contentTypes() throws {
    for type in ["text/xml", "Text/XML; charset=utf-8", "application/xml"] {
      #expect(try open.decode(request(callDocument(), type: type)).warnings == [])
    }
    #expect(
      try open.decode(request(callDocument(), type: nil)).warnings
        == ["expects Content-Type: text/xml, found none"])
  }
}
