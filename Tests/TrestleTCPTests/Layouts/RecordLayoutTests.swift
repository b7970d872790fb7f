import Testing
import TrestleCore

@testable import TrestleTCP

/// The record layouts of a section that is meant to be right.
func makeRecords(
  _ section: Value, sourceLocation: SourceLocation = #_sourceLocation
) throws -> [RecordLayout] {
  var compiler = RecordCompiler(section, at: ValuePath())
  let layouts = compiler.layouts()
  #expect(compiler.problems == [], sourceLocation: sourceLocation)
  return layouts
}

/// A layout of one field `f`.
func makeField(
  _ text: String, encoding: String = "utf-8", sourceLocation: SourceLocation = #_sourceLocation
) throws -> RecordLayout {
  let layouts = try makeRecords(
    ["encoding": .string(encoding), "r": ["f": .string(text)]], sourceLocation: sourceLocation)
  return try #require(layouts.first, sourceLocation: sourceLocation)
}

@Suite("Record layout")
struct RecordLayoutTests {
  @Test(
    "a field and its bytes are each other's",
    arguments: [
      ("text(5) trim", "utf-8", "ab", "61 62 20 20 20"),
      ("text(5)", "utf-8", "ab   ", "61 62 20 20 20"),
      ("text(5) pad \"0\" left trim", "utf-8", "42", "30 30 30 34 32"),
      ("text(3)", "cp037", "É1[", "71 f1 ba"),
      ("text(3)", "cp500", "É1[", "71 f1 4a"),
      ("text(1)", "cp1140", "€", "9f"),
      ("text(ll)", "utf-8", "abc", "30 33 61 62 63"),
      ("text(lll:bcd)", "utf-8", "abc", "00 03 61 62 63"),
      ("text(ll)", "cp037", "A", "f0 f1 c1"),
      ("text(ll:ascii)", "cp037", "A", "30 31 c1"), ("text(to \";\")", "cp037", "A", "c1 5e"),
      ("text(to \"\\x15\")", "cp037", "A", "c1 15"), ("text(to \"\u{15}\")", "cp037", "A", "c1 15"),
      ("bytes(ll)", "cp037", .bytes([1]), "f0 f1 01"),
      ("text(3) pad \"*\" trim", "cp037", "A", "c1 5c 5c"),
      ("text(ll:ebcdic)", "cp037", "A", "f0 f1 c1"),
      ("text(u16)", "utf-8", "é", "00 02 c3 a9"), ("text(u16le)", "utf-8", "a", "01 00 61"),
      ("text(to \";\")", "utf-8", "ab", "61 62 3b"), ("text(rest)", "utf-8", "ab", "61 62"),
      ("digits(4)", "utf-8", "0042", "30 30 34 32"), ("digits(2)", "cp037", "42", "f4 f2"),
      ("bytes(2)", "utf-8", .bytes([0, 255]), "00 ff"), ("hex(2)", "utf-8", "00FF", "00 ff"),
      ("bytes(u8)", "utf-8", .bytes([7]), "01 07"),
      ("bool(\"Y\", \"N\")", "utf-8", true, "59"), ("bool(00,FF)", "utf-8", false, "46 46"),
      ("date(\"yyyyMMdd\")", "utf-8", "2026-01-15", "32 30 32 36 30 31 31 35"),
      ("date(\"yyMMdd\")", "cp037", "1999-12-31", "f9 f9 f1 f2 f3 f1"),
      ("date(\"HHmm\")", "utf-8", "09:30:00", "30 39 33 30"),
      ("date(\"yyyyMMddHHmmss\")", "utf-8", "2024-02-29T23:59:59", "32303234303232393233353935 39"),
      ("date(\"yyMMdd\")", "utf-8", nil, "30 30 30 30 30 30"),
      ("packed(5,2)", "cp037", "123.45", "12 34 5c"), ("packed(5,2)", "cp037", "-0.07", "00 00 7d"),
      ("packed(4)", "cp037", -12, "00 01 2d"), ("packed(3) unsigned", "cp037", 123, "12 3f"),
      ("packed(11)", "cp037", "12345678901", "12 34 56 78 90 1c"),
      ("zoned(4,2)", "cp037", "12.34", "f1 f2 f3 c4"), ("zoned(3)", "cp037", -120, "f1 f2 d0"),
      ("zoned(3) unsigned", "cp037", 120, "f1 f2 f0"), ("zoned(3)", "utf-8", 120, "31 32 7b"),
      ("zoned(3)", "utf-8", -123, "31 32 4c"), ("zoned(3) unsigned", "utf-8", 123, "31 32 33"),
      ("comp(4)", "utf-8", -2, "ff fe"), ("comp(9)", "utf-8", 258, "00 00 01 02"),
      ("comp(4) le", "utf-8", 258, "02 01"), ("comp(18)", "utf-8", "-1", "ff ff ff ff ff ff ff ff"),
      ("comp(9,2)", "utf-8", "-1.50", "ff ff ff 6a"),
      ("bcd(6)", "utf-8", "001234", "00 12 34"), ("bcd(3)", "utf-8", "123", "01 23"),
      ("int8", "utf-8", -1, "ff"), ("uint8", "utf-8", 255, "ff"),
      ("int16 le", "utf-8", -2, "fe ff"),
      ("uint32", "utf-8", 4_294_967_295, "ff ff ff ff"),
      ("int64", "utf-8", "-1", "ff ff ff ff ff ff ff ff"),
      ("uint64", "utf-8", "18446744073709551615", "ff ff ff ff ff ff ff ff"),
      ("float64", "utf-8", .double(-1.5), "bf f8 00 00 00 00 00 00"),
      ("float32 le", "utf-8", .double(0.5), "00 00 00 3f"),
    ] as [(String, String, Value, String)])
  func field(_ text: String, _ encoding: String, _ value: Value, _ hex: String) throws {
    let layout = try makeField(text, encoding: encoding)
    #expect(try layout.encode(["f": value]) == Array(hex: hex))
    #expect(try layout.decode(Array(hex: hex)).value == ["f": value])
  }

