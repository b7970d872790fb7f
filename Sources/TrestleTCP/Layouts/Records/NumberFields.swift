internal import TrestleCore

/// A decimal with a fixed number of digits, as mainframes write it: `packed(11,2)`, `zoned(9,2)`,
/// `comp(4)`, `bcd(6)`.
struct DecimalField: FieldCodec {
  enum Form: String, Sendable {
    /// Two digits a byte and a sign in the last half byte (COMP-3).
    case packed
    /// A digit a byte, the sign in the zone of the last one (DISPLAY).
    case zoned
    /// Binary, two's complement (COMP).
    case comp
    /// Two digits a byte without a sign.
    case bcd
  }

  var form: Form
  var precision: Int
  var scale: Int
  var isSigned: Bool
  /// Whether a binary number has its low byte first.
  var isLittleEndian = false
  /// Whether zoned digits are EBCDIC.
  var isEBCDIC: Bool
  /// How zoned digits in ASCII carry their sign.
  var signs = ZonedSigns.translated
  /// Whether the first zoned digit carries it, instead of the last.
  var hasLeadingSign = false

  /// The field's bytes.
  var size: Int {
    switch form {
    case .packed: precision / 2 + 1
    case .zoned: precision
    case .bcd: (precision + 1) / 2
    // IBM COBOL: halfword to 4 digits, word to 9, doubleword to 18.
    case .comp: precision <= 4 ? 2 : precision <= 9 ? 4 : 8
    }
  }

  /// Small whole numbers are numbers in JSON, everything else keeps its digits as text.
  private var isNumber: Bool { scale == 0 && precision <= 9 && form != .bcd }

  var fixedSize: Int? { size }

  private var typeName: String {
    form.rawValue + (scale == 0 ? "(\(precision))" : "(\(precision),\(scale))")
  }

  var schema: Schema {
    var scalar = ScalarSchema(
      kind: scale == 0 ? .integer : .decimal, form: isNumber ? .number : .string,
      typeName: typeName)
    scalar.facets.totalDigits = precision
    scalar.facets.fractionDigits = scale
    if !isSigned { scalar.facets.minimum = "0" }
    return Schema(.scalar(scalar))
  }

