import TrestleCore

extension SchemaCheck {
  /// Lengths are counted in Unicode scalars (JSON Schema 2020-12 validation §6.3).
  mutating func checkText(_ text: String, _ rules: TextRules) -> Bool {
    var isFine = true
    let size = text.utf8.count
    if size < rules.minimumLength || size / 4 < rules.minimumLength
      || size > rules.maximumLength ?? .max
    {
      let count = text.unicodeScalars.count
      if count < rules.minimumLength {
        isFine = fail(
          "expects at least \(Self.counted(rules.minimumLength, "character")), found \(count)")
      } else if let maximum = rules.maximumLength, count > maximum {
        isFine = fail("expects at most \(Self.counted(maximum, "character")), found \(count)")
      }
    }
    guard isFine || mayGoOn else { return false }
    if let pattern = rules.pattern, !pattern.matches(text) {
      isFine = fail(
        "expects a text that matches \(pattern.text), found \(Value.string(text).shownShortly)")
      guard mayGoOn else { return false }
    }
    if reading == .asMeant, let format = rules.format, !format.admits(text) {
      isFine = fail("expects \(format.expectation), found \(Value.string(text).shownShortly)")
    }
    return isFine
  }

  static func counted(_ count: Int, _ unit: String) -> String {
    count == 1 ? "1 \(unit)" : unit == "property" ? "\(count) properties" : "\(count) \(unit)s"
  }

  mutating func checkNumber(_ value: Value, _ rules: NumberRules) -> Bool {
    var isFine = true
    var decimal: DecimalText?
    for bound in rules.bounds {
      let order: Int
      if case .integer(let number) = value, let limit = bound.integer {
        order = number < limit ? -1 : number > limit ? 1 : 0
      } else {
        // Infinite and undefined numbers have no JSON, and no order.
        decimal = decimal ?? value.decimalText
        guard let decimal else { return fail("expects a number, found \(value.shownShortly)") }
        order = decimal.order(against: bound.decimal)
      }
      if let reason = bound.refusal(order) {
        isFine = fail("expects \(reason), found \(value.shownShortly)")
        guard mayGoOn else { return false }
      }
    }
    for divisor in rules.divisors {
      if case .integer(let number) = value, let by = divisor.decimal.integer, by > 0 {
        if number % by == 0 { continue }
      } else {
        decimal = decimal ?? value.decimalText
        guard let decimal, decimal.isMultiple(of: divisor.decimal) == false else { continue }
      }
      isFine = fail("expects a multiple of \(divisor.text), found \(value.shownShortly)")
      guard mayGoOn else { return false }
    }
    if reading == .asMeant, let reason = rules.format?.refusal(of: value) { isFine = fail(reason) }
    return isFine
  }
}

extension NumberRules.Bound {
  /// What a number should have been, whose order against the bound is given; nil where it is fine.
  fileprivate func refusal(_ order: Int) -> String? {
    switch side {
    case .minimum: order < 0 ? "at least \(text)" : nil
    case .exclusiveMinimum: order <= 0 ? "more than \(text)" : nil
    case .maximum: order > 0 ? "at most \(text)" : nil
    case .exclusiveMaximum: order >= 0 ? "less than \(text)" : nil
    }
  }
}
