/// Exact decimal arithmetic on values, within 38 digits.
///
/// A text that is written like a number counts as one, since decimals are texts in Trestle JSON.
/// With a floating-point operand the result is floating-point.
enum Arithmetic {
  static func apply(
    _ operation: Expression.Operator, _ left: Value, _ right: Value
  ) throws(ExpressionError) -> Value {
    if case .double(let left) = left, let right = right.floatingPoint {
      return .double(floating(operation, left, right))
    }
    if case .double(let right) = right, let left = left.floatingPoint {
      return .double(floating(operation, left, right))
    }
    let first = try number(left, for: operation)
    let second = try number(right, for: operation)
    let result: FixedPoint?
    switch operation {
    case .plus: result = first.adding(second)
    case .minus: result = first.subtracting(second)
    case .times: result = first.multiplied(by: second)
    case .over, .modulo:
      guard second.coefficient != 0 else { throw ExpressionError("division by zero") }
      result = operation == .over ? first.divided(by: second) : first.remainder(by: second)
    default: result = nil
    }
    guard let result else {
      throw ExpressionError("the result of \"\(operation.rawValue)\" has more than 38 digits")
    }
    return result.value
  }

  private static func floating(
    _ operation: Expression.Operator, _ left: Double, _ right: Double
  ) -> Double {
    switch operation {
    case .plus: left + right
    case .minus: left - right
    case .times: left * right
    case .over: left / right
    default: left.truncatingRemainder(dividingBy: right)
    }
  }

  private static func number(
    _ value: Value, for operation: Expression.Operator
  ) throws(ExpressionError) -> FixedPoint {
    if let number = FixedPoint(value) { return number }
    throw ExpressionError(
      "\"\(operation.rawValue)\" expects numbers, found \(value.description)",
      hint: operation == .plus ? "join texts with concat(a, b)" : nil)
  }
}

/// A decimal as a whole number of units of 10^-scale.
struct FixedPoint {
  var coefficient: Int128
  var scale: Int

  init(coefficient: Int128, scale: Int) {
    self.coefficient = coefficient
    self.scale = scale
  }

  init?(_ value: Value) {
    switch value {
    case .integer(let number): self.init(coefficient: Int128(number), scale: 0)
    case .number(let number):
      if let plain = FixedPoint(plain: number.text) {
        self = plain
      } else {
        self.init(text: value)
      }
    default: self.init(text: value)
    }
  }

  /// A number of at most 18 digits without an exponent; nil for any other text.
  private init?(plain text: String) {
    guard text.utf8.count <= 20 else { return nil }
    var number: Int64 = 0
    var digits = 0
    var point: Int?
    var isNegative = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits += 1
        guard digits <= 18 else { return nil }
        number = number * 10 + Int64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "."):
        guard point == nil, digits > 0 else { return nil }
        point = digits
      case UInt8(ascii: "-"):
        guard digits == 0, !isNegative, point == nil else { return nil }
        isNegative = true
      default: return nil
      }
    }
    guard digits > 0, point != digits else { return nil }
    self.init(
      coefficient: Int128(isNegative ? -number : number), scale: point.map { digits - $0 } ?? 0)
  }

  private init?(text value: Value) {
    guard value.decimalText != nil, let text = value.scalarText else { return nil }
    let parts = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    guard let power = parts.count > 1 ? Int(parts[1]) : 0, abs(power) <= 38,
      fraction.utf8.count <= 38,
      let coefficient = Int128(mantissa[0] + fraction)
    else { return nil }
    self.init(coefficient: coefficient, scale: fraction.utf8.count - power)
    if scale < 0 {
      guard let whole = rescaled(to: 0) else { return nil }
      self = whole
    }
  }

  /// The same number in units of 10^-scale, or nil when it does not fit.
  private func rescaled(to wanted: Int) -> FixedPoint? {
    guard wanted - scale <= 38 else { return nil }
    var result = coefficient
    for _ in 0..<max(0, wanted - scale) {
      let (next, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = next
    }
    return FixedPoint(coefficient: result, scale: wanted)
  }

  private func combined(
    _ other: FixedPoint, _ body: (Int128, Int128) -> (partialValue: Int128, overflow: Bool)
  ) -> FixedPoint? {
    let wanted = max(scale, other.scale)
    guard let left = rescaled(to: wanted), let right = other.rescaled(to: wanted) else {
      return nil
    }
    let (result, overflow) = body(left.coefficient, right.coefficient)
    return overflow ? nil : FixedPoint(coefficient: result, scale: wanted)
  }

  func adding(_ other: FixedPoint) -> FixedPoint? {
    combined(other) { $0.addingReportingOverflow($1) }
  }

  func subtracting(_ other: FixedPoint) -> FixedPoint? {
    combined(other) { $0.subtractingReportingOverflow($1) }
  }

  func remainder(by other: FixedPoint) -> FixedPoint? {
    combined(other) { $0.remainderReportingOverflow(dividingBy: $1) }
  }

  func multiplied(by other: FixedPoint) -> FixedPoint? {
    let (result, overflow) = coefficient.multipliedReportingOverflow(by: other.coefficient)
    return overflow ? nil : FixedPoint(coefficient: result, scale: scale + other.scale)
  }

  /// The quotient to 12 places (or the operands' own, where they have more), truncated, without
  /// zeros at its end.
  func divided(by other: FixedPoint) -> FixedPoint? {
    let places = max(12, scale, other.scale)
    guard let dividend = rescaled(to: places + other.scale) else { return nil }
    let (quotient, overflow) = dividend.coefficient.dividedReportingOverflow(by: other.coefficient)
    guard !overflow else { return nil }
    var result = FixedPoint(coefficient: quotient, scale: places)
    while result.scale > 0, result.coefficient % 10 == 0 {
      result.coefficient /= 10
      result.scale -= 1
    }
    return result
  }

  var value: Value {
    if scale <= 0 {
      if let number = Int64(exactly: coefficient) { return .integer(number) }
      return .number(NumberText(verified: String(coefficient)))
    }
    var digits = String(coefficient.magnitude)
    if digits.utf8.count <= scale {
      digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
    }
    let sign = coefficient < 0 ? "-" : ""
    return .number(NumberText(verified: sign + digits.dropLast(scale) + "." + digits.suffix(scale)))
  }
}

extension Value {
  fileprivate var floatingPoint: Double? {
    switch self {
    case .double(let number): number
    case .integer, .number, .string: scalarText.flatMap { Double($0) }
    default: nil
    }
  }
}
