import TrestleCore

extension Matcher {
  /// The words that ask something of a value other than equality.
  package enum Operator: String, CaseIterable, Sendable {
    case equals, contains, matches, any, absent, not, and, or, lt, lte, gt, gte
    case before, after, type, schema, length
    case deepEquals = "deep_equals"
    case equalsIgnoringCase = "equals_ignoring_case"
    case startsWith = "starts_with"
    case endsWith = "ends_with"
    case oneOf = "one_of"
    case sameTime = "same_time"
    case anyItem = "any_item"
    case allItems = "all_items"

    /// Whether it says something of a whole object, so that it may stand among members.
    var isLogical: Bool { self == .not || self == .and || self == .or }

    /// Whether it is often a member's name too.
    private var isCommonName: Bool {
      switch self {
      case .type, .schema, .length, .before, .after, .and, .or: true
      default: false
      }
    }

    /// Whether the word is meant as a member's name where the contract does not tell: one that is often a name,
    /// with a value no such condition has. What is beside it decides the rest.
    func isName(with value: Value) -> Bool {
      guard isCommonName else { return false }
      switch self {
      case .type: return value.stringValue.flatMap(MatchType.init(word:)) == nil
      case .schema: return value.objectValue == nil
      case .length: return value.decimalText == nil && value.objectValue == nil
      case .before, .after: return value.stringValue.flatMap(MatchMoment.init) == nil
      default: return value.arrayValue == nil
      }
    }
  }

  static let operators = Operator.allCases.map(\.rawValue).sorted()
}
