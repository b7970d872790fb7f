import TrestleCore

/// The scenarios of a set of stubs, with the states each can be in.
struct ScenarioCatalog: Sendable {
  struct Scenario: Sendable {
    let name: String
    let start: String
    /// The start first, then in the order stubs name them.
    var states: [String]
  }

  /// The machines, and the one that says which set of responses is on.
  private(set) var scenarios: [Scenario] = []
  /// The names of the sets of responses.
  private(set) var sets: [String] = []

  /// The state a scenario is in where nothing is said.
  static let usualStart = "started"
  /// The machine whose state is the name of the set of responses that is on, or `noSet`. Sets are switched and
  /// asked for as any scenario is, so that a switch is one change.
  static let setMachine = "set of responses"
  static let noSet = ""

  /// The machines that people know of.
  var machines: [Scenario] { scenarios.filter { $0.name != Self.setMachine } }

  init() {}

  init(_ definition: MockDefinition, problems: inout [ValueProblem]) {
    let states = definition.stubs.filter { !$0.state.isEmpty }.map { ($0, $0.state) }
    let used = Set(states.compactMap { $0.1.scenario })
    readSets(of: definition, used: used, problems: &problems)
    for member in definition.scenarios where !sets.contains(member.name) {
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
    for (stub, state) in states where state.scenario != Self.setMachine {
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
      guard let name = state.scenario, name != Self.setMachine, let scenario = self[name] else {
        continue
      }
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

  private mutating func readSets(
    of definition: MockDefinition, used: Set<String>, problems: inout [ValueProblem]
  ) {
    sets = definition.scenarios.members.filter { $0.value["responses"] != nil }.map(\.name)
    if !sets.isEmpty {
      scenarios.append(
        Scenario(name: Self.setMachine, start: Self.noSet, states: [Self.noSet] + sets))
    }
    for member in definition.scenarios {
      let path = definition.path.member("scenarios").member(member.name)
      if member.value["responses"] != nil, member.value["start"] != nil {
        problems.append(
          ValueProblem(
            .error, "a scenario is a machine with a start, or a set of responses; this is both",
            at: path.member("start"), hint: "give them two names", concernsName: true))
      }
      if member.name == Self.setMachine {
        problems.append(
          ValueProblem(
            .error, "\"\(Self.setMachine)\" is no name for a scenario", at: path,
            hint: "choose another one", concernsName: true))
      }
    }
    for stub in definition.stubs {
      guard let name = stub.state.scenario, sets.contains(name) else { continue }
      problems.append(
        ValueProblem(
          .error, "\"\(name)\" is a set of responses and has no states",
          at: stub.path.member("scenario"), hint: "name a scenario without responses"))
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
