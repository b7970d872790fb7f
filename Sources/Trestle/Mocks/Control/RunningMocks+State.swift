public import TrestleCore
internal import TrestleMock

/// Stores and scopes of mocks while they run. A scope nil is the one that calls share which name none.
extension RunningMocks {
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
        try removeLiveStubs(on: name)
        try removeLiveScenarios(on: name)
        try await clearFaults(of: name)
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
