import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Fields within an ISO 8583 field")
struct CompositeLayoutTests {
  private func layout(_ field: Value, warnings: Int = 0) throws -> any MessageLayout {
    try makeLayout(["iso8583": ["fields": ["48": field]]], warnings: warnings)
  }

  private static let head = Array(hex: "30313030 0000000000010000")

  @Test("fields follow each other by their numbers, and may be left out at the end")
  func positions() throws {
    let layout = try layout([
      "type": "ans...999", "name": "private",
      "fields": ["1": "n2 kind", "2": "ans..20 text", "3": "b2 code"],
    ])
    try expectGolden(
      layout, ["mti": "0100", "private": ["kind": "07", "text": "abc", "code": "DEAD"]],
      Self.head + Array(hex: "303039 3037 3033616263 dead"))
    try expectGolden(
      layout, ["mti": "0100", "private": ["kind": "07"]], Self.head + Array(hex: "303032 3037"))
    let error = #expect(throws: CodecError.self) {
      try layout.encode(["mti": "0100", "private": ["kind": "07", "code": "DEAD"]])
    }
    #expect(error?.path == "private.text")
  }

  @Test("a bitmap of their own says which fields are there")
  func bitmap() throws {
    let layout = try layout([
      "type": "b...255", "length": "ebcdic", "header": ["type": "b1", "default": "F1"],
      "bitmap": ["as": "hex-ebcdic", "bytes": 2],
      "fields": ["1": "b2", "3": "n3 cp500 third", "16": "b1 last"],
    ])
    let value: Value = [
      "mti": "0100", "48": ["header": "F1", "third": "042", "last": "FF"],
    ]
    try expectGolden(
      layout, value, Self.head + Array(hex: "f0f0f9 f1 f2f0f0f1 f0f4f2 ff"))
    let message: Value = ["mti": "0100", "48": ["3": "042", "16": "FF"]]
    #expect(try layout.encode(message) == layout.encode(value))
  }

  @Test("a fixed field is the sum of its parts, packed ones too")
  func fixed() throws {
    let layout = try makeLayout([
      "iso8583": [
        "defaults": ["numeric": "bcd"],
        "fields": [
          "3": [
            "type": "n6", "name": "code", "fields": ["1": "n2 kind", "2": "n2 from", "3": "n2 to"],
          ]
        ],
      ]
    ])
    let value: Value = ["mti": "0200", "code": ["kind": "31", "from": "10", "to": "20"]]
    try expectGolden(layout, value, Array(hex: "30323030 2000000000000000 311020"))
    let error = #expect(throws: CodecError.self) {
      try layout.encode(["mti": "0200", "code": ["kind": "31"]])
    }
    #expect(error?.path == "code")
  }

  @Test("fields nest, and any layout may be in one")
  func nested() throws {
    let layout = try layout([
      "type": "ans...999",
      "fields": [
        "1": ["type": "ans..99", "fields": ["1": "n1 a", "2": "n1 b"]],
        "2": ["type": "ans..99", "name": "pairs", "layout": ["kv": ["separator": "|"]]],
      ],
    ])
    try expectGolden(
      layout, ["mti": "0100", "48": ["1": ["a": "1", "b": "2"], "pairs": ["X": "1", "Y": "2"]]],
      Self.head + Array(hex: "303133 3032 3132 3037 583d317c593d32"))
    #expect(layout.layout(within: "48")?.layout(within: "1")?.key(of: "2") == "b")
  }

  @Test(
    "what is wrong within a field is told with the way to it and its byte in the message",
    arguments: [
      ("303033 303761", "48.text.length", 17), ("303035 3037 30396162", "48.text", 19),
      ("303034 3037 3031", "48.text", 17 + 2), ("303031 30", "48.kind", 15),
      ("303130 3037 3033616263 dead 00", "48", 24),
    ])
  func errors(_ hex: String, _ path: String, _ offset: Int) throws {
    let layout = try layout([
      "type": "ans...999", "fields": ["1": "n2 kind", "2": "ans..20 text", "3": "b2 code"],
    ])
    let error = #expect(throws: CodecError.self) {
      try layout.decode(Self.head + Array(hex: hex))
    }
    #expect(error?.path == path)
    #expect(error?.offset == offset)
  }

  @Test("the list has the fields within, with their bytes in the message")
  func list() throws {
    let layout = try layout([
      "type": "ans...999 private", "fields": ["1": "n2 kind", "2": "b..99 chip ber"],
    ])
    let bytes = Self.head + Array(hex: "303039 3037 3035 5f2a020840")
    var spans: [FieldSpan] = []
    try layout.list(bytes, into: &spans)
    #expect(
      spans == [
        FieldSpan(path: "mti", range: 0..<4, type: "mti", value: "0100"),
        FieldSpan(path: "bitmap", range: 4..<12, type: "bitmap", value: "0000000000010000"),
        FieldSpan(path: "private.kind", range: 15..<17, type: "n2", value: "07"),
        FieldSpan(path: "private.chip.5F2A", range: 19..<24, type: "b", value: "0840"),
      ])
  }
}
