internal import NIOCore
internal import TrestleCore

/// Performs a link between the socket and a connection's frames: bytes of the framing above go out as
/// the peer acknowledges them, and only whole messages come in.
final class LinkHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private var machine: any LinkMachine
  /// Whose failures end the connection: those who called wait for what has failed.
  private let isCaller: Bool
  private var timer: DeadlineTimer?
  /// Writes of the handler above that have not reached the peer: up to which byte each goes.
  private var promises: [(end: Int, promise: EventLoopPromise<Void>)] = []
  private var written = 0
  private var settled = 0
  /// A close that waits until what was written has reached the peer.
  private var closing: (mode: CloseMode, promise: EventLoopPromise<Void>?)?
  private var context: ChannelHandlerContext?
  /// What is to be done and was not yet: doing one thing may lead to the next.
  private var actions: [LinkAction] = []
  private var isPerforming = false
  private var isBroken = false

  init(_ link: any LinkLayer, isCaller: Bool) {
    self.isCaller = isCaller
    machine = link.makeMachine(isCaller: isCaller)
  }

  // MARK: Life of the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    timer = DeadlineTimer(on: context.eventLoop) { [weak self] in
      guard let self else { return }
      perform(machine.timeExpired())
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    timer?.cancel()
    timer = nil
    context = nil
    let waiting = promises
    promises = []
    for (_, promise) in waiting { promise.fail(ChannelError.ioOnClosedChannel) }
    closing?.promise?.succeed()
    closing = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    context.fireUserInboundEventTriggered(event)
    // A peer that sends no more answers no more either.
    if event as? ChannelEvent == .inputClosed, !machine.isIdle { context.close(promise: nil) }
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    do throws(CodecError) {
      perform(try machine.receive(Array(Self.unwrapInboundIn(data).readableBytesView)))
    } catch {
      isBroken = true
      context.fireErrorCaught(error)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    readAnswers()
  }

  /// Answers of the peer are read even where the handler above wants no more of its messages.
  private func readAnswers() {
    if !machine.isIdle { context?.read() }
  }

  // MARK: Writing

  func write(
    context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
  ) {
    let bytes = Array(Self.unwrapOutboundIn(data).readableBytesView)
    written += bytes.count
    let actions = machine.send(bytes)
    // What makes no message waits for its rest, or for the connection's end.
    if let promise { promises.append((written - machine.incompleteCount, promise)) }
    perform(actions)
    settle(0, nil)
    readAnswers()
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let refusals = event as? LinkRefusals else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    machine.refuse(refusals.count)
    promise?.succeed()
  }

  func close(
    context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
  ) {
    // Who was called owes what it has written; who closes twice means it.
    if !isCaller, machine.hasUnsent, !isBroken, closing == nil {
      closing = (mode, promise)
      return
    }
    let rest = machine.abandon()
    if !rest.isEmpty {
      context.writeAndFlush(
        Self.wrapOutboundOut(context.channel.allocator.buffer(bytes: rest)), promise: nil)
    }
    context.close(mode: mode, promise: promise)
  }

  // MARK: Performing

  private func perform(_ more: [LinkAction]) {
    actions += more
    guard !isPerforming else { return }
    isPerforming = true
    var next = 0
    while next < actions.count {
      let action = actions[next]
      next += 1
      perform(action)
    }
    actions.removeAll(keepingCapacity: true)
    isPerforming = false
    guard let closing, !machine.hasUnsent else { return }
    self.closing = nil
    context?.close(mode: closing.mode, promise: closing.promise)
  }

  private func perform(_ action: LinkAction) {
    guard let context else { return }
    switch action {
    case .write(let bytes):
      context.writeAndFlush(
        Self.wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    case .deliver(let bytes):
      context.fireChannelRead(
        Self.wrapInboundOut(context.channel.allocator.buffer(bytes: bytes)))
    case .setTimer(let time):
      if let time { timer?.set(after: TimeAmount(time)) } else { timer?.clear() }
    case .sent(let count): settle(count, nil)
    case .fail(let failure, let count):
      settle(count, failure)
      if isCaller { context.fireErrorCaught(failure) }
    }
  }

  /// So many more bytes have reached the peer, or never will.
  private func settle(_ count: Int, _ failure: LinkFailure?) {
    settled += count
    while let (end, promise) = promises.first, end <= settled {
      promises.removeFirst()
      if let failure { promise.fail(failure) } else { promise.succeed() }
    }
  }
}

/// Asks a link to refuse so many of the peer's next frames on purpose.
struct LinkRefusals: Sendable {
  let count: Int
}

extension TransportError {
  /// What a link gave up, as the one who called sees it.
  init(_ failure: LinkFailure, calling endpoint: Endpoint) {
    let limit = failure.waited.map { " within \($0.inWords)" } ?? ""
    self.init(
      kind: failure.waited == nil ? .interrupted : .timeout,
      reason: "\(endpoint.authority) \(failure.reason)\(limit)", hint: failure.hint,
      mayHaveBeenSent: failure.mayHaveBeenSent)
  }
}
