import Testing
import Trestle
import TrestleCore

/// What users of XML-RPC suffer from, by the table of docs/xml-rpc.md.
@Suite("What users of XML-RPC suffer from")
struct XMLRPCPainTests {
  private func codec(_ keys: String = "") throws -> any Codec {
    let files = try TemporaryWorkspace(["adapters/x.yaml": "protocol: xml_rpc\n" + keys])
    let system = try files.load(.standard).system(named: "x")
    #expect(system.diagnostics.isEmpty, "\(system.diagnostics)")
    return try system.codec()
  }

  private func response(_ value: String, prolog: String = "") -> [UInt8] {
    Array(
      "\(prolog)<methodResponse><params><param><value>\(value)</value></param></params></methodResponse>"
        .utf8)
  }

  private func reply(
    _ value: String, _ keys: String = "", type: String = "text/xml"
  ) throws -> Reply {
    try codec(keys).decode(
      WireResponse(headers: ["Content-Type": type], body: response(value)),
      answering: Call(operation: "m"))
  }

  private func request(_ parameters: Value, _ keys: String = "") throws -> String {
    let call = Call(operation: "m", parameters: ["params": parameters])
    return String(decoding: try codec(keys).encode(call).body, as: UTF8.self)
  }

  private func refusal(_ parameters: Value, _ keys: String) -> CodecError? {
    #expect(throws: CodecError.self) { _ = try request(parameters, keys) }
  }

