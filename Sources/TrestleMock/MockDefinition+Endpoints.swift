import TrestleCore

extension MockDefinition {
  /// The definition with operations in place of the paths that people name them by, under the conditions that a
  /// path itself says. A path that the contract does not have is answered all the same, and told.
  func atEndpoints(of contract: Contract, problems: inout [ValueProblem]) -> MockDefinition {
    guard let endpoints = contract.endpoints else { return self }
    var all = self
    all.responses = [:]
    all.stubs = []
    for stub in stubs {
      let matches = endpoints.operations(at: stub.operation)
      guard !matches.isEmpty else {
        all.stubs.append(stub)
        continue
      }
      tell(matches, stub.operation, contract, at: stub.operationPath, &problems)
      for match in matches {
        var named = stub
        named.operation = match.operation
        named.when = stub.when.adding(match.conditions)
        all.stubs.append(named)
      }
    }
    for member in responses {
      let place = path.member("responses").member(member.name)
      let matches = endpoints.operations(at: member.name)
      guard !matches.isEmpty else {
        all.responses[member.name] = member.value
        continue
      }
      tell(matches, member.name, contract, at: place, &problems)
      for match in matches where match.conditions.isEmpty {
        // What is said of the operation itself goes before what is said of its path.
        if responses[match.operation] == nil, all.responses[match.operation] == nil {
          all.responses[match.operation] = member.value
        }
      }
      for match in matches where !match.conditions.isEmpty {
        var stub = StubDefinition(
          operation: match.operation, when: .object(match.conditions),
          answer: .reply(member.value), path: place)
        stub.form = .value
        stub.identity = "response \(member.name)"
        all.stubs.append(stub)
      }
    }
    return all
  }

  private func tell(
    _ matches: [EndpointMatch], _ text: String, _ contract: Contract, at path: ValuePath,
    _ problems: inout [ValueProblem]
  ) {
    guard !contract.isOpen, matches.allSatisfy(\.isUndescribed) else { return }
    let known = contract.operations.compactMap(\.notes.first)
      .compactMap { $0.split(separator: " ").last.map(String.init) }
    problems.append(
      ValueProblem(
        .warning,
        "\(contract.name) has no path \(text); it is answered all the same"
          + Suggestion.clause(for: text, among: known), at: path))
  }
}

extension Value {
  /// Conditions with some more.
  fileprivate func adding(_ conditions: Record) -> Value {
    guard !conditions.isEmpty else { return self }
    guard case .object(var record) = self else { return .object(conditions) }
    for condition in conditions where record[condition.name] == nil {
      record[condition.name] = condition.value
    }
    return .object(record)
  }
}
