package import TrestleCore

extension MockDefinition {
  /// The definition with a stub for each response of a scenario, which answers while the scenario is on, before all
  /// stubs but those of priority 0.
  func withScenarioStubs(for contract: Contract) -> MockDefinition {
    var all = self
    for scenario in scenarios {
      let path = self.path.member("scenarios").member(scenario.name).member("responses")
      for member in scenario.value["responses"]?.objectValue ?? [:] {
        var stub = StubDefinition(
          answering: member.name, with: member.value, contract: contract,
          at: path.member(member.name))
        stub.name = "scenario \(scenario.name)"
        stub.identity = "scenario \(scenario.name) \(member.name)"
        stub.priority = 0
        stub.state.scenario = ScenarioCatalog.setMachine
        stub.state.states = [scenario.name]
        // Behind the others, so that those of priority 0 go before it.
        all.stubs.append(stub)
      }
    }
    return all
  }
}

extension StubDefinition {
  /// The keys that a response may have in place of a value.
  private static let answerWords: Set<String> = [
    "reply", "fault", "raw", "headers", "status", "misbehave",
  ]

  /// Whether what stands for an operation's response has the keys of a stub's answer, rather than being the value: `{fault: …}`.
  /// What the contract declares as a name is a name.
  package static func isAnswer(_ value: Value, to operation: String, contract: Contract) -> Bool {
    guard let names = value.objectValue?.names, !names.isEmpty,
      names.allSatisfy(answerWords.contains),
      !names.allSatisfy({ $0 == "headers" || $0 == "status" })
    else { return false }
    let declared = contract.operation(named: operation)?.output.declaredMembers ?? []
    return declared.isDisjoint(with: names)
  }

  /// A stub that answers every call of an operation with a value, or as `{fault: …}` and the like say.
  package init(
    answering operation: String, with value: Value, contract: Contract, at path: ValuePath
  ) {
    let isAnswer = Self.isAnswer(value, to: operation, contract: contract)
    var record = isAnswer ? value.objectValue ?? [:] : ["reply": value]
    record["operation"] = .string(operation)
    self =
      StubDefinition(.object(record), at: path)
      ?? StubDefinition(operation: operation, answer: .reply(value), path: path)
    form = isAnswer ? .answer : .value
  }

  /// Where the reply stands.
  var replyPath: ValuePath { form == .value ? path : path.member("reply") }

  /// Where the operation's name stands.
  var operationPath: ValuePath { form == .entry ? path.member("operation") : path }

  /// What lists and logs call it.
  package func title(at position: Int) -> String { name ?? identity ?? "stub \(position + 1)" }
}

extension StubSet.CompiledStub {
  /// Whether it answers only while a set of responses is on.
  var isOfScenario: Bool { progress?.scenario?.name == ScenarioCatalog.setMachine }
}
