import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Layouts within records")
struct EmbeddedFieldTests {
  static let section: Value = [
    "envelope": [
      "tran": "const PAY", "fixed": "money(4)", "counted": "money(u16)", "pairs": "pairs(ll)",
      "sized": ["layout": "pairs", "size": "to \"|\""],
      "written": ["layout": ["kv": ["separator": ","]], "size": "u8"], "doc": "xml(lll)",
      "data": "json(rest)",
    ],
    "money": ["currency": "text(1)", "amount": "packed(5,2)"],
    "pairs": ["kv": ["separator": ";"]],
  ]

  static let value: Value = [
    "fixed": ["currency": "E", "amount": "123.45"],
    "counted": ["currency": "D", "amount": "-0.01"],
    "pairs": ["A": "1", "B": "2"], "sized": ["C": "3"], "written": ["D": "4", "E": "5"],
    "doc": ["Doc": ["Id": "7"]], "data": ["list": [1, 2]],
  ]

  static let bytes: [UInt8] =
    Array(ascii: "PAY") + Array(hex: "45 12345c 0004 44 00001d") + Array(ascii: "07A=1;B=2C=3|")
    + [7] + Array(ascii: "D=4,E=5021<Doc><Id>7</Id></Doc>{\"list\":[1,2]}")

  func layout() throws -> RecordLayout {
    var problems: [ValueProblem] = []
    let set = LayoutReader.read(Self.section, at: ValuePath(), problems: &problems)
    #expect(problems == [])
    return try #require(set?.layouts.first as? RecordLayout)
  }

  @Test("messages of other layouts stand in fields of any size")
  func embedded() throws {
    let layout = try layout()
    #expect(try layout.encode(Self.value) == Self.bytes)
    #expect(try layout.visible(layout.decode(Self.bytes).value) == Self.value)
  }

  @Test("their fields have places in the whole message")
  func spans() throws {
    var spans: [FieldSpan] = []
    try layout().list(Self.bytes, into: &spans)
    let places = Dictionary(
      spans.map { ($0.path, $0.range) }, uniquingKeysWith: { $1 })
    #expect(places["counted.amount"] == 10..<13)
    #expect(
      spans.first { $0.path == "counted" }
        == FieldSpan(path: "counted", range: 7..<9, type: "length", value: 4))
    #expect(spans.first { $0.type == "delimiter" }?.path == "sized")
    #expect(places["pairs.B"] == 19..<22)
    #expect(places["doc"].map { Array(Self.bytes[$0].prefix(5)) } == Array(ascii: "<Doc>"))
  }

  @Test("errors in them have their path and their place in the whole message")
  func errors() throws {
    var bytes = Self.bytes
    bytes[12] = 0xFF
    let packed = #expect(throws: CodecError.self) { try layout().decode(bytes) }
    #expect(packed?.path == "counted.amount")
    #expect(packed?.offset == 10)
    bytes = Self.bytes
    bytes[bytes.count - 1] = 0x5D
    var spans: [FieldSpan] = []
    let json = #expect(throws: CodecError.self) { try layout().list(bytes, into: &spans) }
    #expect(json?.path.hasPrefix("data") == true)
    #expect(json?.offset == bytes.count - 1)
    #expect(spans.last?.path == "doc")
    bytes = Self.bytes
    bytes[8] = 0x7F
    let length = #expect(throws: CodecError.self) { try layout().decode(bytes) }
    #expect(length?.path == "counted")
  }

  @Test("a record that is longer than its fields is taken, with a warning")
  func longer() throws {
    let layout = try makeRecord(
      ["a": "p(u8)", "b": "p(3) pad \"\\0\""], beside: ["p": ["x": "uint8"]])
    let message = try layout.decode(Array(hex: "02 01ff 020000"))
    #expect(message.value == ["a": ["x": 1], "b": ["x": 2]])
    #expect(message.warnings == ["a: 1 bytes follow its last field, from byte 2"])
    #expect(try layout.encode(message.value) == Array(hex: "01 01 020000"))
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      (["a": "oter(u16)"], "r.a: unknown field type \"oter\"; did you mean \"other\"?"),
      (["a": "other(x16)"], "r.a: expects a size, found x16"),
      (["a": ["layout": "oter"]], "r.a.layout: unknown layout \"oter\"; did you mean \"other\"?"),
      (
        ["a": ["layout": "other", "sise": "u8"]],
        "r.a.sise: a field has no key \"sise\"; did you mean \"size\"?"
      ),
      (["a": "bits(3)", "b": "uint8"], "r.b: a has 3 bits, which make no whole bytes"),
      (["a": ["bits": ["x": 3]]], "r.a.bits: x has 3 bits, which make no whole bytes"),
      (
        ["a": ["bits": ["x": "uint8"]]],
        "r.a.bits: x has no bits: give a number of them, flag, or bits(3) {…}"
      ),
      (
        ["a": "bits(8) optional"],
        "r.a: bits are there or not with their whole bytes: put them into a group"
      ),
      (["a": "list(uint8, unti: 0)"], "r.a: list has no \"unti\"; did you mean \"until\"?"),
      (
        ["a": "text(n)", "n": "uint8"],
        "r.a: text expects a size, like text(30), (ll), (u16), (to \";\") or (rest)"
      ),
    ] as [(Value, String)])
  func mistakes(_ fields: Value, _ expected: String) {
    #expect(recordMistakes(fields, beside: ["other": ["x": "uint8"]]).count == 1)
    #expect(recordMistakes(fields, beside: ["other": ["x": "uint8"]]).first == expected)
  }
}
