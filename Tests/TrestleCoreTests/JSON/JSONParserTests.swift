import Testing

@testable import TrestleCore

@Suite("JSON reader")
struct JSONParserTests {
  static let values: [(String, Value)] = [
    ("null", .null), (" true ", .bool(true)), ("\tfalse\r\n", .bool(false)), ("0", .integer(0)),
    ("-1", .integer(-1)), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), (#""""#, .string("")), ("[]", .array([])),
    ("{}", .object([:])),
    ("[1,[2,{}]]", .array([.integer(1), .array([.integer(2), .object([:])])])),
    (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
    (#""\u00e9\uD834\uDD1E""#, .string("é𝄞")), ("\"é𝄞\"", .string("é𝄞")),
    (#"{"a":1,"b":{"a":null}}"#, ["a": 1, "b": ["a": .null]]),
  ]

  @Test("values are read as what they are", arguments: values)
  func reads(text: String, value: Value) throws {
    let read = try JSONParser.parse(text)
    #expect(read == value)
  }

  @Test(
    "numbers beyond 64 bits, with a fraction or an exponent keep their text",
    arguments: [
      "9223372036854775808", "-9223372036854775809", "10.500", "1e400", "-0", "0.1E-7", "-0.0",
      "123456789012345678901234567890",
    ])
  func keepsNumbers(text: String) throws {
    let value = try JSONParser.parse(text)
    #expect(value == NumberText(text).map { .number($0) })
    #expect(JSONWriter.text(value) == text)
  }

  static let refused: [(String, Int, Int)] = [
    ("", 1, 1), ("[1,]", 1, 4), (#"{"a":1,}"#, 1, 8), ("{a:1}", 1, 2), ("'a'", 1, 1), ("01", 1, 1),
    ("1.", 1, 3), (".5", 1, 1), ("+1", 1, 1), ("1e", 1, 3), ("NaN", 1, 1), ("nul", 1, 1),
    ("[1\n 2]", 2, 2), ("// x\n1", 1, 1), ("1 2", 1, 3), (#""\x""#, 1, 3), (#""\ud800""#, 1, 8),
    (#""\udc00""#, 1, 8), (#""\u12g4""#, 1, 6), ("\"a\nb\"", 1, 3), ("\"a", 1, 3), ("[", 1, 2),
    ("{\"a\"}", 1, 5), ("\u{FEFF}1", 1, 1), ("[1}", 1, 3), ("tru", 1, 1),
  ]

  @Test("what the grammar refuses is refused, with its place", arguments: refused)
  func refuses(text: String, line: Int, column: Int) {
    let error = #expect(throws: JSONError.self) { try JSONParser.parse(text) }
    #expect(error.map { [$0.line, $0.column] } == [line, column])
  }

  @Test(
    "invalid UTF-8 is refused",
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF],
    ] as [[UInt8]])
  func refusesInvalidUTF8(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSONParser.parse(bytes) }
  }

  @Test("nesting has a limit, which is told")
  func limitsDepth() throws {
    let deep = String(repeating: "[", count: 100_000)
    let error = #expect(throws: JSONError.self) { try JSONParser.parse(deep) }
    #expect(error?.reason == "nested deeper than 512")
    _ = try JSONParser.parse(
      String(repeating: "[", count: 512) + String(repeating: "]", count: 512))
    #expect(throws: JSONError.self) { try JSONParser.parse("[[1]]", maximumDepth: 1) }
  }

  @Test("of members with the same name the last stands, at the first place")
  func lastMemberStands() throws {
    let value = try JSONParser.parse(#"{"a":1,"b":2,"a":3}"#)
    #expect(JSONWriter.text(value) == #"{"a":3,"b":2}"#)
    let many = (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let large = try JSONParser.parse("{\(many),\"k0\":\"again\",\"k39\":\"too\"}")
    #expect(large.objectValue?.count == 40)
    #expect(large["k0"] == "again")
    #expect(large["k39"] == "too")
  }
}

@Suite("JSON writer")
struct JSONWriterTests {
  @Test("control characters and quotes are escaped, all else stands as it is")
  func escapes() {
    #expect(JSONWriter.text("\u{0}\u{1F}\"\\/é𝄞\u{7F}") == #""\u0000\u001f\"\\/é𝄞\u007f""#)
  }

  @Test("every kind of value has a text")
  func kinds() {
    let value: Value = [
      .null, true, 7, .double(1.5), .double(2), .double(.nan), .double(-.infinity),
      .bytes([1, 2, 3]),
      .dateTime("20260115T09:30:00"),
    ]
    #expect(
      JSONWriter.text(value)
        == #"[null,true,7,1.5,2,"NaN","-INF","AQID","20260115T09:30:00"]"#)
  }

  @Test("pretty text indents objects and keeps short lists on a line")
  func pretty() {
    let value: Value = ["a": [1, 2], "b": [["c": 1]], "d": [:], "e": []]
    #expect(
      JSONWriter.text(value, style: .pretty) == """
        {
          "a": [1, 2],
          "b": [
            {
              "c": 1
            }
          ],
          "d": {},
          "e": []
        }
        """)
  }

  @Test("what is written reads back the same", arguments: 1...200)
  func roundTrips(seed: Int) throws {
    var generator = SchemaGenerator(seed: UInt64(seed))
    let value = SampleMaker.sample(for: generator.schema())
    for style in [JSONWriter.Style.compact, .pretty] {
      let read = try JSONParser.parse(JSONWriter.text(value, style: style))
      #expect(JSONWriter.text(read) == JSONWriter.text(value))
    }
  }
}
