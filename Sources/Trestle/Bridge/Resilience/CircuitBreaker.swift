/// Keeps calls from a system that has failed too often in a row, and lets one through now and then to
/// see whether it is back.
///
/// Times are durations since any fixed moment.
struct CircuitBreaker: Sendable {
  /// What becomes of a call.
  enum Admission: Sendable, Hashable {
    case usual
    /// It shows whether the system is back.
    case probe
    /// It is not made; another may be after so long.
    case refused(retryAfter: Duration)
  }

  private enum State {
    case closed(failures: Int)
    case open(until: Duration, openings: Int)
    /// A probe is under way.
    case halfOpen(since: Duration, openings: Int)
  }

  private let settings: ResilienceSettings.Breaker
  private var state = State.closed(failures: 0)

  /// The longest that it stays open.
  private static let longestOpen: Duration = .seconds(60)

  init(_ settings: ResilienceSettings.Breaker) { self.settings = settings }

  /// Whether calls are refused.
  var isOpen: Bool {
    if case .closed = state { return false }
    return true
  }

  mutating func admit(at now: Duration) -> Admission {
    switch state {
    case .closed: return .usual
    case .open(let until, let openings):
      guard now >= until else { return .refused(retryAfter: until - now) }
      state = .halfOpen(since: now, openings: openings)
      return .probe
    case .halfOpen(let since, let openings):
      // A probe whose end nobody told is not waited for without end.
      let limit = Self.openTime(settings, openings)
      guard now - since >= limit else { return .refused(retryAfter: limit - (now - since)) }
      state = .halfOpen(since: now, openings: openings)
      return .probe
    }
  }

  /// Notes that a call was answered.
  mutating func noteSuccess(_ admission: Admission) {
    switch (state, admission) {
    case (.closed, _), (.halfOpen, .probe): state = .closed(failures: 0)
    // One that was under way when it opened.
    default: break
    }
  }

  /// Notes that a call failed.
  mutating func noteFailure(_ admission: Admission, at now: Duration) {
    switch (state, admission) {
    case (.closed(let failures), _):
      guard failures + 1 >= settings.failures else {
        state = .closed(failures: failures + 1)
        return
      }
      state = .open(until: now + Self.openTime(settings, 1), openings: 1)
    case (.halfOpen(_, let openings), .probe):
      state = .open(until: now + Self.openTime(settings, openings + 1), openings: openings + 1)
    default: break
    }
  }

  /// Notes that a call ended without telling anything: its caller gave up.
  mutating func noteNothing(_ admission: Admission, at now: Duration) {
    guard case .halfOpen(_, let openings) = state, admission == .probe else { return }
    state = .open(until: now, openings: openings)
  }

  private static func openTime(
    _ settings: ResilienceSettings.Breaker, _ openings: Int
  ) -> Duration {
    min(settings.open * (1 << min(openings - 1, 10)), max(longestOpen, settings.open))
  }
}
