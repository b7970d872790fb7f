internal import TrestleCore

/// Numbers as definitions write them.
enum WrittenNumber {
  /// A whole number, also one in quotes.
  static func integer(_ value: Value) -> Int? {
    if let number = value.integerValue { return Int(exactly: number) }
    return value.stringValue.flatMap { Int($0) }
  }

  /// A number of bytes: `512`, `64k`, `1m`; k and m count by 1024.
  static func size(_ value: Value) -> Int? {
    if let number = integer(value) { return number > 0 ? number : nil }
    guard let text = value.stringValue?.lowercased(), let unit = text.last else { return nil }
    let factor: Int
    switch unit {
    case "k": factor = 1 << 10
    case "m": factor = 1 << 20
    default: return nil
    }
    guard let number = Int(text.dropLast()), number > 0 else { return nil }
    let (size, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : size
  }
}
