internal import TrestleCore
internal import TrestleMock

/// The keys of answers that stand in place of values: `{fault: …}` among a scenario's responses.
enum ScenarioResponses {
  static func check(
    _ answers: MockDefinition, contract: Contract, problems: inout [ValueProblem]
  ) {
    for scenario in answers.scenarios {
      let path = answers.path.member("scenarios").member(scenario.name).member("responses")
      for member in scenario.value["responses"]?.objectValue ?? [:] {
        check(
          member.value, to: member.name, contract: contract, at: path.member(member.name),
          problems: &problems)
      }
    }
  }

  /// Checks one answer; a value may be anything.
  static func check(
    _ answer: Value, to operation: String, contract: Contract, at path: ValuePath,
    problems: inout [ValueProblem]
  ) {
    guard StubDefinition.isAnswer(answer, to: operation, contract: contract) else { return }
    var checker = DocumentChecker(of: "the answer")
    checker.check(answer.objectValue ?? [:], keys: AdapterSchema.answer, at: path)
    problems += checker.problems
  }
}
