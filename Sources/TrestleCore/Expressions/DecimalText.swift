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
}
