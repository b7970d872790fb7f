/// What `COPY … REPLACING a BY b` changes in the words of a copybook.
struct CopybookReplacing {
  private enum Place {
    case whole, leading, trailing
    /// A mark within names: `:TAG:`.
    case mark
  }

  private var rules: [(place: Place, from: String, to: String)] = []

  /// Reads the words after `COPY`.
  init(_ words: [CopybookToken]) {
    guard let start = words.firstIndex(where: { $0.word == "REPLACING" }) else { return }
    var position = start + 1
    while position + 2 < words.count {
      var place = Place.whole
      if words[position].word == "LEADING" { place = .leading }
      if words[position].word == "TRAILING" { place = .trailing }
      if place != .whole { position += 1 }
      guard position + 2 < words.count, words[position + 1].word == "BY" else { return }
      let from = Self.text(of: words[position])
      if place == .whole, from.contains(where: { ":()".contains($0) }) { place = .mark }
      if !from.isEmpty { rules.append((place, from, Self.text(of: words[position + 2]))) }
      position += 3
    }
  }

  /// Marks that an option fills in: `{":TAG:": CUST}`.
  init(marks: [(from: String, to: String)]) {
    rules = marks.map { (.mark, $0.from.uppercased(), $0.to) }
  }

  private static func text(of token: CopybookToken) -> String {
    let text = token.text.split(separator: " ").joined(separator: " ")
    return text.uppercased()
  }

  func applied(to tokens: [CopybookToken]) -> [CopybookToken] {
    guard !rules.isEmpty else { return tokens }
    return tokens.compactMap { token in
      guard case .word = token.kind else { return token }
      var token = token
      for rule in rules { token.text = Self.replaced(token.text, rule) }
      return token.text.isEmpty ? nil : token
    }
  }

  private static func replaced(
    _ text: String, _ rule: (place: Place, from: String, to: String)
  ) -> String {
    let word = text.uppercased()
    switch rule.place {
    case .whole: return word == rule.from ? rule.to : text
    case .leading:
      return word.hasPrefix(rule.from) ? rule.to + text.dropFirst(rule.from.count) : text
    case .trailing:
      return word.hasSuffix(rule.from) ? text.dropLast(rule.from.count) + rule.to : text
    case .mark: return replaced(Array(text), Array(word), Array(rule.from), rule.to)
    }
  }

  private static func replaced(
    _ text: [Character], _ word: [Character], _ mark: [Character], _ replacement: String
  ) -> String {
    guard text.count == word.count else { return String(text) }
    var result = ""
    var position = 0
    while position < text.count {
      if word[position...].starts(with: mark) {
        result += replacement
        position += mark.count
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }
}
