import Testing
import TrestleCore

@testable import TrestleXMLRPC

/// Documents as servers and clients in the wild write them: what the lenient reader makes of each, and
/// what the strict one does.
@Suite("Documents met in the wild")
struct XMLRPCWildTests {
  private func read(_ bytes: [UInt8], strict: Bool = false) throws -> XMLRPCDocument {
    try XMLRPCReader(XMLRPCReadingOptions(isStrict: strict)).read(bytes)
  }

  private func read(_ text: String, strict: Bool = false) throws -> XMLRPCDocument {
    try read(Array(text.utf8), strict: strict)
  }

  private func value(_ document: XMLRPCDocument) -> Value? {
    if case .response(let value) = document.message { return value }
    return nil
  }

  struct Row: Sendable {
    let text: String
    let value: Value
    /// Words of one of the warnings; nil where there is none.
    let warning: String?
    var isStrictly = false
  }

  private static func member(_ name: String, _ value: String) -> String {
    "<member><name>\(name)</name><value>\(value)</value></member>"
  }

  @Test(
    "a value is read with a warning, and strictly refused",
    arguments: [
      Row(text: "<base64></base64>", value: .null, warning: "null"),
      Row(text: "<base64>QQ=</base64>", value: .bytes([0x41]), warning: "padding"),
      Row(text: "<base64>QQ===</base64>", value: .bytes([0x41]), warning: "padding"),
      Row(text: "<base64>QUI=QUI=</base64>", value: .bytes([0x41, 0x42, 0x41, 0x42]), warning: ""),
      Row(text: "<base64>QR==</base64>", value: .bytes([0x41]), warning: ""),
      Row(
        text: "<dateTime.iso8601>2014/11/10 23:38:51</dateTime.iso8601>",
        value: .dateTime("2014/11/10 23:38:51"), warning: "kept as it is"),
      Row(
        text: "<dateTime.iso8601>-00011130T00:00:00</dateTime.iso8601>",
        value: .dateTime("-00011130T00:00:00"), warning: "kept as it is"),
      Row(
        text: "<dateTime.iso8601>Mon, 10 Nov 2014 23:38:51 GMT</dateTime.iso8601>",
        value: .dateTime("Mon, 10 Nov 2014 23:38:51 GMT"), warning: "kept as it is"),
      Row(
        text: "<double>0.\(String(repeating: "0", count: 400))1</double>", value: .double(0),
        warning: "0"),
      Row(
        text:
          "<struct>\(member("a", "1"))\(member("b", "1"))\(member("a", "2"))\(member("b", "3"))</struct>",
        value: ["a": "2", "b": "3"], warning: "\"b\""),
      Row(text: "<ex:dom><a>x</a></ex:dom>", value: .null, warning: "passed over"),
      Row(text: "a &laquo;b&raquo; &nbsp;&Auml;", value: "a «b» \u{A0}Ä", warning: "laquo"),
    ])
  func warned(_ row: Row) throws {
    let document = try read(responseDocument(row.text))
    #expect(value(document) == row.value)
    #expect(document.warnings.contains { $0.contains(row.warning ?? "") }, "\(document.warnings)")
    #expect(throws: CodecError.self) { try read(responseDocument(row.text), strict: true) }
  }

  @Test("comments and CDATA sections are told, and strictly taken: they are XML's")
  func sections() throws {
    let text = responseDocument("<!-- a --><string>a<![CDATA[<b> &#1; ]]>c<!-- d --></string>")
    let document = try read(text)
    #expect(value(document) == "a<b> &#1; c")
    #expect(document.warnings.count == 2, "\(document.warnings)")
    #expect(value(try read(text, strict: true)) == "a<b> &#1; c")
  }

