internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import TrestleNet

/// Hummingbird's server while it runs, and the task that it runs in.
final class ServerTask: Sendable {
  let port: Int
  private let server: Server<GatewayChannel>
  private let task: Task<Void, any Error>
  private let stopTime: Duration

  private init(
    port: Int, server: Server<GatewayChannel>, task: Task<Void, any Error>, stopTime: Duration
  ) {
    self.port = port
    self.server = server
    self.task = task
    self.stopTime = stopTime
  }

  /// Begins to listen.
  static func start(
    _ channel: GatewayChannel, host: String, port: Int, limits: ServerLimits
  ) async throws(ListenError) -> ServerTask {
    let silent = Logger(label: "trestle.admin") { _ in SwiftLogNoOpLogHandler() }
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let server = Server(
      childChannelSetup: channel,
      configuration: ServerConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: .maximum(limits.connections, logger: silent)),
      onServerRunning: {
        found.yield($0.localAddress?.port ?? port)
        found.finish()
      }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: silent)
    let task = Task {
      defer { found.finish() }
      try await server.run()
    }
    for await port in ports {
      return ServerTask(port: port, server: server, task: task, stopTime: limits.stopTime)
    }
    throw ListenError(
      await task.result.failure ?? CancellationError(), host: host, port: port)
  }

  /// Lets the answers under way finish for a while, then cuts what is left.
  func stop() async {
    await withTaskGroup { group in
      group.addTask { try? await self.server.shutdownGracefully() }
      group.addTask {
        try? await Task.sleep(for: self.stopTime)
      }
      await group.next()
      task.cancel()
      group.cancelAll()
    }
    _ = await task.result
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let error) = self { return error }
    return nil
  }
}
