internal import NIOCore
internal import NIOPosix
package import TrestleCore

/// Serves one service over HTTP/1.1: every POST, on every path, is a request for it.
package struct HTTPServer: Sendable {
  private let service: Service
  private let limits: HTTPServerLimits
  private let tls: ServerTLS?
  private let policy: ConnectionPolicy

  package init(
    _ service: Service, limits: HTTPServerLimits = HTTPServerLimits(), tls: ServerTLS? = nil,
    policy: ConnectionPolicy = ConnectionPolicy()
  ) {
    self.policy = policy
    self.service = service
    self.limits = limits
    self.tls = tls
  }

  /// Begins to listen; port 0 takes any free port.
  ///
  /// - Throws: `ListenError` naming the port and what to do about it.
  package func start(
    host: String = "127.0.0.1", port: Int
  ) async throws(ListenError) -> RunningServer {
    try await start(at: .port(port, host: host))
  }

  /// Begins to listen.
  ///
  /// - Throws: `ListenError` naming the place and what to do about it.
  package func start(at place: ListeningPlace) async throws(ListenError) -> RunningServer {
    let service = self.service
    let limits = self.limits
    let policy = self.policy
    let listener = Listener(
      group: MultiThreadedEventLoopGroup.singleton, tls: tls, allowsHalfClosure: false,
      policy: policy
    ) { channel, isSecure in
      try channel.pipeline.syncOperations.addHandler(
        HTTPConnection(service: service, limits: limits, isSecure: isSecure, policy: policy))
    }
    return try await listener.start(at: place)
  }

  /// Listens while a body runs, and shuts down after it.
  ///
  /// - Throws: `ListenError`, and what the body throws.
  package func whileRunning<Result>(
    host: String = "127.0.0.1", port: Int = 0, _ body: (RunningServer) async throws -> Result
  ) async throws -> Result {
    try await start(host: host, port: port).shutDown(after: body)
  }
}
