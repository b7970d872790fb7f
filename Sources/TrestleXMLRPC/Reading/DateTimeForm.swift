/// The forms a date and time is written in.
package enum DateTimeForm {
  /// The spec's form, `YYYYMMDDTHH:MM:SS`, of a date that exists.
  package static func isSpecForm(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count == 17, text[8] == UInt8(ascii: "T"), text[11] == UInt8(ascii: ":"),
      text[14] == UInt8(ascii: ":"), let year = number(text, 0, 4), let month = number(text, 4, 2),
      let day = number(text, 6, 2)
    else { return false }
    return isDate(year, month, day)
      && isTime(number(text, 9, 2), number(text, 12, 2), number(text, 15, 2))
  }

  /// `YYYY-MM-DDTHH:MM:SS`, with or without a fraction and a zone: XSD's form, which Apache's
  /// `ex:dateTime` has.
  package static func isExtended(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard isExtendedStart(text) else { return false }
    var position = 19
    if position < text.count, text[position] == UInt8(ascii: ".") {
      let start = position + 1
      position = start
      while position < text.count, text[position] &- 48 < 10 { position += 1 }
      guard position > start else { return false }
    }
    let rest = UnsafeBufferPointer(rebasing: text[position...])
    if rest.isEmpty || (rest.count == 1 && rest[0] == UInt8(ascii: "Z")) { return true }
    guard rest.count == 6, rest[0] == UInt8(ascii: "+") || rest[0] == UInt8(ascii: "-"),
      rest[3] == UInt8(ascii: ":"), let hours = number(rest, 1, 2), let minutes = number(rest, 4, 2)
    else { return false }
    return hours <= 14 && minutes <= 59
  }

  /// Whether a text is made of what dates are made of: at least eight digits with the signs that
  /// separate, a `T`, a zone. Null dates (`00000000T00:00:00`) are among them.
  package static func isPlausible(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count <= 64, let first = text.first, first &- 48 < 10 else { return false }
    var digits = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: "Z"), UInt8(ascii: "z"),
        UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
        UInt8(ascii: ","), UInt8(ascii: " "):
        break
      default: return false
      }
    }
    return digits >= 8 && text.last != UInt8(ascii: " ")
  }

  /// The same of a text.
  static func isPlausible(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { isPlausible($0) }
  }

  /// Whether a text may be somebody's date: a short line with a digit in it, which XML carries as it is.
  package static func isTold(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let markup: [UInt8] = [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), 0x7F]
    return text.count <= 64 && text.contains { $0 &- 48 < 10 }
      && text.allSatisfy { $0 >= 0x20 && !markup.contains($0) }
  }

  /// The spec's form of a date and time in the extended one without fraction and zone; nil for any
  /// other text.
  package static func specForm(ofExtended text: String) -> String? {
    var text = text
    return text.withUTF8 { units in
      guard units.count == 19, isExtendedStart(units) else { return nil }
      return String(decoding: units.filter { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    }
  }

  private static func isExtendedStart(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= 19, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      let year = number(text, 0, 4), let month = number(text, 5, 2), let day = number(text, 8, 2)
    else { return false }
    return isDate(year, month, day)
      && isTime(number(text, 11, 2), number(text, 14, 2), number(text, 17, 2))
  }

  private static func number(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int
  ) -> Int? {
    var number = 0
    for position in start..<start + count {
      guard position < text.count, text[position] &- 48 < 10 else { return nil }
      number = number * 10 + Int(text[position] - 48)
    }
    return number
  }

  private static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return day <= days[month - 1]
  }

  private static func isTime(_ hour: Int?, _ minute: Int?, _ second: Int?) -> Bool {
    guard let hour, let minute, let second else { return false }
    // 60 is a leap second (ISO 8601 §4.2.1).
    return hour <= 23 && minute <= 59 && second <= 60
  }
}
