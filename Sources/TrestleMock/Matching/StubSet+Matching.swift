package import TrestleCore

extension StubSet {
  /// The place of the first stub whose conditions hold and which takes the call, in the order of priority, then of the
  /// file.
  func firstMatch(
    for call: Call, among answers: OperationAnswers, in context: MatchContext,
    accepting takes: (CompiledStub) -> Bool
  ) -> Int? {
    guard !answers.stubs.isEmpty else { return nil }
    let parameters = Value.object(call.parameters)
    var view: WireView?
    for position in answers.index.candidates(for: call) {
      guard answers.index.matchers[position].matches(parameters, in: context) else { continue }
      let stub = answers.stubs[position]
      guard let beside = stub.beside else {
        if takes(stub) { return position }
        continue
      }
      let wire = view ?? WireView(xpath)
      view = wire
      if beside.hold(for: call, view: wire, context), takes(stub) { return position }
    }
    return nil
  }

  /// How many stubs a call is held against at most.
  package func candidateCount(for call: Call) -> Int {
    answers[call.operation]?.index.candidates(for: call).count ?? 0
  }
}

extension MockDefinition {
  /// The places of the stubs in the file, in the order they are tried.
  var stubsInOrder: [Int] {
    // Of the stubs themselves nothing is copied: there may be many, and each has much in it.
    let priorities = stubs.map(\.priority)
    return stubs.indices.sorted { (priorities[$0], $0) < (priorities[$1], $1) }
  }
}
