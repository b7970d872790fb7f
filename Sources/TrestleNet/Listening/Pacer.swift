internal import NIOCore

/// Does things later on an event loop: by the loop's own time, or by another clock where one is given.
struct Pacer: Sendable {
  private let clock: (any Clock<Duration>)?

  init(_ clock: (any Clock<Duration>)?) { self.clock = clock }

  /// Must be called on the event loop, which also does it.
  func after(_ delay: Duration, on eventLoop: any EventLoop, do body: @escaping () -> Void) {
    guard let clock else {
      eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { body() }
      return
    }
    let bound = NIOLoopBound(body, eventLoop: eventLoop)
    // Owned by nobody, as a scheduled task is: what it does holds its connection weakly.
    Task {
      try? await clock.sleep(for: delay)
      eventLoop.execute { bound.value() }
    }
  }
}
