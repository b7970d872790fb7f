import TrestleCore

extension StubCompiler {
  /// What a stub asks and changes of the state; nil where nothing.
  mutating func progress(
    of stub: StubDefinition, named name: String, identity: String
  ) -> StubProgress? {
    let state = stub.state
    guard !state.isEmpty else { return nil }
    scoped.insert(stub.operation)
    let scenario = state.scenario.map { name in
      StubProgress.Scenario(
        name: name, start: scenarios[name]?.start ?? ScenarioCatalog.usualStart,
        states: state.states, next: state.next)
    }
    var whenStore: Matcher?
    if !state.whenStore.isNull {
      whenStore = Matcher.compile(
        when: state.whenStore, parameters: .any, at: stub.path.member("when_store"),
        problems: &problems)
    }
    let settings = state.set.map { member in
      let path = stub.path.member("set")
      return StubProgress.Setting(
        key: template(.string(member.name), operation: stub.operation, at: path),
        value: template(
          member.value, operation: stub.operation, at: path.member(member.name)))
    }
    return StubProgress(
      identity: identity, scenario: scenario, times: state.times, whenStore: whenStore,
      whenTrue: state.whenTrue.flatMap { condition($0, of: stub) }, set: settings,
      sequence: sequence(of: stub, named: name))
  }

  private mutating func condition(_ text: String, of stub: StubDefinition) -> Expression? {
    // Also in braces, as templates have it.
    let written = text.hasPrefix("{{") && text.hasSuffix("}}") ? text : "{{\(text)}}"
    return template(
      .string(written), operation: stub.operation, at: stub.path.member("when_true")
    ).expression
  }

  private mutating func sequence(of stub: StubDefinition, named name: String) -> ReplySequence? {
    let state = stub.state
    guard !state.replies.isEmpty else {
      if state.order != nil {
        problems.append(
          ValueProblem(
            .warning, "an order says nothing without replies", at: stub.path.member("order")))
      }
      return nil
    }
    let order = state.order ?? .inTurn
    var bounds: [UInt64] = []
    var replies: [StubSet.CompiledStub] = []
    for (position, reply) in state.replies.enumerated() {
      let path = stub.path.member("replies").item(position)
      if reply.weight != nil, order != .random {
        problems.append(
          ValueProblem(
            .warning, "a weight says nothing without order: random", at: path.member("weight")))
      }
      bounds.append((bounds.last ?? 0) + UInt64(max(0, reply.weight ?? 1)))
      replies.append(
        compile(reply.answer, name: "\(name), reply \(position + 1)"))
    }
    if bounds.last == 0 {
      problems.append(
        ValueProblem(
          .error, "one of the replies must have a weight above 0", at: stub.path.member("replies")))
    }
    return ReplySequence(replies: replies, order: order, bounds: bounds)
  }

  /// Says which of several answers a stub has one too many of.
  mutating func checkAnswers(of stub: StubDefinition) {
    guard stub.answerKeys.count > 1 else { return }
    problems.append(
      ValueProblem(
        .error,
        "a stub answers with one of reply, fault, raw and replies; this has "
          + stub.answerKeys.joined(separator: " and "),
        at: stub.path.member(stub.answerKeys[1]), concernsName: true))
  }

  /// Takes note of what a template needs of the scope, and says what it asks of data that is not there.
  mutating func note(_ template: Template, operation: String, at path: ValuePath) {
    for (place, expressions) in template.placeholders {
      for expression in expressions {
        let named = expression.names
        let called = expression.functions
        if !named.isDisjoint(with: CallEnvironment.scopedNames)
          || !called.isDisjoint(with: CallEnvironment.scopedFunctions)
          || seed != nil && !named.union(called).isDisjoint(with: CallEnvironment.chance)
        {
          scoped.insert(operation)
        }
        for problem in data.problems(in: expression) {
          problems.append(ValueProblem(.error, problem, at: path.appending(place)))
        }
      }
    }
  }
}
