import TrestleCore

/// The scenarios of a set of stubs, with the states each can be in.
struct ScenarioCatalog: Sendable {
  struct Scenario: Sendable {
    let name: String
    let start: String
    /// The start first, then in the order stubs name them.
    var states: [String]
  }

  private(set) var scenarios: [Scenario] = []

  /// The state a scenario is in where nothing is said.
  static let usualStart = "started"

  init() {}

  init(_ definition: MockDefinition, problems: inout [ValueProblem]) {
    let states = definition.stubs.map { ($0, $0.state) }
    let used = Set(states.compactMap { $0.1.scenario })
    for member in definition.scenarios {
      let start = member.value["start"]?.scalarText ?? Self.usualStart
      scenarios.append(Scenario(name: member.name, start: start, states: [start]))
      guard !used.contains(member.name) else { continue }
      problems.append(
        ValueProblem(
          .warning,
          "no stub is in a scenario \"\(member.name)\""
            + Suggestion.clause(for: member.name, among: used.sorted()),
          at: definition.path.member("scenarios").member(member.name), concernsName: true))
    }
    for (stub, state) in states {
      guard let name = state.scenario else {
        for key in ["state", "to"] where key == "to" ? state.next != nil : !state.states.isEmpty {
          problems.append(
            ValueProblem(
              .error, "\"\(key)\" is a state of a scenario, and none is named",
              at: stub.path.member(key), hint: "add scenario: NAME to the stub"))
        }
        continue
      }
      for state in state.states + (state.next.map { [$0] } ?? []) { add(state, to: name) }
      if state.states.isEmpty, state.next == nil { add(nil, to: name) }
    }
    let led = Dictionary(
      grouping: states.compactMap { _, state in
        state.scenario.flatMap { name in state.next.map { (name: name, state: $0) } }
      }, by: \.name)
    for (stub, state) in states {
      guard let name = state.scenario, let scenario = self[name] else { continue }
      let reached = [scenario.start] + (led[name] ?? []).map(\.state)
      for asked in state.states where !reached.contains(asked) {
        // One that nothing leads to is switched to by hand, unless it looks like another one misspelled.
        guard Suggestion.nearest(to: asked, among: reached) != nil else { continue }
        problems.append(
          ValueProblem(
            .warning,
            "nothing leads to state \"\(asked)\"" + Suggestion.clause(for: asked, among: reached),
            at: stub.path.member("state")))
      }
    }
  }

  subscript(name: String) -> Scenario? { scenarios.first { $0.name == name } }

  private mutating func add(_ state: String?, to name: String) {
    if self[name] == nil {
      scenarios.append(
        Scenario(name: name, start: Self.usualStart, states: [Self.usualStart]))
    }
    guard let state, let index = scenarios.firstIndex(where: { $0.name == name }),
      !scenarios[index].states.contains(state)
    else { return }
    scenarios[index].states.append(state)
  }
}
