public import TrestleCore
internal import TrestleMock

/// Scenarios, stores and scopes of mocks while they run. A scope nil is the one that calls share which name none.
extension RunningMocks {
  /// The scenarios of a system's mock, as they stand in a scope.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func scenarios(
    of system: String, scope: String? = nil
  ) throws(MockControlError) -> [MockScenario] {
    _ = try control(of: system)
    return []
  }

  /// One scenario, as it stands in a scope.
  ///
  /// - Throws: `MockControlError` where there is no such mock or scenario.
  public func scenario(
    _ name: String, of system: String, scope: String? = nil
  ) throws(MockControlError) -> MockScenario {
    throw .init(.notFound, system: system, "Scenario \(name) not found")
  }

  /// Creates a scenario, or replaces it: `["start": "new"]` is a machine, `["responses": ["GetQuote": …]]` a set of
  /// responses, each a value or `{fault: …}`. It stays when files are read again.
  ///
  /// - Throws: `MockControlError` of kind `invalid` with everything that is wrong.
  @discardableResult
  public func setScenario(
    _ name: String, to definition: Value, on system: String
  ) throws(MockControlError) -> MockChange<MockScenario> {
    _ = try control(of: system)
    throw .init(.conflict, system: system, "not available yet")
  }

  /// Switches a machine to a state, or a set of responses on, and the one before off. Gives what was before:
  /// the machine's state, or the name of the set that was on, nil where none was.
  ///
  /// - Throws: `MockControlError` where there is no such scenario, or no such state in it.
  @discardableResult
  public func switchScenario(
    _ name: String, to state: String? = nil, on system: String, scope: String? = nil
  ) throws(MockControlError) -> String? {
    throw .init(.notFound, system: system, "Scenario \(name) not found")
  }

  /// Puts a machine back to its start, or a set of responses off. Gives what was before, as `switchScenario` does.
  ///
  /// - Throws: `MockControlError` where there is no such mock or scenario.
  @discardableResult
  public func resetScenario(
    _ name: String, on system: String, scope: String? = nil
  ) throws(MockControlError) -> String? {
    throw .init(.notFound, system: system, "Scenario \(name) not found")
  }

  /// Takes a live scenario away; one of the file that it had replaced is there again.
  ///
  /// - Throws: `MockControlError` where there is no such scenario, or it is the file's.
  public func removeScenario(_ name: String, on system: String) throws(MockControlError) {
    throw .init(.notFound, system: system, "Scenario \(name) not found")
  }

  /// The keys and values of a scope's store.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func store(
    of system: String, scope: String? = nil
  ) throws(MockControlError) -> Record {
    try control(of: system).engine.store(scope: scope)
  }

  /// Puts a value under a key of a scope's store; null takes the key away. Gives what was there before.
  ///
  /// - Throws: `MockControlError` for a value that a store has no room for.
  @discardableResult
  public func setStored(
    _ value: Value, under key: String, on system: String, scope: String? = nil
  ) throws(MockControlError) -> Value? {
    let engine = try control(of: system).engine
    let before = engine.store(scope: scope)[key]
    do throws(MockStateError) {
      try engine.setStored(key, to: value, scope: scope)
    } catch {
      throw .init(.conflict, system: system, error.reason, hint: error.hint)
    }
    return before
  }

  /// Takes a key out of a scope's store; gives its value.
  ///
  /// - Throws: `MockControlError` where the store has no such key.
  @discardableResult
  public func removeStored(
    _ key: String, on system: String, scope: String? = nil
  ) throws(MockControlError) -> Value {
    let keys = try store(of: system, scope: scope).names
    guard let before = try setStored(.null, under: key, on: system, scope: scope) else {
      throw .init(
        .notFound, system: system,
        "the store has no key \"\(key)\"" + Suggestion.clause(for: key, among: keys), known: keys)
    }
    return before
  }

  /// Empties a scope's store. Gives how many keys it had.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  @discardableResult
  public func clearStore(
    of system: String, scope: String? = nil
  ) throws(MockControlError) -> Int {
    let engine = try control(of: system).engine
    let count = engine.store(scope: scope).count
    engine.clearStore(scope: scope)
    return count
  }

  /// The names of the scopes that a mock has, beside the one that all share.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func scopes(of system: String) throws(MockControlError) -> [String] {
    try control(of: system).engine.state.scopeNames
  }

  /// How much is begun again.
  public enum ResetExtent: Sendable, Hashable {
    /// Scenarios, store, counters, times and places of one scope; nil is the shared one.
    case scope(String?)
    /// The same of all scopes, and the counts of stubs.
    case allScopes
    /// All scopes, live stubs, live responses, live scenarios and faults.
    case everything
  }

  /// Begins a mock's state again, or that of all mocks.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func reset(
    _ extent: ResetExtent = .scope(nil), of system: String? = nil
  ) async throws(MockControlError) {
    let names = system.map { [$0] } ?? mocks.map(\.system.name)
    for name in names {
      let engine = try control(of: name).engine
      switch extent {
      case .scope(let scope): engine.reset(scope: scope)
      case .allScopes: engine.resetAll()
      case .everything:
        engine.resetAll()
        _ = try removeLiveStubs(on: name)
        _ = try await clearFaults(of: name)
      }
    }
  }

  /// What had to be forgotten lately for want of room, a sentence each.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func notices(of system: String) throws(MockControlError) -> [String] {
    try control(of: system).engine.state.notices
  }
}
