internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import TrestleCore

extension TransportError {
  /// What a failure of the network libraries means for the one who called.
  ///
  /// - Parameters:
  ///   - error: what was thrown.
  ///   - endpoint: whom we called.
  ///   - timeout: the limit of the whole exchange.
  ///   - connectTimeout: the limit for the connection, where it has one of its own.
  init(
    _ error: any Error, calling endpoint: Endpoint, timeout: Duration,
    connectTimeout: Duration? = nil
  ) {
    let peer = endpoint.authority
    switch error {
    case let error as TransportError:
      self = error
    case let error as NIOConnectionError:
      self.init(error, calling: endpoint, timeout: timeout, connectTimeout: connectTimeout)
    case let error as IOError:
      self.init(error, calling: endpoint)
    case let error as HTTPClientError:
      self.init(error, calling: endpoint, timeout: timeout, connectTimeout: connectTimeout)
    case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection:
      self = .connectionClosed(peer, mayHaveBeenSent: true)
    case is HTTPParserError, is NIOHTTPDecoderError:
      self = .notHTTP(peer)
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
      self = .tlsFailure(error, calling: endpoint)
    case ChannelError.connectTimeout(_):
      self = .connectTimeout(peer, limit: connectTimeout)
    case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed:
      // Something of the request was still to be written: the peer cannot have acted on it.
      self = .connectionClosed(peer, mayHaveBeenSent: false)
    case ChannelError.eof, ChannelError.inputClosed, ChannelError.outputClosed:
      self = .connectionClosed(peer, mayHaveBeenSent: true)
    case is CancellationError:
      self = .cancelled(peer)
    default:
      self.init(
        kind: .interrupted, reason: "the exchange with \(peer) failed: \(error)",
        mayHaveBeenSent: true)
    }
  }

  private init(
    _ error: NIOConnectionError, calling endpoint: Endpoint, timeout: Duration,
    connectTimeout: Duration?
  ) {
    if let failure = error.connectionErrors.first {
      self.init(
        failure.error, calling: endpoint, timeout: timeout, connectTimeout: connectTimeout)
      mayHaveBeenSent = false
    } else {
      self.init(
        kind: .connect, reason: "no host is named '\(endpoint.host)'",
        hint: "check the spelling, and that this machine's name service knows it")
    }
  }

  private init(_ error: IOError, calling endpoint: Endpoint) {
    let peer = endpoint.authority
    switch error.kind {
    case .refused:
      self.init(
        kind: .connect, reason: "connection refused by \(peer)",
        hint: "nothing listens there: start the service, or its mock with 'trestle mock'")
    case .unreachable:
      self.init(
        kind: .connect, reason: "\(endpoint.host) cannot be reached from this machine",
        hint: "check the network, and whether the host is up")
    case .timedOut: self = .connectTimeout(peer)
    case .brokenPipe: self = .connectionClosed(peer, mayHaveBeenSent: false)
    case .reset: self = .connectionClosed(peer, mayHaveBeenSent: true)
    case .tooManyFiles:
      self.init(
        kind: .connect, reason: "this process has too many files and sockets open",
        hint: "raise the limit (ulimit -n), or make fewer calls at once")
    case .addressUnavailable:
      self.init(
        kind: .connect, reason: "no local address or port is free to call \(peer) from",
        hint: "make fewer calls at once")
    case .addressInUse, .notPermitted, .other:
      self.init(kind: .connect, reason: "the connection to \(peer) failed: \(error)")
      mayHaveBeenSent = true
    }
  }

  private init(
    _ error: HTTPClientError, calling endpoint: Endpoint, timeout: Duration,
    connectTimeout: Duration?
  ) {
    let peer = endpoint.authority
    switch error {
    case .connectTimeout: self = .connectTimeout(peer, limit: connectTimeout)
    case .tlsHandshakeTimeout:
      self.init(
        kind: .tls,
        reason: "\(peer) did not finish the TLS handshake"
          + (connectTimeout.map { " within \($0.inWords)" } ?? ""),
        hint: "check that it speaks TLS on that port")
    case .deadlineExceeded, .readTimeout, .writeTimeout:
      self = .timeout(peer, limit: timeout)
    case .getConnectionFromPoolTimeout:
      // The connection is not there in time, or all that may be there at once are in use.
      self = .connectTimeout(peer, limit: connectTimeout)
    case .proxyAuthenticationRequired: self = .proxyWantsCredentials("the proxy", given: false)
    case .invalidProxyResponse:
      self.init(
        kind: .connect, reason: "the proxy makes no tunnel to \(peer)",
        hint: "it may allow other ports or hosts only: its log may say why")
    case .httpProxyHandshakeTimeout: self = .connectTimeout(peer, limit: connectTimeout)
    case .remoteConnectionClosed, .uncleanShutdown:
      self = .connectionClosed(peer, mayHaveBeenSent: true)
    case .cancelled, .requestStreamCancelled: self = .cancelled(peer)
    case .alreadyShutdown:
      self.init(kind: .configuration, reason: "the connections to \(peer) were already shut down")
    default:
      self.init(
        kind: .protocolViolation,
        reason: "the exchange with \(peer) failed: \(error.shortDescription)",
        mayHaveBeenSent: true)
    }
  }
}

