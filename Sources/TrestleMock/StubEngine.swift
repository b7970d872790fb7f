internal import Synchronization
package import TrestleCore

/// Answers calls from a set of stubs, which is swapped whole.
package final class StubEngine: Responder {
  private let current: Mutex<StubBinding>
  /// What changes while it answers; stubs that are replaced leave it as it is.
  package let state: MockState
  let generators: Generators
  let matching: MatchContext
  /// What it does wrong at the moment beside what its stubs say.
  package let faults = FaultBoard()
  /// What the last change took away.
  private let lastGone = Mutex<[String]>([])
  /// Times what is late on purpose.
  private let clock: any Clock<Duration>

  package init(
    _ stubs: StubSet, generators: Generators = .system, state: MockState = MockState(),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.state = state
    current = Mutex(StubBinding(stubs, state: state))
    self.generators = generators
    matching = MatchContext(now: generators.now)
    self.clock = clock
  }

  /// Puts another set in place; calls under way finish with the old one. With `forgettingGone`, what is kept of stubs
  /// and scenarios that the other set does not have is forgotten.
  ///
  /// `scenarios` are forgotten too, though others of the names are there.
  package func replace(
    with stubs: StubSet, forgettingGone: Bool = false, scenarios: [String] = []
  ) {
    let binding = StubBinding(stubs, state: state)
    let before = current.withLock { current in
      defer { current = binding }
      return current.stubs
    }
    // Behind the replacement: from now on nobody begins to count under their names.
    guard forgettingGone else { return }
    var gone = before.gone(in: stubs)
    gone.scenarios += scenarios
    forget(gone)
  }

  private func forget(_ gone: StubSet.Gone) {
    let known = Set(stubs.identities)
    // A call that was under way may have counted once more for what the last change took away.
    let late = lastGone.withLock { last in
      defer { last = gone.identities }
      return last.filter { !known.contains($0) }
    }
    state.forget(gone.identities + late)
    state.forget(scenarios: Set(gone.scenarios))
  }

  /// The stubs that answer now.
  package var stubs: StubSet { current.withLock { $0.stubs } }

  /// What is done wrong by the stubs that answer now.
  package var plans: [ValuePath: KeptPlan] { stubs.plans }

  package func respond(to call: Call) -> Answer {
    // The lock covers one reference count, nothing that another call could make long.
    let binding = current.withLock { $0 }
    let stubs = binding.stubs
    if state.hasScopedAnswers, let reply = scopedReply(to: call, stubs) {
      return answer(reply, to: call, stubs)
    }
    let reply = stubs.reply(
      to: call, generators: generators, matching: matching, binding: binding)
    // Nearly always: nothing is done wrong, and nothing is taken up.
    if reply.isUsual, faults.isEmpty, !stubs.hasFaults { return .now(reply) }
    return answer(reply, to: call, stubs)
  }

  /// A reply with what is to be done wrong when it is sent.
  private func answer(_ reply: Reply, to call: Call, _ stubs: StubSet) -> Answer {
    var reply = reply
    if let misbehaviour = misbehaviour(for: call, stub: reply.misbehaviour, stubs: stubs) {
      reply.misbehaviour = misbehaviour
    }
    guard let delay = reply.misbehaviour?.delay else { return .now(reply) }
    return .later { [clock, reply] in
      // A client that went away cancels the wait.
      try? await clock.sleep(for: delay)
      return reply
    }
  }
}
