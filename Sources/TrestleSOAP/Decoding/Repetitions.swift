internal import TrestleCore

/// The repeating groups of one element while it is read: the repetitions that are over, and the one
/// that is being read.
struct Repetitions {
  struct Group {
    let scope: Int
    /// The scope of the group around it; 0 for none.
    let parent: Int
    let key: String
    var items: [Value] = []
    var current: [Record.Member] = []
    var last: ObjectPlan.GroupPlace?
  }

  var list: [Group] = []

  /// Goes to a place, beginning a new repetition of each group around it whose last place it cannot
  /// follow; returns the position of the innermost group.
  mutating func enter(_ places: [ObjectPlan.GroupPlace], _ plan: ObjectPlan) -> Int {
    var innermost = 0
    for place in places {
      innermost = position(of: place.scope, plan)
      if let last = list[innermost].last, !place.mayFollow(last) { endRepetition(of: innermost) }
      list[innermost].last = place
    }
    return innermost
  }

  private mutating func position(of scope: Int, _ plan: ObjectPlan) -> Int {
    if let known = list.firstIndex(where: { $0.scope == scope }) { return known }
    list.append(
      Group(scope: scope, parent: plan.scopes[scope].parent, key: plan.scopes[scope].key))
    return list.count - 1
  }

  /// Ends what is being read of a group, and of those in it.
  private mutating func endRepetition(of position: Int) {
    for inner in list.indices where list[inner].parent == list[position].scope {
      guard let member = takeMember(inner) else { continue }
      list[position].current.append(member)
    }
    list[position].last = nil
    guard !list[position].current.isEmpty else { return }
    list[position].items.append(.object(Record(uniqueMembers: list[position].current)))
    list[position].current = []
  }

  /// The member that a group becomes; nil for one of which nothing came.
  private mutating func takeMember(_ position: Int) -> Record.Member? {
    endRepetition(of: position)
    let items = list[position].items
    list[position].items = []
    return items.isEmpty ? nil : Record.Member(name: list[position].key, value: .array(items))
  }

  /// The members that all groups become, when the element has ended.
  mutating func close() -> [Record.Member] {
    list.indices.filter { list[$0].parent == 0 }.compactMap { takeMember($0) }
  }
}
