internal import NIOCore
internal import TrestleCore

/// One client's connection to a service over SCGI: one request, one answer, and the end.
final class SCGIConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let service: Service
  private let limits: HTTPServerLimits
  private var parser: SCGIRequestParser
  private var context: ChannelHandlerContext?
  private var timer: DeadlineTimer?
  private var answering: Task<Void, Never>?
  private var isAnswered = false
  private var bodyBegan: NIODeadline?

  private let policy: ConnectionPolicy

  init(
    service: Service, limits: HTTPServerLimits, policy: ConnectionPolicy = ConnectionPolicy()
  ) {
    self.policy = policy
    self.service = service
    self.limits = limits
    parser = SCGIRequestParser(limits: limits)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    timer = DeadlineTimer(on: context.eventLoop) { [weak self] in self?.timedOut() }
    timer?.set(after: TimeAmount(limits.headTime))
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    timer?.cancel()
    timer = nil
    answering?.cancel()
    answering = nil
    context = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? DrainEvent == .due, answering == nil, parser.isEmpty {
      context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // One request: whatever a client sends behind it is dropped.
    guard !isAnswered, answering == nil else { return }
    parser.append(Self.unwrapInboundIn(data))
    do throws(HTTPRefusal) {
      if let request = try parser.next() { return answer(request) }
    } catch {
      return send(.plain(error.status, error.text, headers: error.headers))
    }
    guard let received = parser.bodyReceived else { return }
    let began = bodyBegan ?? .now()
    bodyBegan = began
    timer?.set(limits.bodyDeadline(from: began, received: received))
  }

  private func timedOut() {
    if isAnswered {
      context?.close(promise: nil)
    } else {
      send(.plain(408, "The request did not arrive in time."))
    }
  }

  private func answer(_ request: WireRequest) {
    guard service.codec.isCall(request) else {
      let document = service.codec.document(for: request, at: "http://localhost")
      return send(document ?? .plain(405, "Calls are made with POST.", headers: ["Allow": "POST"]))
    }
    var request = request
    request.sender = WireSender(context?.channel)
    switch service.handle(request) {
    case .now(let response): send(response)
    case .close: context?.close(promise: nil)
    case .later(let body):
      guard let eventLoop = context?.eventLoop else { return }
      timer?.clear()
      let connection = NIOLoopBound(self, eventLoop: eventLoop)
      answering = Task {
        let response = await body()
        eventLoop.execute { connection.value.answered(response) }
      }
    }
  }

  private func answered(_ response: WireResponse?) {
    guard answering != nil else { return }
    answering = nil
    if let response { send(response) } else { context?.close(promise: nil) }
  }

  private func send(_ response: WireResponse) {
    guard let context, !isAnswered else { return }
    isAnswered = true
    var output = ByteBuffer()
    if response.$misbehaviour, let misbehaviour = response.misbehaviour {
      output.writeCGIResponse(response, lengthError: misbehaviour.lengthError)
      timer?.clear()
      return MisbehavingSender(misbehaviour, context: context, pacer: policy.pacer) {
        [weak self] _ in self?.finish()
      }.send(Array(output.readableBytesView))
    }
    output.writeCGIResponse(response)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.finish() }
    context.writeAndFlush(Self.wrapOutboundOut(output), promise: written)
    timer?.set(after: TimeAmount(limits.idleTime))
  }

  /// The end of the connection is the end of the answer. A client that is still sending must be able to
  /// read it, so our side is closed first.
  private func finish() {
    guard let context else { return }
    context.close(mode: .output, promise: nil)
    timer?.set(after: max(TimeAmount(limits.lingerTime), .milliseconds(1)))
  }
}
