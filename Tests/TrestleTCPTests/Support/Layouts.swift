import Testing
import TrestleCore

@testable import TrestleTCP

/// The layout of a section that is meant to be right.
func makeLayout(
  _ section: Value, warnings: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
) throws -> any MessageLayout {
  var problems: [ValueProblem] = []
  let set = LayoutReader.read(section, at: ValuePath([.member("layout")]), problems: &problems)
  #expect(!problems.hasErrors, "\(problems)", sourceLocation: sourceLocation)
  #expect(problems.count == warnings, "\(problems)", sourceLocation: sourceLocation)
  return try #require(set?.layouts.first, sourceLocation: sourceLocation)
}

/// What a section's mistakes are, as `path: message`.
func layoutMistakes(_ section: Value) -> [String] {
  var problems: [ValueProblem] = []
  _ = LayoutReader.read(section, at: ValuePath([.member("layout")]), problems: &problems)
  return problems.map { "\($0.path): \($0.message)" }
}

/// A value becomes the bytes, and these the value; the list of fields covers every byte.
func expectGolden(
  _ layout: any MessageLayout, _ value: Value, _ bytes: [UInt8],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(try layout.encode(value) == bytes, sourceLocation: sourceLocation)
  let message = try layout.decode(bytes)
  #expect(message.value == value, sourceLocation: sourceLocation)
  #expect(message.warnings == [], sourceLocation: sourceLocation)
  var spans: [FieldSpan] = []
  try layout.list(bytes, into: &spans)
  for span in spans {
    #expect(span.range.upperBound <= bytes.count, "\(span)", sourceLocation: sourceLocation)
  }
}

/// Bytes that were changed at random are a message or a typed error, for reading and for listing alike;
/// what is read can be written, and reads the same again.
func expectSturdy(
  _ layout: any MessageLayout, _ bytes: [UInt8], times: Int, seed: UInt64,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var generator = SeededGenerator(seed: seed)
  for _ in 0..<times {
    var changed = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) where !changed.isEmpty {
      let position = Int.random(in: 0..<changed.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: changed.removeSubrange(position...)
      case 1: changed.insert(UInt8.random(in: 0...255, using: &generator), at: position)
      default: changed[position] = UInt8.random(in: 0...255, using: &generator)
      }
    }
    var spans: [FieldSpan] = []
    let message: DecodedMessage
    do throws(CodecError) {
      message = try layout.decode(changed)
    } catch {
      let listed = #expect(throws: CodecError.self, sourceLocation: sourceLocation) {
        try layout.list(changed, into: &spans)
      }
      #expect(listed?.path == error.path, "\(changed)", sourceLocation: sourceLocation)
      #expect(
        spans.allSatisfy { $0.range.upperBound <= changed.count }, sourceLocation: sourceLocation)
      continue
    }
    #expect(throws: Never.self, sourceLocation: sourceLocation) {
      try layout.list(changed, into: &spans)
    }
    // What reads with a warning has lost something on the way.
    guard message.warnings.isEmpty, let written = try? layout.encode(message.value) else {
      continue
    }
    #expect(
      (try? layout.decode(written).value) == message.value, "\(changed)",
      sourceLocation: sourceLocation)
  }
}
