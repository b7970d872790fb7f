internal import TrestleCore

/// A message's bytes as lines a person can read: XML indented, other text as it is, the rest as
/// hexadecimal.
enum MessageText {
  /// How many bytes are shown; nobody reads more on a terminal.
  static let limit = 64 << 10

  static func lines(_ bytes: [UInt8]) -> [String] {
    guard !bytes.isEmpty else { return [] }
    let shown = bytes.count > limit ? Array(bytes[..<limit]) : bytes
    var lines: [String]
    if let text = readableText(shown) {
      lines =
        text.first == "<"
        ? indented(text)
        : text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      while lines.last?.isEmpty == true { lines.removeLast() }
    } else {
      lines = Hexadecimal.dump(shown)
    }
    if bytes.count > limit { lines.append("… \(bytes.count - limit) more bytes") }
    return lines
  }

  private static func readableText(_ bytes: [UInt8]) -> String? {
    let isPlain = bytes.allSatisfy { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    guard isPlain else { return nil }
    // A cut may fall inside a character; only the last few bytes can be concerned.
    for dropped in 0..<min(4, bytes.count) {
      if let text = String(validating: bytes.dropLast(dropped), as: UTF8.self) { return text }
    }
    return nil
  }

  /// XML with an element a line.
  ///
  /// This only puts line breaks between tags that touch: what is shown is what was on the wire, also
  /// where it is no well-formed XML, which a parser would refuse to show.
  static func indented(_ text: String) -> [String] {
    var lines: [String] = []
    var level = 0
    var line = ""
    // Whether the line has an open tag and perhaps text, but no child yet.
    var isOpen = false
    func indentation() -> String { String(repeating: "  ", count: max(0, level)) }
    func finish() {
      if !line.isEmpty { lines.append(line) }
      line = ""
    }
    for part in parts(text) {
      if part.hasPrefix("</") {
        level -= 1
        if isOpen {
          line += part
        } else {
          finish()
          line = indentation() + part
        }
        isOpen = false
      } else if part.hasPrefix("<![CDATA[") || !part.hasPrefix("<") {
        if isOpen || !part.allSatisfy(\.isWhitespace) { line += part }
      } else {
        if isOpen, line.hasSuffix(">") || line.last?.isWhitespace == true || lines.isEmpty {
          while line.last?.isWhitespace == true { line.removeLast() }
        }
        finish()
        line = indentation() + part
        isOpen = !(part.hasSuffix("/>") || part.hasPrefix("<?") || part.hasPrefix("<!"))
        if isOpen { level += 1 }
      }
    }
    finish()
    return lines.flatMap {
      $0.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
    }
  }

  /// Tags, comments and the texts between them.
  private static func parts(_ text: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = text[...]
    while !rest.isEmpty {
      let end: String.Index
      if rest.hasPrefix("<!--") {
        end = rest.range(of: "-->") ?? rest.endIndex
      } else if rest.hasPrefix("<![CDATA[") {
        end = rest.range(of: "]]>") ?? rest.endIndex
      } else if rest.first == "<" {
        end = tagEnd(rest)
      } else {
        end = rest.firstIndex(of: "<") ?? rest.endIndex
      }
      parts.append(rest[..<end])
      rest = rest[end...]
    }
    return parts
  }

  /// Behind the `>` of a tag; one inside a quoted attribute does not end it.
  private static func tagEnd(_ text: Substring) -> String.Index {
    var quote: Character?
    var index = text.startIndex
    while index < text.endIndex {
      let symbol = text[index]
      index = text.index(after: index)
      if let open = quote {
        if symbol == open { quote = nil }
      } else if symbol == "\"" || symbol == "'" {
        quote = symbol
      } else if symbol == ">" {
        return index
      }
    }
    return text.endIndex
  }
}

extension Substring {
  /// Behind the first occurrence of a text; nil when there is none.
  fileprivate func range(of mark: String) -> Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(mark) { return self.index(index, offsetBy: mark.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
