internal import Synchronization

/// Counts the requests of one token against its limits: a bucket that fills at the token's rate, and how many are
/// under way.
final class TokenMeter: Sendable {
  private struct State {
    var level: Double
    var filled: ContinuousClock.Instant
    var running = 0
  }

  private let limits: TokenLimits
  private let state: Mutex<State>

  init(_ limits: TokenLimits, now: ContinuousClock.Instant = .now) {
    self.limits = limits
    state = Mutex(State(level: Double(limits.rate?.burst ?? 0), filled: now))
  }

  /// Counts a request that begins, which has to be ended.
  ///
  /// - Throws: `APIError` for one too many, which is not counted.
  func begin(now: ContinuousClock.Instant = .now) throws(APIError) {
    try state.withLock { state throws(APIError) in
      if let most = limits.concurrent, state.running >= most {
        throw Self.refusal(
          "the token has \(most) requests under way, which is all it may have", after: 1)
      }
      if let rate = limits.rate {
        let passed = (now - state.filled) / .seconds(1)
        state.level = min(Double(rate.burst), state.level + max(0, passed) * rate.perSecond)
        state.filled = now
        // What was filled in parts may lack the last bit of a whole one.
        guard state.level > 1 - 1e-9 else {
          let wait = Int(((1 - state.level) / rate.perSecond).rounded(.up))
          throw Self.refusal("the token sends more than its rate", after: max(1, wait))
        }
        state.level -= 1
      }
      state.running += 1
    }
  }

  /// Tells that a request is over.
  func end() { state.withLock { $0.running -= 1 } }

  /// RFC 6585 §4.
  private static func refusal(_ message: String, after seconds: Int) -> APIError {
    APIError(
      429, .tooMany, message, hint: "try again in \(seconds) s",
      fields: [HeaderField("Retry-After", "\(seconds)")])
  }
}

/// A request that was counted, until nothing is left that answers it.
final class Admission: Sendable {
  private let meter: TokenMeter
  private let isOver = Atomic(false)

  /// Counts a request.
  ///
  /// - Throws: `APIError` for one too many.
  init(_ meter: TokenMeter) throws(APIError) {
    try meter.begin()
    self.meter = meter
  }

  deinit { end() }

  /// Tells that its answer is complete: a client that has read it may send the next request at once, whoever
  /// still holds this.
  func end() {
    if !isOver.exchange(true, ordering: .relaxed) { meter.end() }
  }
}
