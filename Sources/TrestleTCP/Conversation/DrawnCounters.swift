internal import TrestleCore

/// The counters that a definition draws from, wherever in it: `{{next('stan')}}`, `uint16 = next('n')`.
struct DrawnCounters {
  private(set) var names: Set<String> = []
  /// Whether a name is computed, so that it could be any.
  private(set) var areOpen = false

  init(in sections: [Value?]) {
    for section in sections.compactMap(\.self) { visit(section) }
  }

  /// Tells of declared counters that nothing draws from.
  func check(
    _ declared: [String], at path: ValuePath, problems: inout [ValueProblem]
  ) {
    guard !areOpen else { return }
    let undeclared = names.filter { !declared.contains($0) }.sorted()
    for name in declared where !names.contains(name) {
      let near = Suggestion.clause(for: name, among: undeclared)
      let hint = "a counter is drawn from with {{next('\(name)')}}"
      if near.isEmpty {
        problems.warn(
          "nothing draws from the counter \"\(name)\"", at: path.member(name), hint: hint)
      } else {
        problems.error(
          "nothing draws from the counter \"\(name)\"\(near)", at: path.member(name), hint: hint)
      }
    }
  }

  private mutating func visit(_ value: Value) {
    switch value {
    case .object(let record):
      for member in record {
        read(member.name)
        visit(member.value)
      }
    case .array(let items): for item in items { visit(item) }
    case .string(let text): read(text)
    default: break
    }
  }

  private mutating func read(_ text: String) {
    for function in ["next", "counter"] {
      for part in text.split(separator: function + "(", omittingEmptySubsequences: false)
        .dropFirst()
      {
        let argument = part.drop { $0 == " " }
        guard let quote = argument.first, quote == "'" || quote == "\"" else {
          areOpen = true
          continue
        }
        names.insert(String(argument.dropFirst().prefix { $0 != quote }))
      }
    }
  }
}
