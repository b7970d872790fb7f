internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import TrestleCore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Binds a port and hands every accepted connection to a handler: what servers of all protocols share.
struct Listener {
  let group: any EventLoopGroup
  let tls: ServerTLS?
  /// Whether a peer may close its sending side and still get answers.
  let allowsHalfClosure: Bool
  var policy = ConnectionPolicy()
  /// Adds a connection's handlers, knowing whether TLS is under them; called on its event loop.
  let configure: @Sendable (_ channel: any Channel, _ isSecure: Bool) throws -> Void

  func start(at place: ListeningPlace) async throws(ListenError) -> RunningServer {
    switch place {
    case .port(let port, let host): return try await start(host: host, port: port)
    case .socket(let path): return try await start(path: path)
    }
  }

  private func start(path: String) async throws(ListenError) -> RunningServer {
    let isLeftOver = try await isLeftOver(path)
    let connections = ConnectionGroup()
    let listener = try await bind(connections, path: path, isLeftOver: isLeftOver)
    return RunningServer(
      listener: listener, connections: connections, host: path, port: 0, socket: path
    ) { () throws(ListenError) in try await bind(connections, path: path, isLeftOver: false) }
  }

  private func bind(
    _ connections: ConnectionGroup, path: String, isLeftOver: Bool
  ) async throws(ListenError) -> any Channel {
    do {
      return try await bootstrap(connections, context: nil)
        .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: isLeftOver).get()
    } catch {
      throw ListenError(
        kind: .other, host: path, port: 0, reason: "cannot listen on \(path): \(error)",
        hint: "the folder must be there, and the path no longer than 103 bytes")
    }
  }

  /// Whether a socket is in the way that nobody listens on any more. One that somebody does, in whatever
  /// way, is theirs.
  private func isLeftOver(_ path: String) async throws(ListenError) -> Bool {
    do {
      let channel = try await ClientBootstrap(group: group).connect(unixDomainSocketPath: path)
        .get()
      try? await channel.close()
    } catch let error as IOError where error.errnoCode == ECONNREFUSED {
      return true
    } catch let error as IOError where error.errnoCode == ENOENT {
      return false
    } catch {
      // Told as being in use: a full backlog, another kind of socket, no permission.
    }
    throw ListenError(
      kind: .portInUse, host: path, port: 0, reason: "\(path) is in use",
      hint: "stop the program that listens there, or choose another path")
  }

  func start(host: String, port: Int) async throws(ListenError) -> RunningServer {
    guard (0...65535).contains(port) else {
      throw ListenError(
        kind: .other, host: host, port: port, reason: "\(port) is not a port",
        hint: "choose one from 1 to 65535, or 0 for any free one")
    }
    let context: NIOSSLContext?
    do throws(TransportError) {
      context = try tls?.context()
    } catch {
      throw ListenError(kind: .tls, host: host, port: port, reason: error.reason, hint: error.hint)
    }
    let connections = ConnectionGroup()
    let listener = try await bind(connections, context, host: host, port: port)
    // Port 0 was any; what comes back comes back in the same place.
    let found = listener.localAddress?.port ?? port
    return RunningServer(
      listener: listener, connections: connections, host: host, port: found
    ) { () throws(ListenError) in try await bind(connections, context, host: host, port: found) }
  }

  private func bind(
    _ connections: ConnectionGroup, _ context: NIOSSLContext?, host: String, port: Int
  ) async throws(ListenError) -> any Channel {
    do {
      return try await bootstrap(connections, context: context)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .bind(host: host, port: port).get()
    } catch {
      throw ListenError(error, host: host, port: port)
    }
  }

  private func bootstrap(
    _ connections: ConnectionGroup, context: NIOSSLContext?
  ) -> ServerBootstrap {
    let configure = self.configure
    let policy = self.policy
    let set = { @Sendable (channel: any Channel) in
      channel.eventLoop.makeCompletedFuture {
        connections.add(channel)
        if let context {
          try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        }
        try configure(channel, context != nil)
      }
    }
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .childChannelOption(.allowRemoteHalfClosure, value: allowsHalfClosure)
      .childChannelInitializer { channel in
        guard let acceptance = policy.acceptance?() else { return set(channel) }
        return policy.carry(out: acceptance, on: channel).flatMap { set(channel) }
      }
  }
}

extension ListenError {
  /// Why binding to an address and a port failed.
  package init(_ error: any Error, host: String, port: Int) {
    switch (error as? IOError)?.kind {
    case .addressInUse:
      self.init(
        kind: .portInUse, host: host, port: port, reason: "port \(port) on \(host) is in use",
        hint: "stop the program that listens there (ss -ltnp 'sport = :\(port)' names it)"
          + " or choose another port")
    case .notPermitted:
      self.init(
        kind: .notPermitted, host: host, port: port,
        reason: "listening on port \(port) is not permitted",
        hint: "choose a port from 1024 upwards")
    case .addressUnavailable:
      self.init(
        kind: .addressUnavailable, host: host, port: port,
        reason: "\(host) is not an address of this machine",
        hint: "use 127.0.0.1 for this machine only, or 0.0.0.0 for every interface")
    default:
      if error is SocketAddressError || error is NIOConnectionError {
        self.init(
          kind: .addressUnavailable, host: host, port: port,
          reason: "\(host) is not an address or a known host name",
          hint: "use 127.0.0.1 for this machine only, or 0.0.0.0 for every interface")
      } else {
        self.init(
          kind: .other, host: host, port: port, reason: "cannot listen on \(host):\(port): \(error)"
        )
      }
    }
  }
}
