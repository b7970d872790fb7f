import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Types of fields")
struct FieldTypeTests {
  @Test(
    "a field and its bytes are each other's",
    arguments: [
      ("text(6) cstring", "ab", "61 62 00 00 00 00"), ("text(to \"\\0\")", "ab", "61 62 00"),
      ("text(4) pad \"\\0\" trim", "ab", "61 62 00 00"),
      ("text(6) trim both", "ab", "61 62 20 20 20 20"),
      ("text(u24)", "ab", "00 00 02 61 62"), ("text(u64le)", "a", "01 00 00 00 00 00 00 00 61"),
      ("zoned(3) signs standard", -123, "31 32 73"), ("zoned(3) signs realia", -120, "31 32 20"),
      ("zoned(3) signs tandem leading", -123, "81 32 33"),
      ("zoned(3) signs standard", 7, "30 30 37"),
      ("zoned(3) leading", -123, "4a 32 33"),
      ("varint", 0, "00"), ("varint", 300, "ac 02"), ("varint", 127, "7f"),
      ("varint", "18446744073709551615", "ff ff ff ff ff ff ff ff ff 01"),
      ("uint8 {1: read, 2: write}", "write", "02"), ("uint8 {1: read, 2: write}", 9, "09"),
      ("text(2) {AA: accepted, \"A \": \"asked: later\"}", "asked: later", "41 20"),
      ("text(3) trim {AA: accepted}", "accepted", "41 41 20"),
      ("digits(2) {00: ok}", "ok", "30 30"), ("digits(2) {00: ok}", "01", "30 31"),
      ("date(\"yyDDD\")", "2026-02-01", "32 36 30 33 32"),
      ("date(\"yyyyDDD\")", "2024-12-31", "32 30 32 34 33 36 36"),
      ("date(\"yyyyMMdd\") packed", "2026-01-15", "02 02 60 11 5f"),
      ("date(\"yyDDD\") packed", "2026-01-15", "26 01 5f"),
      ("date(\"yyyyMMdd\") packed", nil, "00 00 00 00 0f"),
      ("date(\"yyMMdd\") bcd", "1999-12-31", "99 12 31"),
      ("date(\"yyDDD\") bcd", "2026-02-01", "02 60 32"),
      ("epoch32", "2026-01-15T09:30:00Z", "69 68 b3 98"),
      ("epoch32 le", "1970-01-01T00:00:00Z", "00 00 00 00"),
      ("epoch32", "2106-02-07T06:28:15Z", "ff ff ff ff"),
      ("epoch64", "1969-12-31T23:59:59Z", "ff ff ff ff ff ff ff ff"),
      ("epoch64 millis", "1969-12-31T23:59:59.999Z", "ff ff ff ff ff ff ff ff"),
      ("epoch64 millis", "2000-02-29T12:00:00.500Z", "00 00 00 dd 9d 3a 0f f4"),
      ("float32 ibm", .double(-118.625), "c2 76 a0 00"), ("float32 ibm", .double(1), "41 10 00 00"),
      ("float32 ibm", .double(0), "00 00 00 00"),
      ("float64 ibm", .double(0.5), "40 80 00 00 00 00 00 00"),
      ("float64 ibm", .double(16), "42 10 00 00 00 00 00 00"),
      ("float64 ibm", .double(0.0625), "40 10 00 00 00 00 00 00"),
    ] as [(String, Value, String)])
  func field(_ text: String, _ value: Value, _ hex: String) throws {
    let layout = try makeField(text)
    #expect(try layout.encode(["f": value]) == Array(hex: hex))
    #expect(try layout.decode(Array(hex: hex)).value == ["f": value])
  }

  @Test(
    "what peers write besides is read",
    arguments: [
      ("text(6) cstring", "61 62 00 7a 7a 7a", "ab"), ("text(4) trim both", "20 61 62 20", "ab"),
      ("date(\"yyDDD\") packed", "26 01 5c", "2026-01-15"), ("varint", "80 00", 0),
      ("float32 ibm", "42 01 00 00", .double(1)),
    ] as [(String, String, Value)])
  func lenient(_ text: String, _ hex: String, _ value: Value) throws {
    #expect(try makeField(text).decode(Array(hex: hex)).value == ["f": value])
  }

  @Test("the double nearest to a decimal goes through 14 hexadecimal digits")
  func hexadecimalFloats() throws {
    let layout = try makeField("float64 ibm")
    #expect(try layout.encode(["f": .double(0.1)]) == Array(hex: "40 19 99 99 99 99 99 9a"))
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<2000 {
      let number = Double.random(in: -1e9...1e9, using: &generator)
      #expect(
        try layout.decode(layout.encode(["f": .double(number)])).value == ["f": .double(number)])
    }
    let short = try makeField("float32 ibm")
    for _ in 0..<2000 {
      let bytes = (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let read = try short.decode(bytes).value
      #expect(try short.decode(short.encode(read)).value == read)
    }
    #expect(throws: CodecError.self) { try short.encode(["f": .double(1e76)]) }
    #expect(throws: CodecError.self) { try short.encode(["f": .double(.infinity)]) }
  }

