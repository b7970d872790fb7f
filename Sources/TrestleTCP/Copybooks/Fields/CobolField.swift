internal import TrestleCore

/// One elementary item of a copybook, both ways: always as many bytes.
protocol CobolField: FieldCodec {
  var size: Int { get }
  /// How many of the bytes that the field wrote for a value hold it; the rest is padding, which any
  /// other reading of the same bytes (`REDEFINES`) may fill.
  func contentRange(of bytes: ArraySlice<UInt8>) -> Range<Int>
}

extension CobolField {
  func contentRange(of bytes: ArraySlice<UInt8>) -> Range<Int> {
    bytes.startIndex..<bytes.endIndex
  }
}

extension Facets {
  /// The limits of a number of so many digits, of which so many stand after the point.
  mutating func limit(digits: Int, scale: Int, isSigned: Bool) {
    totalDigits = max(digits, scale, digits - scale)
    fractionDigits = max(scale, 0)
    if !isSigned { minimum = "0" }
    guard scale > 0 else { return }
    let limit =
      digits >= scale
      ? "1" + String(repeating: "0", count: digits - scale)
      : "0." + String(repeating: "0", count: scale - digits - 1) + "1"
    exclusiveMaximum = limit
    if isSigned { exclusiveMinimum = "-" + limit }
  }
}

extension IntegerField: CobolField {
  var size: Int { width }
}

extension FloatField: CobolField {
  var size: Int { isDouble ? 8 : 4 }
}

extension BytesField: CobolField {
  var size: Int {
    if case .fixed(let size) = extent { return size }
    return 0
  }
}

/// `PIC X`, `A` and `N`: characters in a fixed number of bytes.
struct CobolTextField: CobolField {
  /// Which spaces at the ends are left out of the text.
  enum Trim: String, Sendable, CaseIterable {
    /// Those that pad it: on the right, with JUSTIFIED on the left.
    case padding
    case both
    case none
  }

  var size: Int
  var encoding: TextEncoding
  /// Whether the characters are UTF-16 (`USAGE NATIONAL`), and which byte of each is first.
  var national: NumberCoding?
  /// `JUSTIFIED RIGHT`: padded on the left.
  var isJustified = false
  var trim = Trim.padding
  var typeName: String

  private var space: [UInt8] {
    switch national {
    case nil: [encoding.byte(of: " ")]
    case .littleEndian: [0x20, 0]
    default: [0, 0x20]
    }
  }

  // MARK: Reading

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    try read(try reader.take(size))
  }

  /// The text of all bytes of the field, or of its first ones where a record ends within it.
  func read(_ bytes: ArraySlice<UInt8>) throws(CodecError) -> Value {
    // Low-values are what nobody has filled in yet.
    if trim != .none, !bytes.isEmpty, bytes.allSatisfy({ $0 == 0 }) { return .null }
    let text: String
    if let national {
      text = Self.utf16(bytes, national)
    } else {
      text = try encoding.text(of: bytes, path: "", at: bytes.startIndex)
    }
    return .string(trimmed(text))
  }

  private static func utf16(_ bytes: ArraySlice<UInt8>, _ coding: NumberCoding) -> String {
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    var position = bytes.startIndex
    while position + 1 < bytes.endIndex {
      let first = UInt16(bytes[position]), second = UInt16(bytes[position + 1])
      units.append(coding == .littleEndian ? second << 8 | first : first << 8 | second)
      position += 2
    }
    return String(decoding: units, as: UTF16.self)
  }

  private func trimmed(_ text: String) -> String {
    guard trim != .none else { return text }
    var scalars = text.unicodeScalars[...]
    if trim == .both || isJustified { scalars = scalars.drop(while: Self.isPadding) }
    if trim == .both || !isJustified {
      while let last = scalars.last, Self.isPadding(last) { scalars.removeLast() }
    }
    return String(scalars)
  }

  private static func isPadding(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\0"
  }

  // MARK: Writing

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    guard let text = value.scalarText else { throw .unwritable(value, "a text") }
    var bytes: [UInt8]
    if let national {
      bytes = text.utf16.flatMap { unit in
        let high = UInt8(truncatingIfNeeded: unit >> 8), low = UInt8(truncatingIfNeeded: unit)
        return national == .littleEndian ? [low, high] : [high, low]
      }
    } else {
      bytes = try encoding.bytes(of: text, path: "")
    }
    guard bytes.count <= size else {
      throw CodecError(
        reason: "has \(bytes.count) bytes, more than the \(size) of \(typeName)",
        hint: "text is never cut: send a shorter one")
    }
    var padding: [UInt8] = []
    padding.reserveCapacity(size - bytes.count)
    while padding.count + bytes.count < size { padding += space }
    padding = Array(padding.prefix(size - bytes.count))
    bytes = isJustified ? padding + bytes : bytes + padding
    output += bytes
  }

  func contentRange(of bytes: ArraySlice<UInt8>) -> Range<Int> {
    let space = encoding.byte(of: " ")
    guard national == nil, let first = bytes.firstIndex(where: { $0 != space }),
      let last = bytes.lastIndex(where: { $0 != space })
    else { return bytes.startIndex..<bytes.startIndex }
    return first..<(last + 1)
  }

  var schema: Schema {
    var scalar = ScalarSchema(kind: .string, form: .string, typeName: typeName)
    scalar.facets.maximumLength = national == nil ? size : size / 2
    return Schema(.scalar(scalar))
  }
}
