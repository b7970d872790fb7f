import TrestleCore

/// What calls are answered with.
extension StubSet {
  /// The reply to a call. A call that nothing fits gets a fault that says what was tried.
  func reply(
    to call: Call, generators: Generators, matching: MatchContext, binding: StubBinding
  ) -> Reply {
    guard let answers = answers[call.operation] else {
      return .fault(.unmatched(unknown(call.operation)))
    }
    if answers.isScoped {
      return scopedReply(
        to: call, among: answers,
        in: AnswerContext(generators: generators, data: data, matching: matching), binding)
    }
    guard let place = firstMatch(for: call, among: answers, in: matching, accepting: { _ in true })
    else {
      if let constant = answers.constant { return constant }
      return answers.usual(
        to: call, in: AnswerContext(generators: generators, data: data, matching: matching))
        ?? unmatched(
          call, in: AnswerContext(generators: generators, data: data, matching: matching))
    }
    let first = answers.stubs[place]
    binding.tallies[answers.positions[place]].add()
    // Most stubs: nothing is to be filled in.
    if let constant = first.constant { return constant }
    let context = AnswerContext(generators: generators, data: data, matching: matching)
    return first.reply(to: call, in: context) {
      usual(to: $0, among: answers, of: first, in: context)
    }
  }

  /// The same where what is answered, or whether, has to do with the call's scope.
  private func scopedReply(
    to call: Call, among answers: OperationAnswers, in unscoped: AnswerContext,
    _ binding: StubBinding
  ) -> Reply {
    var context = unscoped
    context.enter(binding.state.scope(named: scope.name(of: call)), seed: seed)
    var next: CompiledStub?
    var failure: ExpressionError?
    let place = firstMatch(for: call, among: answers, in: context.matching) { stub in
      guard let progress = stub.progress else { return true }
      switch progress.take(call, &context, state: binding.state) {
      case .passed: return false
      case .taken(let reply): next = reply
      case .failed(let error): failure = error
      }
      return true
    }
    if let place {
      let first = answers.stubs[place]
      if let failure { return first.failure(failure) }
      binding.tallies[answers.positions[place]].add()
      return (next ?? first).reply(to: call, in: context, owner: first) {
        usual(to: $0, among: answers, of: first, in: context)
      }
    }
    return answers.usual(to: call, in: context) ?? unmatched(call, in: context)
  }

  /// A fault that says which stubs were nearest.
  private func unmatched(_ call: Call, in context: AnswerContext) -> Reply {
    guard let nearMiss = nearMiss(for: call, generators: context.generators, state: context) else {
      return .fault(.unmatched(unknown(call.operation)))
    }
    var fault = Fault.unmatched(nearMiss.summary)
    fault.detail = ["nearMiss": nearMiss.jsonValue]
    return .fault(fault)
  }

  /// What a stub answers that says nothing of it.
  private func usual(
    to call: Call, among answers: OperationAnswers, of stub: CompiledStub, in context: AnswerContext
  ) -> Reply {
    answers.usual(to: call, in: context) ?? answers.stubSample?.value
      ?? Reply(
        fault: Fault(
          code: "Server",
          message: "stub \"\(stub.name)\" fits \(call.operation) but says no reply, and there is no"
            + " response that could be given"), origin: "stub '\(stub.name)'")
  }

  private func unknown(_ operation: String) -> String {
    let names = answers.keys.filter { name in
      answers[name].map { !$0.stubs.isEmpty || $0.response != nil } ?? false
    }
    let known = names.isEmpty ? "nothing is set up" : "set up: \(names.joined(separator: ", "))"
    return "\(operation): it has neither stub nor response (\(known))"
  }
}
