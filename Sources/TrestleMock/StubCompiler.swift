import TrestleCore

/// Turns definitions into answers, collecting what is wrong with them.
struct StubCompiler {
  let contract: Contract
  var problems: [ValueProblem]

  /// Whether an operation can be answered; a wrong name is a problem.
  mutating func knows(_ operation: String, at path: ValuePath) -> Bool {
    if contract.isOpen || contract.operation(named: operation) != nil { return true }
    let names = contract.operations.map(\.name)
    problems.append(
      ValueProblem(
        .error,
        "\(contract.name) has no operation \"\(operation)\""
          + Suggestion.clause(for: operation, among: names),
        at: path,
        hint: names.isEmpty ? nil : "operations: \(names.prefix(8).joined(separator: ", "))"))
    return false
  }

  mutating func compile(_ stub: StubDefinition, position: Int) -> StubSet.CompiledStub {
    let name = stub.name ?? "stub \(position + 1)"
    let matcher = Matcher.compile(
      when: stub.when, parameters: contract.operation(named: stub.operation)?.input ?? .any,
      at: stub.path.member("when"), problems: &problems)
    let answer: CompiledAnswer =
      switch stub.answer {
      case .reply(let value):
        reply(
          value, operation: stub.operation, origin: "stub '\(name)'", at: stub.path.member("reply"))
      case .fault(let fault):
        self.fault(fault, origin: "stub '\(name)'", at: stub.path.member("fault"))
      }
    return StubSet.CompiledStub(name: name, matcher: matcher, answer: answer)
  }

  mutating func reply(
    _ value: Value, operation: String, origin: String, at path: ValuePath
  ) -> CompiledAnswer {
    let template = template(value, at: path)
    guard let constant = template.constant else { return .value(template, origin: origin) }
    return .constant(Reply(value: constant, origin: origin))
  }

  private mutating func fault(
    _ record: Record, origin: String, at path: ValuePath
  ) -> CompiledAnswer {
    let fault = CompiledAnswer.FaultTemplate(
      code: template(record["code"] ?? "Server", at: path.member("code")),
      message: template(record["message"] ?? "fault", at: path.member("message")),
      detail: template(record["detail"] ?? .null, at: path.member("detail")),
      actor: record["actor"].map { template($0, at: path.member("actor")) })
    guard let constant = fault.constant else { return .fault(fault, origin: origin) }
    return .constant(Reply(fault: constant, origin: origin))
  }

  private mutating func template(_ value: Value, at path: ValuePath) -> Template {
    var wrong: [Template.Problem] = []
    let template = Template(value, in: CallEnvironment.vocabulary, problems: &wrong)
    for problem in wrong {
      problems.append(
        ValueProblem(
          .error, "{{\(problem.placeholder)}}: \(problem.error.reason)",
          at: path.appending(problem.path), hint: problem.error.hint))
    }
    return template
  }
}