  @Test("a character reference inside CDATA is text, and control characters beside it are replaced")
  func references() throws {
    #expect(
      value(try read(responseDocument("\u{1}<![CDATA[ --> &#1; ]]>"))) == "\u{FFFD} --> &#1; ")
    #expect(value(try read(responseDocument("a&#000000000000001;b"))) == "a\u{FFFD}b")
    #expect(value(try read(responseDocument("a&#0;b\u{0}c") + "\u{0}")) == "a\u{FFFD}b\u{FFFD}c")
    #expect(throws: CodecError.self) { try read(responseDocument("a&#+1;b")) }
  }

  @Test(
    "what stands before the document does not stand in its way",
    arguments: [
      "\u{FEFF}\n<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
      "<br />\n<b>Warning</b>: x in <b>y</b><br />\n<?xml version=\"1.0\"?>",
      "<?xml version=\"1.0\"?><br /><b>Warning</b>: it broke<br />\n",
      "<?xml version=\"1.0\"?>\n<?xml version=\"1.0\"?>", "<!-- <?xml version=\"1.0\"?> -->\n",
      "<!-- SERVER DEBUG INFO -->", "HTTP/1.1 200 OK\r\nX: y\r\n\r\n<?xml version=\"1.0\"?>",
    ])
  func heads(_ head: String) throws {
    let document = try read(head + responseDocument("ü"))
    #expect(value(document) == "ü", "\(document.warnings)")
    #expect(!document.warnings.isEmpty)
  }

  @Test("lines are counted from the beginning of what came, however much of it is passed over")
  func lines() throws {
    let text =
      "Warning: a\n\n\n<?xml version=\"1.0\"?>\n<methodResponse><params><param>\n<value>\n<int> 7 </int>\n</value></param></params></methodResponse>"
    let document = try read(text)
    #expect(value(document) == 7)
    #expect(document.warnings.contains { $0.contains("line 7") }, "\(document.warnings)")
  }

  @Test(
    "encodings go by every name they have",
    arguments: [
      ("latin-1", [0xE9], "é"), ("ISO8859-1", [0xE9], "é"),
      ("CP-1252", [0x80], "€"), ("iso-8859-5", [0xB0], "А"),
      ("iso-8859-7", [0xC1], "Α"), ("iso-8859-9", [0xF0], "ğ"), ("KOI8-U", [0xA4], "є"),
      ("cp866", [0x80], "А"), ("windows-1253", [0xC1], "Α"), ("windows-1254", [0xF0], "ğ"),
    ] as [(String, [UInt8], String)])
  func encodings(_ name: String, _ bytes: [UInt8], _ text: String) throws {
    let parts = responseDocument("%").split(separator: "%").map { Array($0.utf8) }
    let document = try read(
      Array("<?xml version=\"1.0\" encoding=\"\(name)\"?>".utf8) + parts[0] + bytes + parts[1])
    #expect(value(document) == .string(text))
    // Names that no XML declaration can have come with the transport.
    let called = try XMLRPCReader().read(parts[0] + [0xE9] + parts[1], charset: "ISO_8859-1:1987")
    #expect(value(called) == "é")
    let undeclared = try read(parts[0] + [0xE9, 0x80] + parts[1])
    #expect(value(undeclared) == "é€")
    #expect(undeclared.warnings.count == 1)
    #expect(throws: CodecError.self) { try read(parts[0] + [0xE9, 0x80] + parts[1], strict: true) }
  }

  @Test("a byte that an encoding has no character for is told")
  func undefinedBytes() throws {
    let text = Array("<?xml version=\"1.0\" encoding=\"windows-1252\"?>".utf8)
    let parts = responseDocument("a%b").split(separator: "%").map { Array($0.utf8) }
    let document = try read(text + parts[0] + [0x81] + parts[1])
    #expect(value(document) == "a\u{FFFD}b")
    #expect(document.warnings.count == 2, "\(document.warnings)")
  }

  @Test("structures that would shift what is beside them are refused")
  func shifting() throws {
    let two =
      "<struct><member><name><value>a</value><value>b</value></name><value>1</value></member></struct>"
    #expect(throws: CodecError.self) { try read(responseDocument(two)) }
    let stray = "<struct><member><name>foo<value>a</value></name><value>1</value></member></struct>"
    let document = try read(responseDocument(stray))
    #expect(value(document) == ["a": "1"])
    #expect(document.warnings.contains { $0.contains("foo") }, "\(document.warnings)")
  }

  @Test("long documents may hold any text in CDATA and comments, and many values")
  func long() throws {
    let filler = String(repeating: "x", count: 100_000)
    #expect(value(try read(responseDocument("<![CDATA[if a < b and it's \(filler)]]>"))) != nil)
    #expect(value(try read(responseDocument("<!-- a < b and it's \(filler) -->x"))) == "x")
    let items = String(repeating: "<value><i4>1</i4></value>", count: 60_000)
    #expect(
      value(try read(responseDocument("<array><data>\(items)</data></array>")))?.arrayValue?.count
        == 60_000)
  }

  @Test("mending a long log does not make it too long")
  func longMended() throws {
    let log = String(repeating: "a\u{1}", count: 1_900_000)
    #expect(value(try read(responseDocument(log)))?.stringValue?.unicodeScalars.count == 3_800_000)
  }

  @Test("a response without a value is null")
  func noValue() throws {
    for text in [
      "<methodResponse><params><param/></params></methodResponse>",
      "<methodResponse><params/></methodResponse>",
    ] {
      let document = try read(text)
      #expect(value(document) == .null && document.warnings.count == 1)
      #expect(throws: CodecError.self) { try read(text, strict: true) }
    }
  }

  @Test("codes of faults that are no int are their text on the wire")
  func faultCodes() throws {
    let text = """
      <methodResponse><fault><value><struct><member><name>faultCode</name><value><boolean>1</boolean></value></member>\
      <member><name>faultString</name><value>x</value></member><member><name>more</name><value><i8>5</i8></value></member>\
      </struct></value></fault></methodResponse>
      """
    var problems: [ValueProblem] = []
    let codec = XMLRPCCodec.make(definition: .emptyObject, name: "x", problems: &problems)
    let reply = try codec.decode(
      WireResponse(body: Array(text.utf8)), answering: Call(operation: "m"))
    #expect(reply.fault?.code == "1")
    #expect(reply.fault?.detail == ["more": "5"])
  }
}

