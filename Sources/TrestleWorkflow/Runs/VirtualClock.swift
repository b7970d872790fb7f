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
    var wake: @Sendable () -> Void
  }

  private struct State {
    var now = Instant(offset: .zero)
    var sleepers: [Int: Sleeper] = [:]
    var branches = 0
    /// Calls that are under way and not given up.
    var calls: Set<Int> = []
    var lastID = 0

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
    for sleeper in woken { sleeper.wake() }
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
    let signal = Signal()
    let id = begin(deadline, kind, signal)
    await withTaskCancellationHandler {
      await signal.wait()
    } onCancel: {
      end(id)
      signal.fire()
    }
    // Who has slept enough has slept, cancelled or not.
    if end(id) || Task.isCancelled { throw CancellationError() }
  }

  /// Has a signal fired at a moment.
  private func begin(_ deadline: Instant, _ kind: Kind, _ signal: Signal) -> Int {
    let (id, woken) = state.withLock { state in
      let id = state.makeID()
      state.sleepers[id] = Sleeper(deadline: deadline, kind: kind) { signal.fire() }
      return (id, state.settle())
    }
    for sleeper in woken { sleeper.wake() }
    return id
  }

  /// Has it fired no more; false where it was.
  @discardableResult
  private func end(_ id: Int) -> Bool {
    let (wasThere, woken) = state.withLock { state in
      let wasThere = state.sleepers.removeValue(forKey: id) != nil
      return (wasThere, state.settle())
    }
    for sleeper in woken { sleeper.wake() }
    return wasThere
  }

  // MARK: Calls

  /// What a call gives; nil where it is given up before.
  func call<Success: Sendable>(
    within limit: Swift.Duration, _ body: @escaping @Sendable () async -> Success
  ) async -> Success? {
    let call = state.withLock { state in
      let id = state.makeID()
      state.calls.insert(id)
      return id
    }
    // Set before the call begins, so that the clock cannot go past it.
    let signal = Signal()
    let sleeper = begin(now.advanced(by: limit), .limit(call: call), signal)
    let outcome = await withTaskGroup(of: Success?.self) { group in
      group.addTask { await body() }
      group.addTask {
        await withTaskCancellationHandler {
          await signal.wait()
        } onCancel: {
          signal.fire()
        }
        return nil
      }
      group.addTask { [self] in
        await watch(call, for: limit)
        return nil
      }
      // The watch ends first only where the call has been given up.
      let first = await group.next() ?? nil
      // From here on its branch is at work, whatever the mock still waits for.
      change { $0.calls.remove(call) }
      group.cancelAll()
      return first
    }
    end(sleeper)
    return outcome
  }

  /// What waits by no clock of ours, a service elsewhere that never answers, is given up when real time has come to the
  /// call's limit: then the clock goes on all the same.
  private func watch(_ call: Int, for limit: Swift.Duration) async {
    do {
      try await Task.sleep(for: limit)
    } catch {
      return
    }
    while true {
      let woken = state.withLock { state in
        state.calls.contains(call) ? state.settle(isForced: true) : []
      }
      guard !woken.isEmpty else { return }
      for sleeper in woken { sleeper.wake() }
    }
  }
}

/// Something that happens once, which one task waits for.
private final class Signal: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Void, Never>)
    case fired
  }

  private let state = Mutex(State.open)

  func wait() async {
    await withCheckedContinuation { continuation in
      let isFired = state.withLock { state in
        if case .fired = state { return true }
        state = .awaited(continuation)
        return false
      }
      if isFired { continuation.resume() }
    }
  }

  func fire() {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      defer { state = .fired }
      if case .awaited(let continuation) = state { return continuation }
      return nil
    }
    waiter?.resume()
  }
}
