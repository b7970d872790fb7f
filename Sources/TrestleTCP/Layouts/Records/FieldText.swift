internal import TrestleCore

/// A field as it is written on one line: `text(30) trim`, `"packed(11,2)"`, `uint8 {1: read, 2: write}`,
/// `digits(4) = length(body)`, `text(5) if kind == "A"`.
struct FieldText {
  /// The type's word: `text`.
  private(set) var type = ""
  /// What stands in its parentheses, without quotes.
  private(set) var arguments: [String] = []
  /// The names of codes, as they stand in braces.
  private(set) var names: [(code: String, name: String)] = []
  /// The words after it, with the word that belongs to each (`pad 0`, `default X`).
  private(set) var modifiers: [(name: String, argument: String?)] = []
  /// What stands after ` = `.
  private(set) var expression: String?
  /// What stands after ` if `, or the opposite of what stands after ` unless `.
  private(set) var condition: String?

  private static let withArgument: Set<String> = ["pad", "default", "const", "encoding", "signs"]

  /// Nil when parentheses, braces or quotes are not closed.
  init?(_ text: String) {
    var head = Substring(text.trimmed)
    guard let ifs = WrittenPieces.places(of: [" if ", " unless "], in: head),
      let equals = WrittenPieces.places(of: [" = "], in: head)
    else { return nil }
    let marks = (ifs.prefix(1) + equals.prefix(1)).sorted {
      $0.range.lowerBound < $1.range.lowerBound
    }
    if let first = marks.first {
      let ends = marks.dropFirst().map(\.range.lowerBound) + [head.endIndex]
      for (mark, end) in zip(marks, ends) {
        let content = String(head[mark.range.upperBound..<end]).trimmed
        switch mark.text {
        case " if ": condition = content
        case " unless ": condition = "not (\(content))"
        default: expression = content
        }
      }
      head = head[..<first.range.lowerBound]
    }
    let word = head.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    type = String(word)
    head = head[word.endIndex...]
    if head.first == "(" {
      guard let end = WrittenPieces.closing(head) else { return nil }
      let inner = head[head.index(after: head.startIndex)..<end]
      arguments = WrittenPieces.split(inner, at: ",").map { $0.trimmed.withoutQuotes }
      head = head[head.index(after: end)...]
    }
    if type == "const" {
      modifiers = [("const", String(head).trimmed.withoutQuotes)]
      return
    }
    if let brace = WrittenPieces.places(of: ["{"], in: head)?.first {
      guard let end = WrittenPieces.closing(head[brace.range.lowerBound...]) else { return nil }
      names = WrittenPieces.split(head[brace.range.upperBound..<end], at: ",").map { pair in
        let parts = WrittenPieces.split(Substring(pair), at: ":").map { $0.trimmed.withoutQuotes }
        return (parts[0], parts.dropFirst().joined(separator: ":"))
      }
      head = head[..<brace.range.lowerBound] + " " + head[head.index(after: end)...]
    }
    let words = WrittenPieces.split(head, at: " ").map(\.trimmed).filter { !$0.isEmpty }
    var index = 0
    while index < words.count {
      if Self.withArgument.contains(words[index]), index + 1 < words.count {
        modifiers.append((words[index], words[index + 1].withoutQuotes))
        index += 2
      } else {
        modifiers.append((words[index], nil))
        index += 1
      }
    }
  }

  func argument(of modifier: String) -> String? {
    modifiers.first { $0.name == modifier }?.argument
  }

  func has(_ modifier: String) -> Bool { modifiers.contains { $0.name == modifier } }

  /// The field with other words in its parentheses.
  func with(arguments: [String]) -> FieldText {
    var field = self
    field.arguments = arguments
    return field
  }
}

/// Finds the pieces of a line outside of quotes and parentheses.
enum WrittenPieces {
  /// Where texts stand outside of quotes and parentheses; nil when some are not closed.
  static func places(
    of texts: [String], in line: Substring
  ) -> [(text: String, range: Range<Substring.Index>)]? {
    var places: [(String, Range<Substring.Index>)] = []
    var depth = 0
    var quote: Character?
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      for text in texts where depth == 0 && line[index...].hasPrefix(text) {
        places.append((text, index..<line.index(index, offsetBy: text.count)))
      }
      switch character {
      case "\"", "'": quote = character
      case "(", "{": depth += 1
      case ")", "}": depth -= 1
      default: break
      }
    }
    return quote == nil && depth == 0 ? places : nil
  }

  /// Where the parenthesis or brace that a text begins with is closed.
  static func closing(_ text: Substring) -> Substring.Index? {
    var quote: Character?
    var depth = 0
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "(" || character == "{" {
        depth += 1
      } else if character == ")" || character == "}" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return nil
  }

  /// Splits at a character outside of quotes and parentheses.
  static func split(_ text: Substring, at separator: Character) -> [String] {
    var parts: [String] = [""]
    var quote: Character?
    var depth = 0
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "(" || character == "{" {
        depth += 1
      } else if character == ")" || character == "}" {
        depth -= 1
      } else if character == separator, depth == 0 {
        parts.append("")
        continue
      }
      parts[parts.count - 1].append(character)
    }
    return parts
  }
}
