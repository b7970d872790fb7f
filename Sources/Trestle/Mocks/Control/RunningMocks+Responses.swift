public import TrestleCore
internal import TrestleMock

/// What single operations answer from now on.
extension RunningMocks {
  /// What the operation answers from now on, whatever stubs and scenarios say.
  ///
  ///     try mocks.setResponse(["status": "open"], to: "GetClaim", on: "claims")
  ///
  /// It is a value, with templates as under `mock.responses`, or `{fault: …}`, `{raw: …}` or `{reply: …}` as in a stub, where
  /// the contract has no members of these names. Doing it again changes nothing. The result is the live response before, or else
  /// what the file has under `responses`; nil where there was neither. It is listed among the stubs, under the id
  /// `response OPERATION`.
  ///
  /// - Throws: `MockControlError` of kind `notFound` for an operation that the contract lacks, `invalid` for an answer
  ///   with mistakes.
  @discardableResult
  public func setResponse(
    _ response: Value, to operation: String, on system: String
  ) throws(MockControlError) -> MockChange<Value?> {
    let control = try control(of: system)
    let contract = control.system.contract
    guard contract.allows(operation) else {
      let names = contract.operations.map(\.name)
      throw .init(
        .notFound, system: system,
        "\(contract.name) has no operation \"\(operation)\""
          + Suggestion.clause(for: operation, among: names),
        hint: "operations: \(names.prefix(8).joined(separator: ", "))", known: names)
    }
    let id = LiveAnswers.responseID(operation)
    var problems = control.unknown(operation)
    ScenarioResponses.check(
      response, to: operation, contract: contract, at: ValuePath(), problems: &problems)
    let file = control.answers.definition.mock.answers.responses[operation]
    return try control.change(
      said: problems, mistake: "the response to \(operation) is not set",
      path: { path in
        path.steps.starts(with: LiveAnswers.path(of: id).steps)
          ? ValuePath(Array(path.steps.dropFirst(2))) : nil
      }
    ) { (live) throws(MockControlError) in
      let before = live.stubs.first { $0.id == id }?.response
      live.setResponse(response, to: operation, contract: contract)
      return before ?? file
    }
  }

  /// What several operations answer from now on, in one step: no call sees some of them set and others not.
  ///
  /// Each is as `setResponse` takes it. With a scope they hold in that scope alone, before all else, and in place of
  /// what was set there before; they are not listed among the stubs.
  ///
  /// - Throws: `MockControlError` as `setResponse` does; nothing is set then.
  /// - Returns: what is odd about them.
  @discardableResult
  public func setResponses(
    _ responses: Record, on system: String, scope: String? = nil
  ) throws(MockControlError) -> [MockProblem] {
    let control = try control(of: system)
    let contract = control.system.contract
    var problems: [ValueProblem] = []
    for member in responses {
      ScenarioResponses.check(
        member.value, to: member.name, contract: contract,
        at: ValuePath([.member(member.name)]), problems: &problems)
    }
    if let scope {
      let answers = ScopedAnswers(responses, contract: contract, problems: &problems)
      let told = problems.map { MockProblem($0) }
      guard !problems.contains(where: { $0.severity == .error }) else {
        throw .init(.invalid, system: system, "the responses are not set", problems: told)
      }
      control.engine.setAnswers(answers, scope: scope)
      return told
    }
    return try control.change(
      said: problems, mistake: "the responses are not set",
      path: { path in
        guard let id = LiveAnswers.id(in: path),
          let name = responses.names.first(where: { LiveAnswers.responseID($0) == id })
        else { return nil }
        return ValuePath([.member(name)] + path.steps.dropFirst(2))
      }
    ) { (live) throws(MockControlError) in
      for member in responses {
        live.setResponse(member.value, to: member.name, contract: contract)
      }
    }.warnings
  }

  /// Lets an operation answer as the file says again; gives what was set, nil where nothing was.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  @discardableResult
  public func removeResponse(
    to operation: String, on system: String
  ) throws(MockControlError) -> Value? {
    let id = LiveAnswers.responseID(operation)
    return try control(of: system).change { (live) throws(MockControlError) in
      live.remove(id)?.response
    }.result
  }
}

extension MockControl {
  /// Says that a system without a contract gets an operation that nothing has named so far; an error where the file
  /// is strict.
  fileprivate func unknown(_ operation: String) -> [ValueProblem] {
    let (definition, live) = answers
    let named =
      system.contract.operations.map(\.name) + definition.mock.answers.responses.names
      + definition.mock.answers.stubs.map(\.operation) + live.stubs.map(\.definition.operation)
    // Of one that is named by where it is, the mock itself tells.
    guard !named.contains(operation), system.contract.endpoints == nil else { return [] }
    return [
      ValueProblem(
        definition.isStrict ? .error : .warning,
        "nothing has named \(operation) so far"
          + Suggestion.clause(for: operation, among: named), at: ValuePath(),
        hint: "the system has no contract: the operation is there from now on")
    ]
  }
}
