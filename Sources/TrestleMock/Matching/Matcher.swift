package import TrestleCore

/// What a stub's `when` asks of a value, compiled. Matching is on the JSON view of the parameters:
/// prefixes, white space and attribute order have ceased to matter there.
package indirect enum Matcher: Sendable {
  /// Present, whatever it is.
  case any
  case absent
  /// Equal as JSON views compare: see `Value.matches`.
  case equals(Value)
  /// Equal as text, where the contract declares a text: `"10.50"` is not `10.5`.
  case text(String)
  /// Equal by value, where the contract declares a number: `"10.50"` is `10.5`.
  case number(NumberMatch)
  /// An object with at least these members; with these alone where it is closed.
  case members([Member], isClosed: Bool = false)
  /// A list of just these items.
  case items([Matcher])
  /// A text with this in it, or a list with an item like this.
  case contains(text: String?, item: Matcher)
  case startsWith(String)
  case endsWith(String)
  /// Equal as text but for the case of letters.
  case equalsIgnoringCase(String)
  /// A text that a regular expression finds something in.
  case pattern(RegularExpression, text: String)
  case order(Order, Value)
  /// A date or time that is so to a moment.
  case moment(MomentOrder, MatchMoment)
  /// Written as a value of this kind is.
  case type(MatchType)
  /// A list with an item like this; a single value is a list of one.
  case anyItem(Matcher)
  /// A list all of whose items are like this.
  case allItems(Matcher)
  /// A text of so many characters, or a list of so many items.
  case length(Matcher)
  case oneOf([Matcher])
  case all([Matcher])
  case not(Matcher)

  package struct Member: Sendable {
    package var name: String
    package var matcher: Matcher
  }

  package enum Order: String, Sendable, CaseIterable {
    case lt, lte, gt, gte
  }

  package enum MomentOrder: String, Sendable, CaseIterable {
    case before, after
    case same = "same_time"
  }

  /// Whether a value (nil: an absent one) is as asked.
  package func matches(_ value: Value?, in context: MatchContext = .system) -> Bool {
    guard let value else { return matchesAbsent(in: context) }
    switch self {
    case .any: return true
    case .absent: return false
    case .equals(let expected): return expected.matches(value)
    case .text(let expected):
      if case .string(let text) = value { return text == expected }
      return value.scalarText == expected
    case .number(let expected): return expected.holds(for: value)
    case .members(let members, let isClosed):
      guard case .object(let record) = value else { return false }
      if isClosed,
        record.members.contains(where: { member in
          !members.contains { $0.name == member.name }
        })
      {
        return false
      }
      for index in members.indices
      where !members[index].matcher.matches(record[members[index].name], in: context) {
        return false
      }
      return true
    case .items(let matchers):
      guard case .array(let items) = value, items.count == matchers.count else { return false }
      return zip(matchers, items).allSatisfy { $0.matches($1, in: context) }
    case .contains(let text, let item):
      if case .array(let items) = value { return items.contains { item.matches($0, in: context) } }
      guard let text, let whole = value.scalarText else { return false }
      return whole.containsText(text)
    case .startsWith(let text):
      return value.scalarText.map { $0.utf8.starts(with: text.utf8) } ?? false
    case .endsWith(let text):
      return value.scalarText.map { $0.utf8.reversed().starts(with: text.utf8.reversed()) } ?? false
    case .equalsIgnoringCase(let text):
      return value.scalarText.map { $0.lowercased() == text } ?? false
    case .pattern(let pattern, _): return value.scalarText.map(pattern.isFound) ?? false
    case .order(let order, let bound):
      guard let result = value.order(against: bound) else { return false }
      return order.admits(result)
    case .moment(let order, let moment):
      guard let text = value.stringValue, let result = moment.order(of: text, now: context.now)
      else { return false }
      return order.admits(result)
    case .type(let type): return type.takes(value)
    case .anyItem(let matcher):
      guard case .array(let items) = value else { return matcher.matches(value, in: context) }
      return items.contains { matcher.matches($0, in: context) }
    case .allItems(let matcher):
      guard case .array(let items) = value else { return matcher.matches(value, in: context) }
      return items.allSatisfy { matcher.matches($0, in: context) }
    case .length(let matcher):
      guard let count = value.arrayValue?.count ?? value.scalarText?.count else { return false }
      return matcher.matches(.integer(Int64(count)), in: context)
    case .oneOf(let matchers): return matchers.contains { $0.matches(value, in: context) }
    case .all(let matchers): return matchers.allSatisfy { $0.matches(value, in: context) }
    case .not(let matcher): return !matcher.matches(value, in: context)
    }
  }

  private func matchesAbsent(in context: MatchContext) -> Bool {
    switch self {
    case .absent: true
    case .not(let matcher): !matcher.matches(nil, in: context)
    case .all(let matchers): matchers.allSatisfy { $0.matches(nil, in: context) }
    case .oneOf(let matchers): matchers.contains { $0.matches(nil, in: context) }
    // Nothing asked of an object's members, or only that they be absent.
    case .members(let members, _): members.allSatisfy { $0.matcher.matches(nil, in: context) }
    // On the wire, a list without items and no list are often the same.
    case .allItems: true
    case .length(let matcher): matcher.matches(.integer(0), in: context)
    default: false
    }
  }
}

extension Matcher.MomentOrder {
  func admits(_ result: Int) -> Bool {
    switch self {
    case .before: result < 0
    case .after: result > 0
    case .same: result == 0
    }
  }
}

extension Matcher.Order {
  func admits(_ result: Int) -> Bool {
    switch self {
    case .lt: result < 0
    case .lte: result <= 0
    case .gt: result > 0
    case .gte: result >= 0
    }
  }

  var words: String {
    switch self {
    case .lt: "below"
    case .lte: "at most"
    case .gt: "above"
    case .gte: "at least"
    }
  }
}

extension String {
  /// Whether a text occurs in this one, byte for byte; in linear time (Knuth-Morris-Pratt), since the
  /// text searched comes from a peer.
  func containsText(_ wanted: String) -> Bool {
    let pattern = Array(wanted.utf8)
    guard !pattern.isEmpty else { return true }
    var fallback = [Int](repeating: 0, count: pattern.count)
    var length = 0
    for index in pattern.indices.dropFirst() {
      while length > 0, pattern[index] != pattern[length] { length = fallback[length - 1] }
      if pattern[index] == pattern[length] { length += 1 }
      fallback[index] = length
    }
    var matched = 0
    for byte in utf8 {
      while matched > 0, byte != pattern[matched] { matched = fallback[matched - 1] }
      if byte == pattern[matched] { matched += 1 }
      if matched == pattern.count { return true }
    }
    return false
  }
}
