internal import Synchronization

/// Lets so many calls of one system be under way, so that a slow one does not take all there is for the
/// others; the rest wait in the order in which they came, and too many do not.
final class Bulkhead: Sendable {
  /// What becomes of a call.
  enum Admission: Sendable, Hashable {
    /// It may go, and tells when it is done.
    case admitted
    /// Too many wait.
    case full
    /// Its caller gave up while it waited.
    case cancelled
  }

  private struct State {
    var underWay = 0
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Admission, Never>)] = []
    /// Tickets of callers that do not wait yet, and whether they have given up already.
    var coming: [Int: Bool] = [:]
    var lastTicket = 0
  }

  private let limits: ResilienceSettings.Limits
  private let state = Mutex(State())

  init(_ limits: ResilienceSettings.Limits) { self.limits = limits }

  /// Takes a place at once; nil where it has to be waited for.
  func enterAtOnce() -> Admission? {
    state.withLock { state in
      if state.underWay < limits.concurrent, state.waiting.isEmpty {
        state.underWay += 1
        return .admitted
      }
      return state.waiting.count >= limits.waiting ? .full : nil
    }
  }

  /// Takes a place, or waits for one until the task is cancelled.
  func enter() async -> Admission {
    if let admission = enterAtOnce() { return admission }
    let ticket = state.withLock { state in
      state.lastTicket += 1
      state.coming[state.lastTicket] = false
      return state.lastTicket
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: Admission? = state.withLock { state in
          if state.coming.removeValue(forKey: ticket) == true { return .cancelled }
          if state.underWay < limits.concurrent, state.waiting.isEmpty {
            state.underWay += 1
            return .admitted
          }
          guard state.waiting.count < limits.waiting else { return .full }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      let waiting: CheckedContinuation<Admission, Never>? = state.withLock { state in
        guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
          if state.coming[ticket] != nil { state.coming[ticket] = true }
          return nil
        }
        return state.waiting.remove(at: place).continuation
      }
      waiting?.resume(returning: .cancelled)
    }
  }

  /// Gives a place back, to whoever has waited longest.
  func leave() {
    let next: CheckedContinuation<Admission, Never>? = state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.underWay -= 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: .admitted)
  }

  /// How many calls are under way, and how many wait.
  var load: (underWay: Int, waiting: Int) {
    state.withLock { ($0.underWay, $0.waiting.count) }
  }
}
