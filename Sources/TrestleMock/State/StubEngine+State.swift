package import TrestleCore

/// What is asked and changed of a mock's state from outside. A scope's name nil is the scope that calls share
/// which name none.
extension StubEngine {
  /// A scenario and where it stands.
  package struct ScenarioState: Sendable, Hashable {
    package var name: String
    package var state: String
    package var start: String
    /// All states that stubs and the file name, the start first.
    package var states: [String]
  }

  /// How often a stub has answered.
  package struct StubCount: Sendable, Hashable {
    package var name: String
    /// In all scopes together.
    package var answered: Int
    /// In the scope that was asked for; counted where the stub has to do with state.
    package var answeredInScope: Int
  }

  /// The scenarios, as they stand in a scope.
  package func scenarios(scope: String? = nil) -> [ScenarioState] {
    let states = state.existingScope(named: scope)?.withContent { $0.states } ?? [:]
    return stubs.scenarios.machines.map {
      ScenarioState(
        name: $0.name, state: states[$0.name] ?? $0.start, start: $0.start, states: $0.states)
    }
  }

  /// One scenario, as it stands in a scope.
  ///
  /// - Throws: `MockStateError` when there is none of the name.
  package func scenario(
    _ name: String, scope: String? = nil
  ) throws(MockStateError) -> ScenarioState {
    let scenarios = scenarios(scope: scope)
    guard let scenario = scenarios.first(where: { $0.name == name }) else {
      throw MockStateError.noScenario(name, among: scenarios.map(\.name))
    }
    return scenario
  }

  /// Switches a scenario to a state; gives the state it was in.
  ///
  /// - Throws: `MockStateError` when there is no such scenario, or no such state in it.
  @discardableResult
  package func switchScenario(
    _ name: String, to next: String, scope: String? = nil
  ) throws(MockStateError) -> String {
    let scenario = try scenario(name, scope: scope)
    guard scenario.states.contains(next) else {
      throw MockStateError.noState(next, of: scenario)
    }
    return state.scope(named: scope).withContent { content in
      let before = content.states[name] ?? scenario.start
      content.states[name] = next
      return before
    }
  }

  /// Puts a scenario back to its start.
  ///
  /// - Throws: `MockStateError` when there is none of the name.
  package func resetScenario(_ name: String, scope: String? = nil) throws(MockStateError) {
    _ = try scenario(name, scope: scope)
    state.existingScope(named: scope)?.withContent { $0.states[name] = nil }
  }

  /// The names of the sets of responses.
  package var responseSets: [String] { stubs.scenarios.sets }

  /// The set of responses that is on in a scope; nil where none is.
  package func activeSet(scope: String? = nil) -> String? {
    let name = state.existingScope(named: scope)?
      .withContent { $0.states[ScenarioCatalog.setMachine] }
    // A set that was taken away is not on, though nobody has switched it off.
    return name.flatMap { stubs.scenarios.sets.contains($0) ? $0 : nil }
  }

  /// Switches a set of responses on, and the one before off. Gives the one that was on.
  @discardableResult
  package func switchSet(to name: String, scope: String? = nil) -> String? {
    changeSet(scope: scope) { _ in name }
  }

  /// Switches a set of responses off; another one that is on stays. Gives the one that was on.
  @discardableResult
  package func switchOff(set name: String, scope: String? = nil) -> String? {
    changeSet(scope: scope) { $0 == name ? nil : $0 }
  }

  private func changeSet(scope: String?, _ change: (String?) -> String?) -> String? {
    let sets = stubs.scenarios.sets
    let before = state.scope(named: scope).withContent { content -> String? in
      let before = content.states[ScenarioCatalog.setMachine]
      content.states[ScenarioCatalog.setMachine] = change(before)
      return before
    }
    return before.flatMap { sets.contains($0) ? $0 : nil }
  }

  /// Begins a scope again: scenarios, store, counters, times, sequences, and chance where it has a seed.
  package func reset(scope: String? = nil) { state.reset(scope: scope) }

  /// Begins all scopes again, and the counts of stubs.
  package func resetAll() { state.resetAll() }

  /// The keys and values of a scope's store.
  package func store(scope: String? = nil) -> Record {
    state.existingScope(named: scope)?.store ?? [:]
  }

  /// Puts a value under a key of a scope's store; null takes the key away.
  ///
  /// - Throws: `MockStateError` for a value that a store has no room for.
  package func setStored(
    _ key: String, to value: Value, scope name: String? = nil
  ) throws(MockStateError) {
    let scope = state.scope(named: name)
    let change = scope.withContent { content -> Result<(Int, [String]), MockStateError> in
      do throws(ExpressionError) {
        let dropped = try content.store.set(key, value)
        return .success((content.store.bytes, dropped))
      } catch {
        return .failure(MockStateError(error.reason))
      }
    }
    let (bytes, dropped) = try change.get()
    state.storeChanged(in: scope, bytes: bytes, dropped: dropped)
  }

  /// Empties a scope's store.
  package func clearStore(scope name: String? = nil) {
    guard let scope = state.existingScope(named: name) else { return }
    scope.withContent { $0.store = ScopeStore() }
    state.storeChanged(in: scope, bytes: 0, dropped: [])
  }

  /// How often each stub has answered, in the order of the file.
  package func counts(scope: String? = nil) -> [StubCount] {
    let progress =
      state.existingScope(named: scope)?.withContent { $0.progress.mapValues(\.answered) } ?? [:]
    return stubs.identities.map {
      StubCount(
        name: $0, answered: state.tally(of: $0).answered, answeredInScope: progress[$0] ?? 0)
    }
  }
}

/// Why a mock's state cannot be asked or changed as wanted.
package struct MockStateError: Error, Sendable, Hashable, CustomStringConvertible {
  package var reason: String
  package var hint: String?

  init(_ reason: String, hint: String? = nil) {
    self.reason = reason
    self.hint = hint
  }

  package var description: String { hint.map { "\(reason) (\($0))" } ?? reason }

  static func noScenario(_ name: String, among names: [String]) -> MockStateError {
    MockStateError(
      "Scenario \(name) not found" + Suggestion.clause(for: name, among: names),
      hint: names.isEmpty ? "no stub is in a scenario" : "known: \(names.joined(separator: ", "))")
  }

  static func noState(
    _ name: String, of scenario: StubEngine.ScenarioState
  ) -> MockStateError {
    MockStateError(
      "scenario \(scenario.name) has no state \"\(name)\""
        + Suggestion.clause(for: name, among: scenario.states),
      hint: "known: \(scenario.states.joined(separator: ", "))")
  }
}
