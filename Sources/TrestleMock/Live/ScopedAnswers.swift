package import TrestleCore

/// What operations are answered with in one scope alone, before everything else that the mock has: a run among many has
/// its own answers and leaves those of the others alone.
package struct ScopedAnswers: Sendable {
  /// What was set, by operation or path.
  package let written: Record
  private let stubs: StubSet

  /// Compiles answers, each a value or `{fault: …}` and the like as in a stub.
  package init(_ answers: Record, contract: Contract, problems: inout [ValueProblem]) {
    written = answers
    var definition = MockDefinition(fallback: .fault)
    definition.stubs = answers.map { answer in
      var stub = StubDefinition(
        answering: answer.name, with: answer.value, contract: contract,
        at: ValuePath([.member(answer.name)]))
      stub.name = "response \(answer.name)"
      return stub
    }
    stubs = StubSet(definition, contract: contract, problems: &problems)
  }

  /// The reply to a call; nil where nothing of these is for it.
  func reply(
    to call: Call, generators: Generators, matching: MatchContext
  ) -> Reply? {
    guard let answers = stubs.answers[call.operation],
      let place = stubs.firstMatch(
        for: call, among: answers, in: matching, accepting: { _ in true })
    else { return nil }
    let context = AnswerContext(generators: generators, data: stubs.data, matching: matching)
    return answers.stubs[place].reply(to: call, in: context) { _ in
      .fault(.unmatched("\(call.operation): the answer of its scope says nothing"))
    }
  }
}

extension StubEngine {
  /// What operations are answered with in a scope from now on, in place of what was set there before.
  package func setAnswers(_ answers: ScopedAnswers?, scope: String) {
    if answers != nil { state.expectsScopedAnswers() }
    state.scope(named: scope).withContent { $0.answers = answers }
  }

  /// What was set in a scope.
  package func answers(scope: String) -> ScopedAnswers? {
    state.existingScope(named: scope)?.withContent { $0.answers }
  }

  /// What the call's own scope has for it; nil where it has nothing.
  func scopedReply(to call: Call, _ stubs: StubSet) -> Reply? {
    guard state.hasScopedAnswers, let name = stubs.scope.name(of: call),
      let answers = state.existingScope(named: name)?.withContent({ $0.answers })
    else { return nil }
    return answers.reply(to: call, generators: generators, matching: matching)
  }
}
