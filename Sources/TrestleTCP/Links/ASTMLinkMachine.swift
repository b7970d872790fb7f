internal import TrestleCore

/// One connection's side of an ASTM link.
struct ASTMLinkMachine: LinkMachine {
  enum State: Sendable, Hashable {
    case neutral
    /// ENQ was sent and is not answered; how often it was sent.
    case asking(Int)
    /// It is not yet time for ENQ again; how often it was sent.
    case waiting(Int)
    /// A frame was sent and is not answered; which, and how often.
    case sending(Int, tries: Int)
    case receiving
  }

  let link: ASTMLink
  let isInstrument: Bool
  private(set) var state = State.neutral
  private var queue = ASTMSendQueue()
  private var reader: ASTMLinkReader
  private var received = ASTMTransfer()
  /// How many bytes came that belong to nothing, since the last answer.
  private var noise = 0
  /// How many of the peer's next frames are refused on purpose.
  private var refusals = 0
  private var actions: [LinkAction] = []

  init(_ link: ASTMLink, isInstrument: Bool) {
    self.link = link
    self.isInstrument = isInstrument
    reader = ASTMLinkReader(maximum: link.maximum)
  }

  var isIdle: Bool { state == .neutral && queue.isEmpty }

  var hasUnsent: Bool { !queue.isEmpty }

  var incompleteCount: Int { queue.incompleteCount }

  private mutating func takeActions() -> [LinkAction] {
    defer { actions = [] }
    return actions
  }

  // MARK: What happens

  mutating func send(_ bytes: [UInt8]) -> [LinkAction] {
    queue.append(bytes)
    if state == .neutral { ask() }
    return takeActions()
  }

  mutating func receive(_ bytes: [UInt8]) throws(CodecError) -> [LinkAction] {
    reader.append(bytes)
    while let unit = try reader.next() {
      if state == .receiving { try takeReceiving(unit) } else { takeSending(unit) }
    }
    return takeActions()
  }

  mutating func timeExpired() -> [LinkAction] {
    switch state {
    case .neutral: break
    case .waiting(let times): ask(after: times)
    case .asking:
      giveUp(
        LinkFailure(
          noise == 0
            ? "gave no answer to ENQ" : "sent \(noise) bytes and no answer to ENQ",
          hint: "check that it speaks the link of ASTM E1381", waited: link.timeout))
    case .sending(let index, _):
      giveUp(
        LinkFailure(
          "gave no answer to frame \(number(index))", waited: link.timeout,
          mayHaveBeenSent: isLast(index)))
    case .receiving:
      let what = received.frames.last?.number.map { "frame \($0)" } ?? "ENQ"
      drop("sent nothing after \(what)", waited: link.receiveTimeout)
    }
    return takeActions()
  }

  mutating func refuse(_ count: Int) { refusals += count }

  mutating func abandon() -> [UInt8] {
    defer { state = .neutral }
    switch state {
    case .asking, .sending: return [ASTMControl.endOfTransmission]
    case .neutral: return queue.incomplete
    case .waiting, .receiving: return []
    }
  }

  // MARK: Sending

  private mutating func ask(after times: Int = 0) {
    guard !queue.isEmpty else { return rest() }
    noise = 0
    state = .asking(times + 1)
    write([ASTMControl.enquiry], waiting: link.timeout)
  }

