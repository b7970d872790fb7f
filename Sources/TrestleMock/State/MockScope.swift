internal import Synchronization
import TrestleCore

/// What changes from call to call in one scope: the states of its scenarios, its store, its counters, and how
/// far each stub has come.
final class MockScope: Sendable {
  struct Content {
    /// Scenarios that have left their start.
    var states: [String: String] = [:]
    var store = ScopeStore()
    /// By the stub's identity.
    var progress: [String: Progress] = [:]
    var chance: (seed: UInt64, bits: SeededBits)?
    /// What operations are answered with in this scope, whatever stubs say.
    var answers: ScopedAnswers?
  }

  /// How far a stub has come.
  struct Progress {
    var answered = 0
    /// The next place in its sequence.
    var place = 0
  }

  /// Nil for the scope that all share.
  let name: String?
  let counters = Counters(capacity: 1000)
  private let content = Mutex(Content())

  init(name: String?) { self.name = name }

  /// Looks at the content and changes it, in one step to everybody else.
  func withContent<Result>(_ body: (inout sending Content) -> sending Result) -> Result {
    content.withLock(body)
  }

  /// The store as it is now.
  var store: Record { content.withLock { $0.store.record } }

  /// The scope's own random numbers: those of another scope do not change them, so that tests that run at the
  /// same time have the same replies in every run.
  func randomBits(seed: UInt64) -> SeededBits {
    content.withLock { content in
      if let chance = content.chance, chance.seed == seed { return chance.bits }
      // FNV-1a; `hashValue` differs from run to run.
      var own: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in (name ?? "").utf8 { own = (own ^ UInt64(byte)) &* 0x100_0000_01B3 }
      let bits = SeededBits(name == nil ? seed : seed ^ own)
      content.chance = (seed, bits)
      return bits
    }
  }

  /// Begins everything again.
  func reset() {
    content.withLock { $0 = Content() }
    counters.reset()
  }
}