  @Test(
    "what hosts write besides is read",
    arguments: [
      ("packed(3)", "12 3a", 123), ("packed(3)", "12 3b", -123), ("packed(3)", "12 3e", 123),
      ("packed(3)", "12 3f", 123), ("zoned(2)", "31 72", -12), ("zoned(2)", "31 32", 12),
      ("packed(3)", "00 0d", 0),
    ] as [(String, String, Value)])
  func lenient(_ text: String, _ hex: String, _ value: Value) throws {
    #expect(try makeField(text).decode(Array(hex: hex)).value == ["f": value])
  }

  @Test(
    "bytes that are no value of the field are refused, and shown",
    arguments: [
      ("packed(3)", "12 34"), ("packed(3)", "1a 3c"), ("zoned(2)", "31 3a"), ("bcd(2)", "1a"),
      ("digits(2)", "3a 30"), ("bool(\"Y\",\"N\")", "5a"),
      ("date(\"yyyyMMdd\")", "3230323330323239"),
      ("date(\"HHmm\")", "3235 3030"), ("text(4)", "61"), ("text(ll)", "30 35 61"),
      ("text(ll)", "3a 30"),
      ("text(u32)", "ff ff ff ff 61"), ("text(to \";\")", "61 62"), ("text(2)", "ff ff"),
      ("int32", "00"),
    ])
  func wrong(_ text: String, _ hex: String) throws {
    let layout = try makeField(text)
    let error = #expect(throws: CodecError.self) { try layout.decode(Array(hex: hex)) }
    #expect(error?.path == "f")
    #expect(error?.offset != nil)
    #expect(error?.reason.contains("[") == true)
  }

  @Test(
    "values that a field cannot hold are refused, not cut",
    arguments: [
      ("text(2)", "abc"), ("text(2)", "é€"), ("digits(2)", "123"), ("digits(2)", "-1"),
      ("packed(3,1)", "123.4"), ("packed(3,1)", "1.23"), ("packed(3) unsigned", -1),
      ("packed(3)", "1e1"), ("packed(3)", true), ("comp(4)", 12345), ("int8", 128), ("uint8", -1),
      ("uint8", "x"), ("bytes(2)", .bytes([1])), ("hex(1)", "zz"), ("bool(Y,N)", "maybe"),
      ("date(\"yyMMdd\")", "2050-01-01"), ("date(\"yyyyMMdd\")", "2023-02-29"),
      ("date(\"yyyyMMdd\")", "15.01.2026"), ("text(to \";\")", "a;b"), ("text(l)", "0123456789"),
    ] as [(String, Value)])
  func unwritable(_ text: String, _ value: Value) throws {
    let layout = try makeField(text)
    let error = #expect(throws: CodecError.self) { try layout.encode(["f": value]) }
    #expect(error?.path == "f")
  }

