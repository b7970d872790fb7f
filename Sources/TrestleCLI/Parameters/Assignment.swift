internal import TrestleCore

/// One `name=value` of a command line: `id=42`, `lines[0].sku=A-1`, `tags:=["a","b"]`.
struct Assignment {
  /// As it was written.
  let word: String
  /// Where the value goes, as it was written.
  let name: String
  let steps: [ValuePath.Step]
  let text: String
  /// Whether the text is JSON rather than the value itself.
  let isJSON: Bool

  init(_ word: String) throws(CommandFailure) {
    self.word = word
    guard let equals = Self.firstIndex(of: "=", in: word[...]) else {
      throw .usage(
        "\"\(word)\" is no parameter",
        hint: "write name=value, or name:=JSON; all of them at once with -d JSON")
    }
    var name = word[..<equals]
    isJSON = name.last == ":"
    if isJSON { name.removeLast() }
    self.name = String(name)
    text = String(word[word.index(after: equals)...])
    steps = try Self.steps(name, of: word)
  }

  private static func steps(
    _ name: Substring, of word: String
  ) throws(CommandFailure) -> [ValuePath.Step] {
    let mistake = CommandFailure.usage(
      "\"\(name)\" is no name of a parameter",
      hint: "write name, outer.inner, or list[0].name")
    var steps: [ValuePath.Step] = []
    for part in Self.split(name, at: ".") {
      let pieces = Self.split(part, at: "[")
      guard let member = pieces.first, !member.isEmpty || (steps.isEmpty && pieces.count > 1) else {
        throw mistake
      }
      if !member.isEmpty { steps.append(.member(String(member))) }
      for piece in pieces.dropFirst() {
        guard piece.last == "]", let position = Int(piece.dropLast()), position >= 0 else {
          throw mistake
        }
        steps.append(.item(position))
      }
    }
    return steps
  }

  /// The first of a character that is not in the namespace of a `{namespace}name`, where dots and all
  /// others are the namespace's own.
  private static func firstIndex(of character: Character, in text: Substring) -> Substring.Index? {
    var isInNamespace = false
    return text.indices.first { index in
      switch text[index] {
      case "{" where text[index...].contains("}"): isInNamespace = true
      case "}": isInNamespace = false
      default: break
      }
      return !isInNamespace && text[index] == character
    }
  }

  private static func split(_ text: Substring, at separator: Character) -> [Substring] {
    var parts: [Substring] = []
    var rest = text
    while let index = firstIndex(of: separator, in: rest) {
      parts.append(rest[..<index])
      rest = rest[rest.index(after: index)...]
    }
    return parts + [rest]
  }
}
