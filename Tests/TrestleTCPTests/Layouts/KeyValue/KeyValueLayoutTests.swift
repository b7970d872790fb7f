import Testing
import TrestleCore

@testable import TrestleTCP

/// Reads a layout that is meant to be right.
func makeLayout(
  _ definition: Value, sourceLocation: SourceLocation = #_sourceLocation
) throws -> any MessageLayout {
  var problems: [ValueProblem] = []
  let set = LayoutReader.read(definition, at: ValuePath(), problems: &problems)
  #expect(problems == [], sourceLocation: sourceLocation)
  return try #require(set?.layouts.first, sourceLocation: sourceLocation)
}

@Suite("Key and value layout")
struct KeyValueLayoutTests {
  static let status: Value = [
    "kv": ["separator": ";", "assign": "=", "escape": "\\", "order": ["CMD", "ID"]]
  ]

  @Test(
    "messages and values are each other's",
    arguments: [
      (status, "CMD=STAT;ID=7", ["CMD": "STAT", "ID": "7"]),
      (status, "CMD=a\\;b\\\\c=d", ["CMD": "a;b\\c=d"]),
      (status, "a\\=b=c", ["a=b": "c"]),
      (status, "A=", ["A": ""]),
      (status, "A=1;A=2;B=3", ["A": ["1", "2"], "B": "3"]),
      (status, "", [:]),
      (["kv": ["separator": "\\r\\n", "assign": ": "]], "A: 1\r\nB: 2", ["A": "1", "B": "2"]),
      (["kv": [:]], "A=ü", ["A": "ü"]),
    ] as [(Value, String, Value)])
  func roundTrip(_ definition: Value, _ text: String, _ value: Value) throws {
    let layout = try makeLayout(definition)
    #expect(try layout.decode(Array(text.utf8)).value == value)
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
  }

  @Test("declared keys are written first, in their order")
  func order() throws {
    let layout = try makeLayout(Self.status)
    let bytes = try layout.encode(["X": 1, "ID": "7", "Y": true, "CMD": "STAT"])
    #expect(String(decoding: bytes, as: UTF8.self) == "CMD=STAT;ID=7;X=1;Y=true")
  }

  @Test("a separator at the end means nothing")
  func trailingSeparator() throws {
    #expect(try makeLayout(Self.status).decode(Array(ascii: "A=1;")).value == ["A": "1"])
  }

  @Test(
    "what is no message is refused where it is wrong",
    arguments: [
      ("A=1;B", "layout.kv", 4), ("A=1;;B=2", "layout.kv", 4), ("=1", "layout.kv", 0),
      ("A=1\\", "layout.kv", 3), ("A=\u{7F}\\x;B", "layout.kv", 6),
    ] as [(String, String, Int)])
  func wrong(_ text: String, _ path: String, _ offset: Int) throws {
    let layout = try makeLayout(Self.status)
    let error = #expect(throws: CodecError.self) { try layout.decode(Array(text.utf8)) }
    #expect(error?.path == path)
    #expect(error?.offset == offset)
  }

  @Test("bytes that are no text of the encoding are refused")
  func wrongEncoding() throws {
    let layout = try makeLayout(["kv": [:], "encoding": "us-ascii"])
    let error = #expect(throws: CodecError.self) { try layout.decode([0x41, 0x3D, 0xE9]) }
    #expect(error?.reason.hasPrefix("is not US-ASCII") == true)
    let unwritable = #expect(throws: CodecError.self) { try layout.encode(["A": "é"]) }
    #expect(unwritable?.path == "A")
  }

  @Test(
    "a text that the layout cannot hold is refused, not changed",
    arguments: [
      (["kv": [:]], ["A": "1;2"]), (["kv": [:]], ["A=B": "1"]), (["kv": [:]], ["A": ["B": "1"]]),
      (["kv": ["separator": ";;"]], ["A": "1;", "B": "2"]), (["kv": [:]], ["": "1"]),
    ] as [(Value, Value)])
  func unwritable(_ definition: Value, _ value: Value) throws {
    let layout = try makeLayout(definition)
    #expect(throws: CodecError.self) { try layout.encode(value) }
  }

  @Test(
    "a check is written last and verified",
    arguments: [
      // XOR of CMD=STAT;ID=7; and of CMD=STAT;ID=7, computed elsewhere.
      ("before-field", "CMD=STAT;ID=7;CS=62"), ("before-separator", "CMD=STAT;ID=7;CS=59"),
    ])
  func check(_ coverage: String, _ text: String) throws {
    var definition = Self.status
    definition.set(
      ["field": "CS", "xor": "hex", "over": .string(coverage)], at: ValuePath([.member("check")]))
    let layout = try makeLayout(definition)
    let value: Value = ["CMD": "STAT", "ID": "7"]
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
    #expect(try layout.decode(Array(text.utf8)).value == value)
    let wrong = #expect(throws: CodecError.self) {
      try layout.decode(Array(text.replacing("ID=7", with: "ID=8").utf8))
    }
    #expect(wrong?.path == "CS")
    #expect(wrong?.offset == 14)
    let missing = #expect(throws: CodecError.self) {
      try layout.decode(Array(ascii: "CMD=STAT;ID=7"))
    }
    #expect(missing?.path == "CS")
  }

  @Test("fields have their places")
  func fields() throws {
    var spans: [FieldSpan] = []
    try makeLayout(Self.status).list(Array(ascii: "CMD=STAT;ID=7"), into: &spans)
    #expect(
      spans == [
        FieldSpan(path: "CMD", range: 0..<8, value: "STAT"),
        FieldSpan(path: "ID", range: 9..<13, value: "7"),
      ])
  }

  @Test("random values survive random separators")
  func property() throws {
    var generator = SeededGenerator(seed: 11)
    let alphabet = Array("ab;=\\,:|é\r\n")
    func text(_ count: ClosedRange<Int>) -> String {
      String(
        (0..<Int.random(in: count, using: &generator)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        })
    }
    for separator in [";", "||", "\\r\\n", ";|"] {
      for assign in ["=", ":", "=>"] {
        let layout = try makeLayout([
          "kv": ["separator": .string(separator), "assign": .string(assign), "escape": "\\"]
        ])
        for _ in 0..<200 {
          var record = Record()
          for _ in 0..<Int.random(in: 0...4, using: &generator) {
            record[text(1...4)] = .string(text(0...6))
          }
          let bytes = try layout.encode(.object(record))
          #expect(try layout.decode(bytes).value == .object(record))
        }
      }
    }
  }
}
