internal import Synchronization

/// Tells everybody who wants to know what has changed.
final class ChangeHub: Sendable {
  struct Change: Sendable, Hashable {
    var concernsTools = false
    var concernsResources = false
    /// The systems whose resources read differently now.
    var systems: Set<String> = []
  }

  private struct Listener {
    /// Whose token it came with; nil where none is needed.
    var owner: String?
    var continuation: AsyncStream<Change>.Continuation
  }

  private struct State {
    var next = 0
    var isEnded = false
    var listeners: [Int: Listener] = [:]
  }

  /// How many of one token may listen at once: each holds a connection.
  static let mostOfOneToken = 32

  private let state = Mutex(State())

  /// What changes from now on, until the hub ends or the one who listens does; nil for one too many of a token.
  func changes(for owner: String? = nil) -> AsyncStream<Change>? {
    let (stream, continuation) = AsyncStream.makeStream(of: Change.self)
    let number = state.withLock { state -> Int? in
      guard !state.isEnded else { return 0 }
      let own = state.listeners.values.count { $0.owner == owner }
      guard owner == nil || own < Self.mostOfOneToken else { return nil }
      state.next += 1
      state.listeners[state.next] = Listener(owner: owner, continuation: continuation)
      return state.next
    }
    guard let number else { return nil }
    guard number > 0 else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
    }
    return stream
  }

  func tell(_ change: Change) {
    for listener in state.withLock({ Array($0.listeners.values) }) {
      listener.continuation.yield(change)
    }
  }

  /// Ends the streams that came with some tokens.
  func end(of owners: Set<String?>) {
    let listeners = state.withLock { state in
      let ending = state.listeners.filter { owners.contains($0.value.owner) }
      for number in ending.keys { state.listeners[number] = nil }
      return Array(ending.values)
    }
    for listener in listeners { listener.continuation.finish() }
  }

  /// Ends every stream.
  func end() {
    let listeners = state.withLock { state in
      state.isEnded = true
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.continuation.finish() }
  }
}