  private mutating func takeSending(_ unit: ASTMLinkReader.Unit) {
    switch (state, unit) {
    case (.asking(let times), .enquiry):
      // Both asked at once: the host gives way, the instrument asks again.
      wait(isInstrument ? link.contentionPause : link.yieldPause, after: times - 1)
    case (.neutral, .enquiry), (.waiting, .enquiry): beginReceiving()
    case (.asking, .acknowledge): sendFrame(0, tries: 1)
    case (.asking(let times), .refuse):
      guard times < link.tries else {
        return giveUp(LinkFailure("is busy: it refused ENQ \(times.times) (NAK)"))
      }
      wait(link.busyPause, after: times)
    case (.sending(let index, _), .acknowledge):
      if isLast(index) { finish() } else { sendFrame(index + 1, tries: 1) }
    case (.sending(let index, let tries), .refuse):
      guard tries < link.tries else {
        return giveUp(LinkFailure("refused frame \(number(index)) \(tries.times) (NAK)"))
      }
      sendFrame(index, tries: tries + 1)
    case (.sending(let index, _), .endOfTransmission):
      // It acknowledges the frame, and asks to be let speak.
      if isLast(index) { return finish() }
      giveUp(
        LinkFailure(
          "interrupted the transfer after frame \(number(index)) of \(queue.first.count) (EOT)"))
    case (_, .noise): noise += 1
    case (_, .frame(let frame)): noise += frame.bytes.count
    default: break
    }
  }

  private mutating func sendFrame(_ index: Int, tries: Int) {
    // What misbehaves on purpose may have no frames at all.
    guard index < queue.first.count else { return finish() }
    state = .sending(index, tries: tries)
    write(queue.first[index], waiting: link.timeout)
  }

  private mutating func finish() {
    write([ASTMControl.endOfTransmission], waiting: nil)
    actions.append(.sent(queue.removeFirst()))
    takeTurns()
  }

  private mutating func giveUp(_ failure: LinkFailure) {
    write([ASTMControl.endOfTransmission], waiting: nil)
    actions.append(.fail(failure, dropping: queue.removeFirst()))
    takeTurns()
  }

  /// Goes on to the next transfer. An instrument lets the host ask first: it would win every time.
  private mutating func takeTurns() {
    if isInstrument, !queue.isEmpty { wait(link.turnPause, after: 0) } else { ask() }
  }

  private mutating func wait(_ pause: Duration, after times: Int) {
    state = .waiting(times)
    actions.append(.setTimer(pause))
  }

  private mutating func rest() {
    state = .neutral
    actions.append(.setTimer(nil))
  }

  private func isLast(_ index: Int) -> Bool { index + 1 >= queue.first.count }

  /// The number that a frame has on the wire.
  private func number(_ index: Int) -> Int { (index + 1) & 7 }

  private mutating func write(_ bytes: [UInt8], waiting time: Duration?) {
    actions.append(.write(bytes))
    actions.append(.setTimer(time))
  }

  // MARK: Receiving

  private mutating func beginReceiving() {
    received = ASTMTransfer()
    state = .receiving
    write([ASTMControl.acknowledge], waiting: link.receiveTimeout)
  }

  private mutating func takeReceiving(_ unit: ASTMLinkReader.Unit) throws(CodecError) {
    switch unit {
    // The sender lost its place and begins anew.
    case .enquiry: beginReceiving()
    case .frame where refusals > 0:
      refusals -= 1
      write([ASTMControl.refuse], waiting: link.receiveTimeout)
    case .frame(let frame):
      switch try received.take(frame, maximum: link.maximum) {
      case .accepted, .repeated:
        write([ASTMControl.acknowledge], waiting: link.receiveTimeout)
      case .refused: write([ASTMControl.refuse], waiting: link.receiveTimeout)
      }
    case .endOfTransmission:
      if received.isWhole {
        actions.append(.deliver(received.bytes))
        received = ASTMTransfer()
        rest()
        ask()
      } else if received.isEmpty, received.fault == nil {
        rest()
        ask()
      } else {
        drop(received.shortfall)
      }
    case .acknowledge, .refuse, .noise: break
    }
  }

  /// Forgets a transfer that did not come to its end.
  private mutating func drop(_ reason: String, waited: Duration? = nil) {
    received = ASTMTransfer()
    actions.append(
      .fail(
        LinkFailure(reason, waited: waited, mayHaveBeenSent: true), dropping: 0))
    rest()
    ask()
  }
}

extension Int {
  /// `six times`
  fileprivate var times: String {
    let words = [
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ]
    return (words.indices.contains(self) ? words[self] : String(self))
      + (self == 1 ? " time" : " times")
  }
}
