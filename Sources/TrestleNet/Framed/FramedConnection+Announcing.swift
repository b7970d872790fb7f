internal import NIOCore
internal import TrestleCore

/// What a service sends by itself, and the answers to it.
extension FramedConnection {
  /// Tells the service's observer what is wrong with the stream, which no peer could be told.
  /// `isOurs` says that what we would have sent is at fault.
  func note(_ error: CodecError, isOurs: Bool = false) {
    var error = error
    error.isCallerAtFault = !isOurs
    service.note(unframed: error, of: sender.peer ?? "a client")
  }

  /// The connection is open: greets, and sets going what is sent later.
  func beginAnnouncing() {
    for greeting in announcements.greeting() {
      do throws(CodecError) {
        output.writeBytes(try framing.replies.frame(greeting.body))
      } catch {
        note(error, isOurs: true)
      }
    }
    flush()
    for message in announcements.messages { schedule(message, in: message.delay) }
  }

  private func schedule(_ message: ScheduledMessage, in delay: Duration) {
    guard let eventLoop = context?.eventLoop else { return }
    pacer.after(delay, on: eventLoop) { [weak self] in
      guard let self, context != nil else { return }
      send(message)
      if let every = message.every { schedule(message, in: every) }
    }
  }

  private func send(_ message: ScheduledMessage) {
    let request: WireRequest, bytes: [UInt8]
    do throws(CodecError) {
      request = try message.request()
      bytes = try framing.replies.frame(request.body)
    } catch {
      return note(error, isOurs: true)
    }
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
