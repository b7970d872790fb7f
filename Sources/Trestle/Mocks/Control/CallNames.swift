package import TrestleStore

/// The names that a question for calls may use: a misspelt one would find nothing, and say nothing of it.
package struct CallNames: Sendable {
  private let systems: [LegacySystem]

  /// The names that some systems have.
  package init(_ systems: [LegacySystem]) { self.systems = systems }

  /// A name of the query that none of the systems has, with the nearest one; nil where all are known.
  ///
  /// A journal may know more: systems that were renamed, operations that a contract has lost.
  package func mistake(in query: JournalQuery) -> MockControlError? {
    guard !systems.isEmpty else { return nil }
    var asked = systems
    if let name = query.system {
      asked = systems.filter { $0.name == name }
      let names = systems.map(\.name)
      guard !asked.isEmpty else {
        return MockControlError(
          .notFound, "there is no system \"\(name)\"" + Suggestion.clause(for: name, among: names),
          hint: "systems: \(names.joined(separator: ", "))", known: names)
      }
    }
    guard let operation = query.operation,
      !asked.contains(where: {
        $0.contract.allows(operation) || $0.contract.operations.isEmpty
          || $0.operation(named: operation) != nil
      })
    else { return nil }
    let names = asked.flatMap { $0.contract.operations.map(\.name) }
    return MockControlError(
      .notFound,
      "\(query.system.map { "\($0) has no" } ?? "no system has an") operation \"\(operation)\""
        + Suggestion.clause(for: operation, among: names),
      hint: "operations: \(names.prefix(8).joined(separator: ", "))", known: names)
  }
}

extension RunningMocks {
  /// Refuses a query with a name that neither the mocks nor their calls have.
  ///
  /// - Throws: `MockControlError` with the nearest name.
  package func checkNames(in query: JournalQuery) async throws(MockControlError) {
    guard let mistake = CallNames(mocks.map(\.system)).mistake(in: query) else { return }
    let named = JournalQuery(system: query.system, operation: query.operation, limit: 1)
    if try await calls(named, bodies: false).isEmpty { throw mistake }
  }
}
