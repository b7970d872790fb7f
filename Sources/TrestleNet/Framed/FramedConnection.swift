internal import NIOCore
internal import TrestleCore

/// One client's connection to a `FramedServer`: cuts frames, has them answered, frames the answers.
///
/// Everything happens on the connection's event loop. Answers leave in the order of their requests;
/// only where the protocol pairs them by key may a quick answer overtake a slow one.
final class FramedConnection: ChannelDuplexHandler, GathersOutput {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = Never
  typealias OutboundOut = ByteBuffer

  let service: Service
  let framing: any Framing
  /// How requests and replies are framed.
  private let requests: any Framing
  private let replies: any Framing
  /// The last reply, and its frame: a mock's constant replies are framed once.
  private var lastReply: (body: [UInt8], frame: [UInt8])?
  private let quietTime: TimeAmount?
  private let answersUnderWay: Int
  private let idleTime: TimeAmount
  private let frameTime: TimeAmount
  let announcements: Announcements
  let pacer: Pacer
  /// What the codec wants to be given back with each request.
  private let connection: (any AnyObject & Sendable)?
  /// The keys of what we sent by ourselves and have no answer to.
  var unanswered: [CorrelationKey?] = []

  private(set) var context: ChannelHandlerContext?
  /// Whether the client reads what it is sent.
  private var isWritable = true
  /// Who is at the other end, once somebody asked.
  private(set) lazy var sender = WireSender(context?.channel)
  private var round: WriteRound?
  private var timer: DeadlineTimer?
  /// Ends a request that only a pause ends.
  private var quietTimer: DeadlineTimer?
  private var decoder: any FrameDecoder

  var output = ByteBuffer()
  /// Whether output waits on purpose: for more replies, or for a pause to end.
  var isHoldingBack = false
  /// How many more replies the ones that wait are sent together with.
  var repliesToGlue = 0
  /// How often replies were held back to be glued: what was to end an earlier holding does not end a later one.
  var holdings = 0
  private(set) var closesAfterHolding = false
  private var answering: [Int: Task<Void, Never>] = [:]
  private var nextAnswer = 0
  /// Whether the answer under way must leave before another request is looked at.
  private var isInOrder = false
  /// A request that was cut from the stream but has to wait its turn.
  private var held: [UInt8]?

  /// Whether the end of the connection ends a reply; known after the first.
  private var closesAfterReply: Bool?

  private var isReading = false
  private var heldRead = false
  /// Whether the decoder holds nothing: not even what ends no frame.
  private var isDecoderEmpty = true
  /// Whether part of a frame has arrived.
  private var isInsideFrame = false
  private var isProceeding = false
  private var isInputClosed = false
  /// Whether the last frame of a closed input was taken.
  private var isInputDone = false
  private var isDraining = false
  private var isEnding = false

  init(
    service: Service, framing: any Framing, limits: FramedServerLimits,
    announcements: Announcements = Announcements(), policy: ConnectionPolicy = ConnectionPolicy()
  ) {
    pacer = policy.pacer
    self.service = service
    self.framing = framing
    requests = framing.requests
    replies = framing.replies
    quietTime = framing.requests.quietTime.map { TimeAmount($0) }
    answersUnderWay = limits.answersUnderWay
    idleTime = TimeAmount(limits.idleTime)
    frameTime = TimeAmount(limits.frameTime)
    self.announcements = announcements
    decoder = framing.requests.makeDecoder()
    connection = (service.codec as? any ConnectionPlanning)?.makeConnection()
  }

