public import TrestleCore
internal import TrestleMock

/// Scenarios of mocks while they run. A scope nil is the one that calls share which name none.
extension RunningMocks {
  /// The scenarios of a system's mock, as they stand in a scope.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func scenarios(
    of system: String, scope: String? = nil
  ) throws(MockControlError) -> [MockScenario] {
    try control(of: system).scenarios(scope: scope)
  }

  /// One scenario, as it stands in a scope.
  ///
  /// - Throws: `MockControlError` where there is no such mock or scenario.
  public func scenario(
    _ name: String, of system: String, scope: String? = nil
  ) throws(MockControlError) -> MockScenario {
    try control(of: system).scenario(name, scope: scope)
  }

  /// Creates a scenario, or replaces it.
  ///
  ///     try mocks.setScenario(
  ///       "outage", to: ["responses": ["GetClaim": ["fault": ["code": "Server"]]]], on: "claims")
  ///
  /// `["start": "new"]` is a machine, `["responses": […]]` a set of responses, each a value or `{fault: …}` and the like
  /// as in a stub. It stays when files are read again, and goes before one of the file of the same name.
  ///
  /// - Throws: `MockControlError` of kind `invalid` with everything that is wrong.
  @discardableResult
  public func setScenario(
    _ name: String, to definition: Value, on system: String
  ) throws(MockControlError) -> MockChange<MockScenario> {
    let control = try control(of: system)
    var checker = DocumentChecker(of: "the scenario")
    var problems: [ValueProblem] = []
    if name.isEmpty || name.utf8.count > 200 {
      problems.append(
        ValueProblem(.error, "a scenario's name has 1 to 200 bytes", at: ValuePath()))
    }
    if let record = definition.objectValue {
      checker.check(record, keys: AdapterSchema.scenario)
      problems += checker.problems
    } else {
      problems.append(
        ValueProblem(
          .error, "a scenario is an object, found \(definition.kindName)", at: ValuePath(),
          hint: "like {\"start\": \"new\"} or {\"responses\": {}}"))
    }
    let root = ValuePath([.member("mock"), .member("scenarios"), .member(name)])
    let change = try control.change(
      said: problems, mistake: "the scenario is not set",
      path: { path in
        path.steps.starts(with: root.steps)
          ? ValuePath(Array(path.steps.dropFirst(root.steps.count))) : nil
      }
    ) { (live) throws(MockControlError) in live.setScenario(name, to: definition) }
    return MockChange(result: try control.scenario(name, scope: nil), warnings: change.warnings)
  }

  /// Switches a machine to a state, or a set of responses on, and the one before off. Gives what was before:
  /// the machine's state, or the name of the set that was on, nil where none was.
  ///
  /// `state` is for machines; a set may be told `on`, which is meant anyhow, or `off`.
  ///
  /// - Throws: `MockControlError` where there is no such scenario, or no such state in it.
  @discardableResult
  public func switchScenario(
    _ name: String, to state: String? = nil, on system: String, scope: String? = nil
  ) throws(MockControlError) -> String? {
    let control = try control(of: system)
    let scenario = try control.scenario(name, scope: scope)
    guard let state = state ?? (scenario.kind == .responses ? "on" : nil) else {
      throw .init(
        .unreadable, system: system, "scenario \(name) is switched to a state, and none is named",
        hint: "states: \(scenario.states.joined(separator: ", "))", known: scenario.states)
    }
    guard scenario.states.contains(state) else {
      throw .init(
        .notFound, system: system,
        "scenario \(name) has no state \"\(state)\""
          + Suggestion.clause(for: state, among: scenario.states),
        hint: "states: \(scenario.states.joined(separator: ", "))", known: scenario.states)
    }
    guard scenario.kind == .responses else {
      do throws(MockStateError) {
        return try control.engine.switchScenario(name, to: state, scope: scope)
      } catch {
        throw .init(.conflict, system: system, error.reason, hint: error.hint)
      }
    }
    return state == "on"
      ? control.engine.switchSet(to: name, scope: scope)
      : control.engine.switchOff(set: name, scope: scope)
  }

  /// Puts a machine back to its start, or a set of responses off. Gives what was before, as `switchScenario` does.
  ///
  /// - Throws: `MockControlError` where there is no such mock or scenario.
  @discardableResult
  public func resetScenario(
    _ name: String, on system: String, scope: String? = nil
  ) throws(MockControlError) -> String? {
    let scenario = try scenario(name, of: system, scope: scope)
    return try switchScenario(name, to: scenario.start, on: system, scope: scope)
  }

  /// Takes a live scenario away; one of the file that it had replaced is there again.
  ///
  /// - Throws: `MockControlError` where there is no such scenario, or it is the file's.
  public func removeScenario(_ name: String, on system: String) throws(MockControlError) {
    let control = try control(of: system)
    let scenario = try control.scenario(name, scope: nil)
    guard scenario.origin == .live else {
      throw .init(
        .conflict, system: system, "scenario \"\(name)\" is of the file",
        hint: "a live one of the same name goes before it")
    }
    // One that is created under the same name begins anew.
    _ = try control.change { (live) throws(MockControlError) in
      // Of two who remove it at once, the second finds nothing.
      guard live.removeScenario(name) else {
        throw MockControlError.noScenario(name, among: live.scenarios.names, of: system)
      }
    }
  }

  /// Takes all live scenarios away. Gives how many.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  @discardableResult
  public func removeLiveScenarios(on system: String) throws(MockControlError) -> Int {
    let control = try control(of: system)
    return try control.change { (live) throws(MockControlError) in
      let count = live.scenarios.count
      live.removeAllScenarios()
      return count
    }.result
  }
}

extension MockControl {
  /// The scenarios as they stand in a scope: the machines, then the sets of responses.
  func scenarios(scope: String?) -> [MockScenario] {
    let (file, live) = answers
    func scenario(
      _ name: String, _ kind: MockScenario.Kind, state: String, start: String, states: [String]
    ) -> MockScenario {
      let written = live.scenarios[name]
      return MockScenario(
        name: name, kind: kind, origin: written == nil ? .file : .live, state: state,
        start: start, states: states,
        definition: written ?? file.mock.answers.scenarios[name])
    }
    let active = engine.activeSet(scope: scope)
    return engine.scenarios(scope: scope).map {
      scenario($0.name, .machine, state: $0.state, start: $0.start, states: $0.states)
    }
      + engine.responseSets.map {
        scenario(
          $0, .responses, state: $0 == active ? "on" : "off", start: "off", states: ["off", "on"])
      }
  }

  func scenario(_ name: String, scope: String?) throws(MockControlError) -> MockScenario {
    let scenarios = scenarios(scope: scope)
    guard let scenario = scenarios.first(where: { $0.name == name }) else {
      throw .noScenario(name, among: scenarios.map(\.name), of: system.name)
    }
    return scenario
  }
}

extension MockControlError {
  fileprivate static func noScenario(
    _ name: String, among names: [String], of system: String
  ) -> MockControlError {
    MockControlError(
      .notFound, system: system,
      "Scenario \(name) not found" + Suggestion.clause(for: name, among: names),
      hint: names.isEmpty ? "it has no scenarios" : "known: \(names.joined(separator: ", "))",
      known: names)
  }
}
