extension PureFunction {
  /// `abs`, `round`, `format`, `min` and `max`.
  func ofNumbers(_ arguments: [Value?]) throws(ExpressionError) -> Value? {
    switch self {
    case .abs:
      let value = try decimal(arguments[0])
      return FixedPoint(coefficient: Int128(value.coefficient.magnitude), scale: value.scale).value
    case .round:
      let places = arguments.count > 1 ? try whole(arguments[1]) : 0
      return try rounded(decimal(arguments[0]), to: places).value
    case .format: return .string(try formatted(decimal(arguments[0]), by: text(arguments[1])))
    default: return try furthest(arguments)
    }
  }

  private func furthest(_ arguments: [Value?]) throws(ExpressionError) -> Value? {
    var items = arguments
    if arguments.count == 1, case .array(let list)? = arguments[0] { items = list }
    var furthest: Value?
    for item in items {
      guard let item, !item.isNull else { continue }
      guard let known = furthest else {
        furthest = item
        continue
      }
      guard let order = item.order(against: known) else {
        throw ExpressionError("\(rawValue)() cannot compare \(item) with \(known)")
      }
      if self == .max ? order > 0 : order < 0 { furthest = item }
    }
    return furthest
  }

  private func decimal(_ value: Value?) throws(ExpressionError) -> FixedPoint {
    if case .double(let number)? = value, let decimal = FixedPoint(.string("\(number)")) {
      return decimal
    }
    guard let value, let decimal = FixedPoint(value) else {
      throw ExpressionError(
        "\(rawValue)() expects a number, found \(value?.description ?? "nothing")")
    }
    return decimal
  }

  private func rounded(_ value: FixedPoint, to places: Int) throws(ExpressionError) -> FixedPoint {
    guard places < value.scale else { return value }
    var result = value
    var rest: Int128 = 0
    while result.scale > places {
      rest = result.coefficient % 10
      result.coefficient /= 10
      result.scale -= 1
    }
    // Half up means away from zero, as money is rounded.
    if rest.magnitude >= 5 { result.coefficient += value.coefficient < 0 ? -1 : 1 }
    return result
  }

  /// Writes by `#,##0.00`: a comma anywhere groups by thousands, each 0 is a digit that always stands, each
  /// # behind the point one that stands where it is not 0.
  private func formatted(
    _ value: FixedPoint, by pattern: String
  ) throws(ExpressionError) -> String {
    let halves = pattern.split(separator: ".", omittingEmptySubsequences: false)
    guard !pattern.isEmpty, halves.count <= 2, pattern.utf8.count <= 64,
      halves[0].allSatisfy({ "#,0".contains($0) }),
      halves.count == 1 || halves[1].allSatisfy({ "#0".contains($0) })
    else {
      throw ExpressionError(
        "format() expects a pattern of # , 0 and one point, like '#,##0.00', found '\(pattern)'")
    }
    let places = halves.count > 1 ? halves[1].count : 0
    let number = try rounded(value, to: places)
    var digits = String(number.coefficient.magnitude)
    if digits.utf8.count <= number.scale {
      digits = String(repeating: "0", count: number.scale + 1 - digits.utf8.count) + digits
    }
    var fraction = String(digits.suffix(number.scale))
    var whole = String(digits.dropLast(number.scale))
    fraction += String(repeating: "0", count: places - fraction.utf8.count)
    let needed = halves.count > 1 ? halves[1].filter { $0 == "0" }.count : 0
    while fraction.utf8.count > needed, fraction.last == "0" { fraction.removeLast() }
    let width = halves[0].filter { $0 == "0" }.count
    if whole == "0", width == 0, !fraction.isEmpty { whole = "" }
    whole = String(repeating: "0", count: Swift.max(0, width - whole.utf8.count)) + whole
    if halves[0].contains(",") { whole = Self.grouped(whole) }
    return (number.coefficient < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.utf8.count - position) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
