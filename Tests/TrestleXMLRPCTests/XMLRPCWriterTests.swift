import Testing
import TrestleCore
import TrestleXML

@testable import TrestleXMLRPC

private let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

/// What stands inside the one `<value>` of a response.
private func written(
  _ value: Value, as type: XMLRPCType = .any,
  _ options: XMLRPCWritingOptions = XMLRPCWritingOptions()
) throws -> String {
  let text = try XMLRPCWriter(options).response(value, as: type).text
  let start = try #require(text.firstRange(of: "<param><value>"))
  let end = try #require(text.firstRange(of: "</value></param></params></methodResponse>"))
  return String(text[start.upperBound..<end.lowerBound])
}

private func written(_ value: Value, _ options: XMLRPCWritingOptions) throws -> String {
  try written(value, as: .any, options)
}

private func options(
  _ dialect: XMLRPCDialect, nilForm: XMLRPCWritingOptions.NilForm? = nil
) -> XMLRPCWritingOptions {
  XMLRPCWritingOptions(dialect: dialect, nilForm: nilForm)
}

private func number(_ text: String) -> Value {
  NumberText(text).map(Value.number) ?? .null
}

struct WrittenRow: CustomTestStringConvertible, Sendable {
  let value: Value
  let type: XMLRPCType
  let text: String
  var testDescription: String { text.isEmpty ? "\(value) as \(type.notation)" : text }

  init(_ value: Value, _ text: String) { self.init(value, .any, text) }

  init(_ value: Value, _ type: XMLRPCType, _ text: String = "") {
    self.value = value
    self.type = type
    self.text = text
  }
}

