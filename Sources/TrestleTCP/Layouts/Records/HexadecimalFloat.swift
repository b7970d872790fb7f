/// Floating-point numbers as System/360 writes them (IBM z/Architecture Principles of Operation, "HFP"):
/// a sign, an exponent of 16 with 64 added, and a fraction of 6 or 14 hexadecimal digits.
enum HexadecimalFloat {
  /// The number in 4 or 8 bytes; what `Double` cannot tell apart is rounded.
  static func number(_ raw: UInt64, isLong: Bool) -> Double {
    let bits = isLong ? 56 : 24
    let fraction = Double(raw & (1 << UInt64(bits) - 1))
    let exponent = Int(raw >> UInt64(bits) & 0x7F) - 64
    // Both factors are powers of two: nothing is rounded twice.
    let magnitude = fraction * Double(sign: .plus, exponent: 4 * exponent - bits, significand: 1)
    return raw >> UInt64(bits + 7) & 1 == 1 ? -magnitude : magnitude
  }

  /// The bits of a number, normalized and rounded to the nearest; nil for what is too large, or no
  /// number.
  static func bits(_ number: Double, isLong: Bool) -> UInt64? {
    guard number.isFinite else { return nil }
    let bits = isLong ? 56 : 24
    let sign: UInt64 = number.sign == .minus ? 1 << UInt64(bits + 7) : 0
    guard number != 0 else { return sign }
    // The exponent of 16 for which the fraction is at least 1/16 and less than 1.
    // Below the smallest exponent the fraction begins with zeros.
    var exponent = max((Int(number.exponent) + 4) >> 2, -64)
    var fraction = (number.magnitude * scale(bits - 4 * exponent)).rounded(.toNearestOrEven)
    if fraction >= Double(sign: .plus, exponent: bits, significand: 1) {
      exponent += 1
      fraction = (number.magnitude * scale(bits - 4 * exponent)).rounded(.toNearestOrEven)
    }
    guard exponent + 64 <= 0x7F else { return nil }
    return sign | UInt64(exponent + 64) << UInt64(bits) | UInt64(fraction)
  }

  private static func scale(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
