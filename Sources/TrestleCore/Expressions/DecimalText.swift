/// A decimal number of any length, taken apart for exact comparison: ±0.d₁d₂… × 10^exponent.
///
/// Never expands an exponent, so `1e999999999` costs what its text costs.
package struct DecimalText: Sendable, Hashable {
  private let isNegative: Bool
  /// Without zeros at either end; empty for zero.
  private let digits: [UInt8]
  private let exponent: Int

  /// Takes what XSD and JSON write: an optional sign, digits with at most one point, an optional
  /// exponent. Leading zeros are fine. Nil for everything else.
  package init?(_ text: String) {
    var digits: [UInt8] = []
    var isNegative = false
    var point: Int?
    var exponent = 0
    var position = 0
    let bytes = Array(text.utf8)
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      position = 1
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte &- 48 < 10 {
        digits.append(byte)
      } else if byte == UInt8(ascii: "."), point == nil {
        point = digits.count
      } else {
        break
      }
      position += 1
    }
    guard !digits.isEmpty else { return nil }
    if position < bytes.count {
      guard bytes[position] | 0x20 == UInt8(ascii: "e"),
        let power = Int(String(decoding: bytes[(position + 1)...], as: UTF8.self)),
        // Beyond this the sum below could overflow; no such number is ever meant.
        abs(power) < 1 << 40
      else { return nil }
      exponent = power
    }
    let whole = point ?? digits.count
    let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(leading)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    self.digits = digits
    self.isNegative = isNegative && !digits.isEmpty
    self.exponent = digits.isEmpty ? 0 : exponent + whole - leading
  }

  /// The number where it is a whole one of 64 bits.
  package var integer: Int64? {
    guard exponent >= digits.count, exponent <= 19 else { return digits.isEmpty ? 0 : nil }
    var value: Int64 = 0
    for place in 0..<exponent {
      let digit = place < digits.count ? Int64(digits[place] &- 48) : 0
      let (tenfold, isTooGreat) = value.multipliedReportingOverflow(by: 10)
      let (next, isBeyond) =
        isNegative
        ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
      guard !isTooGreat, !isBeyond else { return nil }
      value = next
    }
    return value
  }

  /// Negative, zero or positive as this number is below, equal to or above the other.
  package func order(against other: DecimalText) -> Int {
    let sign = digits.isEmpty ? 0 : isNegative ? -1 : 1
    let otherSign = other.digits.isEmpty ? 0 : other.isNegative ? -1 : 1
    if sign != otherSign { return sign < otherSign ? -1 : 1 }
    if sign == 0 { return 0 }
    if exponent != other.exponent { return exponent < other.exponent ? -sign : sign }
    if digits == other.digits { return 0 }
    return digits.lexicographicallyPrecedes(other.digits) ? -sign : sign
  }

  /// Whether there is nothing after the point: `1.0` and `1e3` are whole.
  package var isWhole: Bool { exponent >= digits.count }

  /// The same text for all that are the same number, as JSON writes numbers.
  package var canonicalText: String {
    guard !digits.isEmpty else { return "0" }
    return (isNegative ? "-0." : "0.") + String(decoding: digits, as: UTF8.self) + "e\(exponent)"
  }

  /// Whether the number is a whole multiple of another; nil where that one has more digits than can be
  /// reckoned with, or is zero.
  package func isMultiple(of other: DecimalText) -> Bool? {
    guard let divisor = UInt64(String(decoding: other.digits, as: UTF8.self)), divisor > 0 else {
      return nil
    }
    if digits.isEmpty { return true }
    let power = (exponent - digits.count) - (other.exponent - other.digits.count)
    // The last digit is no zero, so no power of ten divides the digits.
    guard power >= 0 else { return false }
    var rest: UInt64 = 0
    for digit in digits {
      rest = Self.product(rest, 10, modulo: divisor)
      let (sum, isBeyond) = rest.addingReportingOverflow(UInt64(digit &- 48))
      rest = isBeyond ? sum &+ (UInt64.max % divisor) &+ 1 : sum
      rest %= divisor
    }
    var base = 10 % divisor
    var remaining = power
    while remaining > 0, rest > 0 {
      if remaining & 1 == 1 { rest = Self.product(rest, base, modulo: divisor) }
      base = Self.product(base, base, modulo: divisor)
      remaining >>= 1
    }
    return rest == 0
  }

  private static func product(_ left: UInt64, _ right: UInt64, modulo divisor: UInt64) -> UInt64 {
    divisor.dividingFullWidth(left.multipliedFullWidth(by: right)).remainder
  }
}