@Suite struct XMLRPCWriterTests {
  @Test("a call, a response and a fault are written as the spec shows them")
  func documents() throws {
    let writer = XMLRPCWriter()
    #expect(
      try writer.call(method: "a&b", parameters: [.init(7), .init("x")]).text
        == head + "<methodCall><methodName>a&amp;b</methodName><params>"
        + "<param><value><int>7</int></value></param>"
        + "<param><value><string>x</string></value></param></params></methodCall>")
    #expect(
      try writer.call(method: "m", parameters: []).text
        == head + "<methodCall><methodName>m</methodName><params></params></methodCall>")
    #expect(
      try writer.response(true).text
        == head + "<methodResponse><params><param><value><boolean>1</boolean></value></param>"
        + "</params></methodResponse>")
    #expect(
      writer.fault(code: -4, message: "no <x>\u{1}").text
        == head + "<methodResponse><fault><value><struct>"
        + "<member><name>faultCode</name><value><int>-4</int></value></member>"
        + "<member><name>faultString</name><value><string>no &lt;x&gt;\u{FFFD}</string></value>"
        + "</member></struct></value></fault></methodResponse>")
  }

  @Test("segments are byte-equal to what libxml2's own writer gives")
  func plainWriter() throws {
    let plain = try #require(XMLWriter(declaration: true))
    for name in ["methodResponse", "params", "param", "value", "struct", "member", "name"] {
      plain.startElement(name)
    }
    let text = "é <&> \"'\r\n\t😀"
    plain.text(text)
    plain.fullEndElement()
    for name in ["value", "array", "data", "value", "nil"] { plain.startElement(name) }
    for _ in 0..<2 { plain.endElement() }
    for name in ["value", "string"] { plain.startElement(name) }
    plain.text(text)
    for _ in 0..<11 { plain.fullEndElement() }
    #expect(try XMLRPCWriter().response([text: [.null, .string(text)]]).text == plain.bytes.text)
  }

  @Test(
    "values without a declared type are written as what they are",
    arguments: [
      WrittenRow(-5, "<int>-5</int>"), WrittenRow(.integer(2_147_483_648), "<i8>2147483648</i8>"),
      WrittenRow(false, "<boolean>0</boolean>"), WrittenRow("", "<string></string>"),
      WrittenRow(1.5, "<double>1.5</double>"),
      WrittenRow(.double(1e21), "<double>1" + String(repeating: "0", count: 21) + ".0</double>"),
      WrittenRow(number("10.500"), "<double>10.500</double>"),
      WrittenRow(number("-1.5e3"), "<double>-1500.0</double>"),
      WrittenRow(number("12"), "<int>12</int>"), WrittenRow(.null, "<nil/>"),
      WrittenRow(.bytes([0, 255]), "<base64>AP8=</base64>"),
      WrittenRow(.bytes([]), "<base64>\n</base64>"),
      WrittenRow(
        .dateTime("19980717T14:08:55"), "<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>"),
      WrittenRow(
        .dateTime("2014-11-10T23:38:51+0000"),
        "<dateTime.iso8601>2014-11-10T23:38:51+0000</dateTime.iso8601>"),
      WrittenRow([], "<array><data></data></array>"),
      WrittenRow(
        ["a": 1], "<struct><member><name>a</name><value><int>1</int></value></member></struct>"),
    ])
  func untyped(_ row: WrittenRow) throws {
    #expect(try written(row.value) == row.text)
  }

  @Test(
    "a declared type says what text and numbers are on the wire",
    arguments: [
      WrittenRow("7", .int, "<int>7</int>"), WrittenRow(7, .i4, "<i4>7</i4>"),
      WrittenRow(7.0, .int, "<int>7</int>"), WrittenRow(number("7"), .int, "<int>7</int>"),
      WrittenRow("9876543210", .i8, "<i8>9876543210</i8>"), WrittenRow(5, .i8, "<i8>5</i8>"),
      WrittenRow("true", .boolean, "<boolean>1</boolean>"),
      WrittenRow(0, .boolean, "<boolean>0</boolean>"),
      WrittenRow(3, .double, "<double>3.0</double>"),
      WrittenRow("0.10", .double, "<double>0.10</double>"),
      WrittenRow(number("1e-7"), .double, "<double>0.0000001</double>"),
      WrittenRow(7, .string, "<string>7</string>"),
      WrittenRow(true, .string, "<string>true</string>"),
      WrittenRow(
        "2024-01-02T03:04:05", .dateTime, "<dateTime.iso8601>20240102T03:04:05</dateTime.iso8601>"),
      WrittenRow(
        "20240102T03:04:05", .dateTime, "<dateTime.iso8601>20240102T03:04:05</dateTime.iso8601>"),
      WrittenRow("AP8=", .base64, "<base64>AP8=</base64>"),
      WrittenRow(
        ["1", 2], .array(.int),
        "<array><data><value><int>1</int></value><value><int>2</int></value></data></array>"),
      WrittenRow(
        ["b": "2", "a": "x"],
        .structure(
          .init(members: [
            .init(name: "a", type: .string), .init(name: "o", type: .int, isOptional: true),
            .init(name: "b", type: .int),
          ])),
        "<struct><member><name>a</name><value><string>x</string></value></member>"
          + "<member><name>b</name><value><int>2</int></value></member></struct>"),
    ])
  func typed(_ row: WrittenRow) throws {
    #expect(try written(row.value, as: row.type) == row.text)
  }

  @Test(
    "what is not of the declared type is refused",
    arguments: [
      WrittenRow("two", .int), WrittenRow(1.5, .int), WrittenRow(.integer(1 << 31), .int),
      WrittenRow("2147483648", .i4), WrittenRow(true, .int), WrittenRow(2, .boolean),
      WrittenRow("yes", .boolean), WrittenRow("1.5x", .double), WrittenRow(.double(.nan), .double),
      WrittenRow(number("1e999"), .double), WrittenRow([], .string), WrittenRow("soon", .dateTime),
      WrittenRow(5, .dateTime), WrittenRow("*", .base64), WrittenRow(5, .base64),
      WrittenRow("hello world", .base64), WrittenRow("AA", .base64), WrittenRow("QR==", .base64),
      WrittenRow(5, .nil),
      WrittenRow("a", .array(.string)), WrittenRow([], .structure(.init(members: []))),
      WrittenRow(["a": 1], .structure(.init(members: []))),
      WrittenRow(.emptyObject, .structure(.init(members: [.init(name: "a", type: .int)]))),
    ])
  func mismatch(_ row: WrittenRow) throws {
    let error = try #require(throws: CodecError.self) { try written(row.value, as: row.type) }
    #expect(!error.reason.isEmpty)
  }

  @Test("an error names the path of what cannot be written")
  func paths() throws {
    func path(_ parameters: [XMLRPCWriter.Parameter], _ options: XMLRPCWritingOptions) throws
      -> CodecError
    {
      try #require(throws: CodecError.self) {
        try XMLRPCWriter(options).call(method: "m", parameters: parameters)
      }
    }
    let wide = try path([.init(1), .init(2), .init(["size": .integer(1 << 40)])], options(.strict))
    #expect(wide.path == "params[2].size")
    #expect(wide.hint?.contains("dialect: i8") == true)
    let nested = try path([.init(["a": ["x\u{1}"]], name: "document")], options(.i8))
    #expect(nested.path == "document.a[0]")
    #expect(nested.reason.contains("U+0001"))
    #expect(nested.hint?.contains("on_invalid_char") == true)
    let typo = try #require(throws: CodecError.self) {
      try written(
        ["labl": "x"],
        as: .structure(.init(members: [.init(name: "label", type: .string, isOptional: true)])))
    }
    #expect(typo.path == "labl")
    #expect(typo.reason.contains("did you mean \"label\""))
  }

  @Test("wide numbers go as far as the dialect has types for them")
  func wideNumbers() throws {
    let big = number("98765432100123456789")
    #expect(throws: CodecError.self) { try written(.integer(1 << 40), options(.strict)) }
    #expect(throws: CodecError.self) { try written(5, as: .i8, options(.strict)) }
    #expect(throws: CodecError.self) { try written(big, options(.i8)) }
    #expect(try written(5, as: .i8, options(.apache)) == "<ex:i8>5</ex:i8>")
    #expect(
      try written(big, options(.apache)) == "<ex:biginteger>98765432100123456789</ex:biginteger>")
    #expect(
      try written(number("9876543210.0123456789"), options(.apache))
        == "<ex:bigdecimal>9876543210.0123456789</ex:bigdecimal>")
    #expect(try written(number("10.50"), options(.apache)) == "<double>10.50</double>")
    #expect(try written(.double(.infinity), options(.apache)) == "<double>Infinity</double>")
    let text = try XMLRPCWriter(options(.apache)).response(.null).text
    #expect(text.contains("xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\""))
    #expect(text.contains("<value><ex:nil/></value>"))
  }

  @Test("null is what nil_as says, and the strict dialect has none of its own")
  func null() throws {
    #expect(throws: CodecError.self) { try written(.null, options(.strict)) }
    #expect(throws: CodecError.self) { try written(["a": .null], options(.strict)) }
    #expect(try written(.null, options(.strict, nilForm: .nil)) == "<nil/>")
    #expect(try written(.null, options(.i8, nilForm: .false)) == "<boolean>0</boolean>")
    #expect(try written(.null, options(.i8, nilForm: .empty)) == "<string></string>")
    #expect(
      try written(["a": .null, "b": "x"], options(.i8, nilForm: .omit))
        == "<struct><member><name>b</name><value><string>x</string></value></member></struct>")
    let error = try #require(throws: CodecError.self) {
      try written([1, .null], options(.i8, nilForm: .omit))
    }
    #expect(error.path == "[1]")
    let optional = XMLRPCType.structure(
      .init(members: [.init(name: "a", type: .int, isOptional: true)]))
    #expect(
      try written(["a": .null], as: optional)
        == "<struct><member><name>a</name><value><nil/></value></member></struct>")
    for options in [options(.strict), options(.i8, nilForm: .omit)] {
      #expect(try written(["a": .null], as: optional, options) == "<struct></struct>")
    }
  }

  @Test("dates with a zone or a fraction are refused in the strict dialect only")
  func dates() throws {
    for text in ["20240102T03:04:05Z", "2024-01-02T03:04:05+01:00", "20240102T03:04:05.5"] {
      let error = try #require(throws: CodecError.self) {
        try written(.dateTime(text), options(.strict))
      }
      #expect(error.hint?.contains("19980717T14:08:55") == true)
      #expect(
        try written(.string(text), as: .dateTime) == "<dateTime.iso8601>\(text)</dateTime.iso8601>")
    }
    #expect(
      try written(.dateTime("2024-01-02T03:04:05"), options(.strict))
        == "<dateTime.iso8601>20240102T03:04:05</dateTime.iso8601>")
  }

  @Test("characters that XML cannot carry are replaced or left out where that is asked for")
  func invalidCharacters() throws {
    func text(_ policy: InvalidCharacterPolicy) throws -> String {
      try written("a\u{1}\u{FFFE}b\tc", XMLRPCWritingOptions(invalidCharacters: policy))
    }
    #expect(throws: CodecError.self) { try text(.error) }
    #expect(try text(.replace) == "<string>a\u{FFFD}\u{FFFD}b\tc</string>")
    #expect(try text(.strip) == "<string>ab\tc</string>")
    let names: Value = ["list": [["a\u{1}": 1, "a\u{2}": 2]]]
    let error = try #require(throws: CodecError.self) {
      try written(names, XMLRPCWritingOptions(invalidCharacters: .strip))
    }
    #expect(error.path == "list[0].a")
    #expect(error.reason.hasPrefix("is the name of two members"))
  }

  @Test("a method's name is never empty, and the strict dialect's has the spec's characters")
  func methodNames() throws {
    for dialect in XMLRPCDialect.allCases {
      let error = try #require(throws: CodecError.self) {
        try XMLRPCWriter(options(dialect)).call(method: "", parameters: [])
      }
      #expect(error.path == "methodName")
    }
    let strict = XMLRPCWriter(options(.strict))
    #expect(throws: CodecError.self) { try strict.call(method: "a-b", parameters: []) }
    _ = try strict.call(method: "sample.sum_All/2:x", parameters: [])
    _ = try XMLRPCWriter(options(.i8)).call(method: "a-b", parameters: [])
  }

  @Test("what was read as a date goes out as it came, and a text that is none is refused")
  func readDates() throws {
    let text = "Mon, 10 Nov 2014 23:38:51 +0000"
    #expect(
      try written(.dateTime(text)) == "<dateTime.iso8601>\(text)</dateTime.iso8601>")
    #expect(throws: CodecError.self) { try written(.string(text), as: .dateTime) }
    #expect(throws: CodecError.self) { try written(.dateTime("1</x>")) }
  }

  @Test("non-ASCII text goes as numeric references where that is asked for")
  func encodings() throws {
    let ascii = try XMLRPCWriter(XMLRPCWritingOptions(encoding: .ascii)).response("é€😀")
    #expect(ascii.text.hasPrefix("<?xml version=\"1.0\" encoding=\"US-ASCII\"?>\n"))
    #expect(ascii.text.contains("<string>&#233;&#8364;&#128512;</string>"))
    #expect(ascii.allSatisfy { $0 < 0x80 })
    let latin = try XMLRPCWriter(XMLRPCWritingOptions(encoding: .latin1)).response("é€\u{85}")
    #expect(latin.contains(0xE9))
    for bytes in [ascii, latin] {
      let again = try XMLRPCReader(XMLRPCReadingOptions(isStrict: true)).read(bytes)
      #expect(again.message == .response(bytes == ascii ? "é€😀" : "é€\u{85}"))
    }
  }

  @Test("what is nested deeper than readers take is refused")
  func depth() throws {
    func nested(_ levels: Int) -> Value {
      (0..<levels).reduce(Value.integer(1)) { inner, level in
        level.isMultiple(of: 2) ? [inner] : ["a": inner]
      }
    }
    let deepest = try XMLRPCWriter().call(
      method: "m", parameters: [.init(nested(XMLRPCOutput.maximumLevels))])
    #expect(try XMLRPCReader().read(deepest).warnings == [])
    #expect(throws: CodecError.self) {
      try XMLRPCWriter().response(nested(XMLRPCOutput.maximumLevels + 1))
    }
  }

  @Test(
    "a double is written with its shortest digits and without an exponent",
    arguments: [
      (0.0, "0.0"), (-0.0, "-0.0"), (1.0, "1.0"), (0.1, "0.1"), (-1.5e-7, "-0.00000015"),
      (1e16, "10000000000000000.0"), (1.2345e20, "123450000000000000000.0"),
      (123456.789, "123456.789"),
      (.leastNonzeroMagnitude, "0." + String(repeating: "0", count: 323) + "5"),
    ])
  func plainDecimals(_ number: Double, _ text: String) throws {
    #expect(PlainDecimal.text(of: number) == text)
    #expect(Double(text) == number)
  }

  @Test("every double reads back from its plain text")
  func doubles() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let text = try #require(PlainDecimal.text(of: number))
      #expect(Double(text) == number)
      #expect(!text.contains("e"))
      if text.utf8.count <= XMLRPCLexical.maximumDoubleLength {
        #expect(XMLRPCLexical.read(.double, text) == .exact(.double(number)))
      }
    }
    #expect(PlainDecimal.text(of: .infinity) == nil)
    #expect(PlainDecimal.text(of: try #require(NumberText("1e999999999"))) == nil)
  }
}
