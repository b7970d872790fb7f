internal import TrestleCore

/// One scalar of a record, both ways. A new type of field is one new type.
protocol FieldCodec: Sendable {
  /// Reads the field where the reader stands, and passes it.
  func read(_ reader: inout FieldReader) throws(CodecError) -> Value

  /// Writes the field; null writes it blank.
  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError)

  /// The field's values, for the contract.
  var schema: Schema { get }

  /// How many bytes every value has; nil where that differs.
  var fixedSize: Int? { get }

  /// Whether it reads all that is left.
  var takesRest: Bool { get }

  /// How many bytes stand before the content and after it: a length, a delimiter.
  var margins: (before: Int, after: Int) { get }

  /// How many bits the field has of bytes that it shares; nil for fields of whole bytes.
  var bits: Int? { get }

  /// The field at its place in the bytes that it shares.
  func placed(at offset: Int, of total: Int) -> any FieldCodec

  /// Which of the bytes that it shares hold something of it, and whether it is the first there.
  var shared: (part: Range<Int>, isFirst: Bool, count: Int)? { get }

  /// A check of so many bytes as the field has it among its values.
  func value(ofCheck number: UInt32, width: Int) -> Value

  /// Reads the field as `read` does, and lists what is in it; nil, with nothing read, for fields that hold
  /// no others.
  func list(
    _ reader: inout FieldReader, at path: String, into fields: inout [FieldSpan]
  ) throws(CodecError) -> Value?

  /// The codec with the generators that its messages are written with.
  func using(_ generators: Generators) -> any FieldCodec
}

extension FieldCodec {
  var fixedSize: Int? { nil }

  var takesRest: Bool { false }

  var margins: (before: Int, after: Int) { (0, 0) }

  func value(ofCheck number: UInt32, width: Int) -> Value { .integer(Int64(number)) }

  func list(
    _ reader: inout FieldReader, at path: String, into fields: inout [FieldSpan]
  ) throws(CodecError) -> Value? { nil }

  func using(_ generators: Generators) -> any FieldCodec { self }

  var bits: Int? { nil }

  func placed(at offset: Int, of total: Int) -> any FieldCodec { self }

  var shared: (part: Range<Int>, isFirst: Bool, count: Int)? { nil }
}

/// A message on its way through a record, from front to back.
struct FieldReader {
  let bytes: [UInt8]
  private(set) var position: Int
  /// Where what may be read ends: the message, or the part of it that a field has.
  private(set) var end: Int
  /// What was odd but let pass.
  var warnings: [String] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  var remaining: Int { end - position }

  /// Goes to another place of the message; not behind its end.
  mutating func move(to position: Int) { self.position = min(position, bytes.count) }

  /// The next bytes.
  ///
  /// - Throws: `CodecError` when there are fewer.
  mutating func take(_ count: Int) throws(CodecError) -> ArraySlice<UInt8> {
    guard count <= remaining else {
      throw CodecError(
        path: "", reason: "expects \(count) byte\(count == 1 ? "" : "s"), found \(remaining)",
        in: bytes[...], wrong: position..<end)
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// Passes bytes that a field within has taken for itself.
  mutating func pass(_ count: Int) { position += min(count, remaining) }

  /// Reads no further than a part of what is left; gives the end until which it was so far.
  mutating func enter(_ count: Int) -> Int {
    defer { end = position + min(count, remaining) }
    return end
  }

  /// Goes on behind the part, whose fields may have left bytes of it.
  mutating func leave(to outer: Int) {
    position = end
    end = outer
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
