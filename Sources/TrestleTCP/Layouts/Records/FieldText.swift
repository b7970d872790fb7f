internal import TrestleCore

/// A field as it is written on one line: `text(30) trim`, `"packed(11,2)"`, `digits(4) = length(body)`.
struct FieldText {
  /// The type's word: `text`.
  private(set) var type = ""
  /// What stands in its parentheses, without quotes.
  private(set) var arguments: [String] = []
  /// The words after it, with the word that belongs to each (`pad 0`, `default X`).
  private(set) var modifiers: [(name: String, argument: String?)] = []
  /// What stands after ` = `.
  private(set) var expression: String?

  private static let withArgument: Set<String> = ["pad", "default", "const", "encoding"]

  /// Nil when parentheses or quotes are not closed.
  init?(_ text: String) {
    var rest = Substring(text.trimmed)
    if let place = Self.firstEquals(rest) {
      expression = String(rest[rest.index(after: place)...]).trimmed
      rest = rest[..<place]
    }
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    type = String(word)
    rest = rest[word.endIndex...]
    if rest.first == "(" {
      guard let end = Self.closing(rest) else { return nil }
      let inner = rest[rest.index(after: rest.startIndex)..<end]
      arguments = Self.split(inner, at: ",").map { $0.trimmed.withoutQuotes }
      rest = rest[rest.index(after: end)...]
    }
    let words = Self.split(rest, at: " ").map(\.trimmed).filter { !$0.isEmpty }
    if type == "const" {
      modifiers = [("const", words.joined(separator: " ").withoutQuotes)]
      return
    }
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

  /// The first ` = ` outside of quotes.
  private static func firstEquals(_ text: Substring) -> Substring.Index? {
    var quote: Character?
    var previous: Character = " "
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "=", previous == " ", text[index...].dropFirst().first == " " {
        return index
      }
      previous = character
    }
    return nil
  }

  private static func closing(_ text: Substring) -> Substring.Index? {
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == ")" {
        return index
      }
    }
    return nil
  }

  /// Splits at a character outside of quotes.
  private static func split(_ text: Substring, at separator: Character) -> [String] {
    var parts: [String] = [""]
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == separator {
        parts.append("")
        continue
      }
      parts[parts.count - 1].append(character)
    }
    return parts
  }
}
