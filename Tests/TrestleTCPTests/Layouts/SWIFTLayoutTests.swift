import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("SWIFT MT layout")
struct SWIFTLayoutTests {
  static let message =
    "{1:F01BANKBEBBAXXX0000000000}{2:I103BANKDEFFXXXXN}{3:{108:MUR1}{121:u-u}}{4:\r\n"
    + ":20:REF\r\n:23B:CRED\r\n:32A:260115EUR1250,00\r\n:50K:/12345\r\nJANE DOE\r\nBRUSSELS\r\n"
    + ":71F:EUR1,\r\n:71F:USD2,\r\n:72:/ACC/-x\r\n-}{5:{CHK:ABCDEF012345}{TNG:}}"

  static let value: Value = [
    "basic": "F01BANKBEBBAXXX0000000000", "application": "I103BANKDEFFXXXXN",
    "user": ["108": "MUR1", "121": "u-u"],
    "text": [
      "20": "REF", "23B": "CRED", "32A": "260115EUR1250,00", "50K": "/12345\nJANE DOE\nBRUSSELS",
      "71F": ["EUR1,", "USD2,"], "72": "/ACC/-x",
    ], "trailer": ["CHK": "ABCDEF012345", "TNG": ""],
  ]

  @Test(
    "messages and values are each other's",
    arguments: [
      (message, value),
      (
        "{1:F01A}{4:\r\n:16R:A\r\n:20C:1\r\n:16R:B\r\n:20C:2\r\n:16S:B\r\n:16S:A\r\n-}{S:{SAC:}}",
        [
          "basic": "F01A",
          "text": [
            "16R": ["A", "B"], "20C": ["1", "2"], "16S": ["B", "A"],
            "_order": ["16R", "20C", "16R", "20C", "16S", "16S"],
          ], "S": ["SAC": ""],
        ]
      ),
      (
        "{1:F21A}{4:{177:2601150930}{451:0}}{1:F01A}",
        [
          "basic": ["F21A", "F01A"], "text": ["177": "2601150930", "451": "0"],
          "_order": ["basic", "text", "basic"],
        ]
      ),
      ("{1:F01A}{4:\r\n-}", ["basic": "F01A", "text": [:]]),
    ] as [(String, Value)])
  func roundTrip(_ text: String, _ value: Value) throws {
    let layout = try makeLayout(["swift": [:]])
    #expect(try layout.decode(Array(text.utf8)).value == value)
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
  }

  @Test("blocks are written in their order, by name or number")
  func order() throws {
    let bytes = try makeLayout(["swift": ["line": "lf"]]).encode([
      "text": ["20": "A"], "trailer": ["CHK": "1"], "1": "F01", "application": "I103",
    ])
    #expect(String(decoding: bytes, as: UTF8.self) == "{1:F01}{2:I103}{4:\n:20:A\n-}{5:{CHK:1}}")
  }

  @Test(
    "what is no message is refused where it is wrong",
    arguments: [
      ("", 0), ("x", 0), ("{1}", 0), ("{1:a", 3), ("{1:a{", 4), ("{3:{108:a}", 10),
      ("{4:\r\nx\r\n-}", 5), ("{4:\r\n:20:a\r\n", 12), ("{1:a}x", 5),
    ])
  func wrong(_ text: String, _ offset: Int) throws {
    let error = #expect(throws: CodecError.self) {
      try makeLayout(["swift": [:]]).decode(Array(text.utf8))
    }
    #expect(error?.offset == offset)
  }

  @Test(
    "what no message can hold is refused",
    arguments: [
      ([:], "layout.swift"), (["basic": "{"], "basic"), (["text": ["20": "a\n:21:b"]], "text.20"),
      (["text": ["20": "a\n-}"]], "text.20"), (["text": ["toolong": "a"]], "text.toolong"),
      (["user": ["1:": "x"]], "user.1:"), (["user": ["108": [:]]], "user.108"),
    ] as [(Value, String)])
  func unwritable(_ value: Value, _ path: String) throws {
    let error = #expect(throws: CodecError.self) { try makeLayout(["swift": [:]]).encode(value) }
    #expect(error?.path == path)
  }

  @Test("fields are places of operations")
  func operations() throws {
    let codec = try makeCodec([
      "layout": ["swift": [:]],
      "operations": [
        "pay": [
          "request": [
            "set": ["1": "F01A", "text": ["20": "{{request.ref}}", "32A": "{{request.amount}}"]]
          ],
          "reply": ["map": ["ref": "text.20", "status": "text.79?"]],
          "error": ["when": "user.451 == \"1\"", "code": "user.405"],
        ]
      ],
    ])
    let text = try requestText(codec, "pay", ["ref": "R1", "amount": "260115EUR1,"])
    #expect(text == "{1:F01A}{4:\r\n:20:R1\r\n:32A:260115EUR1,\r\n-}")
    #expect(try received(codec, text).parameters == ["ref": "R1", "amount": "260115EUR1,"])
    #expect(
      try readReply(codec, "pay", "{1:F01B}{4:\r\n:20:R1\r\n:79:OK\r\n-}").value
        == ["ref": "R1", "status": "OK"])
  }

  @Test("random messages survive")
  func property() throws {
    let layout = try makeLayout(["swift": [:]])
    var generator = SeededGenerator(seed: 9)
    func text() -> String {
      String(
        (0..<Int.random(in: 0...6, using: &generator)).map { _ in
          Array("A1/,-.é ").randomElement(using: &generator) ?? "A"
        })
    }
    for _ in 0..<300 {
      var fields: [(name: String, value: Value)] = []
      for _ in 0..<Int.random(in: 0...6, using: &generator) {
        let lines = (0..<Int.random(in: 1...3, using: &generator)).map { _ in text() }
        let tag = ["20", "32A", "50K", "16R", "72"].randomElement(using: &generator) ?? "20"
        fields.append((tag, .string(lines.joined(separator: "\n"))))
      }
      let message: Value = [
        "basic": .string("F01" + text()),
        "user": OrderedMembers.value(of: [("108", .string(text()))]),
        "text": OrderedMembers.value(of: fields),
      ]
      #expect(try layout.decode(layout.encode(message)).value == message)
    }
  }

  @Test("fields are listed, and mutated bytes never crash")
  func mutations() throws {
    let layout = try makeLayout(["swift": [:]])
    var spans: [FieldSpan] = []
    try layout.list(Array(Self.message.utf8), into: &spans)
    #expect(spans.map(\.path).contains("text.32A"))
    var generator = SeededGenerator(seed: 6)
    for _ in 0..<2000 {
      var bytes = Array(Self.message.utf8)
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
          Array("{}:-\r\n0A".utf8).randomElement(using: &generator) ?? 0
      }
      guard let value = try? layout.decode(bytes).value, let written = try? layout.encode(value)
      else { continue }
      #expect(try layout.decode(written).value == value)
    }
  }
}
