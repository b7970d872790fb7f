internal import TrestleCore

/// A number of a copybook that is stored digit by digit or in binary, with its implied point.
struct CobolNumberField: CobolField {
  enum Form: Sendable {
    /// A digit a byte (DISPLAY).
    case zoned(ZonedSign)
    /// Two digits a byte and a sign in the last half byte (COMP-3).
    case packed
    /// Two digits a byte (COMP-6).
    case unsignedPacked
    /// Two's complement.
    case binary(width: Int, coding: NumberCoding, holdsAll: Bool)
  }

  var form: Form
  var digits: Int
  /// Digits after the point; negative where zeros before it are not stored.
  var scale: Int
  var isSigned: Bool
  var isBlankWhenZero = false
  var encoding: TextEncoding
  /// Whether blank bytes are a mistake, and so is a number wider than its picture.
  var isStrict = false
  var typeName: String

  var size: Int {
    switch form {
    case .zoned(let sign): digits + (sign.isSeparate ? 1 : 0)
    case .packed: digits / 2 + 1
    case .unsignedPacked: (digits + 1) / 2
    case .binary(let width, _, _): width
    }
  }

  /// Small whole numbers are numbers in JSON, everything else keeps its digits as text.
  private var isNumber: Bool { scale <= 0 && digits - scale <= 9 && !holdsMoreThanItsDigits }

  private var holdsMoreThanItsDigits: Bool {
    if case .binary(let width, _, holdsAll: true) = form { return width > 4 }
    return false
  }

  var schema: Schema {
    var scalar = ScalarSchema(
      kind: scale <= 0 ? .integer : .decimal, form: isNumber ? .number : .string,
      typeName: typeName)
    if case .binary(let width, _, holdsAll: true) = form, scale == 0, width <= 8 {
      let bits = UInt64(width * 8 - (isSigned ? 1 : 0))
      let maximum = UInt64.max >> (64 - bits)
      scalar.facets.maximum = String(maximum)
      scalar.facets.minimum = isSigned ? "-\(maximum + 1)" : "0"
    } else {
      scalar.facets.limit(digits: digits, scale: scale, isSigned: isSigned)
    }
    // Numbers whose last zeros are not stored are few: zero is one of them.
    return Schema(.scalar(scalar), defaultText: scale < 0 ? "0" : nil)
  }

