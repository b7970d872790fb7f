internal import Synchronization
internal import TrestleCore

/// An exchange on its way into the file.
final class PendingExchange: Sendable {
  let exchange: Service.Exchange
  /// When it began, in microseconds since 1970.
  let start: Int64
  /// Its place among the calls of all systems.
  let number: UInt64
  /// Resumed once it is written; nil where nobody waits.
  let commit: CommitSignal?

  init(
    _ exchange: consuming Service.Exchange, endedAt now: Int64, number: UInt64,
    commit: CommitSignal?
  ) {
    self.number = number
    start = now - exchange.duration.microseconds
    weight =
      1024 + (exchange.request?.body.count ?? 0) + (exchange.response?.body.count ?? 0)
    self.exchange = exchange
    self.commit = commit
  }

  /// About how much memory it holds.
  let weight: Int
}

/// Numbers the calls of all systems in the order in which they were answered.
final class CallNumbers: Sendable {
  private let last = Atomic<UInt64>(0)

  /// The number that was given last.
  var current: UInt64 { last.load(ordering: .relaxed) }

  func next() -> UInt64 { last.add(1, ordering: .relaxed).newValue }
}

/// What an answer waits for: that its exchange is on the disk, or cannot get there.
final class CommitSignal: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Bool, Never>)
    case done(Bool)
  }

  private let state = Mutex(State.open)

  func wait() async -> Bool {
    await withCheckedContinuation { continuation in
      let known: Bool? = state.withLock { state in
        if case .done(let isKept) = state { return isKept }
        state = .awaited(continuation)
        return nil
      }
      if let known { continuation.resume(returning: known) }
    }
  }

  func finish(_ isKept: Bool) {
    let continuation: CheckedContinuation<Bool, Never>? = state.withLock { state in
      defer { state = .done(isKept) }
      if case .awaited(let continuation) = state { return continuation }
      return nil
    }
    continuation?.resume(returning: isKept)
  }
}

extension Duration {
  /// In whole microseconds.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }
}
