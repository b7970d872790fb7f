import TrestleCore

extension SchemaCheck {
  static func kindHint(_ value: Value, _ rules: SchemaRules) -> String? {
    switch value {
    case .array(let items) where items.count == 1 && !rules.kinds.contains(.array):
      return "It is a single value: leave the brackets out."
    case .string(let text):
      guard !rules.kinds.contains(.string), let kind = JSONKindOfText.kind(of: text),
        rules.kinds.contains(kind)
      else { return nil }
      return "Write \(text) without quotes."
    case .integer, .number, .double, .bool:
      if rules.kinds == .array { return "Write a single item as [\(value)]." }
      return rules.kinds.contains(.string) ? "Write it in quotes: \"\(value)\"." : nil
    default: return nil
    }
  }

  static func wording(of choice: ValueChoice, _ value: Value) -> String {
    let shown = choice.values.prefix(8).map(\.shownShortly).joined(separator: ", ")
    let dots = choice.values.count > 8 ? ", …" : ""
    return choice.values.count == 1
      ? "expects \(shown), found \(value.shownShortly)"
      : "expects one of \(shown)\(dots), found \(value.shownShortly)"
  }

  static func suggestion(_ choice: ValueChoice, _ value: Value) -> String? {
    guard let text = value.stringValue else { return nil }
    let texts = choice.values.compactMap(\.stringValue)
    return Suggestion.nearest(to: text, among: texts).map { "Did you mean \"\($0)\"?" }
  }
}

extension Value {
  /// How many values this is, with all in it.
  var partCount: Int {
    switch self {
    case .array(let items): items.reduce(1) { $0 + $1.partCount }
    case .object(let record): record.reduce(1) { $0 + $1.value.partCount }
    default: 1
    }
  }
}

/// What a text would be if it were JSON.
enum JSONKindOfText {
  static func kind(of text: String) -> SchemaKinds? {
    if text == "true" || text == "false" { return .boolean }
    guard text.utf8.count <= 40, let number = NumberText(text) else { return nil }
    return SchemaKinds(of: .number(number))
  }
}
