internal import NIOCore

/// Runs a connection's task on the connection's own event loop.
///
/// What a task of a call waits for is on that event loop too: its client's bytes, and the connection to the system
/// that it calls. Run there, it wakes no other thread, which costs more than all else that a small call does.
final class EventLoopExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
