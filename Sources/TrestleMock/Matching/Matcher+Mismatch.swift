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
  package func mismatches(
    _ value: Value?, at path: ValuePath = ValuePath(), in context: MatchContext = .system
  ) -> [Mismatch] {
    guard !matches(value, in: context) else { return [] }
    switch (self, value) {
    case (.members(let members, let isClosed), .object(let record)):
      var found = members.flatMap {
        $0.matcher.mismatches(record[$0.name], at: path.member($0.name), in: context)
      }
      if isClosed {
        let names = Set(members.map(\.name))
        for member in record where !names.contains(member.name) {
          found.append(
            Mismatch(
              path: path.member(member.name), expected: "nothing", found: member.value))
        }
      }
      return found
    case (.members(let members, _), nil):
      return members.flatMap {
        $0.matcher.mismatches(nil, at: path.member($0.name), in: context)
      }
    case (.items(let matchers), .array(let items)) where matchers.count == items.count:
      return zip(matchers, items).enumerated().flatMap { position, pair in
        pair.0.mismatches(pair.1, at: path.item(position), in: context)
      }
    case (.all(let matchers), _):
      return matchers.flatMap { $0.mismatches(value, at: path, in: context) }
    default: return [Mismatch(path: path, expected: noun, found: value)]
    }
  }

  /// How many single conditions it has.
  var conditionCount: Int {
    switch self {
    case .members(let members, _): members.reduce(0) { $0 + $1.matcher.conditionCount }
    case .items(let matchers), .all(let matchers): matchers.reduce(0) { $0 + $1.conditionCount }
    default: 1
    }
  }

  /// What is asked for, in words.
  var noun: String {
    switch self {
    case .any: "a value"
    case .absent: "nothing"
    case .equals(let value): value.description
    case .text(let text): Value.string(text).description
    case .number(let number): number.text
    case .members: "an object"
    case .items(let matchers): "a list of \(matchers.count)"
    case .contains(let text, let item):
      text.map { "something with \(Value.string($0)) in it" } ?? "a list with \(item.noun) in it"
    case .startsWith(let text): "a text that starts with \(Value.string(text))"
    case .endsWith(let text): "a text that ends with \(Value.string(text))"
    case .equalsIgnoringCase(let text): "\(Value.string(text)) in any case"
    case .pattern(_, let text): "a text that matches \(text)"
    case .order(let order, let bound): "a value \(order.words) \(bound)"
    case .moment(.same, let moment): "the moment \(moment.text)"
    case .moment(let order, let moment): "a time \(order.rawValue) \(moment.text)"
    case .type(let type):
      type == .integer || type == .object || type == .uri
        ? "an \(type.rawValue)" : "a \(type.rawValue)"
    case .anyItem(let matcher): "a list with \(matcher.noun) in it"
    case .allItems(let matcher): "a list of nothing but \(matcher.noun)"
    case .length(let matcher): "a length of \(matcher.noun)"
    case .oneOf(let matchers): "one of " + matchers.map(\.noun).joined(separator: ", ")
    case .all(let matchers): matchers.map(\.noun).joined(separator: " and ")
    case .not(let matcher): "anything but \(matcher.noun)"
    }
  }
}
