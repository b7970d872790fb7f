internal import TrestleCore

/// What the help text of a method says: `system.methodHelp` gives a doc comment, plain or as HTML.
struct MethodHelp {
  struct Parameter: Equatable {
    var name: String
    var summary: String?
  }

  /// The first paragraph, on one line; nil where there is none.
  let summary: String?
  /// Parameters as they are documented: `@param string name  Words`, `:param name: Words`.
  let parameters: [Parameter]
  /// The names in a signature in the text, `reverse(word, times=1)`; empty where there is none.
  let signature: [String]

  /// Reads the help of a method.
  init(_ text: String, of method: String) {
    let lines = Self.plain(Self.start(of: text)).split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .map { Self.trimmed($0) }
    var paragraph: [Substring] = []
    var isOver = false
    var parameters: [Parameter] = []
    var signature: [String] = []
    for line in lines {
      if let parameter = Self.parameter(line) {
        if parameters.count < Self.maximumParameters { parameters.append(parameter) }
        isOver = true
      } else if signature.isEmpty, let names = Self.signature(in: line, of: method) {
        signature = names
        isOver = isOver || !paragraph.isEmpty
      } else if line.isEmpty || line.first == "@" || line.first == ":" {
        isOver = isOver || !paragraph.isEmpty
      } else if !isOver {
        paragraph.append(line)
      }
    }
    self.parameters = parameters
    self.signature = signature
    let words = paragraph.joined(separator: " ")
    // What libraries say where nobody wrote anything.
    summary = words.lowercased().hasPrefix("no help") ? nil : Self.shortened(words)
  }

  /// More than any method takes.
  private static let maximumParameters = 100

