internal import Synchronization
internal import TrestleCore

/// Stands before one system's transport: lets so many calls through at once, none while the system is
/// known to be gone, and few repeated ones.
final class SystemGuard: Sendable {
  private struct State {
    var breaker: CircuitBreaker?
    var budget: RetryBudget
  }

  let settings: ResilienceSettings
  private let system: String
  private let state: Mutex<State>
  private let bulkhead: Bulkhead
  private let clock: any Clock<Duration>
  private let stopwatch: Stopwatch

  /// A guard of calls to the system itself, where it `isLive`, or to its mock.
  init(
    _ settings: ResilienceSettings, of system: String, isLive: Bool, clock: any Clock<Duration>
  ) {
    self.settings = settings
    self.system = system
    self.clock = clock
    stopwatch = Stopwatch(clock)
    bulkhead = Bulkhead(settings.limits)
    state = Mutex(
      State(
        breaker: settings.breaker(isLive: isLive).map { CircuitBreaker($0) },
        budget: RetryBudget(percent: settings.retry.budget)))
  }

  /// Whether calls are refused because the system is gone.
  var isOpen: Bool { state.withLock { $0.breaker?.isOpen ?? false } }

  /// How many calls are under way, and how many wait.
  var load: (underWay: Int, waiting: Int) { bulkhead.load }

  /// Notes the first attempt of a call: what repeated ones are measured by.
  func noteCall() { state.withLock { $0.budget.noteCall() } }

  /// Whether one more call may be a repeated one.
  func takeRetry() -> Bool { state.withLock { $0.budget.takeRetry() } }

  /// Makes an exchange when there is room for it, and where there is any use; it is told whether it had to wait.
  ///
  /// - Throws: what `exchange` throws, and `TransportError` of kind `circuitOpen`, `saturated` or `timeout`; nothing was
  ///   sent then.
  func pass(
    within limit: Duration,
    _ exchange: (_ waited: Bool) async throws(TransportError) -> WireResponse
  ) async throws(TransportError) -> WireResponse {
    // Whoever cannot be let through need not wait for a place.
    if let retryAfter = state.withLock({ $0.breaker?.refusal(at: stopwatch.elapsed) }) {
      throw refusal(retryAfter)
    }
    let atOnce = bulkhead.enterAtOnce()
    let entered =
      if let atOnce { atOnce } else { await enter(within: limit) }
    switch entered {
    case .admitted: break
    case .full:
      throw TransportError.saturated(system, settings.limits)
    case .cancelled:
      throw TransportError(
        kind: .timeout,
        reason: Task.isCancelled
          ? "the call was cancelled before its turn"
          : "\(settings.limits.concurrent) calls of \(system) were under way for \(limit)",
        hint: "allow more with limits: { concurrent: N } if the system can take them")
    }
    defer { bulkhead.leave() }
    let admission = state.withLock { $0.breaker?.admit(at: stopwatch.elapsed) } ?? .usual
    if case .refused(let retryAfter) = admission { throw refusal(retryAfter) }
    do throws(TransportError) {
      let response = try await exchange(atOnce == nil)
      // What stands before the system says that it is gone.
      note([502, 503, 504].contains(response.status) ? .failure : .success, admission)
      return response
    } catch {
      note(error.tellsOfSystem && !Task.isCancelled ? .failure : .nothing, admission)
      throw error
    }
  }

  private enum Outcome { case success, failure, nothing }

  private func note(_ outcome: Outcome, _ admission: CircuitBreaker.Admission) {
    let now = stopwatch.elapsed
    state.withLock { state in
      switch outcome {
      case .success: state.breaker?.noteSuccess(admission)
      case .failure: state.breaker?.noteFailure(admission, at: now)
      case .nothing: state.breaker?.noteNothing(admission, at: now)
      }
    }
  }

  private func enter(within limit: Duration) async -> Bulkhead.Admission {
    await withTaskGroup(of: Bulkhead.Admission?.self) { [bulkhead, clock] group in
      group.addTask { await bulkhead.enter() }
      group.addTask {
        try? await clock.sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      if let first { return first }
      // A place may have come free in the same moment.
      for await late in group { if let late { return late } }
      return .cancelled
    }
  }

  private func refusal(_ retryAfter: Duration) -> TransportError {
    TransportError.circuitOpen(system, retryAfter: retryAfter)
  }
}

extension CircuitBreaker {
  /// How long a call would have to wait; nil where it would not.
  func refusal(at now: Duration) -> Duration? {
    var copy = self
    if case .refused(let retryAfter) = copy.admit(at: now) { return retryAfter }
    return nil
  }
}

extension TransportError {
  /// Whether the system is to blame, not what it was called with.
  fileprivate var tellsOfSystem: Bool {
    switch kind {
    case .connect, .interrupted, .timeout, .tls: true
    case .protocolViolation, .configuration, .circuitOpen, .saturated: false
    }
  }

  fileprivate static func circuitOpen(
    _ system: String, retryAfter: Duration
  ) -> TransportError {
    let seconds = max(1, Int(retryAfter.components.seconds))
    var error = TransportError(
      kind: .circuitOpen,
      reason: "\(system) failed too often in a row and is not called for now",
      hint: "it is tried again in \(seconds) s; breaker: false in its file turns this off")
    error.retryAfter = retryAfter
    return error
  }

  fileprivate static func saturated(
    _ system: String, _ limits: ResilienceSettings.Limits
  ) -> TransportError {
    var error = TransportError(
      kind: .saturated,
      reason:
        "\(limits.concurrent) calls of \(system) are under way and \(limits.waiting) wait",
      hint: "call less often, or allow more with limits: { concurrent: N, waiting: N }")
    error.retryAfter = .seconds(1)
    return error
  }
}
