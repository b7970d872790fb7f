import Testing
import TrestleCore

@testable import TrestleTCP

/// Reads a definition that is meant to be right.
func makeFraming(
  _ definition: Value, sourceLocation: SourceLocation = #_sourceLocation
) throws -> any Framing {
  var problems: [ValueProblem] = []
  let frame = FrameDefinition(definition, at: ValuePath(), problems: &problems)
  #expect(problems == [], sourceLocation: sourceLocation)
  return try #require(frame, sourceLocation: sourceLocation).framing
}

/// The mistakes in a definition, as `path: message`.
func frameMistakes(_ definition: Value) -> [String] {
  var problems: [ValueProblem] = []
  _ = FrameDefinition(definition, at: ValuePath([.member("frame")]), problems: &problems)
  return problems.map { "\($0.path): \($0.message)" }
}

/// Everything that comes out of a stream cut into pieces, the end included.
func messages(
  of pieces: [[UInt8]], by framing: any Framing
) throws(CodecError) -> [[UInt8]] {
  var decoder = framing.makeDecoder()
  var messages: [[UInt8]] = []
  for piece in pieces {
    decoder.append(piece)
    while let message = try decoder.next() { messages.append(message) }
  }
  while let message = try decoder.finish() { messages.append(message) }
  return messages
}

/// The laws of every framing: the wire is what it should be, and messages come out of it however it
/// was cut: whole, split at every position, byte by byte, several glued.
func expectFramingLaws(
  _ framing: any Framing, _ message: [UInt8], wire: [UInt8]? = nil, glued: Bool = true,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let bytes = try framing.frame(message)
  if let wire { #expect(bytes == wire, sourceLocation: sourceLocation) }
  #expect(try messages(of: [bytes], by: framing) == [message], sourceLocation: sourceLocation)
  for position in 0...bytes.count {
    let pieces = [Array(bytes[..<position]), Array(bytes[position...])]
    #expect(
      try messages(of: pieces, by: framing) == [message], "split at \(position)",
      sourceLocation: sourceLocation)
  }
  #expect(
    try messages(of: bytes.map { [$0] }, by: framing) == [message],
    sourceLocation: sourceLocation)
  guard glued else { return }
  let three = bytes + bytes + bytes
  let expected = [message, message, message]
  #expect(try messages(of: [three], by: framing) == expected, sourceLocation: sourceLocation)
  for position in 0...three.count {
    let pieces = [Array(three[..<position]), Array(three[position...])]
    #expect(
      try messages(of: pieces, by: framing) == expected, "three, split at \(position)",
      sourceLocation: sourceLocation)
  }
  #expect(
    try messages(of: three.map { [$0] }, by: framing) == expected,
    sourceLocation: sourceLocation)
}

/// The error that a stream gives, however it is cut.
func frameError(
  _ framing: any Framing, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
) throws -> CodecError {
  let whole = #expect(throws: CodecError.self, sourceLocation: sourceLocation) {
    try messages(of: [bytes], by: framing)
  }
  let dripped = #expect(throws: CodecError.self, sourceLocation: sourceLocation) {
    try messages(of: bytes.map { [$0] }, by: framing)
  }
  let error = try #require(whole, sourceLocation: sourceLocation)
  #expect(dripped?.path == error.path, sourceLocation: sourceLocation)
  return error
}

extension [UInt8] {
  /// Bytes from hexadecimal digits; spaces do not count.
  init(hex text: String) {
    let digits = text.utf8.compactMap(NumberCoding.hexadecimalDigit)
    self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  init(ascii text: String) { self = Array(text.utf8) }
}