  /// As much of a help text as is worth reading, without what a terminal would act on and without
  /// `${`, which in an adapter file asks for something to be filled in.
  private static func start(of text: String) -> String {
    var start = ""
    for scalar in text.unicodeScalars.prefix(16_384) {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: start.unicodeScalars.append(scalar)
      case 0x85, 0x2028, 0x2029: start += "\n"
      case ..<0x20, 0x7F...0x9F, 0xFEFF: break
      case 0x7B where start.unicodeScalars.last == "$": start += " {"
      default: start.unicodeScalars.append(scalar)
      }
    }
    return start
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var line = line.drop { $0.isWhitespace || $0 == "*" }
    while line.last?.isWhitespace == true { line.removeLast() }
    return line
  }

  /// One line of at most so many characters, cut between words.
  private static func shortened(_ text: String, to limit: Int = 160) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard !words.isEmpty else { return nil }
    var line = ""
    for word in words {
      guard line.count + word.count < limit else {
        return line.isEmpty ? String(word.prefix(limit)) + "…" : line + " …"
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return line
  }

  /// The text without tags, and with the entities of HTML that doc comments have. Markup that ends a
  /// paragraph ends a line.
  private static func plain(_ text: String) -> String {
    guard text.contains("<") || text.contains("&") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(where: { $0 == "<" || $0 == "&" }) {
      result += rest[..<start]
      rest = rest[start...]
      // No tag is that long, and a text of nothing but `<` must not be searched to its end for each.
      if rest.first == "<", rest.dropFirst().first.map({ $0.isLetter || $0 == "/" }) == true,
        let end = rest.prefix(200).firstIndex(of: ">")
      {
        let name = rest[rest.index(after: start)..<end].lowercased()
        if ["p", "/p", "br", "br/", "br /", "li", "pre", "/pre"].contains(name) { result += "\n" }
        rest = rest[rest.index(after: end)...]
      } else if let (entity, character) = entities.first(where: { rest.hasPrefix($0.0) }) {
        result += character
        rest = rest.dropFirst(entity.count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result + rest
  }

  private static let entities = [
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&#39;", "'"), ("&amp;", "&"),
  ]

  // MARK: - Parameters

  /// `@param TYPE NAME WORDS` (PHP, Supervisor), `@param NAME: WORDS`, `:param TYPE NAME: WORDS`.
  private static func parameter(_ line: Substring) -> Parameter? {
    let isSphinx = line.hasPrefix(":param ")
    guard isSphinx || line.hasPrefix("@param ") else { return nil }
    let rest = line.dropFirst(7).drop(while: \.isWhitespace)
    // A colon ends the name where there is one.
    if let colon = rest.firstIndex(of: ":"),
      let name = rest[..<colon].split(whereSeparator: \.isWhitespace).last.flatMap(identifier),
      rest[..<colon].split(whereSeparator: \.isWhitespace).count <= 2
    {
      return Parameter(name: name, summary: shortened(String(rest[rest.index(after: colon)...])))
    }
    guard !isSphinx else { return nil }
    let words = rest.split(maxSplits: 2, whereSeparator: \.isWhitespace)
    guard words.count > 1 else {
      return words.first.flatMap(identifier).map { Parameter(name: $0) }
    }
    // PHP's names have a dollar, and may stand before their type.
    let isFirst = words[0].hasPrefix("$") || identifier(words[1]) == nil
    guard let name = identifier(words[isFirst ? 0 : 1]) else { return nil }
    let taken = isFirst ? 1 : 2
    let summary = words.dropFirst(taken).joined(separator: " ")
    return Parameter(name: name, summary: shortened(summary))
  }

  /// The names in `method(a, b=1)`, `string method(string $a, int b)` or `method(a: string)`.
  private static func signature(in line: Substring, of method: String) -> [String]? {
    let short = method.split(separator: ".").last.map(String.init) ?? method
    for name in [method, short] {
      guard let range = range(of: name + "(", in: line),
        let close = line[range.upperBound...].lastIndex(of: ")"),
        isSignature(before: line[..<range.lowerBound], after: line[line.index(after: close)...])
      else { continue }
      let inside = line[range.upperBound..<close]
      var names: [String] = []
      for part in parts(of: inside) {
        var part = part.filter { $0 != "[" && $0 != "]" }[...]
        if let end = part.firstIndex(where: { $0 == "=" || $0 == ":" }) { part = part[..<end] }
        guard let word = part.split(whereSeparator: \.isWhitespace).last,
          let name = identifier(word)
        else { return nil }
        names.append(name)
      }
      return names
    }
    return nil
  }

  /// Whether what stands around `method(…)` leaves it a signature; in a sentence it is none.
  private static func isSignature(before: Substring, after: Substring) -> Bool {
    let after = after.drop(while: \.isWhitespace)
    guard after.first.map({ "-:;=→".contains($0) }) ?? true else { return false }
    let words = before.split(whereSeparator: \.isWhitespace)
    return words.count <= 2 && words.allSatisfy { $0.allSatisfy { !",;!?".contains($0) } }
  }

  /// What commas outside of brackets separate.
  private static func parts(of text: Substring) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    for character in text {
      switch character {
      case "{", "(": depth += 1
      case "}", ")": depth -= 1
      case "," where depth <= 0:
        parts.append(part)
        part = ""
        continue
      default: break
      }
      part.append(character)
    }
    if !part.allSatisfy(\.isWhitespace) { parts.append(part) }
    return parts
  }

  private static func range(of word: String, in text: Substring) -> Range<Substring.Index>? {
    text.indices.first { index in
      text[index...].hasPrefix(word)
        && (index == text.startIndex || !isNameCharacter(text[text.index(before: index)]))
    }.map { $0..<text.index($0, offsetBy: word.count) }
  }

  /// A word as a parameter's name; nil where it cannot be one.
  private static func identifier(_ word: Substring) -> String? {
    let name = word.drop { $0 == "$" || $0 == "&" || $0 == "*" }
    guard let first = name.first, first.isLetter || first == "_", name.allSatisfy(isNameCharacter)
    else { return nil }
    return String(name)
  }

  private static func isNameCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber) || character == "_"
  }
}
