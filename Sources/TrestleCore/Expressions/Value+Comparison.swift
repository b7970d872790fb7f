extension Value {
  /// The value as a decimal: numbers by their text, and texts that are written like one.
  package var decimalText: DecimalText? {
    switch self {
    case .integer(let number): DecimalText(String(number))
    case .number(let number): DecimalText(number.text)
    case .double(let number): number.isFinite ? DecimalText(number.description) : nil
    case .string(let text): DecimalText(text)
    default: nil
    }
  }

  /// Whether this is a number by its type.
  package var isNumber: Bool {
    switch self {
    case .integer, .number, .double: true
    default: false
    }
  }

  /// Whether two values are the same to a person who compares JSON views.
  ///
  /// Two texts compare as text. A number compares by value, also with a text that is written like a
  /// number (decimals are texts in Trestle JSON). Bytes and date-times compare by their text, and
  /// a truth value with the texts `true` and `false`.
  package func matches(_ other: Value) -> Bool {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): return left == right
    case (.string(let left), .string(let right)): return left == right
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && left.members.allSatisfy { member in
          right[member.name].map { member.value.matches($0) } ?? false
        }
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.matches($1) }
    case (.null, .null): return true
    case (.null, _), (_, .null), (.object, _), (_, .object), (.array, _), (_, .array): return false
    default: break
    }
    if isNumber || other.isNumber, let left = decimalText, let right = other.decimalText {
      return left.order(against: right) == 0
    }
    return scalarText == other.scalarText
  }

  /// Negative, zero or positive as this value is below, equal to or above the other; nil when the two
  /// have no order.
  ///
  /// What is written like a number compares by value, other texts by their Unicode scalars (which
  /// is by time for ISO 8601 texts of one zone).
  package func order(against other: Value) -> Int? {
    if let left = decimalText, let right = other.decimalText { return left.order(against: right) }
    guard let left = stringValue, let right = other.stringValue else { return nil }
    if left == right { return 0 }
    return left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars) ? -1 : 1
  }
}