  // MARK: Life of the channel

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    isWritable = context.channel.isWritable
    round = .of(context.eventLoop)
    // Let go of at the connection's end. Nothing here is held weakly: counting references costs three times
    // as much for what is.
    timer = DeadlineTimer(on: context.eventLoop) { self.close() }
    timer?.set(after: idleTime)
    if quietTime != nil {
      quietTimer = DeadlineTimer(on: context.eventLoop) { self.becameQuiet() }
    }
  }

  func channelActive(context: ChannelHandlerContext) {
    beginAnnouncing()
    context.fireChannelActive()
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
    quietTimer?.cancel()
    quietTimer = nil
    cancelAnswers()
    context = nil
  }

  private func cancelAnswers() {
    for task in answering.values { task.cancel() }
    answering.removeAll()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? DrainEvent == .due {
      isDraining = true
      endIfDone()
    } else if event as? ChannelEvent == .inputClosed {
      isInputClosed = true
      proceed()
      if !isReading { flush() }
    } else if let failure = event as? LinkFailure {
      note(CodecError(path: "frame.link", reason: "the client \(failure.reason)"))
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? CodecError { note(error) }
    close()
  }

  // MARK: Reading

  func read(context: ChannelHandlerContext) {
    if canProceed { context.read() } else { heldRead = true }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding else { return }
    isReading = true
    let bytes = Self.unwrapInboundIn(data)
    if isDecoderEmpty, !isProceeding, canProceed,
      let message = bytes.withUnsafeReadableBytes(onlyMessage)
    {
      return proceed(with: message)
    }
    isDecoderEmpty = false
    bytes.withUnsafeReadableBytes { decoder.append(copying: $0) }
    if let quietTime { quietTimer?.set(after: quietTime) }
    proceed()
  }

  /// The message of a client that waits for each answer: one read brings one whole frame, which need not go
  /// through the decoder.
  private func onlyMessage(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    requests.messageFilling(bytes).map { Array(bytes[$0]) }
  }

  /// Nothing came for a while, which ends a request where nothing else does.
  private func becameQuiet() {
    guard !isEnding else { return }
    // A request under way goes first, as everywhere.
    guard canProceed else {
      quietTimer?.set(after: .milliseconds(10))
      return
    }
    do throws(CodecError) {
      let request = try decoder.finish()
      decoder = framing.requests.makeDecoder()
      isInsideFrame = false
      if let request { answer(request) }
    } catch {
      decoder = framing.requests.makeDecoder()
      isInsideFrame = false
      note(error)
    }
    proceed()
    flush()
  }

  /// Nothing stands behind this handler that would want to be told too.
  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    if output.readableBytes > 0 { round?.add(self) }
    // What the channel would ask for by itself next, by a longer way.
    if canProceed { context.read() }
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
    !isEnding && !isInOrder && held == nil && answering.count < answersUnderWay
      && isWritable && !(isHoldingBack && output.readableBytes > Self.heldMark)
  }

  /// Answers what has arrived as far as order and the client's reading allow.
  ///
  /// `first` goes before all; it may only be given while nothing else waits.
  func proceed(with first: [UInt8]? = nil) {
    // Writing an answer may report the channel writable again: the loop below goes on by itself,
    // and the stack must not grow with what a client sends.
    guard !isProceeding else { return }
    isProceeding = true
    defer { isProceeding = false }
    if let first {
      answer(first)
      // Nearly always: one whole frame came, and is answered.
      if isDecoderEmpty, canProceed, !isInputClosed {
        rest()
        return finishProceeding()
      }
    }
    if let request = held, !isInOrder, answering.isEmpty, !isEnding {
      held = nil
      answer(request)
    }
    do throws(CodecError) {
      while canProceed, let request = try nextRequest() { answer(request) }
    } catch {
      note(error)
      // The stream is past repair; answers under way would only be mistaken for others.
      cancelAnswers()
      return flushAndClose()
    }
    finishProceeding()
  }

  private func finishProceeding() {
    endIfDone()
    if canProceed, heldRead {
      heldRead = false
      context?.read()
    }
  }

  private func nextRequest() throws(CodecError) -> [UInt8]? {
    if let request = try decoder.next() {
      isInsideFrame = false
      return request
    }
    if isInputClosed {
      if isInputDone { return nil }
      isInputDone = true
      return try decoder.finish()
    }
    setTimer()
    return nil
  }

  /// Everything whole was taken: what is left is part of a frame, or nothing.
  private func setTimer() {
    // Half a frame stays half a frame: its time is not renewed by dripping.
    if isInsideFrame { return }
    isInsideFrame = decoder.isInsideMessage
    isDecoderEmpty = !isInsideFrame
    if isInsideFrame { timer?.set(after: frameTime) } else { rest() }
  }

  /// Nothing of a request is there: the time for the next one runs, unless answers are under way.
  private func rest() {
    if answering.isEmpty { timer?.set(roughlyAfter: idleTime) } else { timer?.clear() }
  }

  // MARK: Answering

  private func answer(_ body: [UInt8]) {
    if takeAnswer(body) { return }
    let request = ReceivedRequest(frame: body, connection: connection, sender: sender)
    if !answering.isEmpty, service.codec.correlationKey(of: request.request) == nil {
      // Its answer could not be told from those under way but by order.
      held = body
      return
    }
    switch service.handle(request) {
    case .now(let response): send(response)
    case .later(let answer):
      isInOrder = service.codec.correlationKey(of: request.request) == nil
      awaitAnswer(answer)
    case .close: flushAndClose()
    }
  }

  private func awaitAnswer(_ answer: @escaping @Sendable () async -> WireResponse?) {
    guard let eventLoop = context?.eventLoop else { return }
    let number = nextAnswer
    nextAnswer += 1
    let connection = NIOLoopBound(self, eventLoop: eventLoop)
    if !isInsideFrame { timer?.clear() }
    answering[number] = Task {
      let response = await answer()
      eventLoop.execute { connection.value.answered(number, response) }
    }
  }

  private func answered(_ number: Int, _ response: WireResponse?) {
    guard answering.removeValue(forKey: number) != nil else { return }
    isInOrder = false
    guard let response else { return flushAndClose() }
    send(response)
    if answering.isEmpty, !isInsideFrame { timer?.set(after: idleTime) }
    proceed()
    if !isReading { flush() }
  }

  private func send(_ response: WireResponse) {
    guard !response.isNothing else { return }
    let bytes: [UInt8]
    do throws(CodecError) {
      bytes = response.isUnframed ? response.body : try frame(response.body)
    } catch {
      if response.changesMessage {
        // No frame holds what was made of it: then no frame is round it.
        output.writeBytes(response.body)
        return flushAndClose()
      }
      note(error, isOurs: true)
      // Nothing that this protocol could carry would say so.
      return flushAndClose()
    }
    if response.$misbehaviour, let misbehaviour = response.misbehaviour {
      return send(bytes, misbehaving: misbehaviour)
    }
    output.writeBytes(bytes)
    let closesAfterReply = closesAfterReply ?? replies.endsByClosing(after: bytes)
    self.closesAfterReply = closesAfterReply
    if repliesToGlue > 0 { glued() }
    if closesAfterReply { return flushAndClose() }
    if output.readableBytes > Self.outputMark { flush() }
  }

  private func frame(_ body: [UInt8]) throws(CodecError) -> [UInt8] {
    if let lastReply, lastReply.body.isStored(with: body) { return lastReply.frame }
    let frame = try replies.frame(body)
    if body.count <= Self.keptReply { lastReply = (body, frame) }
    return frame
  }

  private static let keptReply = 2 << 10

  private static let outputMark = 64 << 10
  /// The most that waits on purpose before no more requests are looked at: a client that goes on sending must not
  /// fill the memory meanwhile.
  private static let heldMark = 256 << 10
  private static let keptCapacity = 4 << 10

  /// Closes once nothing is owed to a client that will ask no more, or whose server is going.
  private func endIfDone() {
    guard isInputDone || isDraining && !isInsideFrame else { return }
    if answering.isEmpty, held == nil { flushAndClose() }
  }

  // MARK: Writing

  func flush() {
    guard output.readableBytes > 0, let context, !isHoldingBack else { return }
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

  func flushAndClose() {
    guard !isEnding, let context else { return }
    // What is held back on purpose is sent first; then this is called again.
    if isHoldingBack { return closesAfterHolding = true }
    isEnding = true
    held = nil
    guard output.readableBytes > 0 else { return context.close(promise: nil) }
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.close() }
    let bytes = output
    output = ByteBuffer()
    context.writeAndFlush(Self.wrapOutboundOut(bytes), promise: written)
    // A client that does not read its last answer must not hold the connection.
    timer?.set(after: max(frameTime, .milliseconds(1)))
  }

  /// The connection was reset: nothing more is written.
  func wasReset() {
    isEnding = true
    output.clear()
  }

  private func close() {
    isEnding = true
    // What waits for the round's end is not lost with the connection.
    flush()
    context?.close(promise: nil)
  }
}

extension [UInt8] {
  /// Whether both are the same bytes in the same place. What is held cannot change in its place.
  fileprivate func isStored(with other: [UInt8]) -> Bool {
    withUnsafeBufferPointer { mine in
      other.withUnsafeBufferPointer {
        mine.baseAddress == $0.baseAddress && mine.count == $0.count
      }
    }
  }
}
