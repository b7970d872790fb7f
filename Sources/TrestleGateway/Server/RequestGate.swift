internal import NIOCore
internal import NIOHTTP1
internal import NIOTLS
internal import TrestleNet

/// Stands between a connection and the routes: lets whole and permitted requests in, one at a time,
/// and answers everything else itself.
///
/// What is refused is refused as early as it is known, most of it by the head alone, so that nobody who is
/// not let in has a body read. It keeps the connection's times, since nothing behind it sees a client that
/// sends or reads too slowly.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    /// For the next request.
    case waiting
    case receiving(HTTPRequestHead, limit: Int)
    case answering(isLast: Bool)
    /// The last answer was written: what still arrives is dropped.
    case ended
  }

  private let limits: ServerLimits
  private let rule: HeadRule
  private let budget: BodyBudget
  private var state = State.waiting
  /// What the client showed when the connection was made, where that matters.
  private var certificate: PeerCertificate?
  private var body = ByteBuffer()
  private var bodyBegan = NIODeadline.now()
  /// Each step of a request has its time: moving one deadline is cheaper than four entries in the event loop's queue.
  private var timer: DeadlineTimer?
  /// Told when the client of the answer under way goes away.
  private var departure: Departure?
  /// The request under way, while it is counted. Whoever answers it claims it too, since an answer may go on when
  /// its client has gone.
  private var admitted: HeadRule.Admitted?

  /// What will be told of the request under way, where that is asked for; whoever answers it tells it.
  private var entry: AuditEntry?

  /// Asks the gate, as an outbound event, to tell when the client goes away.
  struct Departure: Sendable {
    let tell: @Sendable () -> Void
  }

  /// Asks the gate, as an outbound event, for what it knows of the request under way. Fails where its client has gone.
  struct Claim: Sendable {
    let promise: EventLoopPromise<Claimed>
  }

  /// What goes with a request to whoever answers it.
  struct Claimed: Sendable {
    /// What it was let in as.
    var admitted: HeadRule.Admitted?
    var entry: AuditEntry?
  }

  init(limits: ServerLimits, rule: HeadRule, budget: BodyBudget) {
    self.limits = limits
    self.rule = rule
    self.budget = budget
  }

  // MARK: Life of the channel

  func handlerAdded(context: ChannelHandlerContext) {
    timer = DeadlineTimer(on: context.eventLoop) { [weak self] in self?.timedOut(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    wait(limits.http.headTime)
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    state = .ended
    timer?.cancel()
    timer = nil
    dropBody()
    admitted = nil
    depart()
  }

  private func depart() {
    departure?.tell()
    departure = nil
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    if let claim = event as? Claim {
      if case .answering = state {
        claim.promise.succeed(Claimed(admitted: admitted, entry: entry))
        entry = nil
      } else {
        claim.promise.fail(ChannelError.ioOnClosedChannel)
      }
      promise?.succeed()
      return
    }
    guard let departure = event as? Departure else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    self.departure = departure
    if case .ended = state { depart() }
    promise?.succeed()
  }

  private func dropBody() {
    budget.give(body.readableBytes)
    body = ByteBuffer()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch (event, state) {
    case (is ChannelShouldQuiesceEvent, .waiting), (is ChannelShouldQuiesceEvent, .receiving),
      (ChannelEvent.inputClosed, .waiting), (ChannelEvent.inputClosed, .receiving):
      context.close(promise: nil)
    case (TLSUserEvent.handshakeCompleted, _) where rule.access.readsCertificates:
      certificate = PeerCertificate(of: context)
      context.fireUserInboundEventTriggered(event)
    default:
      // Whoever sends no more while a stream is on has gone: a client that only listens keeps its side open.
      if case ChannelEvent.inputClosed = event { depart() }
      context.fireUserInboundEventTriggered(event)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .ended = state { return }
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    refuse(Self.refusal(of: error), context)
  }

  private static func refusal(of error: HTTPParserError) -> APIError {
    switch error {
    case .headerOverflow:
      APIError(431, .tooLarge, "the header section is too large")
    case .invalidVersion: APIError(505, .unsupported, "only HTTP/1 is spoken here")
    default: APIError(400, .unreadable, "the request is no HTTP: \(error)")
    }
  }

  // MARK: What comes in

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (state, Self.unwrapInboundIn(data)) {
    case (.waiting, .head(let head)): begin(head, context)
    case (.receiving(_, let limit), .body(let part)): take(part, limit, context)
    case (.receiving(let head, _), .end): letIn(head, context)
    default: break
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    var client: ClientToken?
    do throws(APIError) {
      let admitted = try rule.admit(head, over: certificate, of: &client)
      self.admitted = admitted
      entry = rule.entry(of: head, client, context.remoteAddress)
      state = .receiving(head, limit: admitted.bodyLimit)
      bodyBegan = .now()
      waitForBody()
      if head.headers.contains(name: "Expect") {
        let proceed = HTTPResponseHead(version: head.version, status: .continue)
        context.writeAndFlush(Self.wrapOutboundOut(.head(proceed)), promise: nil)
      }
    } catch {
      entry = rule.entry(ofRefused: head, error, client, context.remoteAddress)
      refuse(error, context)
    }
  }

  private func take(_ part: ByteBuffer, _ limit: Int, _ context: ChannelHandlerContext) {
    guard body.readableBytes + part.readableBytes <= limit else {
      return refuse(HeadRule.tooLarge(limit), context)
    }
    guard budget.take(part.readableBytes) else {
      return refuse(
        APIError(503, .conflict, "too many large requests at once", hint: "try again later"),
        context)
    }
    body.writeImmutableBuffer(part)
    waitForBody()
  }

  private func letIn(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    state = .answering(isLast: !head.isKeepAlive)
    wait(limits.answerTime)
    let whole = body
    dropBody()
    context.fireChannelRead(Self.wrapInboundOut(.head(head)))
    if whole.readableBytes > 0 { context.fireChannelRead(Self.wrapInboundOut(.body(whole))) }
    context.fireChannelRead(Self.wrapInboundOut(.end(nil)))
  }

  // MARK: What goes out

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .answering(let isLast) = state else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    wait(limits.answerTime)
    switch Self.unwrapOutboundIn(data) {
    case .head(var head):
      if isLast { head.headers.replaceOrAdd(name: "Connection", value: "close") }
      context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      departure = nil
      admitted?.admission?.end()
      admitted = nil
      state = isLast ? .ended : .waiting
      if isLast {
        context.write(data, promise: closing(context, after: promise))
      } else {
        wait(limits.http.idleTime)
        context.write(data, promise: promise)
      }
    }
  }

  /// Answers in place of the routes; nothing is read from the client any more.
  private func refuse(_ error: APIError, _ context: ChannelHandlerContext) {
    state = .ended
    dropBody()
    admitted = nil
    if let entry { rule.audit?.write(entry.line(status: error.status)) }
    entry = nil
    let content = JSONBody.bytes(of: error.value)
    var headers = HTTPHeaders(JSONBody.fields(length: content.count).map { ($0.name, $0.value) })
    for field in error.fields { headers.add(name: field.name, value: field.value) }
    headers.add(name: "Connection", value: "close")
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: error.status), headers: headers)
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    context.write(
      Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: content)))), promise: nil)
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: closing(context, after: nil))
  }

  /// A promise that ends the connection when what it is for has been written: the client can read the answer
  /// before anything that it still sends would reset the connection.
  private func closing(
    _ context: ChannelHandlerContext, after promise: EventLoopPromise<Void>?
  ) -> EventLoopPromise<Void> {
    let written = context.eventLoop.makePromise(of: Void.self)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    written.futureResult.whenComplete { _ in
      let (gate, context) = bound.value
      context.close(mode: .output, promise: nil)
      gate.wait(gate.limits.http.lingerTime)
    }
    if let promise { written.futureResult.cascade(to: promise) }
    return written
  }

  // MARK: Time

  private func waitForBody() {
    let whole = limits.http.bodyDeadline(from: bodyBegan, received: body.readableBytes)
    guard case .receiving(let head, _) = state, head.headers.contains(name: "Transfer-Encoding")
    else { return wait(until: whole) }
    wait(until: min(whole, .now() + TimeAmount(limits.chunkPause)))
  }

  private func wait(_ time: Duration) { wait(until: .now() + TimeAmount(time)) }

  private func wait(until deadline: NIODeadline) { timer?.set(deadline) }

  private func timedOut(_ context: ChannelHandlerContext) {
    guard case .receiving = state else { return context.close(promise: nil) }
    refuse(APIError(408, .timeout, "the body took too long"), context)
  }
}
