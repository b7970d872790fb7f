internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import TrestleCore

/// One client's connection to an `HTTPServer`: collects requests, has them answered in order.
///
/// Everything happens on the connection's event loop. A request whose answer is at hand is read,
/// answered and written within one turn of it, with one write for all that one read brought.
final class HTTPConnection: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  private let service: Service
  private let limits: HTTPServerLimits
  private let scheme: String

  private var context: ChannelHandlerContext?
  private var timer: DeadlineTimer?

  private enum Phase {
    /// Between requests, or inside a header section.
    case head
    /// Inside a request's body.
    case body
    /// The last answer was written or refused: what still arrives is dropped.
    case ending
  }
  private var phase = Phase.head
  private var incoming: Incoming?
  /// Bytes of a header section have arrived that is not complete.
  private var isInsideHead = false
  private var bodyBegan = NIODeadline.now()
  private var messagesInRead = 0

  /// Requests that wait for the answer to the one before (pipelining) or for the client to read.
  private var waiting = CircularBuffer<Incoming>()
  private var answering: Task<Void, Never>?
  private var output = ByteBuffer()
  private var isAnsweringWaiting = false
  private var isReading = false
  private var heldRead = false
  private var isDraining = false

  init(service: Service, limits: HTTPServerLimits, isSecure: Bool) {
    self.service = service
    self.limits = limits
    scheme = isSecure ? "https://" : "http://"
  }

  /// A request as far as it has arrived.
  private struct Incoming {
    var request: WireRequest
    var host: String
    var isLast: Bool
    var expectsContinue: Bool
  }

  // MARK: Life of the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    timer = DeadlineTimer(on: context.eventLoop) { [weak self] in self?.timedOut() }
    // NIO may add handlers to a channel that is already active.
    if context.channel.isActive { timer?.set(after: TimeAmount(limits.headTime)) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func channelActive(context: ChannelHandlerContext) {
    timer?.set(after: TimeAmount(limits.headTime))
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    phase = .ending
    timer?.cancel()
    timer = nil
    answering?.cancel()
    answering = nil
    waiting.removeAll()
    context = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is DrainEvent {
      isDraining = true
      // Nothing under way: an empty header section, no answer owed.
      if phase == .head, !isInsideHead, answering == nil, waiting.isEmpty { close() }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard phase != .ending else { return }
    switch error {
    case HTTPParserError.headerOverflow:
      refuse(HTTPRefusal(status: 431, text: "The header section is too large."))
    case HTTPParserError.invalidVersion:
      refuse(HTTPRefusal(status: 505, text: "Versions 1.1 and 1.0 of HTTP are spoken here."))
    case HTTPParserError.invalidEOFState, HTTPParserError.closedConnection:
      close()
    case is HTTPParserError:
      refuse(HTTPRefusal(status: 400, text: "The request is not HTTP/1.1."))
    default:
      // The socket failed, or a client without TLS called a TLS port: nobody to tell.
      close()
    }
  }

  // MARK: Reading

  func read(context: ChannelHandlerContext) {
    // Requests that wait are the bound on what a client may have sent ahead.
    if waiting.isEmpty, context.channel.isWritable { context.read() } else { heldRead = true }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isReading = true
    messagesInRead += 1
    switch Self.unwrapInboundIn(data) {
    case .head(let head): readHead(head)
    case .body(let part): readBody(part)
    case .end: readEnd()
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    switch phase {
    case .body: awaitBody()
    case .head:
      // Bytes that made no message are the beginning of a header section.
      if messagesInRead == 0, !isInsideHead {
        isInsideHead = true
        timer?.set(after: TimeAmount(limits.headTime))
      }
    case .ending: break
    }
    messagesInRead = 0
    flush()
    context.fireChannelReadComplete()
  }

  private func readHead(_ head: HTTPRequestHead) {
    guard phase == .head else { return }
    isInsideHead = false
    do throws(HTTPRefusal) {
      let facts = try RequestFacts(head, limits: limits)
      incoming = Incoming(
        request: WireRequest(
          method: head.method.rawValue, target: head.originTarget, headers: facts.headers),
        host: facts.host,
        // The parser treats what follows a request for an upgrade as another protocol.
        isLast: !head.isKeepAlive || facts.asksForUpgrade || head.method == .CONNECT,
        expectsContinue: facts.expectsContinue && facts.hasBody)
      phase = .body
      bodyBegan = .now()
    } catch {
      refuse(error)
    }
  }

  private func readBody(_ part: ByteBuffer) {
    guard phase == .body else { return }
    let count = incoming?.request.body.count ?? 0
    guard count + part.readableBytes <= limits.bodyBytes else {
      return refuse(.bodyTooLarge(limits))
    }
    incoming?.request.body.append(contentsOf: part.readableBytesView)
  }

  private func readEnd() {
    guard phase == .body, let complete = incoming else { return }
    incoming = nil
    phase = .head
    if answering == nil, waiting.isEmpty, context?.channel.isWritable == true {
      answer(complete)
    } else {
      waiting.append(complete)
    }
  }

  /// A read ended inside a body: tell a client that asked to go on, and set the time for the rest.
  private func awaitBody() {
    guard let received = incoming?.request.body.count else { return }
    if incoming?.expectsContinue == true, received == 0 {
      output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
    }
    incoming?.expectsContinue = false
    let earned = TimeAmount.seconds(Int64(received / max(1, limits.bodyBytesPerSecond)))
    let allowed = min(
      TimeAmount(limits.bodyTime) + earned,
      max(TimeAmount(limits.bodyTime), TimeAmount(limits.longestBodyTime)))
    timer?.set(bodyBegan + allowed)
  }

  private func timedOut() {
    switch phase {
    case .body:
      refuse(HTTPRefusal(status: 408, text: "The body did not arrive in time."))
    case .head where isInsideHead:
      refuse(HTTPRefusal(status: 408, text: "The header section did not arrive in time."))
    case .head, .ending:
      close()
    }
  }

  // MARK: Answering

  private func answer(_ incoming: Incoming) {
    let isLast = incoming.isLast
    guard incoming.request.method == "POST" else {
      return send(
        document(for: incoming), isLast: isLast, omitsBody: incoming.request.method == "HEAD")
    }
    switch service.handle(incoming.request) {
    case .now(let response):
      send(response, isLast: isLast)
    case .later(let body):
      timer?.clear()
      flush()
      guard let eventLoop = context?.eventLoop else { return }
      let connection = NIOLoopBound(self, eventLoop: eventLoop)
      answering = Task {
        let response = await body()
        eventLoop.execute { connection.value.answered(response, isLast: isLast) }
      }
    case .close:
      flushAndClose()
    }
  }

  private func answered(_ response: WireResponse?, isLast: Bool) {
    guard answering != nil else { return }
    answering = nil
    guard let response else { return flushAndClose() }
    send(response, isLast: isLast)
    answerWaiting()
    if !isReading { flush() }
  }

  /// Takes up what had to wait, then reading.
  private func answerWaiting() {
    // Writing an answer may report the channel writable again: the loop goes on by itself, and the
    // stack must not grow with what a client sends.
    guard !isAnsweringWaiting else { return }
    isAnsweringWaiting = true
    defer { isAnsweringWaiting = false }
    while phase != .ending, answering == nil, context?.channel.isWritable == true,
      let next = waiting.popFirst()
    {
      answer(next)
    }
    if waiting.isEmpty, heldRead {
      heldRead = false
      context?.read()
    }
  }

  private func document(for incoming: Incoming) -> WireResponse {
    var request = incoming.request
    let method = request.method
    if method == "GET" || method == "HEAD" {
      request.method = "GET"
      if let document = service.codec.document(for: request, at: address(incoming.host)) {
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
    let isLast = isLast || (isDraining && waiting.isEmpty)
    output.writeHTTPResponse(response, isLast: isLast, omitsBody: omitsBody)
    if isLast {
      flushAndClose()
    } else {
      timer?.set(after: TimeAmount(limits.idleTime))
      // Many pipelined requests must not gather their answers without the client reading any.
      if output.readableBytes > Self.outputMark { flush() }
    }
  }

  private static let outputMark = 64 << 10

  /// Answers with a status of HTTP's own.
  private func refuse(_ refusal: HTTPRefusal) {
    guard phase != .ending else { return }
    incoming = nil
    // Answers owed to earlier requests come first; they are dropped with the connection, as the
    // client's protocol error leaves none to send them in order after.
    waiting.removeAll()
    answering?.cancel()
    answering = nil
    output.writeHTTPResponse(.plain(refusal.status, refusal.text), isLast: true)
    phase = .ending
    guard let context else { return }
    let bytes = takeOutput()
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.linger() }
    context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: written)
  }

  /// Closes our side, and reads on for a while: a reset would take the answer from the client
  /// before it has read it.
  private func linger() {
    guard let context else { return }
    context.close(mode: .output, promise: nil)
    timer?.set(after: max(TimeAmount(limits.lingerTime), .milliseconds(1)))
    if heldRead {
      heldRead = false
      context.read()
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      // The client reads: its time starts anew.
      if phase == .head, answering == nil { timer?.set(after: TimeAmount(limits.idleTime)) }
      answerWaiting()
      if !isReading { flush() }
    }
    context.fireChannelWritabilityChanged()
  }

  // MARK: Writing

  private func flush() {
    guard output.readableBytes > 0, let context else { return }
    context.writeAndFlush(Self.wrapOutboundOut(takeOutput()), promise: nil)
  }

  private func flushAndClose() {
    guard phase != .ending, let context else { return }
    phase = .ending
    waiting.removeAll()
    guard output.readableBytes > 0 else { return context.close(promise: nil) }
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.close() }
    context.writeAndFlush(Self.wrapOutboundOut(takeOutput()), promise: written)
    // A client that does not read its last answer must not hold the connection.
    timer?.set(after: TimeAmount(limits.idleTime))
  }

  private func close() {
    phase = .ending
    context?.close(promise: nil)
  }

  private func takeOutput() -> ByteBuffer {
    defer { output = ByteBuffer() }
    return output
  }
}