extension TransportError {
  static func connectTimeout(_ peer: String, limit: Duration? = nil) -> TransportError {
    TransportError(
      kind: .timeout,
      reason: "no connection to \(peer) "
        + (limit.map { "within \($0.inWords)" } ?? "came about in time"),
      hint: "check the address, and whether a firewall drops the packets")
  }

  static func timeout(_ peer: String, limit: Duration) -> TransportError {
    TransportError(
      kind: .timeout, reason: "no whole answer from \(peer) within \(limit.inWords)",
      hint: "see whether the service is up and why it is slow, or raise the timeout",
      mayHaveBeenSent: true)
  }

  static func connectionClosed(_ peer: String, mayHaveBeenSent: Bool) -> TransportError {
    TransportError(
      kind: .interrupted, reason: "\(peer) closed the connection before its answer was whole",
      hint: "its log may say why", mayHaveBeenSent: mayHaveBeenSent)
  }

  static func cancelled(_ peer: String) -> TransportError {
    TransportError(
      kind: .interrupted, reason: "the call to \(peer) was cancelled", mayHaveBeenSent: true)
  }

  static func tlsFailure(_ error: any Error, calling endpoint: Endpoint) -> TransportError {
    let peer = endpoint.authority
    if error as? NIOSSLExtraError == .failedToValidateHostname {
      return TransportError(
        kind: .tls, reason: "the certificate of \(peer) is not for the name '\(endpoint.host)'",
        hint: "call it by a name in its certificate, or turn the name check off for this system")
    }
    let details = String(describing: error)
    if details.contains("CERTIFICATE_VERIFY_FAILED") {
      return TransportError(
        kind: .tls, reason: "the certificate of \(peer) is not trusted",
        hint: "it is expired, self-signed or from an unknown authority:"
          + " give the authority's certificate as the CA file")
    }
    if details.contains("WRONG_VERSION_NUMBER") || details.contains("HTTP_REQUEST") {
      return TransportError(
        kind: .tls, reason: "\(peer) does not speak TLS",
        hint: "use http:// or tcp://, or another port")
    }
    if details.contains("CERTIFICATE_REQUIRED") || details.contains("HANDSHAKE_FAILURE")
      || details.contains("BAD_CERTIFICATE") || details.contains("UNKNOWN_CA")
    {
      return TransportError(
        kind: .tls, reason: "\(peer) refused our side of TLS",
        hint: "it may want a client certificate that it trusts: give cert and key")
    }
    if case NIOSSLError.uncleanShutdown = error {
      return .connectionClosed(peer, mayHaveBeenSent: true)
    }
    return TransportError(
      kind: .tls, reason: "TLS with \(peer) failed: \(details)",
      hint: "check that it speaks TLS on that port")
  }
}

extension TransportError {
  /// An answer that came, and is none that can be used.
  static func unusableAnswer(_ reason: String, hint: String) -> TransportError {
    TransportError(kind: .protocolViolation, reason: reason, hint: hint, mayHaveBeenSent: true)
  }

  static func notHTTP(_ peer: String) -> TransportError {
    .unusableAnswer(
      "what \(peer) answered is not HTTP",
      hint: "check the port, and whether the service wants https:// there")
  }

  static func answerTooLarge(_ peer: String, limit: Int) -> TransportError {
    .unusableAnswer(
      "the answer of \(peer) is larger than \(limit) bytes",
      hint: "raise the response limit if such answers are expected")
  }

  static func proxyWantsCredentials(_ proxy: String, given: Bool) -> TransportError {
    TransportError(
      kind: .configuration,
      reason: "\(proxy) \(given ? "refused the credentials" : "wants credentials") (HTTP 407)",
      hint: "write them into its URL: http://user:password@host:port")
  }

  /// The same failure where the connection was to a proxy: what did not come about is blamed on it.
  func through(
    _ proxy: HTTPProxy, because error: any Error, calling endpoint: Endpoint
  ) -> TransportError {
    if (error as? HTTPClientError) == .proxyAuthenticationRequired {
      return .proxyWantsCredentials(
        "the proxy \(proxy.authority)", given: proxy.authorization != nil)
    }
    guard !mayHaveBeenSent, kind == .connect || kind == .timeout else { return self }
    var failure = self
    let reason = reason.replacing(endpoint.authority, with: proxy.authority)
      .replacing("'\(endpoint.host)'", with: "'\(proxy.host)'")
    failure.reason = "the proxy for \(endpoint.authority) cannot be used: \(reason)"
    failure.hint = "check proxy: in the adapter file, or HTTP_PROXY, HTTPS_PROXY and NO_PROXY"
    return failure
  }
}

extension Duration {
  /// The way people write it: `5 s`, `1.5 s`, `250 ms`.
  package var inWords: String {
    let milliseconds = components.seconds.multipliedReportingOverflow(by: 1000)
    guard !milliseconds.overflow else { return "\(components.seconds) s" }
    // To the nearest: of a limit of 2 s a call has some microseconds less.
    let total =
      milliseconds.partialValue
      &+ (components.attoseconds + 500_000_000_000_000) / 1_000_000_000_000_000
    if total < 1000 { return "\(total) ms" }
    let rest = total % 1000
    if rest == 0 { return "\(total / 1000) s" }
    var digits = String(1000 + rest).dropFirst()
    while digits.last == "0" { digits = digits.dropLast() }
    return "\(total / 1000).\(digits) s"
  }
}
