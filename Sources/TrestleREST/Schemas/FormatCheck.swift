import TrestleCore

/// Holds texts against formats, byte by byte.
enum FormatCheck {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  static func admits(_ text: Bytes, as format: TextFormat) -> Bool {
    switch format {
    case .date: text.count == 10 && isDate(text[...])
    case .dateTime: isDateTime(text)
    case .time: isTime(text[...])
    case .duration: isDuration(text)
    case .uuid: isUUID(text)
    case .email: isEmail(text, international: false)
    case .idnEmail: isEmail(text, international: true)
    case .hostname: isHostname(text[...])
    case .ipv4: isIPv4(text[...])
    case .ipv6: isIPv6(text[...])
    case .uri: isURI(text, isRelative: false)
    case .uriReference: isURI(text, isRelative: true)
    case .uriTemplate: isURITemplate(text)
    case .jsonPointer: isJSONPointer(text)
    case .regex: ECMAParser.isWellFormed(String(decoding: text, as: UTF8.self))
    case .base64: Base64.decode(text, strict: true) != nil
    }
  }

  // MARK: Times (RFC 3339 §5.6)

  private static func number(_ bytes: Slice<Bytes>, _ offset: Int, _ count: Int) -> Int? {
    var number = 0
    for index in bytes.startIndex + offset..<bytes.startIndex + offset + count {
      guard index < bytes.endIndex, bytes[index] &- 48 < 10 else { return nil }
      number = number * 10 + Int(bytes[index] &- 48)
    }
    return number
  }

  private static func isDate(_ bytes: Slice<Bytes>) -> Bool {
    guard bytes.count >= 10, let year = number(bytes, 0, 4), let month = number(bytes, 5, 2),
      let day = number(bytes, 8, 2), bytes[bytes.startIndex + 4] == UInt8(ascii: "-"),
      bytes[bytes.startIndex + 7] == UInt8(ascii: "-"), (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  private static func isDateTime(_ text: Bytes) -> Bool {
    guard text.count > 11, isDate(text[..<10]) else { return false }
    // RFC 3339 lets a space stand for the T, for people.
    guard text[10] | 0x20 == UInt8(ascii: "t") || text[10] == UInt8(ascii: " ") else {
      return false
    }
    return isTime(text[11...])
  }

  private static func isTime(_ bytes: Slice<Bytes>) -> Bool {
    guard bytes.count >= 9, let hour = number(bytes, 0, 2), let minute = number(bytes, 3, 2),
      let second = number(bytes, 6, 2), bytes[bytes.startIndex + 2] == UInt8(ascii: ":"),
      bytes[bytes.startIndex + 5] == UInt8(ascii: ":"), hour < 24, minute < 60, second <= 60
    else { return false }
    var position = bytes.startIndex + 8
    if position < bytes.endIndex, bytes[position] == UInt8(ascii: ".") {
      let start = position + 1
      position = start
      while position < bytes.endIndex, bytes[position] &- 48 < 10 { position += 1 }
      guard position > start else { return false }
    }
    guard position < bytes.endIndex else { return false }
    var offset = 0
    if bytes[position] | 0x20 == UInt8(ascii: "z") {
      guard position + 1 == bytes.endIndex else { return false }
    } else {
      let sign = bytes[position]
      guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
        bytes.endIndex - position == 6, bytes[position + 3] == UInt8(ascii: ":"),
        let hours = number(bytes[position...], 1, 2),
        let minutes = number(bytes[position...], 4, 2), hours < 24, minutes < 60
      else { return false }
      offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
    guard second == 60 else { return true }
    // Leap seconds are the last of a day in UTC.
    return (hour * 60 + minute - offset + 2880) % 1440 == 1439
  }

  /// RFC 3339 appendix A: `P1Y2M3DT4H5M6S`, each unit only below the one before it; or weeks alone.
  private static func isDuration(_ text: Bytes) -> Bool {
    guard text.count > 2, text[0] == UInt8(ascii: "P") else { return false }
    var units = Array("YMD".utf8)
    var isInTime = false
    var position = 1
    var last: Int?
    var hasWeeks = false
    while position < text.count {
      if text[position] == UInt8(ascii: "T") {
        guard !isInTime, !hasWeeks, position + 1 < text.count else { return false }
        isInTime = true
        units = Array("HMS".utf8)
        last = nil
        position += 1
        continue
      }
      let start = position
      while position < text.count, text[position] &- 48 < 10 { position += 1 }
      guard position > start, position < text.count, !hasWeeks else { return false }
      if text[position] == UInt8(ascii: "W"), !isInTime, last == nil, start == 1 {
        hasWeeks = true
      } else {
        guard let unit = units.firstIndex(of: text[position]), last.map({ unit == $0 + 1 }) ?? true
        else { return false }
        last = unit
      }
      position += 1
    }
    return true
  }

  private static func isUUID(_ text: Bytes) -> Bool {
    guard text.count == 36 else { return false }
    for (position, byte) in text.enumerated() {
      if [8, 13, 18, 23].contains(position) {
        guard byte == UInt8(ascii: "-") else { return false }
      } else if !isHexDigit(byte) {
        return false
      }
    }
    return true
  }

  static func isHexDigit(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
  }

  static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  private static func isJSONPointer(_ text: Bytes) -> Bool {
    guard !text.isEmpty else { return true }
    guard text[0] == UInt8(ascii: "/") else { return false }
    for (position, byte) in text.enumerated() where byte == UInt8(ascii: "~") {
      guard position + 1 < text.count, text[position + 1] == 48 || text[position + 1] == 49 else {
        return false
      }
    }
    return true
  }
}

extension ECMAParser {
  /// Whether a text can be an expression: brackets close, and quantifiers follow something.
  ///
  /// What only is beyond regular languages, or beyond what is read here, counts as well formed.
  static func isWellFormed(_ text: String) -> Bool {
    var parser = ECMAParser(text)
    if parser.parse() != nil { return true }
    var open = 0
    var isInClass = false
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else if isInClass {
        isInClass = scalar != "]"
      } else if scalar == "[" {
        isInClass = true
      } else if scalar == "(" {
        open += 1
      } else if scalar == ")" {
        open -= 1
        if open < 0 { return false }
      }
    }
    guard open == 0, !isInClass, !isEscaped else { return false }
    return !["*", "+", "?", "(*", "(+", "|*", "|+", "**", "++"].contains { bad in
      text.hasPrefix(bad) || (bad.count > 1 && text.contains(bad))
    }
  }
}
