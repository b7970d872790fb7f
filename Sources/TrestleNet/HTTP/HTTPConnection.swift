internal import NIOCore
internal import TrestleCore

/// One client's connection to an `HTTPServer`: cuts requests, has them answered in order.
///
/// Everything happens on the connection's event loop. A request whose answer is at hand is read,
/// answered and written within one turn of it, with one write for all that one read brought.
final class HTTPConnection: ChannelDuplexHandler, GathersOutput {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  private let service: Service
  private let limits: HTTPServerLimits
  private let scheme: String
  let policy: ConnectionPolicy

  private(set) var context: ChannelHandlerContext?
  /// Whether the client reads what it is sent.
  private var isWritable = true
  private lazy var sender = WireSender(context?.channel)
  private var round: WriteRound?
  private var timer: DeadlineTimer?
  private var parser: HTTPRequestParser
  private var output = ByteBuffer()
  private var answering: Task<Void, Never>?

  private var isReading = false
  private var heldRead = false
  private var isProceeding = false
  /// Whether a reply is being sent that misbehaves, and nothing else may be written.
  var isMisbehaving = false
  private var isDraining = false
  /// The last answer was written: what still arrives is dropped.
  private var isEnding = false

  /// Whether the time for a header section runs.
  private var isInsideHead = false
  /// When the body began that is being received.
  private var bodyBegan: NIODeadline?

  init(
    service: Service, limits: HTTPServerLimits, isSecure: Bool,
    policy: ConnectionPolicy = ConnectionPolicy()
  ) {
    self.service = service
    self.policy = policy
    self.limits = limits
    scheme = isSecure ? "https://" : "http://"
    parser = HTTPRequestParser(limits: limits)
  }

