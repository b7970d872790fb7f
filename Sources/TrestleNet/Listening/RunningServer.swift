internal import NIOCore

/// A server that listens, until it is shut down.
package final class RunningServer: Sendable {
  /// The address it listens on, as numbers: `127.0.0.1`.
  package let host: String
  /// The port it listens on; the one that was found when port 0 was asked for, 0 on a socket.
  package let port: Int

  /// The path of the socket it listens on; nil where it is a port.
  package let socket: String?

  private let eventLoop: any EventLoop
  private let door: Door
  private let connections: ConnectionGroup

  init(
    listener: any Channel, connections: ConnectionGroup, host: String, port: Int,
    socket: String? = nil, bind: @escaping @Sendable () async throws(ListenError) -> any Channel
  ) {
    self.socket = socket
    eventLoop = listener.eventLoop
    door = Door(listener, bind: bind)
    self.connections = connections
    self.host = listener.localAddress?.ipAddress ?? host
    self.port = listener.localAddress?.port ?? port
  }

  /// How many connections are open.
  package var connectionCount: Int { connections.count }

  /// Stops accepting, lets the answers under way finish, closes every connection.
  ///
  /// Connections that have not finished within the grace period are cut.
  package func shutdown(grace: Duration = .seconds(10)) async {
    // Closing a second time, or after a failure, is what was wanted.
    // The file of a socket goes with its listener.
    await door.shut()
    await connections.drain(grace: TimeAmount(grace), on: eventLoop)
  }

  /// Lets nobody connect any more, and resets the connections there are: as if the server were gone.
  package func refuseConnections() async {
    await door.close()
    connections.reset()
  }

  /// Listens again, in the same place.
  ///
  /// - Throws: `ListenError` when somebody else has taken the place meanwhile.
  package func acceptConnections() async throws(ListenError) { try await door.open() }

  /// Runs a body, then shuts down without further grace.
  func shutDown<Result>(
    after body: (RunningServer) async throws -> Result
  ) async throws -> Result {
    do {
      let result = try await body(self)
      await shutdown(grace: .zero)
      return result
    } catch {
      await shutdown(grace: .zero)
      throw error
    }
  }
}
