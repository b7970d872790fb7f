import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("TLV of fixed width")
struct SimpleTLVLayoutTests {
  @Test(
    "elements and their bytes are each other's",
    arguments: [
      (["tag": 2, "length": 3], ["01": "abc", "99": ""], "3031303033616263 3939303030"),
      (
        [
          "tag": ["bytes": 1, "as": "binary"], "length": ["bytes": 1, "as": "binary"],
          "value": "binary",
        ],
        ["A1": "DEAD", "00": ""], "a102dead 0000"
      ),
      (
        [
          "tag": ["bytes": 2, "as": "binary"], "length": ["bytes": 2, "as": "le"], "value": "ascii",
        ],
        ["0001": "abc"], "0001 0300 616263"
      ),
      (
        ["tag": ["bytes": 2, "as": "cp500"], "length": ["bytes": 3, "as": "ebcdic"]], ["A1": "é"],
        "c1f1 f0f0f1 51"
      ),
      (
        ["tag": 1, "length": ["bytes": 2, "as": "bcd", "counts": "total"]], ["X": "ab"],
        "58 0005 6162"
      ),
      (
        ["tag": 1, "length": ["bytes": 2, "as": "hex", "counts": "value+length"]], ["X": "ab"],
        "58 3034 6162"
      ),
      (
        ["tag": 2, "length": 2, "names": ["01": "name"], "repeated": ["name"]],
        ["name": ["a", "b"], "02": "c"], "3031303161 3031303162 3032303163"
      ),
      (
        ["tag": 2, "length": 1, "names": ["ab": "low"], "repeated": "Cd"],
        ["low": "x", "Cd": ["y"]], "61623178 43643179"
      ),
      (
        ["tag": 1, "length": 1, "shape": "list", "padding": " "],
        [["tag": "A", "value": "x"], ["padding": "2020"], ["tag": "A", "value": ""]],
        "413178 2020 4130"
      ),
    ] as [(Value, Value, String)])
  func golden(_ definition: Value, _ value: Value, _ hex: String) throws {
    try expectGolden(try makeLayout(["tlv": definition]), value, Array(hex: hex))
  }

  @Test(
    "what does not fit is refused at its tag",
    arguments: [
      ("3031303033616", "01"), ("30313a3033", "01"), ("303130", "01"), ("30", "tag"),
      ("ff31", "tag"),
    ])
  func wrong(_ hex: String, _ path: String) throws {
    let layout = try makeLayout(["tlv": ["tag": ["bytes": 2, "as": "ascii"], "length": 3]])
    let error = #expect(throws: CodecError.self) { try layout.decode(Array(hex: hex)) }
    #expect(error?.path == path)
    #expect(error?.offset != nil)
  }

  @Test(
    "what cannot be written is refused",
    arguments: [
      (["1": "x"], "1"), (["123": "x"], "123"), (["01": ["a": 1]], "01"),
      (["01": .string(String(repeating: "x", count: 1000))], "01"), ("text", ""),
    ] as [(Value, String)])
  func unwritable(_ value: Value, _ path: String) throws {
    let layout = try makeLayout(["tlv": ["tag": 2, "length": 3]])
    let error = #expect(throws: CodecError.self) { try layout.encode(value) }
    #expect(error?.path == path)
  }

  @Test(
    "a definition's mistakes are told",
    arguments: [
      (["tag": 2], "layout.tlv: length is missing"),
      (
        ["tag": 2, "length": ["as": "ascii"]],
        "layout.tlv.length: does not say how many bytes it has"
      ),
      (
        ["tag": 2, "length": ["bytes": 9, "as": "binary"]],
        "layout.tlv.length: a length of this kind has 1 to 8 bytes"
      ),
      (
        ["tag": ["bytes": 2, "as": "ascci"], "length": 2],
        "layout.tlv.tag: unknown word \"ascci\"; did you mean \"ascii\"?"
      ),
      (["tag": 2, "length": 2, "shape": "map"], "layout.tlv.shape: unknown shape \"map\""),
      (
        ["tag": 2, "length": 2, "names": ["01": "a", "02": "a"]],
        "layout.tlv.names.02: the name a is taken"
      ),
    ] as [(Value, String)])
  func mistakes(_ section: Value, _ mistake: String) {
    let found = layoutMistakes(["tlv": section])
    #expect(found.contains { $0.hasPrefix(mistake) }, "\(found)")
  }

  @Test("changed bytes are a message or a typed error")
  func sturdy() throws {
    let layout = try makeLayout(["tlv": ["tag": 2, "length": 2, "padding": " "]])
    for seed in 0..<20 {
      expectSturdy(
        layout, Array(ascii: "0103abc 0200 9905hello"), times: 100, seed: UInt64(seed))
    }
  }
}
