internal import NIOCore
internal import NIOSSL
internal import NIOTLS
internal import TrestleCore

/// A framed transport's connection: cuts what arrives into frames, and reports to the transport,
/// which runs on the same event loop.
final class FramedClientConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Tells this connection from those before and after it.
  let number: Int
  private weak var transport: FramedTransport?
  private let framing: any Framing
  private var decoder: any FrameDecoder
  /// Ends a message that only a pause ends.
  private var quietTimer: DeadlineTimer?
  private let isSecure: Bool

  private var context: ChannelHandlerContext?
  private var isOpen = false
  private var hasEnded = false
  private var isClosing = false
  private var closesOutput = false
  private var output = ByteBuffer()

  /// Bytes that came since the last whole frame.
  private(set) var unframedBytes = 0

  /// `framing` is that of what the peer sends.
  init(number: Int, transport: FramedTransport, framing: any Framing, isSecure: Bool) {
    self.number = number
    self.transport = transport
    self.framing = framing
    decoder = framing.makeDecoder()
    self.isSecure = isSecure
  }

  var closeFuture: EventLoopFuture<Void>? { context?.channel.closeFuture }

  /// Gathers bytes until the next flush; after the last ones our side is closed.
  func send(_ bytes: [UInt8], isLast: Bool) {
    output.writeBytes(bytes)
    if isLast { closesOutput = true }
  }

  /// Sends bytes by themselves; the promise is kept when they are written, over a link acknowledged.
  func send(_ bytes: [UInt8], promise: EventLoopPromise<Void>) {
    flush()
    guard let context else { return promise.fail(ChannelError.ioOnClosedChannel) }
    context.writeAndFlush(
      Self.wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: promise)
  }

  func flush() {
    guard output.readableBytes > 0, let context else { return }
    let bytes = output
    output = ByteBuffer()
    guard closesOutput else {
      return context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: nil)
    }
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenSuccess { [weak self] in
      self?.context?.close(mode: .output, promise: nil)
    }
    context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: written)
  }

  func close() {
    isClosing = true
    context?.close(promise: nil)
  }

  // MARK: Channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    guard framing.quietTime != nil else { return }
    quietTimer = DeadlineTimer(on: context.eventLoop) { [weak self] in self?.becameQuiet() }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    quietTimer?.cancel()
    quietTimer = nil
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    // The transport gave it up while it was being made.
    if isClosing { context.close(promise: nil) } else if !isSecure { open() }
    context.fireChannelActive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted = event as? TLSUserEvent { open() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasEnded, !isClosing else { return }
    let bytes = Array(Self.unwrapInboundIn(data).readableBytesView)
    unframedBytes += bytes.count
    decoder.append(bytes)
    do throws(CodecError) {
      while let frame = try decoder.next() { received(frame, isLast: false) }
    } catch {
      end(error)
      close()
    }
    if let time = framing.quietTime { quietTimer?.set(after: TimeAmount(time)) }
  }

  /// Nothing came for a while, which ends a message where nothing else does.
  private func becameQuiet() {
    guard !hasEnded, !isClosing else { return }
    defer { decoder = framing.makeDecoder() }
    if let frame = try? decoder.finish() { received(frame, isLast: false) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !hasEnded, !isClosing {
      do throws(CodecError) {
        // Some protocols end their message by closing.
        if let frame = try decoder.finish() { received(frame, isLast: true) }
        end(nil)
      } catch {
        end(nil)
      }
    }
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(error)
    close()
  }

  private func open() {
    guard !isOpen, !hasEnded else { return }
    isOpen = true
    transport?.assumeIsolated { [number] in $0.opened(number) }
  }

  private func received(_ frame: [UInt8], isLast: Bool) {
    unframedBytes = 0
    transport?.assumeIsolated { [number] in $0.received(frame, isLast: isLast, from: number) }
  }

  private func end(_ error: (any Error)?) {
    guard !hasEnded else { return }
    hasEnded = true
    transport?.assumeIsolated { [number, isOpen] in
      $0.ended(number, wasOpen: isOpen, error: error)
    }
  }
}
