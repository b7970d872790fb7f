internal import NIOCore
internal import NIOPosix
package import TrestleCore

/// Serves one service over a TCP protocol of frames.
package struct FramedServer: Sendable {
  private let service: Service
  private let framing: any Framing
  private let limits: FramedServerLimits
  private let tls: ServerTLS?
  private let announcements: Announcements
  private let policy: ConnectionPolicy

  /// `messages` are sent to each client without being asked for.
  package init(
    _ service: Service, framing: any Framing, limits: FramedServerLimits = FramedServerLimits(),
    tls: ServerTLS? = nil, messages: [ScheduledMessage] = [],
    policy: ConnectionPolicy = ConnectionPolicy()
  ) {
    self.policy = policy
    self.service = service
    self.framing = framing
    self.limits = limits
    self.tls = tls
    var announcements = Announcements(messages: messages)
    if let codec = service.codec as? any ConnectionPlanning {
      announcements.greeting = codec.connectionPlan.greeting
    }
    self.announcements = announcements
  }

  /// Begins to listen; port 0 takes any free port.
  ///
  /// - Throws: `ListenError` naming the port and what to do about it.
  package func start(
    host: String = "127.0.0.1", port: Int
  ) async throws(ListenError) -> RunningServer {
    let (service, framing, limits, announcements) = (service, framing, limits, announcements)
    let policy = self.policy
    // Some peers close their sending side to say that they are done asking, and then read.
    let listener = Listener(
      group: MultiThreadedEventLoopGroup.singleton, tls: tls, allowsHalfClosure: true,
      policy: policy
    ) { channel, _ in
      if let link = framing.linkLayer {
        try channel.pipeline.syncOperations.addHandler(LinkHandler(link, isCaller: false))
      }
      try channel.pipeline.syncOperations.addHandler(
        FramedConnection(
          service: service, framing: framing, limits: limits, announcements: announcements,
          policy: policy))
    }
    return try await listener.start(host: host, port: port)
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
