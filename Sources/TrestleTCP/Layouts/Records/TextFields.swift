internal import TrestleCore

/// `text(30)`: characters, padded to a fixed size.
struct TextField: FieldCodec {
  var extent: FieldExtent
  var encoding: TextEncoding
  var pad: Unicode.Scalar = " "
  var padsLeft = false
  /// Whether the padding is taken away when reading.
  var trims = false
  /// Whether it is taken away on both sides.
  var trimsBoth = false
  /// Whether the first NUL ends the text, whatever stands after it (a C string).
  var endsAtNull = false

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    var bytes = try extent.read(&reader)
    if endsAtNull, let end = bytes.firstIndex(of: 0) { bytes = bytes[..<end] }
    let text = try encoding.text(of: bytes, path: "", at: bytes.startIndex)
    return .string(trims ? trimmed(text) : text)
  }

  private func trimmed(_ text: String) -> String {
    var scalars = Substring(text).unicodeScalars
    if padsLeft || trimsBoth {
      while scalars.first == pad { scalars.removeFirst() }
    }
    if !padsLeft || trimsBoth {
      while scalars.last == pad { scalars.removeLast() }
    }
    return String(scalars)
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    guard let text = value.scalarText else { throw .unwritable(value, "a text") }
    var bytes = try encoding.bytes(of: text, path: "")
    if case .fixed(let size) = extent {
      guard bytes.count <= size else {
        throw CodecError(
          reason: "has \(bytes.count) bytes, more than the \(size) of its field",
          hint: "text is never cut: send a shorter one")
      }
      let padding = [UInt8](repeating: encoding.byte(of: pad), count: size - bytes.count)
      bytes = padsLeft ? padding + bytes : bytes + padding
    }
    try extent.write(bytes, to: &output)
  }

  var schema: Schema {
    var scalar = ScalarSchema(kind: .string, form: .string, typeName: "text")
    if case .fixed(let size) = extent {
      scalar.typeName = "text(\(size))"
      scalar.facets.maximumLength = size
    }
    return Schema(.scalar(scalar))
  }

  var fixedSize: Int? { extent.fixedSize }
  var takesRest: Bool { extent.isRest }
  var margins: (before: Int, after: Int) { extent.margins }

  /// As many hexadecimal digits as the check has.
  func value(ofCheck number: UInt32, width: Int) -> Value {
    let digits = String(number, radix: 16, uppercase: true)
    return .string(String(repeating: "0", count: max(0, width * 2 - digits.utf8.count)) + digits)
  }
}

/// `digits(10)`: decimal digits, filled with zeros on the left; a text, so that zeros stay.
struct DigitsField: FieldCodec {
  var size: Int
  var encoding: TextEncoding

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try reader.take(size)
    let text = try encoding.text(of: bytes, path: "", at: bytes.startIndex)
    guard text.utf8.allSatisfy({ $0 &- 48 < 10 }) else {
      throw reader.wrong(bytes, "expects \(size) digits")
    }
    return .string(text)
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    guard let text = value.scalarText, text.utf8.allSatisfy({ $0 &- 48 < 10 }),
      text.utf8.count <= size
    else { throw .unwritable(value, "at most \(size) digits") }
    let digits = String(repeating: "0", count: size - text.utf8.count) + text
    output += try encoding.bytes(of: digits, path: "")
  }

  var schema: Schema {
    var scalar = ScalarSchema(kind: .string, form: .string, typeName: "digits(\(size))")
    scalar.facets.maximumLength = size
    scalar.facets.patterns = ["[0-9]*"]
    return Schema(.scalar(scalar))
  }

  var fixedSize: Int? { size }
}

/// `bytes(16)`: as they are.
struct BytesField: FieldCodec {
  var extent: FieldExtent
  /// Whether they are shown as hexadecimal digits instead of base64.
  var isHexadecimal: Bool
  /// Whether a check has its low byte first.
  var isLittleEndian = false

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try extent.read(&reader)
    guard isHexadecimal else { return .bytes(Array(bytes)) }
    return .string(bytes.map(HexWindow.hexadecimal).joined().uppercased())
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    var bytes = try bytes(of: value)
    if case .fixed(let size) = extent {
      if value.isNull { bytes = [UInt8](repeating: 0, count: size) }
      guard bytes.count == size else {
        throw CodecError(reason: "has \(bytes.count) bytes, its field has \(size)")
      }
    }
    try extent.write(bytes, to: &output)
  }

  private func bytes(of value: Value) throws(CodecError) -> [UInt8] {
    switch value {
    case .null: return []
    case .bytes(let bytes): return bytes
    case .string(let text) where isHexadecimal:
      let digits = text.utf8.compactMap(NumberCoding.hexadecimalDigit)
      guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { break }
      return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    case .string(let text):
      if let bytes = Base64.decode(text.utf8) { return bytes }
    default: break
    }
    throw .unwritable(value, isHexadecimal ? "pairs of hexadecimal digits" : "base64")
  }

  var schema: Schema {
    var scalar = ScalarSchema(
      kind: isHexadecimal ? .hex : .base64, form: .string,
      typeName: isHexadecimal ? "hex" : "bytes")
    if case .fixed(let size) = extent { scalar.facets.length = size }
    return Schema(.scalar(scalar))
  }

  var fixedSize: Int? { extent.fixedSize }
  var takesRest: Bool { extent.isRest }
  var margins: (before: Int, after: Int) { extent.margins }

  func value(ofCheck number: UInt32, width: Int) -> Value {
    let coding = isLittleEndian ? NumberCoding.littleEndian : .bigEndian
    let bytes = coding.bytes(of: UInt64(number), width: fixedSize.map { min($0, 8) } ?? width) ?? []
    return isHexadecimal
      ? .string(bytes.map(HexWindow.hexadecimal).joined().uppercased()) : .bytes(bytes)
  }
}

/// `bool("Y", "N")`: one of two texts of one size.
struct BooleanField: FieldCodec {
  var yes: String
  var no: String
  var encoding: TextEncoding

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try reader.take(yes.unicodeScalars.count)
    let text = try encoding.text(of: bytes, path: "", at: bytes.startIndex)
    guard text == yes || text == no else {
      throw reader.wrong(bytes, "expects \"\(yes)\" or \"\(no)\"")
    }
    return .bool(text == yes)
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    let flag: Bool
    switch value {
    case .bool(let given): flag = given
    case .null, .string("false"): flag = false
    case .string("true"): flag = true
    default: throw .unwritable(value, "true or false")
    }
    output += try encoding.bytes(of: flag ? yes : no, path: "")
  }

  var schema: Schema {
    Schema(.scalar(ScalarSchema(kind: .boolean, form: .boolean, typeName: "bool(\(yes),\(no))")))
  }

  var fixedSize: Int? { yes.unicodeScalars.count }
}