  // MARK: Reading

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try reader.take(size)
    guard let decimal = digits(of: bytes) else { throw reader.wrong(bytes, "is not \(typeName)") }
    if form == .bcd, scale == 0 {
      return .string(String(decoding: decimal.digits.map { $0 + 48 }, as: UTF8.self))
    }
    let text = decimal.text(scale: scale)
    if isNumber, let number = Int64(text) { return .integer(number) }
    return .string(text)
  }

  /// The number in the field's bytes; nil for what is none.
  func digits(of bytes: ArraySlice<UInt8>) -> DecimalDigits? {
    switch form {
    case .packed: packed(bytes)
    case .zoned: zoned(bytes)
    case .bcd: unsignedDigits(bytes)
    case .comp: binary(bytes)
    }
  }

  private func packed(_ bytes: ArraySlice<UInt8>) -> DecimalDigits? {
    var digits = bytes.flatMap { [$0 >> 4, $0 & 15] }
    guard let sign = digits.popLast(), sign >= 10, digits.allSatisfy({ $0 < 10 }) else {
      return nil
    }
    // B and D are minus; A, C, E and F plus (IBM Principles of Operation, decimal data formats).
    return DecimalDigits(isNegative: sign == 0xB || sign == 0xD, digits: digits)
  }

  private func unsignedDigits(_ bytes: ArraySlice<UInt8>) -> DecimalDigits? {
    let digits = bytes.flatMap { [$0 >> 4, $0 & 15] }
    guard digits.allSatisfy({ $0 < 10 }) else { return nil }
    return DecimalDigits(isNegative: false, digits: Array(digits.suffix(precision)))
  }

  private func zoned(_ bytes: ArraySlice<UInt8>) -> DecimalDigits? {
    var digits: [UInt8] = []
    var isNegative = false
    let signed = hasLeadingSign ? bytes.startIndex : bytes.endIndex - 1
    for (index, byte) in zip(bytes.indices, bytes) {
      if index == signed {
        guard let found = signedDigit(byte) else { return nil }
        digits.append(found.digit)
        isNegative = found.isNegative
      } else {
        let digit = byte &- (isEBCDIC ? 0xF0 : 0x30)
        guard digit < 10 else { return nil }
        digits.append(digit)
      }
    }
    return DecimalDigits(isNegative: isNegative, digits: digits)
  }

  /// The digit and sign of an overpunched byte.
  private func signedDigit(_ byte: UInt8) -> (digit: UInt8, isNegative: Bool)? {
    if isEBCDIC {
      guard byte & 15 < 10, byte >> 4 >= 10 else { return nil }
      return (byte & 15, byte >> 4 == 0xB || byte >> 4 == 0xD)
    }
    return signs.digit(of: byte)
  }

  private func binary(_ bytes: ArraySlice<UInt8>) -> DecimalDigits? {
    let coding = isLittleEndian ? NumberCoding.littleEndian : .bigEndian
    guard let raw = coding.number(in: bytes) else { return nil }
    let width = UInt64(bytes.count * 8)
    let isNegative = isSigned && raw >> (width - 1) == 1
    let magnitude = isNegative ? (0 &- raw) & (.max >> (64 - width)) : raw
    return DecimalDigits(
      isNegative: isNegative, digits: String(magnitude).utf8.map { $0 - 48 })
  }

  // MARK: Writing

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    let decimal = try DecimalDigits(
      value, precision: precision, scale: scale, isSigned: isSigned && form != .bcd)
    switch form {
    case .packed:
      let sign: UInt8 = !isSigned ? 0xF : decimal.isNegative ? 0xD : 0xC
      output += Self.nibbles(decimal.digits + [sign])
    case .bcd: output += Self.nibbles(decimal.digits)
    case .zoned:
      let zone: UInt8 = isEBCDIC ? 0xF0 : 0x30
      var bytes = decimal.digits.map { $0 | zone }
      let signed = hasLeadingSign ? 0 : bytes.count - 1
      bytes[signed] = overpunched(decimal.digits[signed], isNegative: decimal.isNegative)
      output += bytes
    case .comp:
      let magnitude = decimal.digits.reduce(UInt64(0)) { $0 &* 10 &+ UInt64($1) }
      let raw = decimal.isNegative ? 0 &- magnitude : magnitude
      let width = UInt64(size * 8)
      let coding = isLittleEndian ? NumberCoding.littleEndian : .bigEndian
      output += coding.bytes(of: raw & (.max >> (64 - width)), width: size) ?? []
    }
  }

  /// Half bytes in pairs, with a zero before an odd number of them.
  private static func nibbles(_ nibbles: [UInt8]) -> [UInt8] {
    let even = nibbles.count.isMultiple(of: 2) ? nibbles : [0] + nibbles
    return stride(from: 0, to: even.count, by: 2).map { even[$0] << 4 | even[$0 + 1] }
  }

  private func overpunched(_ digit: UInt8, isNegative: Bool) -> UInt8 {
    if isEBCDIC { return digit | (!isSigned ? 0xF0 : isNegative ? 0xD0 : 0xC0) }
    if !isSigned { return digit | 0x30 }
    return signs.byte(of: digit, isNegative: isNegative)
  }
}

/// `int8` … `uint64`: binary integers.
struct IntegerField: FieldCodec {
  var width: Int
  var isSigned: Bool
  var isLittleEndian: Bool

  var fixedSize: Int? { width }

  private var typeName: String { (isSigned ? "int" : "uint") + "\(width * 8)" }
  private var coding: NumberCoding { isLittleEndian ? .littleEndian : .bigEndian }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let raw = coding.number(in: try reader.take(width)) ?? 0
    let shift = UInt64(64 - width * 8)
    if isSigned {
      let number = Int64(bitPattern: raw << shift) >> Int64(shift)
      return width == 8 ? .string(String(number)) : .integer(number)
    }
    return width == 8 ? .string(String(raw)) : .integer(Int64(raw))
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    guard let text = value.isNull ? "0" : value.scalarText else {
      throw .unwritable(value, typeName)
    }
    let shift = UInt64(64 - width * 8)
    let raw: UInt64
    if isSigned {
      guard let number = Int64(text), number >= Int64.min >> Int64(shift),
        number <= Int64.max >> Int64(shift)
      else { throw .unwritable(value, typeName) }
      raw = UInt64(bitPattern: number) & (.max >> shift)
    } else {
      guard let number = UInt64(text), number <= .max >> shift else {
        throw .unwritable(value, typeName)
      }
      raw = number
    }
    output += coding.bytes(of: raw, width: width) ?? []
  }

  var schema: Schema {
    var scalar = ScalarSchema(
      kind: .integer, form: width == 8 ? .string : .number, typeName: typeName)
    let shift = UInt64(64 - width * 8)
    scalar.facets.minimum = isSigned ? String(Int64.min >> Int64(shift)) : "0"
    scalar.facets.maximum =
      isSigned ? String(Int64.max >> Int64(shift)) : String(UInt64.max >> shift)
    return Schema(.scalar(scalar))
  }
}
