internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
package import TrestleCore

/// Sees whether an endpoint can be reached: its name, a connection, TLS. Nothing is sent over it.
package struct EndpointProbe: Sendable {
  private let endpoint: Endpoint
  private let tls: ClientTLS
  private let timeout: Duration

  /// A probe that waits so long for the connection, and once more for the TLS handshake.
  package init(_ endpoint: Endpoint, tls: ClientTLS, timeout: Duration) {
    self.endpoint = endpoint
    self.tls = tls
    self.timeout = timeout
  }

  /// Makes a connection, with TLS where the endpoint has it, and closes it.
  ///
  /// - Returns: until when its certificate is valid, in seconds since 1970; nil without TLS.
  /// - Throws: `TransportError` when there is no connection, or its TLS cannot be agreed on.
  package func connect() async throws(TransportError) -> Int64? {
    try await connect(endpoint.scheme.isSecure ? try tls.context() : nil)
  }

  /// Until when the peer's certificate is valid, in seconds since 1970, be it trusted or not; nil where it
  /// shows none.
  package func certificateEnd() async -> Int64? {
    guard var configuration = try? tls.configuration() else { return nil }
    // The connection carries nothing: what the peer shows is only looked at.
    configuration.certificateVerification = .none
    guard let context = try? NIOSSLContext(configuration: configuration) else { return nil }
    return (try? await connect(context)) ?? nil
  }

  private func connect(_ context: NIOSSLContext?) async throws(TransportError) -> Int64? {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let handshake = loop.makePromise(of: Int64?.self)
    let (endpoint, timeout) = (endpoint, timeout)
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(TimeAmount(timeout))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard let context else { return }
          try channel.pipeline.syncOperations.addTLS(context, calling: endpoint.host)
          try channel.pipeline.syncOperations.addHandler(HandshakeWatch(handshake))
        }
      }
    let connected =
      endpoint.scheme.isUnix
      ? bootstrap.connect(unixDomainSocketPath: endpoint.host)
      : bootstrap.connect(host: endpoint.host, port: endpoint.port)
    connected.whenComplete { result in
      switch result {
      case .failure(let error): handshake.fail(error)
      case .success(let channel):
        if context == nil { handshake.succeed(nil) }
        let timer = loop.scheduleTask(in: TimeAmount(timeout)) {
          handshake.fail(Self.late(endpoint, timeout))
        }
        handshake.futureResult.whenComplete { _ in
          timer.cancel()
          channel.close(promise: nil)
        }
      }
    }
    do {
      return try await handshake.futureResult.get()
    } catch {
      throw TransportError(error, calling: endpoint, timeout: timeout, connectTimeout: timeout)
    }
  }

  private static func late(_ endpoint: Endpoint, _ timeout: Duration) -> TransportError {
    TransportError(
      kind: .tls,
      reason: "\(endpoint.authority) did not finish the TLS handshake within \(timeout.inWords)",
      hint: "check that it speaks TLS on that port")
  }
}

/// Tells how a TLS handshake ended.
private final class HandshakeWatch: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let handshake: EventLoopPromise<Int64?>

  init(_ handshake: EventLoopPromise<Int64?>) { self.handshake = handshake }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent {
      let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
      handshake.succeed(certificate.map { Int64($0.notValidAfter) })
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { handshake.fail(error) }

  // The first word counts: after the end of the handshake this changes nothing.
  func channelInactive(context: ChannelHandlerContext) { handshake.fail(ChannelError.eof) }
}

extension ListeningPlace {
  /// Why nobody can listen there now; nil where one can. It is listened there for a moment.
  package func obstacle() async -> ListenError? {
    let listener = Listener(
      group: MultiThreadedEventLoopGroup.singleton, tls: nil, allowsHalfClosure: false
    ) { channel, _ in channel.close(promise: nil) }
    do throws(ListenError) {
      await (try listener.start(at: self)).shutdown(grace: .zero)
      return nil
    } catch {
      return error
    }
  }
}
