package import TrestleCore

/// Decimal numbers written without an exponent, which XML-RPC does not allow.
package enum PlainDecimal {
  /// Wider exponents are refused rather than written out: no double needs them.
  static let maximumExponent = 400

  /// The shortest decimal text that reads back as the same double, with a point and without an
  /// exponent; nil for infinities and NaN.
  package static func text(of number: Double) -> String? {
    guard number.isFinite else { return nil }
    let text = number.description
    guard text.utf8.contains(UInt8(ascii: "e")) else { return text }
    return expand(text)
  }

  /// The exact digits of a JSON number, with a point and without an exponent; nil when the exponent
  /// is out of all proportion.
  package static func text(of number: NumberText) -> String? {
    let text = number.text
    // Nearly every number is written as it is to be written.
    guard !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return expand(text)
    }
    return text.utf8.contains(UInt8(ascii: ".")) ? text : text + ".0"
  }

  /// Moves the point of `-1.5e+20` to where it belongs.
  private static func expand(_ text: String) -> String? {
    let parts = text.lowercased().split(separator: "e", maxSplits: 1)
    let exponent = parts.count == 2 ? Int(parts[1]) : 0
    guard let mantissa = parts.first, let exponent, abs(exponent) <= maximumExponent else {
      return nil
    }
    let isNegative = mantissa.hasPrefix("-")
    let digits = mantissa.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    let whole = digits.first ?? "0"
    let fraction = digits.count > 1 ? digits[1] : ""
    var all = Array((String(whole) + String(fraction)).utf8)
    var point = whole.utf8.count + exponent
    if point <= 0 {
      all.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: 1 - point), at: 0)
      point = 1
    }
    if point >= all.count {
      all.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: point - all.count + 1))
    }
    let before = all[..<point].drop { $0 == UInt8(ascii: "0") }
    let head = before.isEmpty ? "0" : String(decoding: before, as: UTF8.self)
    return (isNegative ? "-" : "") + head + "." + String(decoding: all[point...], as: UTF8.self)
  }
}

extension PlainDecimal {
  /// Whether a double holds the number without rounding its decimal digits.
  static func isExact(_ number: NumberText) -> Bool {
    guard let nearest = text(of: number.doubleValue), let written = text(of: number) else {
      return false
    }
    return significant(nearest) == significant(written)
  }

  private static func significant(_ text: String) -> Substring {
    var digits = Substring(text)
    while digits.hasSuffix("0") { digits.removeLast() }
    return digits
  }
}

extension NumberText {
  /// Whether the number is written without a point and an exponent.
  var isInteger: Bool { text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 &- 48 < 10 } }
}
