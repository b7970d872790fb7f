/// A decimal number that is short enough to reckon with, for finding samples between bounds.
struct ShortDecimal {
  private var coefficient: Int128
  private var scale: Int

  init(_ number: Int) {
    coefficient = Int128(number)
    scale = 0
  }

  /// One, so many places after the point.
  init(unitAt place: Int) {
    coefficient = 1
    scale = place
  }

  /// Nil for what is too long.
  init?(_ text: String) {
    let parts = text.lowercased().split(separator: "e", maxSplits: 1)
    guard let mantissa = parts.first, mantissa.utf8.count <= 24 else { return nil }
    let halves = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let places = halves.count > 1 ? halves[1].count : 0
    guard let digits = Int128(halves.joined()) else { return nil }
    coefficient = digits
    scale = places
    if parts.count > 1 {
      guard let power = Int(parts[1]), abs(power) <= 18 else { return nil }
      scale -= power
    }
    while scale < 0 {
      coefficient *= 10
      scale += 1
    }
  }

  private func aligned(with other: ShortDecimal) -> (left: Int128, right: Int128, scale: Int)? {
    var left = self
    var right = other
    while left.scale != right.scale {
      if left.scale < right.scale {
        guard left.widen() else { return nil }
      } else {
        guard right.widen() else { return nil }
      }
    }
    return (left.coefficient, right.coefficient, left.scale)
  }

  private mutating func widen() -> Bool {
    let (wider, isBeyond) = coefficient.multipliedReportingOverflow(by: 10)
    coefficient = wider
    scale += 1
    return !isBeyond
  }

  private init(coefficient: Int128, scale: Int) {
    self.coefficient = coefficient
    self.scale = scale
  }

  func adding(_ other: ShortDecimal) -> ShortDecimal? {
    guard let (left, right, scale) = aligned(with: other) else { return nil }
    let (sum, isBeyond) = left.addingReportingOverflow(right)
    return isBeyond ? nil : ShortDecimal(coefficient: sum, scale: scale)
  }

  func subtracting(_ other: ShortDecimal) -> ShortDecimal? {
    var negative = other
    negative.coefficient = -other.coefficient
    return adding(negative)
  }

  func times(_ count: Int128) -> ShortDecimal? {
    let (product, isBeyond) = coefficient.multipliedReportingOverflow(by: count)
    return isBeyond ? nil : ShortDecimal(coefficient: product, scale: scale)
  }

  /// How often the other goes into this, without the rest.
  func quotient(by other: ShortDecimal) -> Int128? {
    guard let (left, right, _) = aligned(with: other), right != 0 else { return nil }
    return left / right
  }

  var half: ShortDecimal? {
    ShortDecimal(coefficient: coefficient, scale: scale).times(5).map {
      ShortDecimal(coefficient: $0.coefficient, scale: $0.scale + 1)
    }
  }

  var text: String {
    let sign = coefficient < 0 ? "-" : ""
    var digits = String(coefficient.magnitude)
    guard scale > 0 else { return sign + digits }
    if digits.count <= scale {
      digits = String(repeating: "0", count: scale + 1 - digits.count) + digits
    }
    var fraction = digits.suffix(scale)
    while fraction.last == "0" { fraction.removeLast() }
    return sign + digits.dropLast(scale) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
