internal import NIOCore
package import TrestleCore

/// What a server does with connections and time, where it does not do the usual.
package struct ConnectionPolicy: Sendable {
  /// By what clock the pauses within replies are; nil for the event loops' own.
  package var clock: (any Clock<Duration>)?
  /// Asked for each connection what becomes of it; nil lets it in.
  package var acceptance: (@Sendable () -> Acceptance?)?

  package init(
    clock: (any Clock<Duration>)? = nil, acceptance: (@Sendable () -> Acceptance?)? = nil
  ) {
    self.clock = clock
    self.acceptance = acceptance
  }

  var pacer: Pacer { Pacer(clock) }
}

extension ConnectionPolicy {
  /// Does with a connection what was asked for; the future ends when it may be read from.
  func carry(out acceptance: Acceptance, on channel: any Channel) -> EventLoopFuture<Void> {
    switch acceptance {
    case .late(let delay):
      let promise = channel.eventLoop.makePromise(of: Void.self)
      pacer.after(delay, on: channel.eventLoop) { promise.succeed() }
      return promise.futureResult
    case .refused, .reset:
      channel.reset()
      return channel.eventLoop.makeFailedFuture(ChannelError.eof)
    }
  }
}
