import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("BER-TLV")
struct BERTLVLayoutTests {
  @Test(
    "elements and their bytes are each other's",
    arguments: [
      ([:], ""), (["5A": "12"], "5a0112"), (["9F26": "A1B2"], "9f2602a1b2"),
      (["5F2A": "0840", "82": ""], "5f2a020840 8200"), (["9F8101": "00"], "9f81010100"),
      (["70": ["5A": "12", "A5": ["50": "41"]]], "7008 5a0112 a503 500141"), (["70": [:]], "7000"),
      (
        ["DF7E": .string(String(repeating: "AB", count: 127))],
        "df7e7f" + String(repeating: "ab", count: 127)
      ),
      (
        ["5A": .string(String(repeating: "AB", count: 128))],
        "5a8180" + String(repeating: "ab", count: 128)
      ),
      (
        ["5A": .string(String(repeating: "AB", count: 256))],
        "5a820100" + String(repeating: "ab", count: 256)
      ),
    ] as [(Value, String)])
  func golden(_ value: Value, _ hex: String) throws {
    try expectGolden(try makeLayout(["ber": [:]]), value, Array(hex: hex))
  }

  @Test("a list keeps order, repetition, padding and lengths that are longer than they need to be")
  func list() throws {
    let bytes = Array(hex: "00 71 81 03 5a0112 5a0113 82 00 5a 82 0001 14 0000")
    let value: Value = [
      ["padding": "00"],
      ["tag": "71", "value": [["tag": "5A", "value": "12"]], "length_bytes": 2],
      ["tag": "5A", "value": "13"], ["tag": "82", "value": ""],
      ["tag": "5A", "value": "14", "length_bytes": 3], ["padding": "0000"],
    ]
    try expectGolden(try makeLayout(["ber": ["shape": "list"]]), value, bytes)
  }

  @Test("an object has names, arrays for tags that repeat, and no padding")
  func object() throws {
    let layout = try makeLayout([
      "ber": [
        "names": ["9f26": "cryptogram", "71": "script"], "repeated": ["script", "86"],
        "padding": "emv",
      ]
    ])
    let value: Value = [
      "cryptogram": "A1", "script": [["86": ["01", "02"]], ["86": []]], "86": ["03"],
    ]
    let bytes = Array(hex: "9f2601a1 7106 860101 860102 7100 860103")
    #expect(try layout.encode(value) == bytes)
    let read = try layout.decode(Array(hex: "ff 9f2601a1 0000 7106 860101 860102 7100 860103 ff"))
    #expect(
      read.value == [
        "cryptogram": "A1", "script": [["86": ["01", "02"]], [:]], "86": ["03"],
      ])
    #expect(read.warnings == [])
    #expect(try layout.encode(["9F26": "A1"]) == Array(hex: "9f2601a1"))
    #expect(layout.key(of: "9f26") == "cryptogram")
    #expect(layout.key(of: "cryptogram") == "cryptogram")
    #expect(layout.key(of: "5f2a") == "5F2A")
    #expect(layout.layout(within: "71")?.key(of: "9F26") == "cryptogram")
    #expect(layout.layout(within: "script") != nil)
    #expect(layout.layout(within: "cryptogram") == nil)
  }

  @Test("a tag that repeats without being declared is read with a warning")
  func undeclared() throws {
    let layout = try makeLayout(["ber": [:]])
    let message = try layout.decode(Array(hex: "5a0112 820100 5a0113"))
    #expect(message.value == ["5A": ["12", "13"], "82": "00"])
    #expect(message.warnings.count == 1)
  }

  @Test(
    "what is no BER-TLV is refused at its byte",
    arguments: [
      ("5a", "5A", 1), ("5a03 1234", "5A", 1), ("9f", "", 0), ("9f81", "", 0),
      ("9f81818181 00", "", 0),
      ("5a80 00", "5A", 1), ("5a85 0000000001 00", "5A", 1), ("5aff 00", "5A", 1),
      ("5a84 ffffffff 00", "5A", 1), ("5a84 7fffffff", "5A", 1), ("5a82 01", "5A", 1),
      ("7003 5a0212", "70.5A", 3), ("7005 5a0112", "70", 1), ("5a0112 5f", "", 3),
    ])
  func wrong(_ hex: String, _ path: String, _ offset: Int) throws {
    let layout = try makeLayout(["ber": [:]])
    let error = #expect(throws: CodecError.self) { try layout.decode(Array(hex: hex)) }
    #expect(error?.path == path)
    #expect(error?.offset == offset)
  }

  @Test(
    "what cannot be written is refused at its tag",
    arguments: [
      (["5A": "1"], "5A"), (["5A": "zz"], "5A"), (["70": "12"], "70"), (["5A": ["82": "00"]], "5A"),
      (["9F": "00"], "9F"), (["5A82": "00"], "5A82"), (["9F2681": "00"], "9F2681"),
      (["00": "00"], "00"),
      (["70": ["x": "00"]], "70.x"), (["": "00"], ""),
    ] as [(Value, String)])
  func unwritable(_ value: Value, _ path: String) throws {
    let layout = try makeLayout(["ber": [:]])
    let error = #expect(throws: CodecError.self) { try layout.encode(value) }
    #expect(error?.path == path)
  }

  @Test("names are for tags")
  func names() {
    #expect(
      layoutMistakes(["ber": ["names": ["9F": "a", "5A": "b", "card": "c"]]]) == [
        "layout.ber.names.9F: 9F is no tag", "layout.ber.names.CARD: CARD is no tag",
      ])
  }

  @Test("depth is bounded, reading and writing")
  func depth() throws {
    let layout = try makeLayout(["ber": [:]])
    var bytes: [UInt8] = []
    var value = Value.emptyObject
    for _ in 0..<40 {
      bytes =
        [0x70] + (bytes.count < 128 ? [UInt8(bytes.count)] : [0x81, UInt8(bytes.count)]) + bytes
      value = ["70": value]
    }
    #expect(throws: CodecError.self) { try layout.decode(bytes) }
    #expect(throws: CodecError.self) { try layout.encode(value) }
  }

  @Test("a long run of small elements is read in one go")
  func many() throws {
    let layout = try makeLayout(["ber": ["shape": "list"]])
    let bytes = Array(repeating: Array(hex: "5a0112"), count: 100_000).flatMap { $0 }
    #expect(try layout.encode(try layout.decode(bytes).value) == bytes)
  }

  @Test("changed bytes are a message or a typed error", arguments: ["object", "list"])
  func sturdy(_ shape: String) throws {
    let bytes = Array(hex: "00 71 81 06 5a0112 820100 9f2604deadbeef 5a0113 7007 a505 5f2a020840")
    for seed in 0..<20 {
      expectSturdy(
        try makeLayout(["ber": ["shape": .string(shape)]]), bytes, times: 100, seed: UInt64(seed))
    }
  }
}
