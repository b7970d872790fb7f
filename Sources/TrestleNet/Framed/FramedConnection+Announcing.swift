internal import NIOCore
internal import TrestleCore

/// What a service sends by itself, and the answers to it.
extension FramedConnection {
  /// The connection is open: greets, and sets going what is sent later.
  func beginAnnouncing() {
    for greeting in announcements.greeting() {
      if let bytes = try? framing.replies.frame(greeting.body) { output.writeBytes(bytes) }
    }
    flush()
    for message in announcements.messages { schedule(message, in: TimeAmount(message.delay)) }
  }

  private func schedule(_ message: ScheduledMessage, in delay: TimeAmount) {
    context?.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
      guard let self, context != nil else { return }
      send(message)
      if let every = message.every { schedule(message, in: TimeAmount(every)) }
    }
  }

  private func send(_ message: ScheduledMessage) {
    guard let request = try? message.request(),
      let bytes = try? framing.replies.frame(request.body)
    else { return }
    if !request.isOneWay {
      unanswered.append(service.codec.correlationKey(of: request))
      if unanswered.count > Self.longestMemory { unanswered.removeFirst() }
    }
    output.writeBytes(bytes)
    flush()
  }

  private static let longestMemory = 1000

  /// Takes a message that answers one of ours; false for a request.
  func takeAnswer(_ body: [UInt8]) -> Bool {
    guard !unanswered.isEmpty else { return false }
    let key = service.codec.correlationKey(of: WireResponse(body: body))
    let position = unanswered.firstIndex { mine in
      guard let mine else { return true }
      return key.map { mine.pairs(with: $0) } ?? false
    }
    guard let position else { return false }
    // Its key may be a request's of the client's own: what can be read as a request is one.
    if (try? service.codec.decode(WireRequest(body: body))) != nil { return false }
    unanswered.remove(at: position)
    return true
  }
}
