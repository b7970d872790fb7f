internal import TrestleCore

/// One scalar of a record, both ways. A new type of field is one new type.
protocol FieldCodec: Sendable {
  /// Reads the field where the reader stands, and passes it.
  func read(_ reader: inout FieldReader) throws(CodecError) -> Value

  /// Writes the field; null writes it blank.
  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError)

  /// The field's values, for the contract.
  var schema: Schema { get }
}

/// A message on its way through a record, from front to back.
struct FieldReader {
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var remaining: Int { bytes.count - position }

  /// Goes to another place of the message; not behind its end.
  mutating func move(to position: Int) { self.position = min(position, bytes.count) }

  /// The next bytes.
  ///
  /// - Throws: `CodecError` when there are fewer.
  mutating func take(_ count: Int) throws(CodecError) -> ArraySlice<UInt8> {
    guard count <= remaining else {
      throw CodecError(
        path: "", reason: "expects \(count) byte\(count == 1 ? "" : "s"), found \(remaining)",
        in: bytes[...], wrong: position..<bytes.count)
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// An error about bytes that were taken.
  func wrong(_ slice: ArraySlice<UInt8>, _ reason: String) -> CodecError {
    CodecError(path: "", reason: reason, in: bytes[...], wrong: slice.startIndex..<slice.endIndex)
  }
}

extension CodecError {
  /// A value that a field cannot hold.
  static func unwritable(_ value: Value, _ expected: String) -> CodecError {
    let found = value.scalarText.map { "\"\($0)\"" } ?? value.kindName
    return CodecError(reason: "expects \(expected), found \(found)")
  }
}
