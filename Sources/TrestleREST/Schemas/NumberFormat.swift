import TrestleCore

/// The formats of numbers that OpenAPI knows.
enum NumberFormat: String, Sendable {
  case int32, int64, float, double

  init?(_ name: String) {
    guard let format = NumberFormat(rawValue: name) else { return nil }
    self = format
  }

  /// What is wrong with a number; nil when nothing is.
  func refusal(of value: Value) -> String? {
    switch self {
    case .int32, .int64:
      if case .integer(let number) = value {
        return self == .int64 || Int32(exactly: number) != nil ? nil : refusal(value)
      }
      guard let number = value.decimalText?.integer, self == .int64 || Int32(exactly: number) != nil
      else { return refusal(value) }
      return nil
    case .float: return Float(value.scalarText ?? "")?.isFinite ?? false ? nil : refusal(value)
    case .double: return Double(value.scalarText ?? "")?.isFinite ?? false ? nil : refusal(value)
    }
  }

  private func refusal(_ value: Value) -> String {
    let range =
      switch self {
      case .int32: "a whole number of 32 bits"
      case .int64: "a whole number of 64 bits"
      case .float: "a number that a float can hold"
      case .double: "a number that a double can hold"
      }
    return "expects \(range) (\(rawValue)), found \(value.shownShortly)"
  }
}

extension Value {
  /// The value as an error shows it, cut where it is long.
  var shownShortly: String {
    switch self {
    case .array: return "an array"
    case .object: return "an object"
    case .bytes: return "bytes"
    default:
      let text = description
      return text.unicodeScalars.count > 60 ? "\(text.prefix(57))…" : text
    }
  }
}
