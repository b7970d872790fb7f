internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import TrestleCore

/// Our own connections to HTTP services without TLS and proxies: a pool for each service and event loop.
final class PlainConnections: Sendable {
  private struct Key: Hashable {
    var host: String
    var port: Int
    var eventLoop: ObjectIdentifier
  }

  private struct State {
    var pools: [Key: NIOLoopBound<PlainPool>] = [:]
    var isShutDown = false
  }

  private let limits: PlainPool.Limits
  private let state = Mutex(State())
  /// Where the calls of those go that are on no event loop themselves: all on one, so that they find the
  /// connections that are there.
  private let home = MultiThreadedEventLoopGroup.singleton.next()

  init(limits: PlainPool.Limits) { self.limits = limits }

  /// Makes an exchange; a task that is cancelled meanwhile ends it, and its connection.
  ///
  /// - Throws: `HTTPSender.Failure` that tells whether a part of an answer had come.
  func exchange(
    _ call: PlainCall, with endpoint: Endpoint
  ) async throws(HTTPSender.Failure) -> HTTPSender.RawAnswer {
    let eventLoop = ownEventLoop
    let outcome = await withTaskCancellationHandler {
      await call.outcome {
        on(eventLoop) { connections in
          connections.pool(of: endpoint, on: eventLoop)?.send(call)
            ?? call.fail(HTTPConnections.alreadyShutDown)
        }
      }
    } onCancel: {
      call.fail(CancellationError())
      on(eventLoop) { $0.pool(of: endpoint, on: eventLoop)?.abandon(call) }
    }
    return try outcome.get()
  }

  /// The event loop that this runs on, or the one for all who are on none.
  private var ownEventLoop: any EventLoop {
    let any = MultiThreadedEventLoopGroup.singleton.any()
    return any.inEventLoop ? any : home
  }

  private func on(
    _ eventLoop: any EventLoop, _ body: @escaping @Sendable (PlainConnections) -> Void
  ) {
    if eventLoop.inEventLoop { body(self) } else { eventLoop.execute { body(self) } }
  }

  /// The pool for a service; nil after the shutdown.
  private func pool(of endpoint: Endpoint, on eventLoop: any EventLoop) -> PlainPool? {
    let key = Key(
      host: endpoint.host, port: endpoint.port, eventLoop: ObjectIdentifier(eventLoop))
    return state.withLock { state -> NIOLoopBound<PlainPool>? in
      if let known = state.pools[key] { return known }
      guard !state.isShutDown else { return nil }
      let pool = NIOLoopBound(
        PlainPool(host: key.host, port: key.port, limits: limits, on: eventLoop),
        eventLoop: eventLoop)
      state.pools[key] = pool
      return pool
    }?.value
  }

  /// Closes every connection; calls under way fail.
  func shutdown() async {
    let pools = state.withLock { state in
      state.isShutDown = true
      defer { state.pools = [:] }
      return state.pools
    }
    for pool in pools.values { try? await pool.eventLoop.submit { pool.value.shutDown() }.get() }
  }
}
