package import Synchronization

/// A value that is made on first use and kept.
///
/// Making it twice at once is possible and harmless: the first result to arrive is kept.
package final class Lazy<Value: Sendable>: Sendable {
  @usableFromInline enum State: Sendable {
    case pending(@Sendable () -> Value)
    case made(Value)
  }

  @usableFromInline let state: Mutex<State>

  package init(_ make: @escaping @Sendable () -> Value) { state = Mutex(.pending(make)) }

  package init(value: Value) { state = Mutex(.made(value)) }

  @inlinable package var value: Value {
    switch state.withLock({ $0 }) {
    case .made(let value): return value
    case .pending(let make): return self.make(by: make)
    }
  }

  @usableFromInline func make(by make: @Sendable () -> Value) -> Value {
    // Made outside the lock: making one lazy value may need another, or this one again.
    let made = make()
    return state.withLock { state in
      if case .made(let earlier) = state { return earlier }
      state = .made(made)
      return made
    }
  }
}