  // MARK: Reading

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let bytes = try reader.take(size)
    let decimal: DecimalDigits?
    switch form {
    case .zoned(let sign): decimal = try zoned(bytes, sign, reader)
    case .packed: decimal = packed(bytes)
    case .unsignedPacked:
      let digits = bytes.flatMap { [$0 >> 4, $0 & 15] }
      decimal =
        digits.allSatisfy { $0 < 10 } ? DecimalDigits(isNegative: false, digits: digits) : nil
    case .binary(_, let coding, let holdsAll): decimal = binary(bytes, coding, holdsAll)
    }
    guard let decimal else { throw reader.wrong(bytes, "is not \(typeName)") }
    if isStrict, isWider(decimal) {
      throw reader.wrong(bytes, "has more digits than \(typeName)")
    }
    return value(of: decimal)
  }

  private func isWider(_ decimal: DecimalDigits) -> Bool {
    if case .binary(_, _, holdsAll: true) = form { return false }
    return decimal.digits.drop { $0 == 0 }.count > digits
  }

  private func value(of decimal: DecimalDigits) -> Value {
    var decimal = decimal
    if scale < 0 { decimal.digits += [UInt8](repeating: 0, count: -scale) }
    let text = decimal.text(scale: max(scale, 0))
    if isNumber, let number = Int64(text) { return .integer(number) }
    return .string(text)
  }

  private func zoned(
    _ bytes: ArraySlice<UInt8>, _ sign: ZonedSign, _ reader: FieldReader
  ) throws(CodecError) -> DecimalDigits? {
    if let decimal = sign.decimal(in: bytes, encoding: encoding) {
      // What cannot be negative was never meant to be a number.
      return decimal.isNegative && !isSigned ? nil : decimal
    }
    guard bytes.allSatisfy({ $0 == 0 || $0 == encoding.byte(of: " ") }) else { return nil }
    let zero = DecimalDigits(isNegative: false, digits: [0])
    if isBlankWhenZero { return zero }
    guard !isStrict else { return nil }
    // A blank amount is nothing; a blank whole number (a date, an identifier) is none.
    if scale > 0 { return zero }
    throw reader.wrong(bytes, "is blank")
  }

  private func packed(_ bytes: ArraySlice<UInt8>) -> DecimalDigits? {
    var digits = bytes.flatMap { [$0 >> 4, $0 & 15] }
    guard let sign = digits.popLast(), sign >= 10, digits.allSatisfy({ $0 < 10 }) else {
      return nil
    }
    // B and D are minus; A, C, E and F plus (IBM Principles of Operation, decimal data formats).
    let isNegative = sign == 0xB || sign == 0xD
    return DecimalDigits(isNegative: isNegative, digits: digits)
  }

  private func binary(
    _ bytes: ArraySlice<UInt8>, _ coding: NumberCoding, _ holdsAll: Bool
  ) -> DecimalDigits? {
    var raw: UInt128 = 0
    if coding == .littleEndian {
      for byte in bytes.reversed() { raw = raw << 8 | UInt128(byte) }
    } else {
      for byte in bytes { raw = raw << 8 | UInt128(byte) }
    }
    let width = UInt128(bytes.count * 8)
    let isTopSet = raw >> (width - 1) == 1
    // Every letter and digit of EBCDIC has its top bit set: such an unsigned number is a text.
    if isTopSet, !isSigned, !holdsAll, bytes.count == 4 || bytes.count == 8, scale == 0 {
      return nil
    }
    let isNegative = isSigned && isTopSet
    let magnitude = isNegative ? (0 &- raw) & (.max >> (128 - width)) : raw
    return DecimalDigits(
      isNegative: isNegative, digits: String(magnitude).utf8.map { $0 - 48 })
  }

  // MARK: Writing

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    if isBlankWhenZero, try decimal(of: value).digits.allSatisfy({ $0 == 0 }) {
      output += [UInt8](repeating: encoding.byte(of: " "), count: size)
      return
    }
    if case .binary(let width, let coding, let holdsAll) = form {
      output += try binary(value, width, coding, holdsAll)
      return
    }
    let decimal = try decimal(of: value)
    switch form {
    case .zoned(let sign):
      output += sign.bytes(of: decimal, isSigned: isSigned, encoding: encoding)
    case .packed:
      let sign: UInt8 = !isSigned ? 0xF : decimal.isNegative ? 0xD : 0xC
      output += Self.nibbles(decimal.digits + [sign])
    default: output += Self.nibbles(decimal.digits)
    }
  }

  private func decimal(of value: Value, digits: Int? = nil) throws(CodecError) -> DecimalDigits {
    let digits = digits ?? self.digits
    guard scale < 0 else {
      return try DecimalDigits(value, precision: digits, scale: scale, isSigned: isSigned)
    }
    var decimal = try DecimalDigits(
      value, precision: digits - scale, scale: 0, isSigned: isSigned)
    guard decimal.digits.suffix(-scale).allSatisfy({ $0 == 0 }) else {
      throw .unwritable(value, "a multiple of 1" + String(repeating: "0", count: -scale))
    }
    decimal.digits.removeLast(-scale)
    return decimal
  }

  private func binary(
    _ value: Value, _ width: Int, _ coding: NumberCoding, _ holdsAll: Bool
  ) throws(CodecError) -> [UInt8] {
    // Native binary takes what its bytes hold, whatever the picture says (COMP-5).
    let decimal = try decimal(of: value, digits: holdsAll ? 38 : digits)
    var magnitude: UInt128 = 0
    for digit in decimal.digits {
      magnitude = magnitude &* 10 &+ UInt128(digit)
    }
    let bits = UInt128(width * 8)
    let limit = UInt128.max >> (128 - bits + (isSigned ? 1 : 0))
    guard magnitude <= (decimal.isNegative ? limit + 1 : limit) else {
      throw .unwritable(value, "what \(width) bytes hold")
    }
    let raw = decimal.isNegative ? 0 &- magnitude : magnitude
    let bytes = (0..<width).map { UInt8(truncatingIfNeeded: raw >> UInt128($0 * 8)) }
    return coding == .littleEndian ? bytes : bytes.reversed()
  }

  /// Half bytes in pairs, with a zero before an odd number of them.
  private static func nibbles(_ nibbles: [UInt8]) -> [UInt8] {
    let even = nibbles.count.isMultiple(of: 2) ? nibbles : [0] + nibbles
    return stride(from: 0, to: even.count, by: 2).map { even[$0] << 4 | even[$0 + 1] }
  }
}
