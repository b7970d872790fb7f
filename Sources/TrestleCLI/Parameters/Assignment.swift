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
    guard let equals = word.firstIndex(of: "=") else {
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
    for part in name.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
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
}
