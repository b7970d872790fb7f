/// Colours for terminals, or none.
struct Palette: Sendable {
  let isOn: Bool

  func bold(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }
  func red(_ text: String) -> String { paint(text, "31") }
  func green(_ text: String) -> String { paint(text, "32") }
  func yellow(_ text: String) -> String { paint(text, "33") }
  func blue(_ text: String) -> String { paint(text, "34") }
  func cyan(_ text: String) -> String { paint(text, "36") }

  private func paint(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// JSON text with names, texts and words told apart.
  func json(_ text: String) -> String {
    guard isOn else { return text }
    var painted = ""
    var rest = Substring(text)
    while let first = rest.first {
      if first == "\"" {
        let string = Self.string(at: rest)
        rest = rest[string.endIndex...]
        painted += rest.first == ":" ? blue(String(string)) : green(String(string))
      } else if first.isLetter || first.isNumber || first == "-" {
        let word = rest.prefix { $0.isLetter || $0.isNumber || "+-.".contains($0) }
        rest = rest[word.endIndex...]
        painted += yellow(String(word))
      } else {
        painted.append(first)
        rest.removeFirst()
      }
    }
    return painted
  }

  /// The string literal a JSON text begins with.
  private static func string(at text: Substring) -> Substring {
    var index = text.index(after: text.startIndex)
    while index < text.endIndex, text[index] != "\"" {
      if text[index] == "\\" { index = text.index(after: index) }
      if index < text.endIndex { index = text.index(after: index) }
    }
    return text[..<(index < text.endIndex ? text.index(after: index) : index)]
  }
}
