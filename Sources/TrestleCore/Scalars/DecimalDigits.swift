/// A decimal number by its exact text, taken apart for comparing and counting without rounding.
///
/// XSD 1.0 part 2 §3.2.3: an optional sign, digits, and at most one point with digits on at least
/// one side. No exponent.
struct DecimalDigits {
  let isNegative: Bool
  /// The digits before the point, without leading zeros.
  let whole: Slice<UnsafeBufferPointer<UInt8>>
  /// The digits after the point, without trailing zeros.
  let fraction: Slice<UnsafeBufferPointer<UInt8>>

  /// Takes a text apart; nil when it is no decimal.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    var position = 0
    var isNegative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      position = 1
    }
    var start = position
    while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
    let wholeEnd = position
    var fractionStart = position
    var end = position
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      fractionStart = position
      while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
      end = position
    }
    guard position == bytes.count, wholeEnd > start || end > fractionStart else { return nil }
    while start < wholeEnd, bytes[start] == UInt8(ascii: "0") { start += 1 }
    while end > fractionStart, bytes[end - 1] == UInt8(ascii: "0") { end -= 1 }
    whole = bytes[start..<wholeEnd]
    fraction = bytes[fractionStart..<max(fractionStart, end)]
    self.isNegative = isNegative && !(whole.isEmpty && fraction.isEmpty)
  }

  /// How many digits the value has (XSD 1.0 part 2 §4.3.11): zeros that change nothing do not count.
  var totalDigits: Int {
    guard whole.isEmpty else { return whole.count + fraction.count }
    return fraction.drop { $0 == UInt8(ascii: "0") }.count
  }

  /// Negative, zero or positive as the number is less than, equal to or greater than the other.
  func compared(to other: DecimalDigits) -> Int {
    guard isNegative == other.isNegative else { return isNegative ? -1 : 1 }
    let order = magnitude(comparedTo: other)
    return isNegative ? -order : order
  }

  private func magnitude(comparedTo other: DecimalDigits) -> Int {
    if whole.count != other.whole.count { return whole.count < other.whole.count ? -1 : 1 }
    for (left, right) in zip(whole, other.whole) where left != right {
      return left < right ? -1 : 1
    }
    for (left, right) in zip(fraction, other.fraction) where left != right {
      return left < right ? -1 : 1
    }
    return (fraction.count - other.fraction.count).signum()
  }
}
