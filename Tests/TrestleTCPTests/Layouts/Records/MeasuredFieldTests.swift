import Testing
import TrestleCore

@testable import TrestleTCP

/// A record's one layout, with what writes itself taken from fixed generators.
func makeRecord(
  _ fields: Value, beside others: Record = [:], sourceLocation: SourceLocation = #_sourceLocation
) throws -> any MessageLayout {
  var section: Record = ["r": fields]
  for other in others { section[other.name] = other.value }
  let layouts = try makeRecords(.object(section), sourceLocation: sourceLocation)
  return try #require(layouts.first, sourceLocation: sourceLocation).using(
    .fixed(milliseconds: 1_768_469_400_123))
}

/// The mistakes in a record, as `path: message`.
func recordMistakes(_ fields: Value, beside others: Record = [:]) -> [String] {
  var section: Record = ["r": fields]
  for other in others { section[other.name] = other.value }
  var compiler = RecordCompiler(.object(section), at: ValuePath())
  _ = compiler.layouts()
  return compiler.problems.map { "\($0.path): \($0.message)" }
}

@Suite("Measured fields")
struct MeasuredFieldTests {
  @Test(
    "a length counts bytes as they are written",
    arguments: [
      (["n": "uint8 = length(body)", "body": "text(rest)"], ["body": "é€"], "05 c3a9 e282ac"),
      (["n": "uint16 le = length(message)", "body": "text(rest)"], ["body": "a"], "0300 61"),
      (["n": "uint8 = total", "body": "text(rest)"], ["body": "abc"], "04 616263"),
      (
        ["a": "text(1)", "n": "digits(3) = length(a..z)", "z": "text(rest)"],
        ["a": "A", "z": "xy"], "41 303036 7879"
      ),
      (["n": "uint8 = length(body)", "body": "text(to \"|\")"], ["body": "abc"], "03 6162637c"),
      (
        ["n": "uint8 = length(n..body)", "body": "text(to \"|\")"], ["body": "abc"],
        "05 6162637c"
      ),
      (["n": "uint8 = length(body)", "body": "text(ll)"], ["body": "abc"], "03 3033 616263"),
      (
        ["n": "uint8 = length(body) / 2 + 1", "body": "text(rest)"], ["body": "abcd"],
        "03 61626364"
      ),
      (["n": "uint8 = length(x)", "x": "text(3) optional"], ["x": "abc"], "03 616263"),
      (["n": "uint8 = length(x)", "x": "text(3) optional"], [:], "00"),
      (
        ["n": "uint8 = count(items)", "items": "list(uint16)"], ["items": [1, 2, 3]],
        "03 0001 0002 0003"
      ),
      (
        ["n": "text(4) pad \"0\" left = length(body)", "body": "text(rest)"], ["body": "abc"],
        "30303033 616263"
      ),
      (
        ["n": "text(to \":\") = length(body)", "body": "text(rest)"], ["body": "0123456789"],
        "3130 3a 30313233343536373839"
      ),
      (
        ["n": "text(to \":\") = length(message)", "body": "text(rest)"], ["body": "01234567"],
        "3131 3a 3031323334353637"
      ),
    ] as [(Value, Value, String)])
  func length(_ fields: Value, _ value: Value, _ hex: String) throws {
    let layout = try makeRecord(fields)
    #expect(try layout.encode(value) == Array(hex: hex))
    let read = try layout.decode(Array(hex: hex))
    #expect(layout.visible(read.value) == value)
    #expect(try layout.encode(read.value) == Array(hex: hex))
  }

