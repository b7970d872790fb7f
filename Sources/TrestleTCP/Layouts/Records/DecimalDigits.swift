internal import TrestleCore

/// A decimal of fixed size, digit by digit: nothing passes through a floating-point number.
struct DecimalDigits: Sendable, Hashable {
  var isNegative: Bool
  /// The digits without a point, high ones first, each 0 to 9.
  var digits: [UInt8]

  /// A value as that many digits with so many after the point.
  ///
  /// - Throws: `CodecError` for what is no decimal, or does not fit without losing a digit.
  init(_ value: Value, precision: Int, scale: Int, isSigned: Bool) throws(CodecError) {
    guard let text = value.isNull ? "0" : value.scalarText, value.isNull || value.boolValue == nil
    else { throw .unwritable(value, "a decimal") }
    var isNegative = false
    var whole: [UInt8] = []
    var fraction: [UInt8] = []
    var hasPoint = false
    var rest = Array(text.utf8)[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      rest = rest.dropFirst()
    }
    for byte in rest {
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else if byte &- 48 < 10 {
        if hasPoint { fraction.append(byte - 48) } else { whole.append(byte - 48) }
      } else {
        throw .unwritable(value, "a decimal")
      }
    }
    guard !whole.isEmpty || !fraction.isEmpty else { throw .unwritable(value, "a decimal") }
    while fraction.count > scale, fraction.last == 0 { fraction.removeLast() }
    guard fraction.count <= scale else {
      throw .unwritable(
        value, scale == 0 ? "a whole number" : "at most \(scale) digits after the point")
    }
    fraction += [UInt8](repeating: 0, count: scale - fraction.count)
    let all = (whole + fraction).drop { $0 == 0 }
    guard all.count <= precision else {
      throw .unwritable(value, "at most \(precision - scale) digits before the point")
    }
    if isNegative, !isSigned, !all.isEmpty { throw .unwritable(value, "no negative number") }
    digits = [UInt8](repeating: 0, count: precision - all.count) + all
    self.isNegative = isNegative && !all.isEmpty
  }

  init(isNegative: Bool, digits: [UInt8]) {
    self.isNegative = isNegative
    self.digits = digits
  }

  /// The decimal with so many digits after its point: `-1234.50`.
  func text(scale: Int) -> String {
    let digits = [UInt8](repeating: 0, count: max(0, scale + 1 - digits.count)) + digits
    let whole = digits.dropLast(scale).drop { $0 == 0 }
    var text = isNegative && digits.contains { $0 != 0 } ? "-" : ""
    text += whole.isEmpty ? "0" : String(decoding: whole.map { $0 + 48 }, as: UTF8.self)
    if scale > 0 {
      text += "." + String(decoding: digits.suffix(scale).map { $0 + 48 }, as: UTF8.self)
    }
    return text
  }
}
