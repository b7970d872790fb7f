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
  case number(DecimalText, text: String)
  /// An object with at least these members.
  case members([Member])
  /// A list of just these items.
  case items([Matcher])
  /// A text with this in it, or a list with an item like this.
  case contains(text: String?, item: Matcher)
  /// A text that a regular expression finds something in.
  case pattern(XSDPattern, text: String)
  case order(Order, Value)
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

  /// Whether a value (nil: an absent one) is as asked.
  package func matches(_ value: Value?) -> Bool {
    guard let value else { return matchesAbsent }
    switch self {
    case .any: return true
    case .absent: return false
    case .equals(let expected): return expected.matches(value)
    case .text(let expected):
      if case .string(let text) = value { return text == expected }
      return value.scalarText == expected
    case .number(let expected, _): return value.decimalText?.order(against: expected) == 0
    case .members(let members):
      guard case .object(let record) = value else { return false }
      return members.allSatisfy { $0.matcher.matches(record[$0.name]) }
    case .items(let matchers):
      guard case .array(let items) = value, items.count == matchers.count else { return false }
      return zip(matchers, items).allSatisfy { $0.matches($1) }
    case .contains(let text, let item):
      if case .array(let items) = value { return items.contains { item.matches($0) } }
      guard let text, let whole = value.scalarText else { return false }
      return whole.containsText(text)
    case .pattern(let pattern, _): return value.scalarText.map(pattern.matches) ?? false
    case .order(let order, let bound):
      guard let result = value.order(against: bound) else { return false }
      return order.admits(result)
    case .oneOf(let matchers): return matchers.contains { $0.matches(value) }
    case .all(let matchers): return matchers.allSatisfy { $0.matches(value) }
    case .not(let matcher): return !matcher.matches(value)
    }
  }

  private var matchesAbsent: Bool {
    switch self {
    case .absent: true
    case .not(let matcher): !matcher.matches(nil)
    case .all(let matchers): matchers.allSatisfy { $0.matches(nil) }
    case .oneOf(let matchers): matchers.contains { $0.matches(nil) }
    // Nothing asked of an object's members, or only that they be absent.
    case .members(let members): members.allSatisfy { $0.matcher.matches(nil) }
    default: false
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
