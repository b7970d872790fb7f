internal import Synchronization

/// A value that is made on first use and kept.
///
/// Making it twice at once is possible and harmless: the first result to arrive is kept.
package final class Lazy<Value: Sendable>: Sendable {
  private enum State: Sendable {
    case pending(@Sendable () -> Value)
    case made(Value)
  }

  private let state: Mutex<State>

  package init(_ make: @escaping @Sendable () -> Value) { state = Mutex(.pending(make)) }

  package init(value: Value) { state = Mutex(.made(value)) }

  package var value: Value {
    let current = state.withLock { $0 }
    guard case .pending(let make) = current else {
      if case .made(let value) = current { return value }
      preconditionFailure("a lazy value is either pending or made")
    }
    // Made outside the lock: making one lazy value may need another, or this one again.
    let made = make()
    return state.withLock { state in
      if case .made(let earlier) = state { return earlier }
      state = .made(made)
      return made
    }
  }
}
