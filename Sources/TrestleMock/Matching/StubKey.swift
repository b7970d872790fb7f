import TrestleCore

/// What a scalar is looked up by: whatever a condition holds equal has the same key, though not all that has the
/// same key is equal.
enum StubKey: Hashable, Sendable {
  case text(String)
  /// `10` and `10.0` may be the same.
  case integer(Int64)
  /// `10.50` and `10.5` may be the same. Never a number that is an `integer`.
  case number(DecimalText)

  init?(_ value: Value) {
    if case .integer(let number) = value {
      self = .integer(number)
      return
    }
    guard let text = value.scalarText else { return nil }
    self.init(text: text)
  }

  init(text: String) {
    let first = text.utf8.first ?? 0
    let mayBeNumber =
      first &- 48 < 10 || first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
      || first == UInt8(ascii: ".")
    if mayBeNumber, let number = Int64(text) {
      self = .integer(number)
    } else if mayBeNumber, let number = DecimalText(text) {
      self = number.integer.map { .integer($0) } ?? .number(number)
    } else {
      self = .text(text)
    }
  }
}

extension Matcher {
  /// Calls the body with every place where one of a few values must stand for this to match.
  func forEachKey(at path: ValuePath = ValuePath(), _ body: (ValuePath, [String]) -> Void) {
    switch self {
    case .members(let members, _):
      for member in members { member.matcher.forEachKey(at: path.member(member.name), body) }
    case .all(let matchers): for matcher in matchers { matcher.forEachKey(at: path, body) }
    default: if let texts = keyTexts { body(path, texts) }
    }
  }

  private var keyTexts: [String]? {
    switch self {
    case .equals(let value): return value.scalarText.map { [$0] }
    case .text(let text): return [text]
    case .number(let number): return [number.text]
    case .oneOf(let matchers):
      var texts: [String] = []
      for matcher in matchers {
        guard let more = matcher.keyTexts else { return nil }
        texts += more
      }
      return texts
    default: return nil
    }
  }
}
