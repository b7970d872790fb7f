extension Value: ExpressibleByNilLiteral {
  /// `nil` is `null`.
  public init(nilLiteral: ()) { self = .null }
}

extension Value: ExpressibleByBooleanLiteral {
  /// A truth value.
  public init(booleanLiteral flag: Bool) { self = .bool(flag) }
}

extension Value: ExpressibleByIntegerLiteral {
  /// A whole number.
  public init(integerLiteral number: Int64) { self = .integer(number) }
}

extension Value: ExpressibleByFloatLiteral {
  /// A floating-point number; write decimals as texts, which keep their digits.
  public init(floatLiteral number: Double) { self = .double(number) }
}

extension Value: ExpressibleByStringLiteral {
  /// A text.
  public init(stringLiteral text: String) { self = .string(text) }
}

extension Value: ExpressibleByStringInterpolation {}

extension Value: ExpressibleByArrayLiteral {
  /// An array.
  public init(arrayLiteral items: Value...) { self = .array(items) }
}

extension Value: ExpressibleByDictionaryLiteral {
  /// An object, its members in the order written.
  public init(dictionaryLiteral members: (String, Value)...) {
    self = .object(Record(members.map { Record.Member(name: $0.0, value: $0.1) }))
  }
}

extension Value: CustomStringConvertible {
  /// Compact JSON.
  public var description: String { JSONWriter.text(self) }
}
