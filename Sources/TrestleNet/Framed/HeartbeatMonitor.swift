internal import NIOCore
internal import TrestleCore

/// When a connection's heartbeat is due, and when it has been missed too often. A pure value: times go
/// in, decisions come out.
struct HeartbeatMonitor {
  enum Decision: Equatable {
    case send
    case wait(TimeAmount)
    /// Nothing has been heard for too long.
    case giveUp
  }

  private let every: TimeAmount
  private let misses: Int
  private let expectsReply: Bool
  private var lastHeard: NIODeadline
  private var lastSent: NIODeadline
  private var missed = 0
  /// How many answers in a row could not be read.
  private var garbled = 0
  private var isOutstanding = false

  init(_ heartbeat: ConnectionPlan.Heartbeat, at now: NIODeadline) {
    every = TimeAmount(heartbeat.every)
    misses = heartbeat.misses
    expectsReply = heartbeat.step.expectsReply
    lastHeard = now
    lastSent = now
  }

  mutating func heard(at now: NIODeadline) {
    lastHeard = now
    missed = 0
  }

  mutating func sent(at now: NIODeadline) { lastSent = now }

  /// The heartbeat's reply has come.
  mutating func answered(at now: NIODeadline) {
    isOutstanding = false
    garbled = 0
    heard(at: now)
  }

  /// What came as the heartbeat's reply cannot be read; whether that was once too often.
  mutating func wasGarbled(at now: NIODeadline) -> Bool {
    isOutstanding = false
    garbled += 1
    heard(at: now)
    return garbled >= misses
  }

  /// The heartbeat's reply has not come in its time; whether that was once too often.
  mutating func wentUnanswered() -> Bool {
    isOutstanding = false
    missed += 1
    return missed >= misses
  }

  /// What to do now.
  mutating func decide(at now: NIODeadline) -> Decision {
    if isOutstanding { return .wait(every) }
    if expectsReply {
      // A heartbeat that was missed is repeated at once.
      let due = max(lastHeard, lastSent) + every
      guard now >= due || missed > 0 else { return .wait(due - now) }
      isOutstanding = true
      return .send
    }
    if now - lastHeard >= .nanoseconds(every.nanoseconds * Int64(misses + 1)) { return .giveUp }
    let due = lastSent + every
    return now >= due ? .send : .wait(due - now)
  }
}
