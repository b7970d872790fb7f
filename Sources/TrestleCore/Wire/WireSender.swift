internal import Synchronization

/// Who a request came from, as the listener knows it; made once for each connection.
public final class WireSender: Sendable {
  /// The sender's address, `127.0.0.1:50312` or `[::1]:50312`; nil where it has none (a socket of this
  /// machine, a call in this process).
  public let peer: String?
  /// The connection's number: connections of one process have different ones.
  public let connection: UInt64

  private static let connections = Atomic<UInt64>(0)

  /// Makes the sender behind a new connection.
  public init(peer: String?) {
    self.peer = peer
    connection = Self.connections.add(1, ordering: .relaxed).newValue
  }

  /// A sender as it was told before.
  package init(peer: String?, connection: UInt64) {
    self.peer = peer
    self.connection = connection
  }
}