  static let answer: Value = [
    "encoding": "cp037",
    "inquiry": ["tran": "const CINQ", "account": "digits(10)", "filler": "text(66)"],
    "answer": [
      "tran": "text(4)", "rc": "digits(2)", "name": "text(30) trim", "balance": "packed(11,2)",
      "limit": "zoned(9,2)", "opened": "date(\"yyyyMMdd\")", "n": "comp(4)",
      "entries": "list(entry, count: n, max: 20)",
    ],
    "entry": ["date": "date(\"yyMMdd\")", "amount": "packed(9,2)", "text": "text(20) trim"],
  ]

  /// Made with another program (Python's cp037 codec).
  static let answerBytes = Array(
    hex: """
      c3c9d5d8f0f0d44b40d371e5e8404040404040404040404040404040404040404040404000000123
      450cf0f0f0f0f0f9f9f9d9f2f0f2f0f0f2f2f90002f2f6f0f1f1f5000001000cc4c5d7d6e2c9e340
      404040404040404040404040f2f6f0f1f1f6000000250dc6c5c54040404040404040404040404040
      404040
      """)

  static let answerValue: Value = [
    "tran": "CINQ", "rc": "00", "name": "M. LÉVY", "balance": "1234.50", "limit": "-99.99",
    "opened": "2020-02-29",
    "entries": [
      ["date": "2026-01-15", "amount": "10.00", "text": "DEPOSIT"],
      ["date": "2026-01-16", "amount": "-2.50", "text": "FEE"],
    ],
  ]

  @Test("a record with a list as long as a field before it says")
  func lists() throws {
    let layouts = try makeRecords(Self.answer)
    let value = Self.answerValue
    let read = try layouts[1].decode(Self.answerBytes).value
    #expect(layouts[1].visible(read) == value)
    #expect(read["n"] == 2)
    #expect(try layouts[1].encode(value) == Self.answerBytes)
    #expect(try layouts[1].encode(read) == Self.answerBytes)
  }

