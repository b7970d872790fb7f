import Synchronization

/// Holds tasks until it is opened; tells when one has come, and when one gave up.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var arrivals = 0
    var cancellations = 0
    var watchers: [(isDue: (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  /// Waits until the gate is open or the task is cancelled.
  func pass() async {
    let ticket = update { state in
      state.arrivals += 1
      return state.arrivals
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.isOpen || Task.isCancelled { return true }
          state.waiting[ticket] = continuation
          return false
        }
        if goesOn { continuation.resume() }
      }
    } onCancel: {
      let continuation = update { state in
        state.cancellations += 1
        return state.waiting.removeValue(forKey: ticket)
      }
      continuation?.resume()
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting.removeAll() }
      return Array(state.waiting.values)
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Waits until that many tasks have come.
  func arrivals(_ count: Int) async { await watch { $0.arrivals >= count } }

  /// Waits until a waiting task was cancelled.
  func cancellation() async { await watch { $0.cancellations > 0 } }

  private func watch(_ isDue: @escaping @Sendable (State) -> Bool) async {
    await withCheckedContinuation { continuation in
      let goesOn = state.withLock { state in
        if isDue(state) { return true }
        state.watchers.append((isDue, continuation))
        return false
      }
      if goesOn { continuation.resume() }
    }
  }

  private func update<Result: Sendable>(_ change: (inout sending State) -> sending Result) -> Result
  {
    let (result, due) = state.withLock { state in
      let result = change(&state)
      let due = state.watchers.filter { $0.isDue(state) }.map(\.continuation)
      let others = state.watchers.filter { !$0.isDue(state) }
      state.watchers = others
      return (result, due)
    }
    for continuation in due { continuation.resume() }
    return result
  }
}
