package import TrestleCore

extension Matcher {
  /// Where a value is not as a stub asks, for near misses.
  package struct Mismatch: Sendable, Hashable, CustomStringConvertible {
    package var path: ValuePath
    /// What was asked for, as a noun: `"42"`, `a value above 10`.
    package var expected: String
    package var found: Value?

    package var description: String {
      let found = found.map { value in
        let text = value.description
        return text.count > 60 ? "\(text.prefix(57))…" : text
      }
      return "\(path) expects \(expected), found \(found ?? "nothing")"
    }
  }

  /// Every place where a value is not as asked; empty when it matches.
  package func mismatches(_ value: Value?, at path: ValuePath = ValuePath()) -> [Mismatch] {
    guard !matches(value) else { return [] }
    switch (self, value) {
    case (.members(let members), .object(let record)):
      return members.flatMap { $0.matcher.mismatches(record[$0.name], at: path.member($0.name)) }
    case (.members(let members), nil):
      return members.flatMap { $0.matcher.mismatches(nil, at: path.member($0.name)) }
    case (.items(let matchers), .array(let items)) where matchers.count == items.count:
      return zip(matchers, items).enumerated().flatMap { position, pair in
        pair.0.mismatches(pair.1, at: path.item(position))
      }
    case (.all(let matchers), _): return matchers.flatMap { $0.mismatches(value, at: path) }
    default: return [Mismatch(path: path, expected: noun, found: value)]
    }
  }

  /// What is asked for, in words.
  private var noun: String {
    switch self {
    case .any: "a value"
    case .absent: "nothing"
    case .equals(let value): value.description
    case .text(let text): Value.string(text).description
    case .number(_, let text): text
    case .members: "an object"
    case .items(let matchers): "a list of \(matchers.count)"
    case .contains(let text, let item):
      text.map { "something with \(Value.string($0)) in it" } ?? "a list with \(item.noun) in it"
    case .pattern(_, let text): "a text that matches \(text)"
    case .order(let order, let bound): "a value \(order.words) \(bound)"
    case .oneOf(let matchers): "one of " + matchers.map(\.noun).joined(separator: ", ")
    case .all(let matchers): matchers.map(\.noun).joined(separator: " and ")
    case .not(let matcher): "anything but \(matcher.noun)"
    }
  }
}
