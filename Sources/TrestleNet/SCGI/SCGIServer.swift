internal import NIOCore
internal import NIOPosix
package import TrestleCore

/// Serves one service over SCGI, as an application behind a web server does, or rTorrent.
package struct SCGIServer: Sendable {
  private let service: Service
  private let limits: HTTPServerLimits
  private let policy: ConnectionPolicy

  package init(
    _ service: Service, limits: HTTPServerLimits = HTTPServerLimits(),
    policy: ConnectionPolicy = ConnectionPolicy()
  ) {
    self.policy = policy
    self.service = service
    self.limits = limits
  }

  /// Begins to listen.
  ///
  /// - Throws: `ListenError` naming the place and what to do about it.
  package func start(at place: ListeningPlace) async throws(ListenError) -> RunningServer {
    let service = self.service
    let limits = self.limits
    let policy = self.policy
    return try await Listener(
      group: MultiThreadedEventLoopGroup.singleton, tls: nil, allowsHalfClosure: true,
      policy: policy
    ) { channel, _ in
      try channel.pipeline.syncOperations.addHandler(
        SCGIConnection(service: service, limits: limits, policy: policy))
    }.start(at: place)
  }

  /// Listens while a body runs, and shuts down after it.
  ///
  /// - Throws: `ListenError`, and what the body throws.
  package func whileRunning<Result>(
    at place: ListeningPlace = .port(0), _ body: (RunningServer) async throws -> Result
  ) async throws -> Result {
    try await start(at: place).shutDown(after: body)
  }
}
