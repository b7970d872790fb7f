package import TrestleCore

/// A number that is asked for by its value, ready to be compared.
package struct NumberMatch: Sendable {
  /// As it was written.
  package let text: String
  private let decimal: DecimalText
  /// The value where it is a whole one of 64 bits: most are, and compare at once.
  private let integer: Int64?

  /// Nil for a text that is no number.
  package init?(_ text: String) {
    guard let decimal = DecimalText(text) else { return nil }
    self.text = text
    self.decimal = decimal
    integer = decimal.integer
  }

  /// Whether a value is the same number, however it is written.
  package func holds(for value: Value) -> Bool {
    switch value {
    case .integer(let number):
      if let integer { return number == integer }
    case .string(let written):
      if written == text { return true }
    default: break
    }
    return value.decimalText?.order(against: decimal) == 0
  }
}
