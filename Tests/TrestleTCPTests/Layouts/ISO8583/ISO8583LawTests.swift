import Testing
import TrestleCore

@testable import TrestleTCP

/// Definitions and messages made at random, the same in every run.
private struct RandomISO8583 {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int.random(in: 0..<items.count, using: &generator)]
  }

  /// A field's line with a value that it holds as it is.
  mutating func field() -> (line: String, value: Value) {
    let maximum = Int.random(in: 1...24, using: &generator)
    let dots = pick(["", "..", "..."])
    let length =
      dots.isEmpty ? "" : " length " + pick(["ascii", "bcd", "u8", "u16", "ebcdic", "hex"])
    var count = dots.isEmpty ? maximum : Int.random(in: 0...maximum, using: &generator)
    switch pick(["n", "ans", "b", "z", "x+n"]) {
    case "n":
      let coding = pick([" ascii", " cp500", " bcd", " bcd pad F right", " bcd pad 0 right"])
      return ("n\(dots)\(maximum)\(length)\(coding)", .string(text(count, of: "0123456789")))
    case "z":
      let coding = pick([" ascii", " bcd", " bcd pad F right"])
      return ("z\(dots)\(maximum)\(length)\(coding)", .string(text(count, of: "0123456789=")))
    case "x+n":
      let coding = pick([" ascii", " bcd pad F left", " cp037"])
      return (
        "x+n\(maximum)\(coding)", .string(pick(["C", "D"]) + text(maximum, of: "0123456789"))
      )
    case "b":
      let coding = pick([" binary", " hex", " hex-ebcdic", " binary counts digits pad A left"])
      if coding.contains("counts"), count % 2 == 0 || dots.isEmpty { count = maximum }
      let digits = coding.contains("counts") ? count : count * 2
      return ("b\(dots)\(maximum)\(length)\(coding)", .string(text(digits, of: "0123456789ABCDEF")))
    default:
      let (coding, letters) = pick([
        (" ascii", "AZaz09 .-"), (" cp1047", "AZé[]^ "), (" latin1", "Aéÿ "), (" cp500 trim", "AB"),
      ])
      return ("ans\(dots)\(maximum)\(length)\(coding)", .string(text(count, of: letters)))
    }
  }

  private mutating func text(_ count: Int, of letters: String) -> String {
    let letters = Array(letters)
    return String((0..<count).map { _ in pick(letters) })
  }

  /// A section with a message that it holds.
  mutating func example() -> (section: Value, message: Value) {
    var fields = Record()
    var message: Record = ["mti": .string(pick(["0100", "0810", "1420"]))]
    let last = pick([64, 128, 192])
    let numbers = Set((0..<12).map { _ in Int.random(in: 2...last, using: &generator) })
    for number in numbers.sorted() where number != 65 {
      let (line, value) = field()
      fields[String(number)] = .string(number % 3 == 0 ? line + " name\(number)" : line)
      message[number % 3 == 0 ? "name\(number)" : String(number)] = value
    }
    let section: Value = [
      "iso8583": [
        "mti": .string(pick(["ascii", "bcd", "binary", "cp037"])),
        "bitmap": [
          "primary": .string(pick(["binary", "hex", "ebcdic"])),
          "secondary": .string(pick(["binary", "hex", "cp500"])),
        ],
        "fields": .object(fields),
      ]
    ]
    return (section, .object(message))
  }
}

@Suite("ISO 8583 laws")
struct ISO8583LawTests {
  @Test("any message of any definition goes there and back, as a value and as bytes")
  func roundTrips() throws {
    var random = RandomISO8583(seed: 8583)
    for _ in 0..<150 {
      let (section, message) = random.example()
      let layout = try makeLayout(section)
      let bytes = try layout.encode(message)
      #expect(try layout.decode(bytes).value == message, "\(section)")
      #expect(try layout.encode(try layout.decode(bytes).value) == bytes)
      var spans: [FieldSpan] = []
      try layout.list(bytes, into: &spans)
      // Every byte belongs to one field, in order.
      #expect(spans.first?.range.lowerBound == 0)
      #expect(spans.last?.range.upperBound == bytes.count)
      for (left, right) in zip(spans, spans.dropFirst()) {
        #expect(left.range.upperBound == right.range.lowerBound)
      }
    }
  }

  @Test("changed bytes are a message or a typed error at the same place for reading and listing")
  func sturdy() throws {
    var random = RandomISO8583(seed: 1987)
    for seed in 0..<60 {
      let (section, message) = random.example()
      let layout = try makeLayout(section)
      expectSturdy(layout, try layout.encode(message), times: 40, seed: UInt64(seed))
    }
  }

  @Test("a message that ends anywhere too early is refused at the field that it ends in")
  func truncated() throws {
    var random = RandomISO8583(seed: 2003)
    for _ in 0..<40 {
      let (section, message) = random.example()
      let layout = try makeLayout(section)
      let bytes = try layout.encode(message)
      var spans: [FieldSpan] = []
      try layout.list(bytes, into: &spans)
      for end in 0..<bytes.count {
        let error = #expect(throws: CodecError.self) { try layout.decode(Array(bytes[..<end])) }
        let field = spans.first { $0.range.upperBound > end }?.path
        let path = error?.path.replacing(".length", with: "")
        // A fixed field without bytes is refused before an empty one.
        #expect(path == field, "\(section) \(end)")
      }
    }
  }

  @Test("lengths far beyond the message are refused before anything is allocated")
  func lengths() throws {
    let layout = try makeLayout([
      "iso8583": ["fields": ["2": "b......999999 length u32", "3": "ans......999999"]]
    ])
    for hex in ["40 00000000000000 000f423f", "20 00000000000000 393939393939"] {
      let error = #expect(throws: CodecError.self) {
        try layout.decode(Array(hex: "30313030" + hex))
      }
      #expect(error?.path == (hex.hasPrefix("4") ? "2" : "3"))
    }
  }
}
