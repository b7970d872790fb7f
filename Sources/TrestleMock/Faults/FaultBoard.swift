internal import Synchronization
package import TrestleCore

/// What a running mock does wrong at the moment, beside what its stubs say: set and cleared while it
/// answers.
package final class FaultBoard: Sendable {
  /// One entry.
  package struct Entry: Sendable {
    package let id: String
    /// What was asked for, as it was written.
    package let settings: Value
    package let plan: FaultPlan
  }

  private struct State {
    var entries: [Entry] = []
    var lastNumber = 0
  }

  private let state = Mutex(State())
  /// Whether there is any entry: what a call looks at.
  private let hasEntries = Atomic(false)

  package init() {}

  /// Whether nothing is set.
  package var isEmpty: Bool { !hasEntries.load(ordering: .relaxed) }

  /// All entries, the latest first, which is the order in which they are tried.
  package var entries: [Entry] { state.withLock { $0.entries.reversed() } }

  /// Adds an entry, in place of one of the same identity. Gives its identity, made where none is given; nil
  /// where the settings are unusable, and nothing is changed then.
  package func set(
    _ settings: Value, id: String? = nil, contract: Contract, abilities: WireAbilities,
    problems: inout [ValueProblem]
  ) -> String? {
    var found: [ValueProblem] = []
    let plan = FaultPlan(settings, at: ValuePath(), abilities: abilities, problems: &found)
    if let operation = plan.operation, !contract.isOpen,
      contract.operation(named: operation) == nil
    {
      let names = contract.operations.map(\.name)
      found.append(
        ValueProblem(
          .error,
          "\(contract.name) has no operation \"\(operation)\""
            + Suggestion.clause(for: operation, among: names),
          at: ValuePath([.member("operation")])))
    }
    problems += found
    guard !found.contains(where: { $0.severity == .error }) else { return nil }
    return state.withLock { state in
      var name = id
      while name == nil {
        state.lastNumber += 1
        let made = "fault-\(state.lastNumber)"
        if !state.entries.contains(where: { $0.id == made }) { name = made }
      }
      let entry = Entry(id: name ?? "", settings: settings, plan: plan)
      state.entries.removeAll { $0.id == entry.id }
      state.entries.append(entry)
      hasEntries.store(true, ordering: .relaxed)
      return entry.id
    }
  }

  /// Takes entries away: those of an identity, of an operation, or all. Gives how many.
  @discardableResult
  package func clear(id: String? = nil, operation: String? = nil) -> Int {
    state.withLock { state in
      let before = state.entries.count
      state.entries.removeAll { entry in
        (id.map { $0 == entry.id } ?? true)
          && (operation.map { $0 == entry.plan.operation } ?? true)
      }
      hasEntries.store(!state.entries.isEmpty, ordering: .relaxed)
      return before - state.entries.count
    }
  }

  /// What is done wrong with the next reply of an operation; nil for nothing.
  func next(for operation: String, _ bits: () -> UInt64) -> Misbehaviour? {
    guard !isEmpty else { return nil }
    return entries.map(\.plan).next(for: operation, bits)
  }

  /// Those that concern connections.
  var acceptances: [FaultPlan] {
    guard !isEmpty else { return [] }
    return entries.map(\.plan).filter { $0.acceptance != nil }
  }
}

extension [FaultPlan] {
  /// What the first that has something to do does wrong with the next reply of an operation.
  func next(for operation: String, _ bits: () -> UInt64) -> Misbehaviour? {
    for plan in self where plan.operation.map({ $0 == operation }) ?? true {
      if let misbehaviour = plan.next(bits) { return misbehaviour }
    }
    return nil
  }
}