  @Test("integers keep every digit, and one that the peer cannot take is told with its path")
  func integers() throws {
    let wide = Value.integer(9_223_372_036_854_775_807)
    #expect(try request([7]).contains("<int>7</int>"))
    #expect(try request([wide]).contains("<i8>9223372036854775807</i8>"))
    #expect(try request([wide], "dialect: apache").contains("ex:i8>9223372036854775807<"))
    let error = refusal(["a", "b", ["size": wide]], "dialect: strict")
    #expect(error?.path == "params[2].size")
    #expect(error?.reason.contains("9223372036854775807") == true)
    let read = try reply("<i8>9223372036854775807</i8>")
    #expect(read.value == "9223372036854775807" && read.warnings.isEmpty)
    #expect(
      try reply("<biginteger>123456789012345678901234567890</biginteger>").value
        == "123456789012345678901234567890")
  }

  @Test("control characters in a log do not cost the reply, and none is sent unless asked to")
  func controlCharacters() throws {
    let read = try reply("bad \u{1} log")
    #expect(read.value == "bad \u{FFFD} log")
    #expect(read.warnings.count == 1)
    #expect(try reply("bad \u{1} log", "on_invalid_char: strip").value == "bad  log")
    #expect(throws: CodecError.self) { try reply("bad \u{1} log", "on_invalid_char: error") }
    #expect(refusal(["bad \u{1}"], "")?.path == "params[0]")
    #expect(try request(["bad \u{1}"], "on_invalid_char: replace").contains("bad \u{FFFD}<"))
    #expect(try request(["bad \u{1}"], "on_invalid_char: strip").contains("bad <"))
  }

  @Test(
    "a date stays as it came, and no time zone is made up",
    arguments: [
      "20141110T23:38:51", "2014-11-10T23:38:51+0000", "20141110T23:38:51Z", "20141110T233851",
      "2014-11-10T23:38:51.123", "00000000T00:00:00", "2014-11-10T23:38:51+01:00",
    ])
  func dates(_ text: String) throws {
    let read = try reply("<dateTime.iso8601>\(text)</dateTime.iso8601>")
    #expect(read.value == .dateTime(text))
    #expect(read.warnings.isEmpty == (text == "20141110T23:38:51"))
    #expect(
      try request([.dateTime(text)]).contains(
        ">\(text.contains(":51") && text.count == 19 ? "20141110T23:38:51" : text)<"))
  }

  @Test("nil is always read, and written as the peer bears it")
  func null() throws {
    for text in ["<nil/>", "<ex:nil/>", "<nil></nil>"] {
      #expect(try reply(text).value == .null)
    }
    let value: Value = [["a": .null, "b": 1]]
    #expect(try request(value).contains("<name>a</name><value><nil/></value>"))
    #expect(!(try request(value, "nil_as: omit").contains("<name>a</name>")))
    #expect(
      try request(value, "nil_as: \"false\"").contains("<name>a</name><value><boolean>0</boolean>"))
    #expect(try request(value, "nil_as: empty").contains("<name>a</name><value><string></string>"))
    #expect(try request(value, "dialect: apache").contains("ex:nil"))
    #expect(refusal(value, "dialect: strict")?.path == "params[0].a")
  }

  @Test("base64 is read with any line breaks, and written without")
  func base64() throws {
    let bytes = (0..<100).map { UInt8($0) }
    let text = Base64.encode(bytes)
    let lines = stride(from: 0, to: text.count, by: 76).map { text.dropFirst($0).prefix(76) }
    for separator in ["\n", "\r\n", "\n\t  "] {
      let read = try reply(
        "<base64>\(separator)\(lines.joined(separator: separator))\(separator)</base64>")
      #expect(read.value == .bytes(bytes) && read.warnings.isEmpty)
    }
    #expect(try request([.bytes(bytes)]).contains("<base64>\(text)</base64>"))
  }

  @Test("one long text is read to the limit of the message, and past it refused by name")
  func size() throws {
    let long = String(repeating: "0123456789", count: 390_000)
    #expect(try reply(long).value == .string(long))
    let error = #expect(throws: CodecError.self) { _ = try reply(long + long) }
    #expect(error?.reason.contains("bytes") == true, "\(String(describing: error))")
  }

  @Test(
    "encodings are the transport's, the document's or UTF-8, and ASCII alone goes out on request")
  func encodings() throws {
    var bytes = response("%", prolog: "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>")
    bytes[try #require(bytes.firstIndex(of: UInt8(ascii: "%")))] = 0xFC
    let codec = try codec()
    let call = Call(operation: "m")
    #expect(try codec.decode(WireResponse(body: bytes), answering: call).value == "ü")
    bytes = response("%")
    bytes[try #require(bytes.firstIndex(of: UInt8(ascii: "%")))] = 0xFC
    let declared = WireResponse(
      headers: ["Content-Type": "text/xml; charset=iso-8859-1"], body: bytes)
    #expect(try codec.decode(declared, answering: call).value == "ü")
    let sent = try request(["ü€😀"], "encoding: us-ascii")
    #expect(sent.utf8.allSatisfy { $0 < 0x80 })
    #expect(sent.contains("&#252;&#8364;&#128512;"))
  }

  @Test("what servers leave out or mix up is read as it is meant, with a warning")
  func oddities() throws {
    #expect(try reply("  a b ").value == "  a b ")
    #expect(try reply("\n  <string>x</string>\n").value == "x")
    for text in ["<array/>", "<array><data/></array>", "<array></array>"] {
      #expect(try reply(text).value == [])
    }
    let methods = "methods: { m: { returns: { struct: { a: \"int?\" } } } }"
    let read = try reply("<array><data/></array>", methods)
    #expect(read.value == [:])
    #expect(read.warnings == ["the reply is an empty array where a struct is declared"])
    let fault = """
      <methodResponse><fault><value><struct><member><name></name><value>x</value></member>\
      <member><name>faultString</name><value>odd</value></member></struct></value></fault></methodResponse>
      """
    let told = try codec().decode(
      WireResponse(body: Array(fault.utf8)), answering: Call(operation: "m"))
    #expect(told.fault?.message == "odd")
    #expect(!told.warnings.isEmpty)
  }

  @Test("a multicall with a scalar for parameters fails in its place, and costs the others nothing")
  func scalarMulticall() throws {
    let files = try TemporaryWorkspace([
      "adapters/x.yaml":
        "protocol: xml_rpc\nmethods: { m: { returns: int } }\nmock: { responses: { m: 7 } }\n"
    ])
    let service = try files.load(.standard).system(named: "x").mockService()
    let call = Call(
      operation: "system.multicall",
      parameters: [
        "calls": [
          ["methodName": "m", "params": 5], ["methodName": "m", "params": []], 3,
        ]
      ])
    guard case .now(let response) = service.handle(try service.codec.encode(call)),
      let results = try service.codec.decode(response, answering: call).value?.arrayValue
    else {
      Issue.record("no results")
      return
    }
    #expect(results.map { $0["faultCode"] } == [-32602, nil, -32602])
    #expect(results[1] == [7])
  }

  @Test("a fault that asks to come back later is one that may be tried again")
  func rateLimit() async throws {
    let table = """
      faults: [{ code: -32500, message: { contains: TooManyRequests }, category: resource_exhausted }]
      """
    let limited: @Sendable (XMLRPCServer.Seen) -> XMLRPCServer.Answer = { call in
      .fault(-32500, call.method == "many" ? "HTTPTooManyRequests: the limit is 1" : "other")
    }
    try await XMLRPCServer.run(limited) { _, port in
      let files = try TemporaryWorkspace([
        "adapters/x.yaml": "protocol: xml_rpc\nendpoint: http://127.0.0.1:\(port)/\n\(table)\n"
      ])
      try await withBridge(try files.load(.standard)) { bridge in
        let many = try await bridge.call("x", operation: "many").fault
        #expect(many?.category == .resourceExhausted && many?.isRetryable == true)
        let other = try await bridge.call("x", operation: "other").fault
        #expect(other?.category == nil && other?.isRetryable == nil)
      }
    }
  }
}