  @Test(
    "a check is written by its field's type",
    arguments: [
      // The request of the Modbus serial line guide's reader of ten registers.
      (
        ["unit": "uint8", "body": "hex(5)", "crc": "uint16 le = crc16-modbus(unit..body)"],
        ["unit": 1, "body": "030000000A"], "01 03 00 00 00 0a c5 cd"
      ),
      (
        ["body": "text(9)", "crc": "hex(2) = crc16-modbus(body)"], ["body": "123456789"],
        "313233343536373839 4b37"
      ),
      (
        ["body": "text(9)", "crc": "hex(2) le = crc16-modbus(body)"], ["body": "123456789"],
        "313233343536373839 374b"
      ),
      (
        ["body": "text(9)", "crc": "text(4) = crc16-xmodem(body)"], ["body": "123456789"],
        "313233343536373839 33314333"
      ),
      (
        ["body": "text(9)", "crc": "uint32 = crc32(body)"], ["body": "123456789"],
        "313233343536373839 cbf43926"
      ),
      (
        ["body": "text(9)", "crc": "bytes(4) = crc32c(body)"], ["body": "123456789"],
        "313233343536373839 e3069283"
      ),
      (["body": "text(2)", "sum": "digits(3) = sum(body)"], ["body": "zz"], "7a7a 323434"),
      (["body": "text(to \"*\")", "sum": "text(2) = xor(body)"], ["body": "AB"], "41422a 3033"),
      (
        ["pan": "text(10)", "check": "digits(1) = luhn(pan)"], ["pan": "7992739871"],
        "37393932373339383731 33"
      ),
      (
        [
          "c": "text(2)", "check": "digits(2) = mod97(bank..place)", "bank": "text(18)",
          "place": "const GB",
        ], ["c": "GB", "bank": "WEST12345698765432"],
        "4742 3832 5745535431323334353639383736353433 32 4742"
      ),
      // The field is blank for its own check, as in the internet's headers.
      (
        ["a": "uint8", "sum": "uint8 = complement(message)", "b": "uint8"], ["a": 1, "b": 2],
        "01 fd 02"
      ),
    ] as [(Value, Value, String)])
  func check(_ fields: Value, _ value: Value, _ hex: String) throws {
    let layout = try makeRecord(fields)
    #expect(try layout.encode(value) == Array(hex: hex))
    let read = try layout.decode(Array(hex: hex))
    #expect(layout.visible(read.value) == value)
    #expect(try layout.encode(read.value) == Array(hex: hex))
  }

