import TrestleCore

/// What a stub asks and changes of a scope's state, compiled.
struct StubProgress: Sendable {
  /// What its state is kept under: its name, or its place.
  let identity: String
  let scenario: Scenario?
  let times: Int?
  let whenStore: Matcher?
  let whenTrue: Expression?
  let set: [Setting]
  let sequence: ReplySequence?

  struct Scenario: Sendable {
    let name: String
    let start: String
    /// Empty for all.
    let states: [String]
    let next: String?
  }

  struct Setting: Sendable {
    let key: Template
    let value: Template
  }

  enum Outcome {
    /// It does not answer now.
    case passed
    /// It answers, with one of its sequence where it has one.
    case taken(CompiledStub?)
    case failed(ExpressionError)

    typealias CompiledStub = StubSet.CompiledStub
  }

  /// Takes the call if everything asked holds, and changes what changes with it, all in one step: two calls
  /// never take the same last time.
  func take(_ call: Call, _ context: inout AnswerContext, state: MockState) -> Outcome {
    guard let scope = context.scope else { return .passed }
    let base = context
    typealias Step = (
      outcome: Outcome, store: Record?, change: (bytes: Int, dropped: [String])?
    )
    let step = scope.withContent { content -> Step in
      do throws(ExpressionError) {
        return try decide(call, base, &content)
      } catch {
        return (.failed(error), nil, nil)
      }
    }
    context.store = step.store
    if let change = step.change {
      state.storeChanged(in: scope, bytes: change.bytes, dropped: change.dropped)
    }
    return step.outcome
  }

  private func decide(
    _ call: Call, _ base: AnswerContext, _ content: inout MockScope.Content
  ) throws(ExpressionError) -> (
    outcome: Outcome, store: Record?, change: (bytes: Int, dropped: [String])?
  ) {
    guard isMet(in: content, base.matching) else { return (.passed, nil, nil) }
    var context = base
    context.store = content.store.record
    let environment = CallEnvironment(call: call, context: context)
    if let whenTrue, try !whenTrue.isTrue(in: environment) { return (.passed, nil, nil) }
    var store = content.store
    var dropped: [String] = []
    for setting in set {
      let key = try setting.key.render(in: environment)
      guard let key = key.scalarText, !key.isEmpty else {
        throw ExpressionError("a key of its set is \(key.isNull ? "absent" : "no text")")
      }
      dropped += try store.set(key, try setting.value.render(in: environment))
    }
    // Nothing can fail any more, so nothing is half done.
    var progress = content.progress[identity] ?? MockScope.Progress()
    progress.answered += 1
    let reply = sequence?.next(&progress.place, randomBits: base.generators.randomBits)
    content.progress[identity] = progress
    if let scenario, let next = scenario.next { content.states[scenario.name] = next }
    content.store = store
    return (.taken(reply), store.record, set.isEmpty ? nil : (store.bytes, dropped))
  }

  /// Whether nothing of the scope keeps the stub from answering.
  private func isMet(in content: MockScope.Content, _ context: MatchContext) -> Bool {
    if let times, let progress = content.progress[identity], progress.answered >= times {
      return false
    }
    if let scenario, !scenario.states.isEmpty,
      !scenario.states.contains(content.states[scenario.name] ?? scenario.start)
    {
      return false
    }
    return whenStore?.matches(.object(content.store.record), in: context) ?? true
  }

  /// What of the scope keeps the stub from answering; empty where nothing does.
  func unmet(in content: MockScope.Content, _ context: MatchContext) -> [NearMiss.Difference] {
    if let times, let progress = content.progress[identity], progress.answered >= times {
      return [
        NearMiss.Difference(
          path: "times", expected: "call \(times) at the latest",
          found: .integer(Int64(progress.answered + 1)))
      ]
    }
    if let scenario, !scenario.states.isEmpty {
      let state = content.states[scenario.name] ?? scenario.start
      if !scenario.states.contains(state) {
        return [
          NearMiss.Difference(
            path: "scenario \(scenario.name)",
            expected: scenario.states.map { "\"\($0)\"" }.joined(separator: " or "),
            found: .string(state))
        ]
      }
    }
    let store = Value.object(content.store.record)
    guard let whenStore, !whenStore.matches(store, in: context) else { return [] }
    return whenStore.mismatches(store, in: context).map {
      NearMiss.Difference(path: "store.\($0.path)", expected: $0.expected, found: $0.found)
    }
  }

  /// Why the stub would not take a call now; empty where it would.
  func differences(from call: Call, in context: AnswerContext) -> [NearMiss.Difference] {
    guard let scope = context.scope else { return [] }
    let unmet = scope.withContent { content -> [NearMiss.Difference] in
      self.unmet(in: content, context.matching)
    }
    guard unmet.isEmpty, let whenTrue else { return unmet }
    // Looking must change nothing: what it counts and draws is thrown away.
    var aside = context
    aside.generators.counters = Counters()
    aside.generators.randomBits = { 0 }
    let environment = CallEnvironment(call: call, context: aside)
    if (try? whenTrue.isTrue(in: environment)) == true { return [] }
    return [
      NearMiss.Difference(
        path: "when_true", expected: "\(whenTrue.text) to be true", found: .bool(false))
    ]
  }
}

/// Several answers of one stub, and which is next.
struct ReplySequence: Sendable {
  let replies: [StubSet.CompiledStub]
  let order: ReplyOrder
  /// The sums of the weights up to each reply.
  let bounds: [UInt64]

  func next(_ place: inout Int, randomBits: () -> UInt64) -> StubSet.CompiledStub? {
    guard !replies.isEmpty else { return nil }
    switch order {
    case .inTurn:
      // A file that was read again may have fewer.
      let reply = replies[min(place, replies.count - 1)]
      place = min(place + 1, replies.count)
      return reply
    case .cycle:
      let reply = replies[place % replies.count]
      place = (place + 1) % replies.count
      return reply
    case .random:
      guard let total = bounds.last, total > 0 else { return replies[0] }
      let drawn = randomBits() % total
      return replies[bounds.firstIndex { drawn < $0 } ?? 0]
    }
  }
}