  @Test("fields have their places")
  func spans() throws {
    let layouts = try makeRecords(Self.answer)
    var spans: [FieldSpan] = []
    try layouts[1].list(Self.answerBytes, into: &spans)
    #expect(
      spans[3]
        == FieldSpan(path: "balance", range: 36..<42, type: "packed(11,2)", value: "1234.50"))
    #expect(spans.last?.path == "entries[1].text")
    #expect(spans.last?.range.upperBound == Self.answerBytes.count)
  }

  @Test("a count over its maximum is refused before an item is read")
  func tooMany() throws {
    let layouts = try makeRecords(Self.answer)
    var bytes = Self.answerBytes
    bytes[59] = 0x7F
    let error = #expect(throws: CodecError.self) { try layouts[1].decode(bytes) }
    #expect(error?.path == "entries")
    #expect(error?.reason.hasPrefix("would have 32514 items, more than 20: … ") == true)
  }

  @Test("an error in an item has the item's path")
  func itemPath() throws {
    let layouts = try makeRecords(Self.answer)
    var bytes = Self.answerBytes
    bytes[102] = 0x00
    let error = #expect(throws: CodecError.self) { try layouts[1].decode(bytes) }
    #expect(error?.path == "entries[1].amount")
  }

  @Test("constants, defaults, computed fields, conditions and what may be missing")
  func sources() throws {
    let layouts = try makeRecords([
      "m": [
        "magic": "const AB", "kind": "text(1)", "size": "uint8 = length(body)",
        "body": "text(to \"|\")", "extra": ["is": "digits(2)", "if": "kind == \"X\""],
        "mode": "text(1) default N", "tail": "text(3) optional",
      ]
    ])
    let layout = layouts[0]
    #expect(
      try layout.encode(["kind": "X", "body": "abc", "extra": "7"])
        == Array(ascii: "ABX\u{3}abc|07N"))
    #expect(
      try layout.encode(["kind": "Y", "body": "", "tail": "end"]) == Array(ascii: "ABY\u{0}|Nend"))
    let message = try layout.decode(Array(ascii: "ABY\u{0}|Nend!")).value
    #expect(layout.visible(message) == ["kind": "Y", "body": "", "mode": "N", "tail": "end"])
    let warnings = try layout.decode(Array(ascii: "ABY\u{0}|Nend!")).warnings
    #expect(warnings == ["1 bytes follow the last field, from byte 9"])
    let magic = #expect(throws: CodecError.self) { try layout.decode(Array(ascii: "AC")) }
    #expect(magic?.path == "magic")
    let size = #expect(throws: CodecError.self) { try layout.decode(Array(ascii: "ABY\u{1}|N")) }
    #expect(size?.path == "size")
    let unknown = #expect(throws: CodecError.self) { try layout.encode(["knd": "X"]) }
    #expect(unknown?.reason == "is no field of the layout; did you mean \"kind\"?")
  }

  @Test("a field chooses the fields after it")
  func choices() throws {
    let layouts = try makeRecords([
      "m": [
        "fn": "uint8",
        "body": [
          "switch": "fn", "cases": ["3": "read", "16": ["n": "uint8"]],
          "else": ["raw": "hex(rest)"],
        ],
      ], "read": ["at": "uint16", "count": "uint16"],
    ])
    for (value, hex) in [
      (["fn": 3, "body": ["at": 1, "count": 2]], "03 00 01 00 02"),
      (["fn": 16, "body": ["n": 9]], "10 09"), (["fn": 1, "body": ["raw": "ABCD"]], "01 ab cd"),
    ] as [(Value, String)] {
      #expect(try layouts[0].encode(value) == Array(hex: hex))
      #expect(try layouts[0].decode(Array(hex: hex)).value == value)
    }
  }

  @Test("items until the end, and items without bytes")
  func untilEnd() throws {
    let layout = try makeField("list(uint8, count: until_end)")
    #expect(try layout.decode([1, 2]).value == ["f": [1, 2]])
    #expect(try layout.encode(["f": [1, 2]]) == [1, 2])
    let empty = try makeRecords(["r": ["f": "list(e)"], "e": ["t": "text(0)"]])
    #expect(throws: CodecError.self) { try empty[0].decode([0x41]) }
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      (["r": ["f": "txt(3)"]], "r.f: unknown field type \"txt\"; did you mean \"text\"?"),
      (
        ["r": ["f": "text(3) trm"]],
        "r.f: unknown word \"trm\" after text; did you mean \"trim\"?"
      ),
      (
        ["r": ["f": "text"]],
        "r.f: text expects a size, like text(30), (ll), (u16), (to \";\") or (rest)"
      ),
      (
        ["r": ["f": "packed(2,3)"]],
        "r.f: packed expects how many digits, and how many after the point, like packed(11,2)"
      ),
      (
        ["r": ["f": "date(\"yyyy\")"]],
        "r.f: date expects a pattern of yyyy yy MM dd DDD HH mm ss, like date(\"yyyyMMdd\")"
      ),
      (["r": ["f": "list(things, count: n)"]], "r.f: unknown field type \"things\""),
      (
        ["r": ["n": "uint8", "f": "list(uint8, count: size)"]],
        "r.f: the count \"size\" is no field before it"
      ),
      (["r": ["f": "r"]], "r: r contains itself: r → r"),
      (["r": ["f": 5]], "r.f: expects a field like text(10), found 5"),
      (["r": ["f": "text(3"]], "r.f: text(3: a parenthesis or quote is not closed"),
      (
        ["encodin": "cp037", "r": ["f": "uint8"]],
        "encodin: layout has no key \"encodin\"; did you mean \"encoding\"?"
      ),
    ] as [(Value, String)])
  func mistakes(_ section: Value, _ expected: String) {
    var compiler = RecordCompiler(section, at: ValuePath())
    _ = compiler.layouts()
    #expect(compiler.problems.map { "\($0.path): \($0.message)" }.first == expected)
  }

  @Test("garbage gives values or typed errors")
  func garbage() throws {
    let layouts = try makeRecords(Self.answer)
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      var bytes = Self.answerBytes
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
          UInt8.random(in: 0...255, using: &generator)
      }
      bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
      for layout in layouts {
        do throws(CodecError) {
          _ = try layout.decode(bytes)
        } catch {
          #expect(!error.path.isEmpty)
        }
      }
    }
  }

  @Test("random records with random values come back as they were")
  func property() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let encoding = ["utf-8", "cp037", "iso-8859-1"].randomElement(using: &generator) ?? "utf-8"
      var section: Record = ["encoding": .string(encoding)]
      var fields = Record()
      var values = Record()
      for index in 0..<Int.random(in: 1...8, using: &generator) {
        let (text, value) = RandomField.make(&generator)
        fields["f\(index)"] = .string(text)
        values["f\(index)"] = value
      }
      section["r"] = .object(fields)
      let layout = try #require(try makeRecords(.object(section)).first)
      let bytes = try layout.encode(.object(values))
      #expect(try layout.decode(bytes).value == .object(values), "\(section)")
      #expect(try layout.encode(layout.decode(bytes).value) == bytes)
    }
  }
}

