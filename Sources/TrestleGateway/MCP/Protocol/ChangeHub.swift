internal import Synchronization

/// Tells everybody who wants to know what has changed.
final class ChangeHub: Sendable {
  struct Change: Sendable, Hashable {
    var concernsTools = false
    var concernsResources = false
    /// The systems whose resources read differently now.
    var systems: Set<String> = []
  }

  private struct State {
    var next = 0
    var isEnded = false
    var listeners: [Int: AsyncStream<Change>.Continuation] = [:]
  }

  private let state = Mutex(State())

  /// What changes from now on, until the hub ends or the one who listens does.
  func changes() -> AsyncStream<Change> {
    let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
    let number = state.withLock { state -> Int? in
      guard !state.isEnded else { return nil }
      state.next += 1
      state.listeners[state.next] = continuation
      return state.next
    }
    guard let number else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
    }
    return stream
  }

  func tell(_ change: Change) {
    for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(change) }
  }

  /// Ends every stream.
  func end() {
    let listeners = state.withLock { state in
      state.isEnded = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