  // MARK: Life of the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    isWritable = context.channel.isWritable
    round = .of(context.eventLoop)
    // Let go of at the connection's end.
    timer = DeadlineTimer(on: context.eventLoop) { self.timedOut() }
    timer?.set(after: TimeAmount(limits.headTime))
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    isEnding = true
    timer?.cancel()
    timer = nil
    answering?.cancel()
    answering = nil
    context = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let event = event as? DrainEvent {
      isDraining = true
      if event == .due, answering == nil, !isMisbehaving, parser.progress == .nothing {
        flushAndClose()
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  // The socket failed, or a client without TLS called a TLS port: nobody to tell.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

  // MARK: Reading

  func read(context: ChannelHandlerContext) {
    if canRead { context.read() } else { heldRead = true }
  }

  private var canRead: Bool {
    // While an answer is under way a little is read on, to notice a client that leaves.
    (answering == nil && !isMisbehaving || parser.unread <= Self.readAheadMark)
      && isWritable
  }

  private static let readAheadMark = 16 << 10

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding else { return }
    isReading = true
    parser.append(Self.unwrapInboundIn(data))
    proceed()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    if output.readableBytes > 0 { round?.add(self) }
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    if isWritable {
      proceed()
      if !isReading { flush() }
    }
    context.fireChannelWritabilityChanged()
  }

  /// Whether the next request may be looked at.
  private var canProceed: Bool {
    !isEnding && answering == nil && !isMisbehaving && isWritable
  }

  /// Answers what has arrived as far as order and the client's reading allow.
  private func proceed() {
    // Writing an answer may report the channel writable again: the loop below goes on by itself,
    // and the stack must not grow with what a client sends.
    guard !isProceeding else { return }
    isProceeding = true
    defer { isProceeding = false }
    do throws(HTTPRefusal) {
      while canProceed, let request = try nextRequest() { answer(request) }
    } catch {
      return refuse(error)
    }
    if heldRead, canRead {
      heldRead = false
      context?.read()
    }
  }

  private func nextRequest() throws(HTTPRefusal) -> HTTPRequestParser.Request? {
    if let request = try parser.next() {
      isInsideHead = false
      bodyBegan = nil
      return request
    }
    switch parser.progress {
    case .nothing: break
    case .head:
      if !isInsideHead {
        isInsideHead = true
        timer?.set(after: TimeAmount(limits.headTime))
      }
    case .body(let received): awaitBody(received)
    }
    return nil
  }

  /// A body has not come whole: tell a client that asked to go on, and set the time for the rest.
  private func awaitBody(_ received: Int) {
    let began = bodyBegan ?? .now()
    if bodyBegan == nil {
      bodyBegan = began
      if parser.expectsContinue { output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n") }
    }
    timer?.set(limits.bodyDeadline(from: began, received: received))
  }

  private func timedOut() {
    if isEnding {
      close()
    } else if bodyBegan != nil {
      refuse(.bodyTimeout)
    } else if isInsideHead {
      refuse(.headTimeout)
    } else {
      close()
    }
  }

  // MARK: Answering

  private func answer(_ request: HTTPRequestParser.Request) {
    let isLast = request.head.isLast
    var message = WireRequest(
      method: request.head.method, target: request.head.target, headers: request.head.headers,
      body: request.body)
    message.sender = sender
    guard service.codec.isCall(message) else {
      let response = document(for: message, host: request.head.host)
      return send(response, isLast: isLast, omitsBody: message.method == "HEAD")
    }
    let omitsBody = message.method == "HEAD"
    switch service.handle(message) {
    case .now(let response): send(response, isLast: isLast, omitsBody: omitsBody)
    case .later(let body): awaitAnswer(body, isLast: isLast, omitsBody: omitsBody)
    case .close: flushAndClose()
    }
  }

  private func awaitAnswer(
    _ body: @escaping @Sendable () async -> WireResponse?, isLast: Bool, omitsBody: Bool
  ) {
    guard let eventLoop = context?.eventLoop else { return }
    timer?.clear()
    let connection = NIOLoopBound(self, eventLoop: eventLoop)
    answering = Task {
      let response = await body()
      eventLoop.execute {
        connection.value.answered(response, isLast: isLast, omitsBody: omitsBody)
      }
    }
  }

  private func answered(_ response: WireResponse?, isLast: Bool, omitsBody: Bool) {
    guard answering != nil else { return }
    answering = nil
    guard let response else { return flushAndClose() }
    send(response, isLast: isLast, omitsBody: omitsBody)
    proceed()
    if !isReading { flush() }
  }

  private func document(for request: WireRequest, host: String) -> WireResponse {
    let method = request.method
    if method == "GET" || method == "HEAD" {
      var request = request
      request.method = "GET"
      if let document = service.codec.document(for: request, at: address(host)) {
        return document
      }
    }
    return .plain(
      405, "Calls are made with POST; \(method) finds nothing here.", headers: ["Allow": "POST"])
  }

  /// Our address as the client knows it.
  private func address(_ host: String) -> String {
    if !host.isEmpty { return scheme + host }
    guard let local = context?.channel.localAddress, let ip = local.ipAddress else {
      return scheme + "localhost"
    }
    let name = ip.utf8.contains(UInt8(ascii: ":")) ? "[\(ip)]" : ip
    return scheme + name + (local.port.map { ":\($0)" } ?? "")
  }

  private func send(_ response: WireResponse, isLast: Bool, omitsBody: Bool = false) {
    let isLast = isLast || isDraining
    if response.$misbehaviour, let misbehaviour = response.misbehaviour {
      timer?.clear()
      return send(response, misbehaving: misbehaviour, isLast: isLast)
    }
    output.writeHTTPResponse(response, isLast: isLast, omitsBody: omitsBody)
    if isLast {
      flushAndClose()
    } else {
      timer?.set(after: TimeAmount(limits.idleTime))
      // Many pipelined requests must not gather their answers without the client reading any.
      if output.readableBytes > Self.outputMark { flush() }
    }
  }

  /// A reply was sent wrongly.
  func misbehaved(_ ending: MisbehavingSender.Ending, isLast: Bool) {
    isMisbehaving = false
    guard !isEnding else { return }
    switch ending {
    case .wasReset: isEnding = true
    case .close: flushAndClose()
    case .open where isLast || isDraining: flushAndClose()
    case .open:
      timer?.set(after: TimeAmount(limits.idleTime))
      proceed()
      if !isReading { flush() }
    }
  }

  private static let outputMark = 64 << 10
  private static let keptCapacity = 4 << 10

  // MARK: Writing

  func flush() {
    guard output.readableBytes > 0, let context else { return }
    // Taken first: writing may call back, and more be answered.
    var bytes = output
    output = ByteBuffer()
    context.writeAndFlush(NIOAny(bytes), promise: nil)
    // Written by now, as a rule: the storage is ours again, and worth keeping while it is small.
    if output.readableBytes == 0, bytes.capacity <= Self.keptCapacity {
      bytes.clear()
      output = bytes
    }
  }

  private func flushAndClose() {
    guard !isEnding, let context else { return }
    isEnding = true
    guard output.readableBytes > 0 else { return context.close(promise: nil) }
    writeLast { $0.close() }
    // A client that does not read its last answer must not hold the connection.
    timer?.set(after: TimeAmount(limits.idleTime))
  }

  /// Answers with a status of HTTP's own, and closes.
  private func refuse(_ refusal: HTTPRefusal) {
    guard !isEnding else { return }
    isEnding = true
    output.writeHTTPResponse(
      .plain(refusal.status, refusal.text, headers: refusal.headers), isLast: true)
    writeLast { $0.linger() }
    timer?.set(after: TimeAmount(limits.idleTime))
  }

  /// Closes our side, and reads on for a while: closing at once would reset the connection, which
  /// takes the answer from a client that is still sending.
  private func linger() {
    guard let context else { return }
    context.close(mode: .output, promise: nil)
    timer?.set(after: max(TimeAmount(limits.lingerTime), .milliseconds(1)))
    if heldRead {
      heldRead = false
      context.read()
    }
  }

  private func writeLast(then finish: @escaping (HTTPConnection) -> Void) {
    guard let context else { return }
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { [weak self] _ in
      if let self { finish(self) }
    }
    let bytes = output
    output = ByteBuffer()
    context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: written)
  }

  private func close() {
    isEnding = true
    // What waits for the round's end is not lost with the connection.
    flush()
    context?.close(promise: nil)
  }
}
