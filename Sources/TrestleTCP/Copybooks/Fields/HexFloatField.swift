internal import TrestleCore

/// `COMP-1` and `COMP-2` of IBM mainframes: base 16, excess 64 (IBM Principles of Operation,
/// hexadecimal floating point).
struct HexFloatField: CobolField {
  var isDouble: Bool
  var isLittleEndian: Bool
  var typeName: String

  var size: Int { isDouble ? 8 : 4 }
  private var fractionBits: Int { isDouble ? 56 : 24 }
  private var coding: NumberCoding { isLittleEndian ? .littleEndian : .bigEndian }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let raw = coding.number(in: try reader.take(size)) ?? 0
    let fraction = raw & (1 << UInt64(fractionBits) - 1)
    let exponent = Int(raw >> UInt64(fractionBits) & 0x7F) - 64
    guard fraction != 0 else { return .double(0) }
    let magnitude = Double(fraction).scaled(by: exponent * 4 - fractionBits)
    let isNegative = raw >> UInt64(size * 8 - 1) == 1
    return .double(shortened(isNegative ? -magnitude : magnitude))
  }

  /// A short number has at most the digits of an IEEE float of as many bits: the shortest decimal that
  /// means the same one.
  private func shortened(_ number: Double) -> Double {
    guard !isDouble, Double(Float(number)) == number else { return number }
    return Double(Float(number).description) ?? number
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    guard let number = value.isNull ? 0 : value.scalarText.flatMap({ Double($0) }),
      number.isFinite
    else { throw .unwritable(value, "a finite number") }
    output += coding.bytes(of: try bits(of: number, value), width: size) ?? []
  }

  private func bits(of number: Double, _ value: Value) throws(CodecError) -> UInt64 {
    guard number != 0 else { return 0 }
    // number = significand × 2^exponent with 1 ≤ significand < 2; as 0.f × 16^characteristic.
    let binary = Int(number.exponent) + 1
    var characteristic = binary >> 2
    if binary & 3 != 0 { characteristic += 1 }
    var fraction = UInt64(
      number.magnitude.scaled(by: fractionBits - characteristic * 4).rounded(.toNearestOrEven))
    if fraction >> UInt64(fractionBits) != 0 {
      fraction >>= 4
      characteristic += 1
    }
    guard characteristic < 64 else { throw .unwritable(value, "a number up to 7.2e75") }
    guard characteristic >= -64 else { return 0 }
    let sign: UInt64 = number < 0 ? 1 << UInt64(size * 8 - 1) : 0
    return sign | UInt64(characteristic + 64) << UInt64(fractionBits) | fraction
  }

  var schema: Schema {
    Schema(
      .scalar(
        ScalarSchema(kind: isDouble ? .double : .float, form: .number, typeName: typeName)))
  }
}

extension Double {
  /// The number times a power of two.
  fileprivate func scaled(by exponent: Int) -> Double {
    // In two steps: a power of two alone may be out of range where the product is not.
    let half = exponent / 2
    return self * Double(sign: .plus, exponent: half, significand: 1)
      * Double(sign: .plus, exponent: exponent - half, significand: 1)
  }
}

/// `COMP-1` of IEEE machines, as the shortest decimal that means the same number.
struct ShortFloatField: CobolField {
  var isLittleEndian: Bool
  var size: Int { 4 }

  private var field: FloatField { FloatField(isDouble: false, isLittleEndian: isLittleEndian) }

  func read(_ reader: inout FieldReader) throws(CodecError) -> Value {
    let value = try field.read(&reader)
    guard case .double(let number) = value, number.isFinite else { return value }
    return .double(Double(Float(number).description) ?? number)
  }

  func write(_ value: Value, to output: inout [UInt8]) throws(CodecError) {
    try field.write(value, to: &output)
  }

  var schema: Schema { field.schema }
}
