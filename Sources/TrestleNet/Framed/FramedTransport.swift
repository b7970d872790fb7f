internal import NIOCore
internal import NIOPosix
internal import NIOSSL
package import TrestleCore

/// Carries requests as frames over one TCP connection that calls share; it is made when needed, and
/// again when it was lost.
///
/// The actor runs on its connection's event loop, so that bytes and calls meet without a hop.
package actor FramedTransport: Transport {
  package nonisolated let endpoint: Endpoint
  let framing: any Framing
  let correlation: Correlation
  let options: Options
  private let tls: NIOSSLContext?
  let eventLoop: any EventLoop

  var session: FramedSession
  private var pending: [FramedSession.ID: Pending] = [:]
  private var nextID = 0
  var connection: FramedClientConnection?
  private var connectionsMade = 0
  /// Ends an attempt to connect whose TLS handshake or logon takes too long.
  var openingTimer: Scheduled<Void>?
  /// How far the connection is in its greeting and logon; nil once it carries calls.
  var opening: ConnectionOpening?
  var heartbeat: HeartbeatMonitor?
  var heartbeatTimer: Scheduled<Void>?
  private var pauseTimer: Scheduled<Void>?
  /// Why the last attempt to connect failed.
  private(set) var lastFailure: TransportError?
  /// What was told by `warn`.
  var warned: Set<String> = []
  /// Whether closing our side is what ends a request.
  private var closesSending = false
  private var knowsWhoCloses = false

  /// An exchange that has not ended.
  private struct Pending {
    let bytes: [UInt8]
    let timeout: Duration
    let timer: Scheduled<Void>
    let isOneWay: Bool
    let finish: (Result<WireResponse, TransportError>) -> Void
  }

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    eventLoop.executor.asUnownedSerialExecutor()
  }

  /// A transport to `tcp://host:port`, `tls://host:port` or `host:port`; nothing is opened yet.
  ///
  /// - Throws: `TransportError` of kind `configuration` for an endpoint or a TLS file that cannot be used.
  package init(
    _ endpoint: String, framing: any Framing, correlation: Correlation = .byOrder,
    options: Options = Options()
  ) throws(TransportError) {
    let endpoint = try Endpoint(tcp: endpoint)
    self.endpoint = endpoint
    self.framing = framing
    self.correlation = correlation
    self.options = options
    tls = endpoint.scheme.isSecure ? try options.tls.context() : nil
    eventLoop = MultiThreadedEventLoopGroup.singleton.any()
    session = FramedSession(
      inFlight: options.inFlight, isOneShot: options.isOneShot,
      persists: options.plan.reconnect != nil, keepsOpen: options.plan.keepsOpen)
  }

  /// How many replies came after their exchange had been given up.
  package var lateReplies: Int { session.lateReplies }

  /// How many bytes came that make no whole frame; nil without a connection.
  var unframedBytes: Int? { connection?.unframedBytes }

  package func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    let clock = ContinuousClock()
    let start = clock.now
    options.observer?(.sending(request, to: endpoint))
    do throws(TransportError) {
      let response = try await send(request, timeout: timeout)
      options.observer?(.received(response, after: start.duration(to: clock.now)))
      return response
    } catch {
      options.observer?(.failed(error, after: start.duration(to: clock.now)))
      throw error
    }
  }

  package func shutdown() async {
    await logOff()
    let closed = connection?.closeFuture
    heartbeatTimer?.cancel()
    pauseTimer?.cancel()
    perform(session.shutDown())
    // A connection that failed has closed as well.
    try? await closed?.get()
  }

  private func send(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    let bytes: [UInt8]
    do throws(CodecError) {
      bytes = try framing.requests.frame(request.body)
    } catch {
      throw TransportError(
        kind: .configuration, reason: "the request cannot be framed: \(error)")
    }
    learnWhoCloses(request.body, framed: bytes)
    let id = nextID
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        submit(request, bytes, timeout: timeout) { continuation.resume(returning: $0) }
        // Cancelled before there was anything to cancel.
        if Task.isCancelled { cancelled(id) }
      }
    } onCancel: {
      eventLoop.execute { self.assumeIsolated { $0.cancelled(id) } }
    }
    return try result.get()
  }

  /// Gives the session an exchange, which ends with a call of `finish`.
  func submit(
    _ request: WireRequest, _ bytes: [UInt8], timeout: Duration, isUrgent: Bool = false,
    finish: @escaping (Result<WireResponse, TransportError>) -> Void
  ) {
    let id = nextID
    nextID += 1
    let timer = eventLoop.scheduleTask(in: TimeAmount(timeout)) {
      self.assumeIsolated { $0.timedOut(id, timeout: timeout) }
    }
    pending[id] = Pending(
      bytes: bytes, timeout: timeout, timer: timer, isOneWay: request.isOneWay, finish: finish)
    perform(
      session.submit(
        id, key: request.isOneWay ? nil : correlation.requestKey(request),
        expectsReply: !request.isOneWay, isUrgent: isUrgent))
  }

  /// Finds out, once, whether closing is what ends requests or replies. Replies are tried with the
  /// request's own body; a framing that refuses it shows what it does with the first reply.
  private func learnWhoCloses(_ body: [UInt8], framed bytes: [UInt8]) {
    guard !knowsWhoCloses else { return }
    knowsWhoCloses = true
    closesSending = framing.requests.endsByClosing(after: bytes)
    var peerCloses = false
    do throws(CodecError) {
      peerCloses = framing.replies.endsByClosing(after: try framing.replies.frame(body))
    } catch {}
    if closesSending || peerCloses { session.isOneShot = true }
  }

  // MARK: What the connection reports

  func opened(_ number: Int) {
    guard connection?.number == number else { return }
    beginOpening()
  }

  func received(_ frame: [UInt8], isLast: Bool, from number: Int) {
    guard connection?.number == number else { return }
    let response = WireResponse(body: frame)
    if takeUnsolicited(response) { return }
    if opening != nil { return continueOpening(with: response) }
    let key = correlation.responseKey(response)
    // Where replies have keys, what has none cannot be read: no sign of life.
    if key != nil || correlation.isByOrder { heartbeat?.heard(at: .now()) }
    perform(session.received(key: key, isLast: isLast), response: response)
  }

  /// The connection ended, before or after it was open; a nil error is an orderly close.
  func ended(_ number: Int, wasOpen: Bool, error: (any Error)?) {
    guard connection?.number == number else { return }
    let failure: TransportError
    if let error = error as? LinkFailure {
      failure = TransportError(error, calling: endpoint)
    } else if let error = error as? CodecError {
      failure = TransportError(
        kind: .protocolViolation,
        reason: "what \(endpoint.authority) sent is not in this protocol's frames: \(error)",
        hint: "compare the frame section with what the peer sends", mayHaveBeenSent: true)
    } else if let error {
      failure = TransportError(
        error, calling: endpoint, timeout: .zero, connectTimeout: options.connectTimeout)
    } else if let step = opening?.awaited {
      failure = TransportError(
        kind: .interrupted,
        reason: "\(endpoint.authority) closed the connection instead of answering"
          + " \(step)", hint: "see conversation.session.on_connect")
    } else if wasOpen {
      failure = .connectionClosed(endpoint.authority, mayHaveBeenSent: true)
    } else {
      failure = TransportError(
        kind: .connect, reason: "\(endpoint.authority) closed the connection at once",
        hint: "check the port, and whether it speaks TLS")
    }
    lost(failure)
  }

  /// The connection is gone, or never came to carry calls.
  func lost(_ failure: TransportError, isRefusal: Bool = false) {
    let wasOpen = session.isOpen
    forgetConnection()
    if !wasOpen { lastFailure = failure }
    perform(
      wasOpen ? session.closed() : session.failedToOpen(isRefusal: isRefusal), failure: failure)
  }

  private func forgetConnection() {
    openingTimer?.cancel()
    heartbeatTimer?.cancel()
    heartbeat = nil
    opening = nil
    connection = nil
  }

  private func openingTimedOut(_ number: Int) {
    guard let connection, connection.number == number else { return }
    // Closed last: what closing reports is not what went wrong.
    defer { connection.close() }
    if let failure = opening?.timeoutError(endpoint.authority, limit: options.connectTimeout) {
      return lost(failure)
    }
    ended(
      number, wasOpen: false,
      error: ChannelError.connectTimeout(TimeAmount(options.connectTimeout)))
  }

  // MARK: Performing

  func perform(
    _ actions: [FramedSession.Action], response: WireResponse? = nil,
    failure: TransportError? = nil
  ) {
    for action in actions {
      switch action {
      case .connect: connect()
      case .connectLater(let attempt): connectLater(attempt)
      case .close:
        connection?.close()
        forgetConnection()
      case .send(let id):
        guard let exchange = pending[id] else { continue }
        heartbeat?.sent(at: .now())
        if exchange.isOneWay, framing.linkLayer != nil {
          sendAcknowledged(id, exchange.bytes)
          continue
        }
        connection?.send(exchange.bytes, isLast: closesSending)
        if exchange.isOneWay { end(id, .success(WireResponse())) }
      case .deliver(let id):
        if let response { end(id, .success(response)) }
      case .fail(let id, let reason):
        guard let timeout = pending[id]?.timeout else { continue }
        end(id, .failure(error(for: reason, timeout: timeout, failure: failure)))
      }
    }
    connection?.flush()
  }

  func end(_ id: FramedSession.ID, _ result: Result<WireResponse, TransportError>) {
    guard let exchange = pending.removeValue(forKey: id) else { return }
    exchange.timer.cancel()
    exchange.finish(result)
  }

  private func connectLater(_ attempt: Int) {
    guard let backoff = options.plan.reconnect else { return }
    // Clients that lost one server together shall not come back all at once.
    let delay = backoff.delay(before: attempt) * Double.random(in: 0.8...1.2)
    pauseTimer?.cancel()
    pauseTimer = eventLoop.scheduleTask(in: TimeAmount(delay)) {
      self.assumeIsolated { $0.perform($0.session.pauseEnded()) }
    }
  }

  private func connect() {
    connectionsMade += 1
    let connection = FramedClientConnection(
      number: connectionsMade, transport: self, framing: framing.replies,
      isSecure: tls != nil
    )
    self.connection = connection
    let (tls, host, number) = (tls, endpoint.host, connection.number)
    let link = framing.linkLayer
    if tls != nil || !options.plan.opening.isEmpty || options.plan.greetings > 0 {
      openingTimer = eventLoop.scheduleTask(in: TimeAmount(options.connectTimeout)) {
        self.assumeIsolated { $0.openingTimedOut(number) }
      }
    }
    let bound = NIOLoopBound(connection, eventLoop: eventLoop)
    ClientBootstrap(group: eventLoop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_keepalive), value: 1)
      .connectTimeout(TimeAmount(options.connectTimeout))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls { try channel.pipeline.syncOperations.addTLS(tls, calling: host) }
          if let link {
            try channel.pipeline.syncOperations.addHandler(LinkHandler(link, isCaller: true))
          }
          try channel.pipeline.syncOperations.addHandler(bound.value)
        }
      }
      .connect(host: host, port: endpoint.port)
      .whenFailure { error in
        self.assumeIsolated { $0.ended(number, wasOpen: false, error: error) }
      }
  }
}

/// Gives a transport to a body, and closes its connection after it.
///
/// - Throws: what the body throws, and `TransportError` for an unusable endpoint.
package func withFramedTransport<Result>(
  _ endpoint: String, framing: any Framing, correlation: FramedTransport.Correlation = .byOrder,
  options: FramedTransport.Options = FramedTransport.Options(),
  _ body: (FramedTransport) async throws -> Result
) async throws -> Result {
  try await FramedTransport(
    endpoint, framing: framing, correlation: correlation, options: options
  ).whileOpen(body)
}

extension ChannelPipeline.SynchronousOperations {
  func addTLS(_ context: NIOSSLContext, calling host: String) throws {
    // An address has no server name (RFC 6066 §3); the certificate is then checked for the address.
    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    try addHandler(
      NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host))
  }
}