@Suite("Values that are held against declarations")
struct XMLRPCWildTypingTests {
  private func codec(_ definition: Value, strict: Bool = false) -> XMLRPCCodec {
    var problems: [ValueProblem] = []
    var definition = definition.objectValue ?? [:]
    definition["strict"] = .bool(strict)
    let codec = XMLRPCCodec.make(
      definition: .object(definition), name: "x", problems: &problems)
    #expect(problems.isEmpty, "\(problems)")
    return codec
  }

  private func reply(_ value: String, _ type: Value) throws -> Reply {
    try codec(["methods": ["m": ["returns": type]]]).decode(
      WireResponse(body: Array(responseDocument(value).utf8)), answering: Call(operation: "m"))
  }

  @Test(
    "text that only looks like base64 is none", arguments: ["hello world", "A B", "QR=="])
  func base64(_ text: String) throws {
    let codec = codec(["methods": ["m": ["params": [["name": "v", "type": "base64"]]]]])
    let error = #expect(throws: CodecError.self) {
      _ = try codec.encode(Call(operation: "m", parameters: ["v": .string(text)]))
    }
    #expect(error?.reason.contains("expects base64") == true)
    #expect(throws: CodecError.self) { try reply(text, "base64") }
  }

  @Test("an integer too wide for any type keeps its digits")
  func wide() throws {
    let read = try reply("<int>99999999999999999999</int>", "int")
    #expect(read.value == "99999999999999999999")
    #expect(!read.warnings.isEmpty)
  }

  @Test("NaN where a double is declared is one, and lost digits are told")
  func doubles() throws {
    let read = try reply(
      "<array><data><value><double>NaN</double></value><value><double>1.5</double></value></data></array>",
      ["double"])
    #expect(read.warnings.count == 1, "\(read.warnings)")
    let rounded = try reply("<i8>9007199254740993</i8>", "double")
    #expect(rounded.value == .double(9_007_199_254_740_992))
    #expect(rounded.warnings.contains { $0.contains("9007199254740993") }, "\(rounded.warnings)")
  }

  @Test("what goes wrong in every item is told twenty times and counted")
  func counted() throws {
    let items = String(repeating: "<value><int>1</int></value>", count: 30)
    let read = try reply("<array><data>\(items)</data></array>", ["double"])
    #expect(read.warnings.count == 21)
    #expect(read.warnings.last?.contains("10 more") == true, "\(read.warnings.last ?? "")")
  }

  @Test("null is written as nil_as says, also where nothing need stand")
  func null() throws {
    let methods: Value = [
      "m": ["params": [["name": "a", "type": "int?"], ["name": "b", "type": "int?"]]]
    ]
    func body(_ keys: Record, _ parameters: Record) throws -> String {
      var definition = keys
      definition["methods"] = methods
      return try codec(.object(definition)).encode(Call(operation: "m", parameters: parameters))
        .body.text
    }
    #expect(
      try body([:], ["a": .null, "b": 1]).contains("<nil/></value></param><param><value><int>1"))
    #expect(try body(["nil_as": "false"], ["a": .null]).contains("<boolean>0</boolean>"))
    #expect(!(try body(["nil_as": "omit"], ["a": .null]).contains("<param>")))
    #expect(!(try body(["dialect": "strict"], ["a": .null]).contains("<param>")))
  }

  @Test("names that mending makes one are refused, and so are methods without a name")
  func names() throws {
    let stripping = codec(["on_invalid_char": "strip"])
    let error = #expect(throws: CodecError.self) {
      _ = try stripping.encode(
        Call(operation: "m", parameters: ["params": [["k\u{1}": 1, "k\u{2}": 2]]]))
    }
    #expect(error?.path.hasPrefix("params[0]") == true)
    #expect(throws: CodecError.self) { try codec([:]).encode(Call(operation: "")) }
    #expect(throws: CodecError.self) {
      try codec(["dialect": "strict"]).encode(Call(operation: "a b"))
    }
    #expect(throws: Never.self) { try codec([:]).encode(Call(operation: "a b")) }
  }

  @Test("what is odd inside of a multicall is told too, and strictly refused in its place")
  func multicall() throws {
    let entries =
      "<struct><member><name>methodName</name><value>m</value></member>"
      + "<member><name>params</name><value><array><data><value>1</value></data></array></value></member></struct>"
    let bare = "<struct><member><name>methodName</name><value>n</value></member></struct>"
    let text = callDocument(
      "<array><data><value>\(entries)</value><value>\(bare)</value></data></array>",
      method: "system.multicall")
    let request = WireRequest(headers: ["Content-Type": "text/xml"], body: Array(text.utf8))
    let definition: Value = [
      "methods": ["m": ["params": [["name": "a", "type": "int"]]], "n": ["params": []]]
    ]
    let call = try codec(definition).decode(request)
    #expect(call.warnings.count == 2, "\(call.warnings)")
    #expect(call.warnings.contains { $0.contains("params[0][0]") })
    let strict = codec(definition, strict: true)
    let service = Service(
      codec: strict,
      responder: strict.introspecting(ClosureResponder { _ in .value(7) }, operations: []))
    guard case .now(let response) = service.handle(request),
      case .response(.array(let results)) = try XMLRPCReader().read(response.body).message
    else {
      Issue.record("no results")
      return
    }
    #expect(results.allSatisfy { $0["faultCode"] == -32602 }, "\(results)")
  }
}
