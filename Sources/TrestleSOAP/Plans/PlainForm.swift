internal import TrestleCore

/// What nearly all texts of a type look like on the wire, checked in one short pass. A text of another
/// form may be of the type too: the type's own rules then decide.
enum PlainForm {
  /// Digits with at most one point.
  case decimal
  /// `2026-01-15T09:30:00`, with a `Z` or without, on no day that some months lack.
  case dateTime

  init?(_ kind: ScalarSchema.Kind) {
    switch kind {
    case .decimal: self = .decimal
    case .dateTime: self = .dateTime
    default: return nil
    }
  }

  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch self {
    case .decimal: Self.isDecimal(text)
    case .dateTime: Self.isDateTime(text)
    }
  }

  private static func isDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var hasPoint = false
    for byte in text where byte &- 48 >= 10 {
      if byte != UInt8(ascii: ".") || hasPoint { return false }
      hasPoint = true
    }
    return text.count > (hasPoint ? 1 : 0)
  }

  private static func isDateTime(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 19 || (text.count == 20 && text[19] == UInt8(ascii: "Z")),
      text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: "T"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":")
    else { return false }
    // Years before 100 are rare enough to be left to the rules, which know that there is no year 0.
    let century = number(text, at: 0)
    let month = number(text, at: 5)
    let day = number(text, at: 8)
    return century > 0 && century < 100 && number(text, at: 2) < 100 && month > 0 && month <= 12
      && day > 0 && day <= 28 && number(text, at: 11) < 24 && number(text, at: 14) < 60
      && number(text, at: 17) < 60
  }

  /// The number that two digits make; 255 when they are none.
  @inline(__always)
  private static func number(_ text: UnsafeBufferPointer<UInt8>, at place: Int) -> Int {
    let tens = text[place] &- 48
    let ones = text[place + 1] &- 48
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : 255
  }
}
