internal import Synchronization
internal import TrestleCore

/// An exchange on its way into the file.
enum PendingExchange: Sendable {
  case packed(PackedExchange)
  case whole(WholeExchange)

  /// What waited, copied out of its memory.
  init(_ waiting: WaitingExchange) {
    switch waiting.kept {
    case .whole(let whole): self = .whole(whole)
    case .constant(let constant):
      self = .packed(PackedExchange(copying: waiting.place.bytes, constant: constant))
    case .nothing:
      self = .packed(PackedExchange(copying: waiting.place.bytes, constant: nil))
    }
  }

  var exchange: Service.Exchange {
    switch self {
    case .packed(let packed): packed.exchange
    case .whole(let whole): whole.exchange
    }
  }

  /// When it began, in microseconds since 1970.
  var start: Int64 {
    switch self {
    case .packed(let packed): packed.start
    case .whole(let whole): whole.start
    }
  }

  /// Its place among the calls of all systems.
  var number: UInt64 {
    switch self {
    case .packed(let packed): packed.number
    case .whole(let whole): whole.number
    }
  }

  /// Resumed once it is written; nil where nobody waits.
  var commit: CommitSignal? {
    switch self {
    case .packed: nil
    case .whole(let whole): whole.commit
    }
  }
}

/// An exchange that is kept as it is.
final class WholeExchange: Sendable {
  let exchange: Service.Exchange
  let start: Int64
  let number: UInt64
  let commit: CommitSignal?
  /// About how much memory it holds.
  let weight: Int

  init(
    _ exchange: consuming Service.Exchange, endedAt now: Int64, number: UInt64,
    commit: CommitSignal?
  ) {
    self.number = number
    self.commit = commit
    start = now - exchange.duration.microseconds
    weight =
      1024 + (exchange.request?.body.count ?? 0) + (exchange.response?.body.count ?? 0)
    self.exchange = exchange
  }
}

/// An exchange that waits in a lane; small, for they are many.
struct WaitingExchange {
  /// What is kept beside the packed bytes, or in place of them.
  enum Kept {
    case nothing
    case constant(PackedExchange.ConstantReply)
    case whole(WholeExchange)
  }

  let place: PackedMemory.Place
  let kept: Kept
  /// About how much memory it holds.
  let weight: Int

  /// One that is kept as it is.
  init(_ whole: WholeExchange) {
    place = .nowhere
    weight = whole.weight
    kept = .whole(whole)
  }

  /// A packed one.
  init(_ place: PackedMemory.Place, _ constant: PackedExchange.ConstantReply?) {
    self.place = place
    // As if it had the constant's body alone, which it may.
    weight = 64 + place.bytes.count + (constant?.body.count ?? 0)
    kept = constant.map(Kept.constant) ?? .nothing
  }

  var number: UInt64 {
    if case .whole(let whole) = kept { return whole.number }
    return PackedExchange.number(place.bytes)
  }
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
