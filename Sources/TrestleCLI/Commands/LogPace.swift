internal import Synchronization

/// Keeps a live log readable, and cheap, under load: so many lines a second are shown, the rest are
/// counted.
final class LogPace: Sendable {
  enum Verdict: Equatable {
    /// Show the line, after saying how many were not shown before it.
    case show(skipped: Int)
    case skip
  }

  private struct State {
    var windowStart: ContinuousClock.Instant?
    var shown = 0
    var skipped = 0
  }

  private let state = Mutex(State())
  private let linesPerSecond: Int

  init(linesPerSecond: Int) { self.linesPerSecond = linesPerSecond }

  /// What to do with a line at a time.
  func next(at now: ContinuousClock.Instant = .now) -> Verdict {
    state.withLock { state in
      if let start = state.windowStart, now - start < .seconds(1) {
        guard state.shown < linesPerSecond else {
          state.skipped += 1
          return .skip
        }
      } else {
        state.windowStart = now
        state.shown = 0
      }
      state.shown += 1
      defer { state.skipped = 0 }
      return .show(skipped: state.skipped)
    }
  }
}