  @Test(
    "bytes that are no value of the field are refused",
    arguments: [
      ("varint", "ff ff ff ff ff ff ff ff ff 02"), ("varint", "80"),
      ("date(\"yyDDD\")", "32 36 33 36 36"), ("date(\"yyyyMMdd\") packed", "12 02 60 11 5f"),
      ("date(\"yyyyMMdd\") packed", "02 02 61 31 5f"), ("epoch64", "7f ff ff ff ff ff ff ff"),
      ("text(to \"\\0\")", "61 62"), ("json(rest)", "7b"), ("xml(u8)", "05 61"),
      ("list(uint8, until: \"\\xff\")", "01 02"),
    ])
  func wrong(_ text: String, _ hex: String) throws {
    let layout = try makeField(text)
    let error = #expect(throws: CodecError.self) { try layout.decode(Array(hex: hex)) }
    #expect(error?.path.hasPrefix("f") == true)
    #expect(error?.offset != nil)
  }

  @Test(
    "values that a field cannot hold are refused",
    arguments: [
      ("uint8 {1: read}", "raed"), ("varint", -1), ("epoch32", "1969-12-31T23:59:59Z"),
      ("epoch32", "2107-01-01T00:00:00Z"), ("epoch64", "2026-02-29T00:00:00Z"),
      ("date(\"yyDDD\")", "2026-02-30"), ("list(uint8, until: \"\\xff\")", [1, 255]),
      ("json(4)", "abc"),
    ] as [(String, Value)])
  func unwritable(_ text: String, _ value: Value) throws {
    let layout = try makeField(text)
    let error = #expect(throws: CodecError.self) { try layout.encode(["f": value]) }
    #expect(error?.path.hasPrefix("f") == true)
  }

  @Test("fields of bits share their bytes, the highest bit first")
  func bits() throws {
    let layout = try makeRecord([
      "version": "bits(4)", "kind": "bits(3) {1: open, 2: close}", "last": "flag", "id": "bits(12)",
      "rest": "bits(4)", "after": "uint8",
      "flags": ["bits": ["mode": 3, "urgent": "flag", "spare": 4]],
    ])
    let value: Value = [
      "version": 4, "kind": "close", "last": true, "id": 0xABC, "rest": 0xD, "after": 7,
      "flags": ["mode": 5, "urgent": true, "spare": 0],
    ]
    let bytes: [UInt8] = Array(hex: "45 ab cd 07 b0")
    #expect(try layout.encode(value) == bytes)
    #expect(try layout.decode(bytes).value == value)
    var spans: [FieldSpan] = []
    try layout.list(bytes, into: &spans)
    #expect(spans.map(\.range.lowerBound) == [0, 0, 0, 1, 2, 3, 4, 4, 4])
    let error = #expect(throws: CodecError.self) { try layout.encode(["version": 16]) }
    #expect(error?.path == "version")
  }

  @Test("filling and alignment bytes are passed and not among the values")
  func filling() throws {
    let layout = try makeRecord([
      "a": "uint8", "p": "pad(2)", "b": "uint8", "q": "pad(1, \"\\xff\")", "x": "align(4)",
      "c": "uint8", "y": "align(4)",
    ])
    let bytes: [UInt8] = Array(hex: "01 0000 02 ff 000000 03 000000")
    #expect(try layout.encode(["a": 1, "b": 2, "c": 3]) == bytes)
    #expect(
      try layout.decode(Array(hex: "01 ffff 02 00 ffffff 03 ffffff")).value
        == ["a": 1, "b": 2, "c": 3])
    guard case .object(let schema)? = layout.schema?.shape else {
      Issue.record("no object")
      return
    }
    #expect(schema.members.map(\.name) == ["a", "b", "c"])
  }

  @Test("conditions stand on the line, and speak of records around them too")
  func conditions() throws {
    let layout = try makeRecord([
      "kind": "text(1)", "a": "digits(2) if kind == \"A\"", "b": "digits(3) unless kind == \"A\"",
      "inner": [
        "x": "text(1) if kind in [A, B]", "y": ["is": "text(1)", "unless": "kind == 'A'"],
      ],
      "z": "text(1) default Q if kind == \"A\"",
    ])
    for (value, text) in [
      (["kind": "A", "a": "07", "inner": ["x": "X"], "z": "Q"], "A07XQ"),
      (["kind": "B", "b": "123", "inner": ["x": "X", "y": "Y"]], "B123XY"),
      (["kind": "C", "b": "123", "inner": ["y": "Y"]], "C123Y"),
    ] as [(Value, String)] {
      #expect(try layout.encode(value) == Array(ascii: text))
      #expect(try layout.decode(Array(ascii: text)).value == value)
    }
  }

  @Test("lists end at a count, at bytes that are no item, or with what holds them")
  func lists() throws {
    let layout = try makeRecord(
      [
        "head": ["n": "uint8", "size": "uint8"], "counted": "list(text(2), count: head.n)",
        "ended": "list(item, until: \"\\xff\")", "sized": ["list": "uint16", "size": "head.size"],
        "pairs": ["list": ["k": "uint8", "v": "uint8"], "size": "u8"], "rest": "list(digits(2))",
      ], beside: ["item": ["t": "text(u8)"]])
    let value: Value = [
      "counted": ["ab", "cd"], "ended": [["t": "x"], ["t": ""]], "sized": [1, 2, 3],
      "pairs": [["k": 1, "v": 2]], "rest": ["01", "02"],
    ]
    let bytes: [UInt8] =
      Array(hex: "02 06 6162 6364 0178 00 ff 0001 0002 0003 02 0102 3031 3032")
    #expect(try layout.encode(value) == bytes)
    let read = try layout.decode(bytes).value
    #expect(read["head"] == ["n": 2, "size": 6])
    #expect(try layout.encode(read) == bytes)
    var visible = layout.visible(read)
    #expect(visible["head"] == .emptyObject)
    visible.set(.null, at: ValuePath([.member("head")]))
    #expect(try layout.encode(visible) == bytes)
  }
}
