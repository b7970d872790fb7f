import Testing
import TrestleCore

@testable import TrestleSOAP

@Suite struct ScalarTextTests {
  private static let dateTimes = [
    "2026-01-15T09:30:00Z", "1999-12-28T23:59:59", "0100-02-01T00:00:00",
  ]
  private static let decimals = ["10.25", ".5", "5.", "007", "0"]

  private static func matches(_ kind: ScalarSchema.Kind, _ text: String) -> Bool {
    var text = text
    return text.withUTF8 { PlainForm(kind)?.matches($0) ?? false }
  }

  @Test("plain texts are known at a glance")
  func plain() {
    for text in Self.dateTimes { #expect(Self.matches(.dateTime, text), "\(text)") }
    for text in Self.decimals { #expect(Self.matches(.decimal, text), "\(text)") }
  }

  @Test(
    "texts of other forms are left to the type's rules",
    arguments: [
      "2026-01-31T00:00:00Z", "2026-01-15T24:00:00Z", "0000-01-15T00:00:00Z",
      "2026-13-15T00:00:00Z",
      "2026-00-15T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-15T09:60:00Z",
      "2026-01-15T09:30:60Z",
      "2026-01-15T09:30:00+01:00", "2026-01-15T09:30:00.5", "2026-01-15 09:30:00Z", "2026-01-15",
      "-026-01-15T09:30:00", "2026-01-15T09:30:00z", "",
    ])
  func otherForms(_ text: String) { #expect(!Self.matches(.dateTime, text)) }

  @Test("no text of a plain form is one that the type's rules refuse")
  func agreement() {
    let rules = { ScalarRules(ScalarSchema(kind: $0, form: .string, typeName: "t")) }
    for (kind, seeds) in [
      (ScalarSchema.Kind.dateTime, Self.dateTimes), (.decimal, Self.decimals + ["", ".", "1.2.3"]),
    ] {
      let rules = rules(kind)
      for seed in seeds {
        // Every byte of the seed in turn becomes every ASCII character.
        for place in seed.utf8.indices {
          for byte in UInt8(0)..<128 {
            var bytes = Array(seed.utf8)
            bytes[seed.utf8.distance(from: seed.startIndex, to: place)] = byte
            let text = String(decoding: bytes, as: UTF8.self)
            if Self.matches(kind, text) { #expect(rules.refusal(of: text) == nil, "\(text)") }
          }
        }
        if Self.matches(kind, seed) { #expect(rules.refusal(of: seed) == nil, "\(seed)") }
      }
    }
  }

  @Test("text of any length, of any characters, broken or not, is read as decoding it does")
  func wireText() {
    var samples = (0...40).map { Array(repeating: UInt8(ascii: "a"), count: $0) }
    samples += ["é", "15 bytes with é", "16 bytes with éé", "日本語", "🚂🚂🚂🚂"].map { Array($0.utf8) }
    samples += [[0xFF], [0xC3], Array("abc".utf8) + [0xE6, 0x97], [0x41, 0x80, 0x42, 0xC0, 0xAF]]
    samples += [Array("a longer text that breaks off".utf8) + [0xF0, 0x9F]]
    for bytes in samples {
      let read = bytes.withUnsafeBufferPointer { String(wireText: $0) }
      #expect(read == String(decoding: bytes, as: UTF8.self))
    }
  }
}
