internal import Synchronization

/// A clock that goes on by itself, and at once, when everybody who takes part waits: hours pass in milliseconds, and
/// always the same way.
///
/// Who takes part are the branches of a run. A branch waits when it pauses, and when it has called a mock that
/// answers late. Then the clock goes to the moment at which the first of them goes on.
final class VirtualClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Swift.Duration

    func advanced(by duration: Swift.Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Swift.Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private enum Kind: Equatable {
    /// A branch pauses.
    case pause
    /// A mock is late with an answer.
    case reply
    /// A call is given up then.
    case limit(call: Int)
  }

  private struct Sleeper {
    var deadline: Instant
    var kind: Kind
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var sleepers: [Int: Sleeper] = [:]
    /// Those who were cancelled before they slept.
    var cancelled: Set<Int> = []
    var branches = 0
    /// Calls that are under way and not given up.
    var calls: Set<Int> = []
    var lastID = 0
    /// Goes on with every change, so that a standstill is seen.
    var changes = 0

    mutating func makeID() -> Int {
      lastID += 1
      return lastID
    }

    /// How many branches are at work.
    private var working: Int {
      var paused = 0
      var late = 0
      for sleeper in sleepers.values {
        switch sleeper.kind {
        case .pause: paused += 1
        case .reply: late += 1
        case .limit: break
        }
      }
      return branches - paused - min(calls.count, late)
    }

    /// Goes to the next moment where nobody is at work, and gives those who go on then.
    mutating func settle(isForced: Bool = false) -> [Sleeper] {
      changes += 1
      guard branches > 0, isForced || working <= 0,
        let next = sleepers.values.map(\.deadline).min()
      else { return [] }
      now = max(now, next)
      let due = sleepers.filter { $0.value.deadline <= now }
      for (id, sleeper) in due {
        sleepers[id] = nil
        // Its branch goes on at once, whatever the mock does.
        if case .limit(let call) = sleeper.kind { calls.remove(call) }
      }
      return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value)
    }
  }

  private let state = Mutex(State())

  var now: Instant { state.withLock(\.now) }
  var minimumResolution: Swift.Duration { .zero }

  private func change(_ body: (inout State) -> Void) {
    let woken = state.withLock { state in
      body(&state)
      return state.settle()
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  // MARK: Who takes part

  /// A branch takes part from now on.
  func enter() { change { $0.branches += 1 } }

  /// A branch takes part no more.
  func leave() { change { $0.branches -= 1 } }

  /// Waits for branches of its own: meanwhile the one that waits takes no part.
  func waitingForBranches<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    leave()
    defer { enter() }
    return try await body()
  }

  // MARK: Waiting

  /// A mock's waiting, or anybody's who takes no part.
  func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {
    try await wait(until: deadline, .reply)
  }

  /// A branch pauses.
  func pause(for duration: Swift.Duration) async throws {
    try await wait(until: now.advanced(by: duration), .pause)
  }

  private func wait(until deadline: Instant, _ kind: Kind) async throws {
    let id = state.withLock { $0.makeID() }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enum Outcome { case over, cancelled, asleep([Sleeper]) }
        let outcome: Outcome = state.withLock { state in
          if state.cancelled.remove(id) != nil { return .cancelled }
          if deadline <= state.now { return .over }
          state.sleepers[id] = Sleeper(
            deadline: deadline, kind: kind, continuation: continuation)
          return .asleep(state.settle())
        }
        switch outcome {
        case .over: continuation.resume()
        case .cancelled: continuation.resume(throwing: CancellationError())
        case .asleep(let woken): for sleeper in woken { sleeper.continuation.resume() }
        }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        let sleeper = state.sleepers.removeValue(forKey: id)
        if sleeper == nil { state.cancelled.insert(id) }
        state.changes += 1
        return sleeper
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
    // Cancelled in vain: it had slept enough.
    state.withLock { _ = $0.cancelled.remove(id) }
  }

  // MARK: Calls

  /// How long real time may stand still during a call before the clock goes on all the same: a mock that never answers
  /// does not wait by any clock.
  private static let standstill = Swift.Duration.seconds(1)

  /// What a call gives; nil where it is given up before.
  func call<Success: Sendable>(
    within limit: Swift.Duration, _ body: @escaping @Sendable () async -> Success
  ) async -> Success? {
    let id = state.withLock { state in
      let id = state.makeID()
      state.calls.insert(id)
      state.changes += 1
      return id
    }
    let deadline = now.advanced(by: limit)
    let outcome = await withTaskGroup(of: Success?.self) { group in
      group.addTask { await body() }
      group.addTask { [self] in
        do {
          try await wait(until: deadline, .limit(call: id))
        } catch {
          // There was an answer.
        }
        return nil
      }
      group.addTask { [self] in
        await watchForStandstill(of: id)
        return nil
      }
      var outcome: Success?
      // The watch ends first only where the call has been given up.
      if let first = await group.next() { outcome = first }
      group.cancelAll()
      return outcome
    }
    change { $0.calls.remove(id) }
    return outcome
  }

  private func watchForStandstill(of call: Int) async {
    var seen = state.withLock(\.changes)
    while true {
      do {
        try await Task.sleep(for: Self.standstill)
      } catch {
        return
      }
      let woken = state.withLock { state -> [Sleeper]? in
        guard state.calls.contains(call) else { return nil }
        defer { seen = state.changes }
        return state.changes == seen ? state.settle(isForced: true) : []
      }
      guard let woken else { return }
      for sleeper in woken { sleeper.continuation.resume() }
    }
  }
}