  @Test("fields are measured across groups, and a check covers the length before it")
  func groups() throws {
    let layout = try makeRecord(
      ["head": "head", "body": ["x": "uint8", "y": "text(rest)"], "tail": "tail"],
      beside: [
        "head": ["mark": "const M", "size": "uint8 = length(body)"],
        "tail": ["sum": "uint8 = xor(head.size..body.y)"],
      ])
    // y takes everything, so that nothing is left for the tail: the message cannot be read again.
    #expect(try layout.encode(["body": ["x": 1, "y": "A"]]) == Array(hex: "4d 02 01 41 42"))
    let sized = try makeRecord(
      [
        "head": "head",
        "body": ["fields": ["x": "uint8", "y": "text(rest)"], "size": "head.size"],
        "tail": "tail",
      ],
      beside: [
        "head": ["mark": "const M", "size": "uint8"],
        "tail": ["sum": "uint8 = xor(head.size..body.y)"],
      ])
    let bytes: [UInt8] = Array(hex: "4d 03 01 41 42 01")
    #expect(try sized.encode(["body": ["x": 1, "y": "AB"]]) == bytes)
    #expect(try sized.visible(sized.decode(bytes).value)["body"] == ["x": 1, "y": "AB"])
    #expect(try sized.encode(sized.decode(bytes).value) == bytes)
    let error = #expect(throws: CodecError.self) {
      try sized.decode(Array(hex: "4d 03 01 41 42 02"))
    }
    #expect(
      error?.description
        == "byte 5: tail.sum is 2, but xor(head.size..body.y) of bytes 1 to 4 is 1: "
        + "4d 03 01 41 42 [02] \"M..AB[.]\"")
  }

  @Test("a part that speaks of what holds it is no message of its own")
  func part() throws {
    let layouts = try makeRecords([
      "r": ["a": "text(1)", "tail": "tail"], "tail": ["sum": "uint8 = xor(a)"],
    ])
    #expect(try layouts[0].encode(["a": "A"]) == Array(hex: "41 41"))
    let error = #expect(throws: CodecError.self) { try layouts[1].decode([0]) }
    #expect(
      error?.description == "sum there is no field \"a\"; tail is only a part of other records")
  }

  @Test("each item is checked for itself, and all of them together")
  func items() throws {
    let layout = try makeRecord(
      [
        "n": "uint8 = length(items)", "items": ["list": "item", "size": "n"],
        "all": "uint8 = sum(n..items)",
      ],
      beside: ["item": ["n": "uint8 = length(t)", "t": "text(n)", "sum": "uint8 = xor(n..t)"]])
    let bytes: [UInt8] = Array(hex: "07 02 41 42 01 01 43 42 13")
    let value: Value = ["items": [["t": "AB"], ["t": "C"]]]
    #expect(try layout.encode(value) == bytes)
    #expect(try layout.visible(layout.decode(bytes).value) == value)
    let error = #expect(throws: CodecError.self) {
      try layout.decode(Array(hex: "07 02 41 42 01 01 43 43 14"))
    }
    #expect(error?.path == "items[1].sum")
    #expect(error?.offset == 7)
  }

  @Test("clocks and counters are written where callers say nothing, and read as they are")
  func generated() throws {
    let layout = try makeRecord([
      "stan": "digits(6) = next('stan')", "day": "date(\"yyyyMMdd\") = now",
      "time": "text(6) = now('HHmmss')", "at": "epoch32 = now",
    ])
    let first: [UInt8] = Array(ascii: "00000120260115093000") + Array(hex: "6968b398")
    #expect(try layout.encode([:]) == first)
    #expect(try layout.encode(["stan": "77"]).prefix(6) == Array(ascii: "000077")[...])
    #expect(try layout.encode([:]).prefix(6) == Array(ascii: "000002")[...])
    #expect(
      try layout.decode(first).value
        == [
          "stan": "000001", "day": "2026-01-15", "time": "093000", "at": "2026-01-15T09:30:00Z",
        ])
    guard case .object(let schema)? = layout.schema?.shape else {
      Issue.record("no object")
      return
    }
    #expect(schema.members.map(\.isRequired) == [false, false, false, false])
  }

  @Test("computed values of other fields stay what they were")
  func values() throws {
    let layout = try makeRecord(
      [
        "a": "uint8", "b": "uint8", "both": "uint16 = a * b + 1",
        "all": "uint8 = sum(numbers)", "numbers": "list(uint8, count: 2)",
        "n": "uint8 = sum(items, 'x')", "items": "list(item, count: 2)",
      ], beside: ["item": ["x": "uint8"]])
    let bytes: [UInt8] = Array(hex: "03 04 000d 09 04 05 07 02 05")
    #expect(
      try layout.encode(["a": 3, "b": 4, "numbers": [4, 5], "items": [["x": 2], ["x": 5]]]) == bytes
    )
    #expect(throws: CodecError.self) {
      try layout.decode(Array(hex: "03 04 000d 09 04 05 08 02 05"))
    }
  }

  @Test(
    "mistakes are told when the layout is loaded",
    arguments: [
      (
        ["n": "uint8 = length(bdy)", "body": "text(3)"],
        "r.n: there is no field \"bdy\"; did you mean \"body\"?"
      ),
      (
        ["n": "uint8 = length(z..a)", "a": "text(3)", "z": "text(1)"],
        "r.n: length(z..a): a stands before z"
      ),
      (
        ["n": "uint8 = crc32(a)", "a": "text(3)"],
        "r.n: crc32(a): has 4 bytes, for which the field has no room (expects uint8, found \"4294967295\")"
      ),
      (["n": "uint8 = count(a)", "a": "text(3)"], "r.n: count(a): a is no list"),
      (
        ["a": "uint8 = xor(b)", "b": "uint8 = xor(a)"],
        "r.a: is checked by a field that it checks itself: neither can be written"
      ),
      (
        ["a": "text(1)", "items": ["list": ["c": "uint8 = xor(a)"]]],
        "r.items.c: xor(a): a check in a list can only be of fields of its own item"
      ),
      (
        ["n": "uint8 = lenght(a)", "a": "text(3)"],
        "r.n: lenght(a): unknown function \"lenght\""
      ),
      (
        ["n": "bits(8) = length(a)", "a": "text(3)"],
        "r.n: length(a): only a single value of whole bytes can be measured"
      ),
    ] as [(Value, String)])
  func mistakes(_ fields: Value, _ expected: String) {
    #expect(recordMistakes(fields).first == expected)
  }
}
