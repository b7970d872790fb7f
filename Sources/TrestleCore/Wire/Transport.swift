/// Carries one request to a peer and brings its response back.
public protocol Transport: Sendable {
  /// Exchanges one message within a time limit for the whole exchange.
  ///
  /// - Throws: `TransportError` when no response came.
  func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse

  /// Closes what the transport holds open. Calls under way fail.
  func shutdown() async
}

extension Transport {
  /// Nothing to close.
  public func shutdown() async {}

  /// Gives the transport to a body, and shuts it down after it, also when it throws.
  package func whileOpen<Result>(
    _ body: (Self) async throws -> Result
  ) async throws -> Result {
    do {
      let result = try await body(self)
      await shutdown()
      return result
    } catch {
      await shutdown()
      throw error
    }
  }
}

/// Why no response came.
public struct TransportError: Error, Sendable, Hashable {
  /// What kind of failure it was, for exit codes and retries.
  public enum Kind: String, Sendable {
    /// No connection: refused, unreachable, unknown host.
    case connect
    /// The connection failed or closed during the exchange.
    case interrupted
    /// The time ran out.
    case timeout
    /// TLS could not be agreed on.
    case tls
    /// The peer's bytes are not the transport's protocol, or over its limits.
    case protocolViolation
    /// The address, the credentials or another part of the configuration cannot be used.
    case configuration
    /// The system failed too often in a row: nothing was sent.
    case circuitOpen
    /// Too many calls of the system are under way and wait: nothing was sent.
    case saturated
  }

  /// What kind of failure it was.
  public var kind: Kind
  /// What happened, as a clause: `connection refused by 127.0.0.1:8101`.
  public var reason: String
  /// What to do about it, as a sentence; nil when nothing sensible can be said.
  public var hint: String?
  /// Whether the peer may have received the request, so that sending it again could do its work twice.
  public var mayHaveBeenSent: Bool
  /// Whether the peer answered that it does not know who calls.
  package var isAccessRefused = false
  /// When another attempt may fare better, where that is known.
  public var retryAfter: Duration?

  /// Makes an error; one from before anything was sent unless said otherwise.
  public init(kind: Kind, reason: String, hint: String? = nil, mayHaveBeenSent: Bool = false) {
    self.kind = kind
    self.reason = reason
    self.hint = hint
    self.mayHaveBeenSent = mayHaveBeenSent
  }

  /// Makes the error of a peer that does not let the caller in.
  package init(
    kind: Kind, reason: String, hint: String?, mayHaveBeenSent: Bool, isAccessRefused: Bool
  ) {
    self.init(kind: kind, reason: reason, hint: hint, mayHaveBeenSent: mayHaveBeenSent)
    self.isAccessRefused = isAccessRefused
  }
}
