internal import Synchronization

/// A clock that stands still until it is told to go on: tests of minutes take milliseconds.
///
/// Given to a mock and to a bridge, it decides when a late reply is sent and when a call is given up.
///
///     let clock = ManualClock()
///     async let reply = bridge.callLegacySystem("host", operation: "ask")
///     await clock.sleepers(2)              // the mock waits to answer, the bridge to give up
///     clock.advance(by: .seconds(30))
public final class ManualClock: Clock {
  /// A point of this clock's time, counted from its making.
  public struct Instant: InstantProtocol {
    /// How far the clock had gone.
    public var offset: Swift.Duration

    /// The instant that much later.
    public func advanced(by duration: Swift.Duration) -> Instant {
      Instant(offset: offset + duration)
    }

    /// How long it is from this instant to another.
    public func duration(to other: Instant) -> Swift.Duration { other.offset - offset }

    /// Whether one instant is before another.
    public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    var deadline: Instant
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct Watcher {
    var count: Int
    var continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var sleepers: [Int: Sleeper] = [:]
    /// Those who were cancelled before they slept.
    var cancelled: Set<Int> = []
    var watchers: [Watcher] = []
    var lastID = 0

    /// Takes out those who watch for what is now so.
    mutating func takeWatchers() -> [Watcher] {
      let count = sleepers.count
      let satisfied = watchers.filter { $0.count <= count }
      watchers.removeAll { $0.count <= count }
      return satisfied
    }
  }

  private let state = Mutex(State())

  /// Makes a clock that stands at zero.
  public init() {}

  /// How far it has gone.
  public var now: Instant { state.withLock(\.now) }

  /// Nothing is too short for a clock that goes in steps.
  public var minimumResolution: Swift.Duration { .zero }

  /// Waits until the clock was advanced to an instant.
  ///
  /// - Throws: `CancellationError` when the task is cancelled.
  public func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enum Outcome { case over, cancelled, asleep([Watcher]) }
        let outcome: Outcome = state.withLock { state in
          if state.cancelled.remove(id) != nil { return .cancelled }
          if deadline <= state.now { return .over }
          state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
          return .asleep(state.takeWatchers())
        }
        switch outcome {
        case .over: continuation.resume()
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .asleep(let watchers): for watcher in watchers { watcher.continuation.resume() }
        }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        let sleeper = state.sleepers.removeValue(forKey: id)
        if sleeper == nil { state.cancelled.insert(id) }
        return sleeper
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
    // Cancelled in vain: it had slept enough.
    state.withLock { _ = $0.cancelled.remove(id) }
  }

  /// Waits until at least so many sleep by this clock.
  public func sleepers(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isSo = state.withLock { state in
        if state.sleepers.count >= count { return true }
        state.watchers.append(Watcher(count: count, continuation: continuation))
        return false
      }
      if isSo { continuation.resume() }
    }
  }

  /// Goes on, and wakes whoever has slept enough.
  public func advance(by duration: Swift.Duration) {
    let woken = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }
}
