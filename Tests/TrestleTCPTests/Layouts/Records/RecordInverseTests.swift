import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Records have an inverse")
struct RecordInverseTests {
  @Test("a check behind a body of any size is the end of the message, both ways")
  func trailingCheck() throws {
    let layout = try makeLayout([
      "rtu": [
        "unit": "uint8", "data": "bytes(rest)",
        "crc": "uint16 le = crc16-modbus(unit..data)",
      ]
    ])
    // Modbus over serial line 1.02, 2.5.1: unit 1 reads ten registers from 0 on.
    let bytes: [UInt8] = [0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD]
    #expect(try layout.encode(["unit": 1, "data": .bytes([3, 0, 0, 0, 10])]) == bytes)
    let message = try layout.decode(bytes)
    #expect(message.value["data"] == .bytes([3, 0, 0, 0, 10]))
    #expect(message.warnings == [])
    let wrong = #expect(throws: CodecError.self) {
      try layout.decode([0x01, 0x03, 0x00, 0x00, 0x00, 0x0B, 0xC5, 0xCD])
    }
    #expect(wrong?.path == "crc" && wrong?.offset == 6)
    let short = #expect(throws: CodecError.self) { try layout.decode([0x01, 0x03]) }
    #expect(short?.path == "data")
    #expect(short?.reason.contains("is followed by 2 bytes, the message has 1 left") == true)
    expectSturdy(layout, bytes, times: 300, seed: 11)
  }

  @Test(
    "what takes the rest leaves what follows it its bytes",
    arguments: [
      (["t": "text(rest)", "e": "uint8"], ["t": "ab", "e": 7], [0x61, 0x62, 7]),
      (
        ["l": "list(uint8, count: until_end)", "e": "text(2)"], ["l": [1, 2], "e": "zz"],
        [1, 2, 0x7A, 0x7A]
      ),
      (["j": "json(rest)", "e": "uint8"], ["j": ["a": 1], "e": 9], Array("{\"a\":1}".utf8) + [9]),
      (
        ["g": ["t": "text(rest)", "u": "uint8"], "b": "bits(4)", "c": "bits(12)"],
        ["g": ["t": "x", "u": 1], "b": 2, "c": 3], [0x78, 1, 0x20, 3]
      ),
      (
        ["t": "text(rest)", "e": "list(uint16, count: 2)"], ["t": "", "e": [1, 2]], [0, 1, 0, 2]
      ),
    ] as [(Value, Value, [UInt8])])
  func rest(_ record: Value, _ value: Value, _ bytes: [UInt8]) throws {
    try expectGolden(makeLayout(["r": record]), value, bytes)
  }

  @Test(
    "what has no inverse is told when it is loaded, and where",
    arguments: [
      (["a": "text(rest)", "b": "text(u8)"], "layout.r.a: takes all that is left, but b follows"),
      (["a": "text(rest)", "b": "uint8 optional"], "layout.r.a: takes all that is left, but b"),
      (
        ["a": "list(text(rest), count: 2)"], "layout.r.a: takes all that is left, but the next item"
      ),
      (["g": ["a": "bytes(rest)"], "b": "varint"], "layout.r.g.a: takes all that is left, but b"),
      (["a": "uint8 optional", "b": "uint8"], "layout.r.a: is optional, but b follows"),
      (["a": "text(3) if b == 1", "b": "uint8"], "layout.r.a: depends on b, which is not read"),
      (["a": "uint8", "b": "uint8 if aa == 1"], "layout.r.b: depends on \"aa\""),
      (
        ["a": "uint8 = b + 1", "b": "uint8 = a + 1"], "layout.r.a: is computed of itself: a → b → a"
      ),
      (["a": "uint8 = b + 1", "b": "uint8 const 3"], "layout.r.a: is computed of b, which writes"),
      (["a": "uint8 {1: read, 1: write}"], "layout.r.a: the code 1 has two names: read and write"),
      (
        ["a": "uint8 {1: read, 2: read}"], "layout.r.a: the name read stands for two codes: 1 and 2"
      ),
      (["a": "uint8 {1: read, 300: write}"], "layout.r.a: the code \"300\" does not fit"),
      (
        ["a": ["is": "uint8", "names": ["x": "y"]]], "layout.r.a.names: the code \"x\" does not fit"
      ),
      (["a": "bits(3) {9: x}", "b": "bits(5)"], "layout.r.a: the code \"9\" does not fit"),
      (["a": "text(3) default abcdef"], "layout.r.a: default \"abcdef\" does not fit: has 6 bytes"),
      (["a": "text(5) const ab"], "layout.r.a: const \"ab\" is read back as \"ab   \""),
      (
        ["k": "text(1)", "c": ["switch": "k", "cases": ["AB": ["x": "uint8"]]]],
        "layout.r.c.cases.AB: the case \"AB\" does not fit: has 2 bytes"
      ),
      (["n": "bool(\"Y\", \"N\")", "l": "list(uint8, count: n)"], "layout.r.l: n (bool"),
      (
        ["n": "hex(1)", "l": "list(uint8, count: n)"], "layout.r.l: n (hex(1)) cannot say how many"
      ),
      ([:], "layout.r: has no fields"),
    ] as [(Value, String)])
  func noInverse(_ record: Value, _ mistake: String) {
    let mistakes = layoutMistakes(["r": record])
    #expect(mistakes.count == 1, "\(mistakes)")
    #expect(mistakes.first?.hasPrefix(mistake) == true, "\(mistakes)")
  }

  @Test("a part of a record may be empty, and end with what its record follows up")
  func parts() throws {
    let layout = try makeLayout([
      "r": [
        "k": "text(1)", "c": ["switch": "k", "cases": ["P": "ping", "D": "data"]], "e": "uint8",
      ],
      "ping": [:], "data": ["t": "text(rest)"],
    ])
    try expectGolden(layout, ["k": "D", "c": ["t": "ab"], "e": 1], [0x44, 0x61, 0x62, 1])
    try expectGolden(layout, ["k": "P", "c": .emptyObject, "e": 1], [0x50, 1])
  }

  @Test("a count in text is read with its blanks")
  func textCount() throws {
    let layout = try makeLayout(["r": ["n": "text(2)", "l": "list(text(1), count: n)"]])
    #expect(try layout.encode(["l": ["a", "b"]]) == Array("2 ab".utf8))
    #expect(try layout.decode(Array("2 ab".utf8)).value["l"] == ["a", "b"])
    #expect(try layout.decode(Array(" 1a".utf8)).value["l"] == ["a"])
  }

  @Test("a number too large for its float is refused", arguments: ["1e300", "-4e38"])
  func largeFloat(_ number: String) throws {
    let layout = try makeLayout(["r": ["f": "float32"]])
    let error = #expect(throws: CodecError.self) { try layout.encode(["f": .string(number)]) }
    #expect(error?.path == "f")
    #expect(error?.reason.hasPrefix("expects a number below 3.5e38") == true)
    #expect(try layout.encode(["f": .double(.infinity)]) == [0x7F, 0x80, 0, 0])
    let long = try makeLayout(["r": ["f": "float64"]])
    #expect(throws: CodecError.self) { try long.encode(["f": "1e400"]) }
  }

  @Test("a packed minus zero is zero, and stays it")
  func minusZero() throws {
    let layout = try makeLayout(["r": ["f": "packed(3)", "d": "packed(3,2)"]])
    let message = try layout.decode([0, 0x0D, 0, 0x0D])
    #expect(message.value == ["f": 0, "d": "0.00"])
    let written = try layout.encode(message.value)
    #expect(written == [0, 0x0C, 0, 0x0C])
    #expect(try layout.decode(written).value == message.value)
  }

  @Test(
    "an error in a record shows its place and the bytes",
    arguments: [
      (["n": "uint8", "l": "list(uint8, count: n, max: 2)"], [3, 1, 2], "l", 1),
      (
        ["k": "text(1)", "c": ["switch": "k", "cases": ["A": ["x": "uint8"]]]], [0x42, 7], "c", 1
      ),
      (["a": "uint8", "b": "uint8 = a + 1"], [1, 9], "b", 1),
      (["n": "text(1)", "l": "list(uint8, count: n)"], [0x78, 7], "l", 1),
    ] as [(Value, [UInt8], String, Int)])
  func windows(_ record: Value, _ bytes: [UInt8], _ path: String, _ offset: Int) throws {
    let layout = try makeLayout(["r": record])
    let error = #expect(throws: CodecError.self) { try layout.decode(bytes) }
    #expect(error?.path == path)
    #expect(error?.offset == offset)
    #expect(error?.reason.contains("[") == true, "\(error?.reason ?? "")")
  }

  @Test("marks of a layout are written in its encoding")
  func marks() throws {
    let rows = try makeLayout(["encoding": "cp037", "rows": ["one": true]])
    #expect(try rows.encode(["fields": ["A", "B"]]) == [0xC1, 0x6B, 0xC2])
    let pairs = try makeLayout(["encoding": "cp037", "kv": ["separator": ";", "assign": "="]])
    #expect(try pairs.encode(["A": "B", "C": "D"]) == [0xC1, 0x7E, 0xC2, 0x5E, 0xC3, 0x7E, 0xC4])
    #expect(try pairs.decode([0xC1, 0x7E, 0xC2, 0x5E, 0xC3, 0x7E, 0xC4]).value["C"] == "D")
    let list = try makeLayout([
      "encoding": "cp037", "r": ["l": "list(text(1), until: \"*\")", "p": "pad(2, \"-\")"],
    ])
    #expect(try list.encode(["l": ["A"]]) == [0xC1, 0x5C, 0x60, 0x60])
    #expect(layoutMistakes(["encoding": "cp037", "headers": [:]]).count == 1)
  }
}
