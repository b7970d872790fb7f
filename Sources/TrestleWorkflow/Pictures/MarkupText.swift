/// Text as XML, SVG and HTML can have it.
enum MarkupText {
  /// A text for contents and for attributes in double quotes. Characters that XML cannot have are replaced by U+FFFD.
  static func escaped(_ text: some StringProtocol) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      // As themselves, parsers would make blanks of them in attributes, and drop a carriage return anywhere.
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      default: escaped.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return escaped
  }

  /// A text for contents alone, whose lines stay lines.
  static func lines(_ text: some StringProtocol) -> String {
    escaped(text).split(separator: "&#10;", omittingEmptySubsequences: false)
      .joined(separator: "\n")
  }

  // XML 1.0, production 2: Char.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}

/// How much room a text takes where all letters are equally wide.
enum TextColumns {
  /// Its columns: two for letters of East Asia and pictures, one for all others.
  static func count(_ text: String) -> Int {
    text.reduce(0) { $0 + width($1) }
  }

  /// A text of at most so many columns; what is left out is shown by an ellipsis.
  static func clipped(_ text: String, to limit: Int) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    guard count(line) > limit else { return line }
    var clipped = ""
    var room = limit - 1
    for character in line {
      room -= width(character)
      guard room >= 0 else { break }
      clipped.append(character)
    }
    return clipped + "…"
  }

  /// A text in lines of at most so many columns, broken at blanks; what does not fit into the last line is cut off.
  static func wrapped(_ text: String, to limit: Int, lines count: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      let isLast = lines.count == count - 1
      if !line.isEmpty, !isLast, self.count(line) + 1 + self.count(String(word)) > limit {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return (lines + [line]).map { clipped($0, to: limit) }
  }

  private static func width(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
