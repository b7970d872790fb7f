internal import Synchronization
package import TrestleCore

/// Answers calls from a set of stubs, which is swapped whole.
package final class StubEngine: Responder {
  private let current: Mutex<StubSet>
  private let generators: Generators

  package init(_ stubs: StubSet, generators: Generators = .system) {
    current = Mutex(stubs)
    self.generators = generators
  }

  /// Puts another set in place; calls under way finish with the old one.
  package func replace(with stubs: StubSet) { current.withLock { $0 = stubs } }

  package func respond(to call: Call) -> Answer {
    // The lock covers one reference count, nothing that another call could make long.
    let stubs = current.withLock { $0 }
    return .now(stubs.reply(to: call, generators: generators))
  }
}