/// A random field with a value it can hold.
enum RandomField {
  static func make(_ generator: inout SeededGenerator) -> (String, Value) {
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    func digits(_ count: Int) -> String { (0..<count).map { _ in String(number(0...9)) }.joined() }
    switch number(0...8) {
    case 0:
      let size = number(1...20)
      let text = String(
        (0..<number(0...size)).map { _ in "abcXYZ019-_/".randomElement(using: &generator) ?? "a" })
      return ("text(\(size)) trim", .string(text))
    case 1:
      let size = number(1...12)
      return ("digits(\(size))", .string(digits(size)))
    case 2, 3:
      let form = ["packed", "zoned", "comp"].randomElement(using: &generator) ?? "packed"
      let precision = number(10...18), scale = number(1...9)
      let whole = number(1...precision - scale)
      let text =
        (number(0...1) == 0 ? "-" : "") + "\(number(1...9))" + digits(whole - 1) + "."
        + digits(scale)
      return ("\(form)(\(precision),\(scale))", .string(text))
    case 4:
      let value = number(-9999...9999)
      return ("packed(4)", .integer(Int64(value)))
    case 5: return ("int16 le", .integer(Int64(number(-32768...32767))))
    case 6: return ("uint32", .integer(Int64(number(0...4_294_967_295))))
    case 7:
      return (
        "hex(u8)",
        .string(
          String(
            (0..<number(0...5) * 2).map { _ in
              "0123456789ABCDEF".randomElement(using: &generator) ?? "0"
            }))
      )
    default:
      let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
      return (
        "date(\"yyyyMMdd\")",
        .string("\(number(1900...2100))-\(pad(number(1...12)))-\(pad(number(1...28)))")
      )
    }
  }
}

@Suite("A mainframe inquiry")
struct InquiryExampleTests {
  static let definition: Value = [
    "frame": ["length": ["bytes": 2, "as": "be", "counts": "total", "header": 4]],
    "layout": RecordLayoutTests.answer,
    "operations": [
      "inquire": [
        "request": ["layout": "inquiry"], "reply": ["layout": "answer"],
        "error": ["when": "rc != 0", "code": "rc"], "idempotent": true,
      ]
    ],
    "conversation": ["correlate": "order", "in_flight": 1, "on_idle_close": "reconnect"],
  ]

  @Test("a call and its reply go through EBCDIC records, both roles")
  func exchanged() throws {
    let codec = try makeCodec(Self.definition)
    let request = try codec.encode(Call(operation: "inquire", parameters: ["account": "42"]))
    #expect(request.body.count == 80)
    #expect(request.body.prefix(14) == Array(hex: "c3c9d5d8 f0f0f0f0f0f0f0f0f4f2")[...])
    let (call, reply) = try exchange(codec, "inquire", ["account": 42]) { _ in
      .value([
        "tran": "CINQ", "rc": "00", "name": "A", "balance": "1.00", "limit": "0", "entries": [],
      ])
    }
    #expect(call.parameters == ["account": "0000000042"])
    #expect(reply.value?["balance"] == "1.00")
    #expect(reply.value?["opened"] == .null)
    let (_, fault) = try exchange(codec, "inquire", ["account": "1"]) { _ in
      .fault(Fault(code: "12", message: "not found"))
    }
    #expect(fault.fault?.code == "12")
  }

  @Test("the contract has the fields that callers give")
  func contract() throws {
    let operation = try #require(
      try makeCodec(Self.definition).contract.operation(named: "inquire"))
    guard case .object(let input) = operation.input.shape,
      case .object(let output) = operation.output.shape
    else {
      Issue.record("no objects")
      return
    }
    #expect(input.members.map(\.name) == ["account"])
    #expect(
      output.members.map(\.name) == ["tran", "rc", "name", "balance", "limit", "opened", "entries"])
    #expect(operation.effects == .read)
    let error = #expect(throws: CodecError.self) {
      try makeCodec(Self.definition).encode(Call(operation: "inquire"))
    }
    #expect(error?.description == "account is missing")
  }
}
