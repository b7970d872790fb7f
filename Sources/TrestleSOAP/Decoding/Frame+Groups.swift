internal import TrestleCore
internal import TrestleXML

// Repeating groups: where one repetition ends and the next begins.
extension EnvelopeDecoder.Frame {
  /// A repeating group of which at least one repetition has begun.
  struct Group {
    let scope: Int
    var items: [Value] = []
    /// The repetition at hand.
    var current: [Record.Member] = []
  }

  /// Adds the value of an element in a repeating group.
  mutating func addToGroup(_ value: Value, at leaf: ObjectPlan.Leaf) {
    guard let plan = plan?.takeUnretainedValue() else { return }
    add(
      value, key: leaf.key, isArray: leaf.isArray, inScope: leaf.scope,
      at: plan.automaton.positionsOfLeaves[leaf.order], plan)
  }

  /// Adds a fragment that a wildcard took.
  mutating func add(fragment: String) {
    let position = rare?.wildcard
    rare?.wildcard = nil
    if let position, let plan = plan?.takeUnretainedValue() {
      let scope = plan.automaton.positions[position].scope
      if scope > 0 {
        return add(
          .string(fragment), key: "_any", isArray: true, inScope: scope, at: position, plan)
      }
    }
    append(.string(fragment), toArray: "_any")
  }

  /// The content model says whether a place goes on with the repetition at hand, or begins the next
  /// one of which group.
  private mutating func add(
    _ value: Value, key: String, isArray: Bool, inScope scope: Int, at position: Int,
    _ plan: ObjectPlan
  ) {
    let rare = makeRare()
    let automaton = plan.automaton
    let last = rare.lastInGroup
    let step = last < 0 ? nil : automaton.step(from: last, to: position)
    let chain = plan.chain(ofScope: scope)
    let lastChain = last < 0 ? [] : plan.chain(ofScope: automaton.positions[last].scope)
    for outer in chain {
      guard let index = rare.groups.firstIndex(where: { $0.scope == outer }) else {
        rare.groups.append(Group(scope: outer))
        continue
      }
      let isNext: Bool
      switch step {
      case _ where !lastChain.contains(outer): isNext = true
      case .within: isNext = false
      case .again(let depth): isNext = depth <= automaton.groupDepths[outer]
      case nil:
        // Out of order: a repetition goes on until it would have a member twice.
        isNext =
          outer == scope && !isArray && rare.groups[index].current.contains { $0.name == key }
      }
      if isNext { Self.endRepetition(of: index, in: rare, plan) }
    }
    if let index = rare.groups.firstIndex(where: { $0.scope == scope }) {
      Self.add(value, key: key, isArray: isArray, to: &rare.groups[index].current)
    }
    rare.lastInGroup = position
  }

  /// Ends the repetition at hand, and with it the groups inside.
  private static func endRepetition(of index: Int, in rare: Rare, _ plan: ObjectPlan) {
    let scope = rare.groups[index].scope
    while let inner = rare.groups.lastIndex(where: { plan.scopes[$0.scope].parent == scope }) {
      endRepetition(of: inner, in: rare, plan)
      let member = Record.Member(
        name: plan.scopes[rare.groups[inner].scope].key, value: .array(rare.groups[inner].items))
      rare.groups.remove(at: inner)
      rare.groups[index].current.append(member)
    }
    guard !rare.groups[index].current.isEmpty else { return }
    rare.groups[index].items.append(.object(Record(uniqueMembers: rare.groups[index].current)))
    rare.groups[index].current = []
  }

  /// Turns the repeating groups into members.
  mutating func closeGroups(_ plan: ObjectPlan) {
    guard let rare, !rare.groups.isEmpty else { return }
    let outermost = rare.groups.map(\.scope).filter { plan.scopes[$0].parent == 0 }
    for scope in outermost {
      // Ending one takes the groups inside it away.
      guard let index = rare.groups.firstIndex(where: { $0.scope == scope }) else { continue }
      Self.endRepetition(of: index, in: rare, plan)
      members.append(
        Record.Member(name: plan.scopes[scope].key, value: .array(rare.groups[index].items)))
    }
    rare.groups = []
  }
}
