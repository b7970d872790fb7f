internal import TrestleCore

/// What a message holds, and how it is written: bytes and values, both ways. A new layout is one new type.
protocol MessageLayout: Sendable {
  /// Writes a message.
  ///
  /// - Throws: `CodecError` with the path of what cannot be written. Text is never changed to fit.
  func encode(_ message: Value) throws(CodecError) -> [UInt8]

  /// Reads a message.
  ///
  /// - Throws: `CodecError` with the place of what is wrong.
  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage

  /// Where in the bytes the fields stand, in order; empty where a layout cannot say.
  func fields(of bytes: [UInt8]) throws(CodecError) -> [FieldSpan]
}

extension MessageLayout {
  func fields(of bytes: [UInt8]) throws(CodecError) -> [FieldSpan] { [] }
}

/// A message as it was read.
struct DecodedMessage: Sendable {
  var value: Value
  /// What was odd but let pass, a sentence each.
  var warnings: [String] = []
}

/// One field of a message, with its bytes.
package struct FieldSpan: Sendable, Hashable {
  package var path: String
  package var range: Range<Int>
}
