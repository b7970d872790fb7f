internal import Synchronization

/// A value that is swapped as a whole while others read it: who has it goes on with what it took.
final class Published<Value: Sendable>: Sendable {
  private let current: Mutex<Value>

  init(_ value: Value) { current = Mutex(value) }

  /// The value as it is now.
  var value: Value { current.withLock { $0 } }

  /// Puts another value in its place.
  func publish(_ value: Value) { current.withLock { $0 = value } }
}
