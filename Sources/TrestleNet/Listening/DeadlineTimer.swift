package import NIOCore
internal import TrestleCore

/// A connection's one timer: moving its deadline costs a comparison, not an entry in the event loop's queue.
///
/// Only a deadline earlier than the one already scheduled touches the queue; a later one is noticed
/// when the timer fires.
package final class DeadlineTimer {
  private let eventLoop: NIOIsolatedEventLoop
  private let expired: () -> Void
  private var deadline: NIODeadline?
  private var scheduled: Scheduled<Void>?
  /// When what is scheduled fires.
  private var firesAt = NIODeadline.distantFuture

  /// Must be made on the event loop, which also calls `expired`.
  package init(on eventLoop: any EventLoop, expired: @escaping () -> Void) {
    self.eventLoop = eventLoop.assumeIsolated()
    self.expired = expired
  }

  /// Replaces the deadline.
  package func set(_ deadline: NIODeadline) {
    self.deadline = deadline
    if firesAt <= deadline { return }
    scheduled?.cancel()
    schedule(at: deadline)
  }

  /// Replaces the deadline by one that far ahead; zero means none.
  package func set(after duration: TimeAmount) {
    if duration == .zero { clear() } else { set(.now() + duration) }
  }

  /// Replaces the deadline by one that far ahead, give or take some milliseconds; zero means none.
  ///
  /// For what is set with every request: it looks at the time of the kernel's last tick, which costs less.
  package func set(roughlyAfter duration: TimeAmount) {
    if duration == .zero { clear() } else { set(.lastTick + duration) }
  }

  /// Forgets the deadline.
  package func clear() { deadline = nil }

  /// Forgets the deadline and what was scheduled for it.
  package func cancel() {
    deadline = nil
    scheduled?.cancel()
    scheduled = nil
    firesAt = .distantFuture
  }

  private func schedule(at deadline: NIODeadline) {
    scheduled = eventLoop.scheduleTask(deadline: deadline) { self.fired() }
    firesAt = deadline
  }

  private func fired() {
    scheduled = nil
    firesAt = .distantFuture
    guard let deadline else { return }
    if deadline <= .now() {
      self.deadline = nil
      expired()
    } else {
      schedule(at: deadline)
    }
  }
}

extension NIODeadline {
  /// About now: NIO's deadlines are of the same clock, but where there is no cheaper way to read it.
  fileprivate static var lastTick: NIODeadline {
    #if os(Linux)
      .uptimeNanoseconds(UInt64(SystemTime.lastTick))
    #else
      .now()
    #endif
  }
}
