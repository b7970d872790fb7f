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

  /// Puts another set in place; calls under way finish with the old one.
  package func replace(with stubs: StubSet) {
    let binding = StubBinding(stubs, state: state)
    current.withLock { $0 = binding }
  }

  /// The stubs that answer now.
  var stubs: StubSet { current.withLock { $0.stubs } }

  /// What is done wrong by the stubs that answer now.
  package var plans: [ValuePath: KeptPlan] { stubs.plans }

  package func respond(to call: Call) -> Answer {
    // The lock covers one reference count, nothing that another call could make long.
    let binding = current.withLock { $0 }
    let stubs = binding.stubs
    var reply = stubs.reply(
      to: call, generators: generators, matching: matching, binding: binding)
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
