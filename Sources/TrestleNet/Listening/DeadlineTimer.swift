package import NIOCore

/// A connection's one timer: moving its deadline costs a comparison, not an entry in the event loop's queue.
///
/// Only a deadline earlier than the one already scheduled touches the queue; a later one is noticed
/// when the timer fires.
package final class DeadlineTimer {
  private let eventLoop: NIOIsolatedEventLoop
  private let expired: () -> Void
  private var deadline: NIODeadline?
  private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?

  /// Must be made on the event loop, which also calls `expired`.
  package init(on eventLoop: any EventLoop, expired: @escaping () -> Void) {
    self.eventLoop = eventLoop.assumeIsolated()
    self.expired = expired
  }

  /// Replaces the deadline.
  package func set(_ deadline: NIODeadline) {
    self.deadline = deadline
    if let scheduled {
      if scheduled.at <= deadline { return }
      scheduled.task.cancel()
    }
    schedule(at: deadline)
  }

  /// Replaces the deadline by one that far ahead; zero means none.
  package func set(after duration: TimeAmount) {
    if duration == .zero { clear() } else { set(.now() + duration) }
  }

  /// Forgets the deadline.
  package func clear() { deadline = nil }

  /// Forgets the deadline and what was scheduled for it.
  package func cancel() {
    deadline = nil
    scheduled?.task.cancel()
    scheduled = nil
  }

  private func schedule(at deadline: NIODeadline) {
    let task = eventLoop.scheduleTask(deadline: deadline) { self.fired() }
    scheduled = (task, deadline)
  }

  private func fired() {
    scheduled = nil
    guard let deadline else { return }
    if deadline <= .now() {
      self.deadline = nil
      expired()
    } else {
      schedule(at: deadline)
    }
  }
}
