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
    guard unmet(in: content) == nil else { return (.passed, nil, nil) }
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

  /// What of the scope keeps the stub from answering, as a clause; nil where nothing does.
  func unmet(in content: MockScope.Content) -> String? {
    if let times, let progress = content.progress[identity], progress.answered >= times {
      return "it has answered \(times == 1 ? "once" : "\(times) times"), as often as it may"
    }
    if let scenario, !scenario.states.isEmpty {
      let state = content.states[scenario.name] ?? scenario.start
      if !scenario.states.contains(state) {
        return "scenario '\(scenario.name)' is in state '\(state)', not "
          + scenario.states.map { "'\($0)'" }.joined(separator: " or ")
      }
    }
    if let whenStore, !whenStore.matches(.object(content.store.record)) {
      let places = whenStore.mismatches(.object(content.store.record)).prefix(3)
      return "store: " + places.map(\.description).joined(separator: "; ")
    }
    return nil
  }

  /// Why the stub would not take a call now; nil where it would.
  func mismatch(for call: Call, _ context: AnswerContext) -> String? {
    guard let scope = context.scope else { return nil }
    if let unmet = scope.withContent({ content in unmet(in: content) }) { return unmet }
    guard let whenTrue else { return nil }
    let environment = CallEnvironment(call: call, context: context)
    return (try? whenTrue.isTrue(in: environment)) == true ? nil : "not true: \(whenTrue.text)"
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
