package import TrestleCore

extension Matcher {
  /// Where it looks at what a value is, rather than whether there is one.
  package func comparedPlaces(from path: ValuePath = ValuePath()) -> [ValuePath] {
    switch self {
    case .any, .absent: []
    case .members(let members, _):
      members.flatMap { $0.matcher.comparedPlaces(from: path.member($0.name)) }
    case .items(let matchers):
      matchers.enumerated().flatMap { $1.comparedPlaces(from: path.item($0)) }
    case .anyItem(let matcher), .allItems(let matcher), .not(let matcher):
      matcher.comparedPlaces(from: path)
    case .oneOf(let matchers), .all(let matchers):
      matchers.flatMap { $0.comparedPlaces(from: path) }
    default: [path]
    }
  }
}
