internal import NIOCore
internal import TrestleCore

/// A connection of our own to one HTTP service: carries one exchange after the other, and closes when
/// it has waited long for the next.
final class PlainConnection: ChannelInboundHandler, GathersOutput {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What is taken of an answer's header section.
  static let headLimits = (headBytes: 80 << 10, fieldBytes: 64 << 10, fields: 256)
  /// What goes out at once on a connection that has nothing else to send.
  private static let smallRequest = 16 << 10

  private let pool: PlainPool
  private var context: ChannelHandlerContext?
  private var timer: DeadlineTimer?
  private var call: PlainCall?
  private var parser: HTTPResponseParser?
  /// Whether the request is on its way.
  private var isFlushed = false
  /// Whether none of the request is left to be sent.
  private var isWritten = true

  init(_ pool: PlainPool) { self.pool = pool }

  /// Whether it can take a request.
  var isOpen: Bool { context?.channel.isActive == true && call == nil }

  /// Sends a request; its answer goes to its call.
  func begin(_ call: PlainCall) {
    guard let context else { return call.fail(ChannelError.ioOnClosedChannel) }
    self.call = call
    let limits = HTTPMessageLimits(
      headBytes: Self.headLimits.headBytes, fieldBytes: Self.headLimits.fieldBytes,
      fields: Self.headLimits.fields, bodyBytes: call.responseLimit)
    parser = HTTPResponseParser(answering: call.request.method, limits: limits)
    isFlushed = false
    timer?.set(call.deadline)
    var bytes = context.channel.allocator.buffer(capacity: 0)
    bytes.writeHTTPRequest(call.request)
    context.write(Self.wrapOutboundOut(bytes), promise: written(bytes.readableBytes, context))
    WriteRound.of(context.eventLoop).add(self)
  }

  /// Tells when a request is written that is too long to be so at once: a server may answer before it has
  /// read all of it.
  private func written(_ count: Int, _ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
    guard count > Self.smallRequest else { return nil }
    isWritten = false
    let promise = context.eventLoop.makePromise(of: Void.self)
    promise.futureResult.assumeIsolated().whenSuccess { self.isWritten = true }
    return promise
  }

  func flush() {
    guard call != nil, !isFlushed else { return }
    isFlushed = true
    context?.flush()
  }

  /// Closes the connection where it carries a call that nobody waits for any more.
  func abandon(_ call: PlainCall) {
    if self.call === call { close() }
  }

  /// Closes the connection; the call under way ends as cancelled.
  func shutDown() {
    call?.fail(CancellationError())
    close()
  }

  // MARK: Life of the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    // Let go of at the connection's end.
    timer = DeadlineTimer(on: context.eventLoop) { self.expired() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let call {
      if !isFlushed {
        // It closed while we took it up: nothing of the request has left.
        call.fail(ChannelError.ioOnClosedChannel)
      } else if let response = parser?.end() {
        call.succeed(response)
      } else {
        call.fail(ChannelError.eof, wasAnswered: parser?.hasBegun == true)
      }
    }
    end()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    call?.fail(isFlushed ? error : ChannelError.ioOnClosedChannel, wasAnswered: hasBegun)
    close()
  }

  private var hasBegun: Bool { parser?.hasBegun == true }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What nobody asked for is not an answer to what comes next.
    guard let call, isFlushed else {
      self.call?.fail(ChannelError.ioOnClosedChannel)
      return close()
    }
    parser?.append(Self.unwrapInboundIn(data))
    do throws(HTTPFramingError) {
      guard let response = try parser?.next() else { return }
      finish(call, response)
    } catch {
      call.fail(error)
      close()
    }
  }

  private func finish(_ call: PlainCall, _ response: HTTPResponseParser.Response) {
    let isReusable = response.head.keepsConnection && parser?.unread == 0 && isWritten
    self.call = nil
    parser = nil
    if isReusable {
      timer?.set(after: pool.limits.idleTime)
      // Before the caller goes on, whose next request then finds it free.
      pool.free(self)
    } else {
      close()
    }
    call.succeed(response)
  }

  private func expired() {
    call?.expire()
    close()
  }

  private func close() {
    let context = context
    end()
    context?.close(promise: nil)
  }

  private func end() {
    call = nil
    parser = nil
    timer?.cancel()
    timer = nil
    context = nil
    pool.remove(self)
  }
}
