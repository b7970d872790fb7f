/// Which parts of a value some schema spoke of: the others are "unevaluated".
struct SeenParts {
  /// Positions in the record.
  var members: Set<Int> = []
  var items: Set<Int> = []
  /// All items before this position.
  var firstItems = 0

  mutating func merge(_ other: SeenParts) {
    members.formUnion(other.members)
    items.formUnion(other.items)
    firstItems = max(firstItems, other.firstItems)
  }

  func hasItem(_ position: Int) -> Bool { position < firstItems || items.contains(position) }
}
