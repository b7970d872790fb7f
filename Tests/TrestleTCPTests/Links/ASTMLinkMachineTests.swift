import Testing
import TrestleCore

@testable import TrestleTCP

/// A step of a session: what one side does, and what the other is seen to do.
private enum Step: Sendable {
  /// The framing above gives a message.
  case send(String)
  /// The peer sends bytes.
  case receive([UInt8])
  /// The time that was waited for passes.
  case wait
  /// The link writes bytes.
  case writes([UInt8])
  /// It hands up a message.
  case delivers(String)
  /// It has sent what it was given.
  case sent
  /// It gives something up.
  case fails(String)
  /// The time that it waits for now.
  case timer(Duration?)
}

private let enq: [UInt8] = [0x05]
private let ack: [UInt8] = [0x06]
private let nak: [UInt8] = [0x15]
private let eot: [UInt8] = [0x04]

private func frame(_ number: Int, _ text: String, isLast: Bool = true) -> [UInt8] {
  let body: [UInt8] = Array("\(number)\(text)".utf8) + [isLast ? 0x03 : 0x17]
  let digits = String(body.reduce(UInt8(0), &+), radix: 16, uppercase: true)
  return [0x02] + body + Array((digits.utf8.count < 2 ? "0" : "").utf8) + Array(digits.utf8)
    + [0x0D, 0x0A]
}

@Suite("ASTM link")
struct ASTMLinkMachineTests {
  /// Plays a session: with its pieces as they are, with everything received byte by byte, and with a
  /// split at every place.
  private func play(
    by link: ASTMLink = ASTMLink(), isInstrument: Bool = false, _ steps: [Step],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let longest = steps.map { if case .receive(let bytes) = $0 { bytes.count } else { 0 } }.max()
    for place in 0...(longest ?? 0) {
      try playOnce(link, isInstrument, steps, sourceLocation) { bytes in
        let place = min(place, bytes.count)
        return [Array(bytes[..<place]), Array(bytes[place...])]
      }
    }
    try playOnce(link, isInstrument, steps, sourceLocation) { bytes in bytes.map { [$0] } }
  }

  private func playOnce(
    _ link: ASTMLink, _ isInstrument: Bool, _ steps: [Step], _ sourceLocation: SourceLocation,
    split: ([UInt8]) -> [[UInt8]]
  ) throws {
    var machine = ASTMLinkMachine(link, isInstrument: isInstrument)
    let framing = ASTMFraming(settings: link)
    var written: [UInt8] = []
    var found: [LinkAction] = []
    var timer: Duration?
    func note(_ actions: [LinkAction]) {
      for action in actions {
        switch action {
        case .write(let bytes): written += bytes
        case .setTimer(let time): timer = time
        default: found.append(action)
        }
      }
    }
    func next() -> LinkAction? { found.isEmpty ? nil : found.removeFirst() }
    for step in steps {
      switch step {
      case .send(let text): note(machine.send(try framing.frame(Array(text.utf8))))
      case .receive(let bytes): for piece in split(bytes) { note(try machine.receive(piece)) }
      case .wait:
        #expect(timer != nil, sourceLocation: sourceLocation)
        timer = nil
        note(machine.timeExpired())
      case .writes(let bytes):
        #expect(written == bytes, sourceLocation: sourceLocation)
        written = []
      case .delivers(let text):
        guard case .deliver(let bytes) = next() else {
          Issue.record("delivers nothing", sourceLocation: sourceLocation)
          continue
        }
        #expect(
          try messages(of: [bytes], by: framing) == [Array(text.utf8)],
          sourceLocation: sourceLocation)
      case .sent:
        guard case .sent(let count) = next() else {
          Issue.record("sent nothing", sourceLocation: sourceLocation)
          continue
        }
        #expect(count > 0, sourceLocation: sourceLocation)
      case .fails(let reason):
        guard case .fail(let failure, _) = next() else {
          Issue.record("fails not", sourceLocation: sourceLocation)
          continue
        }
        #expect(failure.reason == reason, sourceLocation: sourceLocation)
      case .timer(let expected): #expect(timer == expected, sourceLocation: sourceLocation)
      }
    }
    #expect(written == [], sourceLocation: sourceLocation)
    #expect(found == [], sourceLocation: sourceLocation)
  }

  // MARK: Sending

  @Test("a message is asked for, sent frame by frame as it is acknowledged, and ended")
  func sends() throws {
    try play([
      .send("H|1\rL|1\r"), .writes(enq), .timer(.seconds(15)),
      .receive(ack), .writes(frame(1, "H|1\r")), .timer(.seconds(15)),
      .receive(ack), .writes(frame(2, "L|1\r")),
      .receive(ack), .writes(eot), .sent, .timer(nil),
    ])
  }

  @Test("numbers go from 1 to 7, then to 0")
  func numbers() throws {
    let records = (1...9).map { "R|\($0)\r" }
    var steps: [Step] = [.send(records.joined()), .writes(enq)]
    for (position, record) in records.enumerated() {
      steps += [.receive(ack), .writes(frame((position + 1) % 8, record))]
    }
    try play(steps + [.receive(ack), .writes(eot), .sent])
  }

  @Test("a text that is too long for a frame goes into several, all but the last with ETB")
  func blocks() throws {
    var link = ASTMLink()
    link.frameText = 4
    try play(
      by: link,
      [
        .send("H|123456\rL|1\r"), .writes(enq), .receive(ack),
        .writes(frame(1, "H|12", isLast: false)), .receive(ack),
        .writes(frame(2, "3456", isLast: false)), .receive(ack), .writes(frame(3, "\r")),
        .receive(ack), .writes(frame(4, "L|1\r")), .receive(ack), .writes(eot), .sent,
      ])
    link.split = .message
    try play(
      by: link,
      [
        .send("H|1\rL|1\r"), .writes(enq), .receive(ack),
        .writes(frame(1, "H|1\r", isLast: false)), .receive(ack), .writes(frame(2, "L|1\r")),
        .receive(ack), .writes(eot), .sent,
      ])
  }

  @Test("a refused frame is sent again, and given up after the sixth time")
  func refused() throws {
    let wire = frame(1, "L|1\r")
    try play([
      .send("L|1\r"), .writes(enq), .receive(ack), .writes(wire),
      .receive(nak), .writes(wire), .receive(nak), .writes(wire),
      .receive(ack), .writes(eot), .sent,
    ])
    var steps: [Step] = [.send("L|1\r"), .writes(enq), .receive(ack), .writes(wire)]
    for _ in 1..<6 { steps += [.receive(nak), .writes(wire)] }
    try play(
      steps + [
        .receive(nak), .writes(eot), .fails("refused frame 1 six times (NAK)"), .timer(nil),
      ])
  }

  @Test("a busy peer is asked again after a pause, and given up in the end")
  func busy() throws {
    try play([
      .send("L|1\r"), .writes(enq), .receive(nak), .timer(.seconds(10)), .wait, .writes(enq),
      .receive(ack), .writes(frame(1, "L|1\r")), .receive(ack), .writes(eot), .sent,
    ])
    var link = ASTMLink()
    link.tries = 2
    try play(
      by: link,
      [
        .send("L|1\r"), .writes(enq), .receive(nak), .wait, .writes(enq), .receive(nak),
        .writes(eot), .fails("is busy: it refused ENQ two times (NAK)"),
      ])
  }

  @Test("a peer that gives no answer is given up when the time is over")
  func silent() throws {
    try play([.send("L|1\r"), .writes(enq), .wait, .writes(eot), .fails("gave no answer to ENQ")])
    try play([
      .send("L|1\r"), .writes(enq), .receive(Array("HTTP".utf8)), .wait, .writes(eot),
      .fails("sent 4 bytes and no answer to ENQ"),
    ])
    try play([
      .send("H|1\rL|1\r"), .writes(enq), .receive(ack), .writes(frame(1, "H|1\r")), .receive(ack),
      .writes(frame(2, "L|1\r")), .wait, .writes(eot), .fails("gave no answer to frame 2"),
    ])
  }

  @Test("EOT in place of ACK takes a frame and ends the transfer")
  func interrupted() throws {
    try play([
      .send("H|1\rL|1\r"), .writes(enq), .receive(ack), .writes(frame(1, "H|1\r")), .receive(eot),
      .writes(eot), .fails("interrupted the transfer after frame 1 of 2 (EOT)"),
    ])
    try play([
      .send("L|1\r"), .writes(enq), .receive(ack), .writes(frame(1, "L|1\r")), .receive(eot),
      .writes(eot), .sent,
    ])
  }

  @Test("messages wait for one another")
  func queue() throws {
    try play([
      .send("L|1\r"), .writes(enq), .send("L|2\r"), .receive(ack), .writes(frame(1, "L|1\r")),
      .receive(ack), .writes(eot + enq), .sent, .receive(ack), .writes(frame(1, "L|2\r")),
      .receive(ack), .writes(eot), .sent,
    ])
  }

  // MARK: Both at once

  @Test("a host gives way, and asks when the instrument is done")
  func hostYields() throws {
    try play([
      .send("Q|1\r"), .writes(enq), .receive(enq), .timer(.seconds(20)),
      .receive(enq), .writes(ack), .receive(frame(1, "R|1\r")), .writes(ack),
      .receive(eot), .writes(enq), .delivers("R|1\r"), .receive(ack), .writes(frame(1, "Q|1\r")),
      .receive(ack), .writes(eot), .sent,
    ])
    try play([.send("Q|1\r"), .writes(enq), .receive(enq), .wait, .writes(enq)])
  }

  @Test("an instrument has the right of way, and asks again after a second")
  func instrumentInsists() throws {
    try play(
      isInstrument: true,
      [
        .send("R|1\r"), .writes(enq), .receive(enq), .timer(.seconds(1)), .wait, .writes(enq),
        .receive(ack), .writes(frame(1, "R|1\r")), .receive(ack), .writes(eot), .sent,
      ])
  }

  @Test("an instrument with more to send lets the host ask in between")
  func takesTurns() throws {
    try play(
      isInstrument: true,
      [
        .send("R|1\r"), .writes(enq), .send("R|2\r"), .receive(ack), .writes(frame(1, "R|1\r")),
        .receive(ack), .writes(eot), .sent, .timer(.milliseconds(100)), .receive(enq),
        .writes(ack), .receive(frame(1, "Q|1\r")), .writes(ack), .receive(eot),
        .delivers("Q|1\r"), .writes(enq), .receive(ack), .writes(frame(1, "R|2\r")),
        .receive(ack), .writes(eot), .sent,
      ])
  }

  // MARK: Receiving

  @Test("frames are acknowledged, and the joined message is handed up at the end")
  func receives() throws {
    try play([
      .receive(enq), .writes(ack), .timer(.seconds(30)),
      .receive(frame(1, "H|1", isLast: false)), .writes(ack), .timer(.seconds(30)),
      .receive(frame(2, "23\rL|1\r")), .writes(ack), .receive(eot), .delivers("H|123\rL|1\r"),
      .timer(nil),
    ])
  }

  @Test("a frame with a wrong check, number or end is refused, and taken when it comes right")
  func refuses() throws {
    var wrong = frame(1, "L|1\r")
    wrong[3] ^= 1
    try play([
      .receive(enq), .writes(ack), .receive(wrong), .writes(nak), .receive(frame(2, "L|1\r")),
      .writes(nak), .receive(frame(8, "L|1\r")), .writes(nak),
      .receive([2, 3, 0x30, 0x33, 13, 10]),
      .writes(nak), .receive(frame(1, "L|1\r")), .writes(ack), .receive(eot), .delivers("L|1\r"),
    ])
    try play([
      .receive(enq), .writes(ack), .receive(wrong), .writes(nak), .receive(eot),
      .fails("gave up sending: frame 1 has the check 3A, not 3B"), .timer(nil),
    ])
  }

  @Test("a frame that comes twice is acknowledged twice and taken once")
  func repeated() throws {
    try play([
      .receive(enq), .writes(ack), .receive(frame(1, "H|1\r")), .writes(ack),
      .receive(frame(1, "H|1\r")), .writes(ack), .receive(frame(2, "L|1\r")), .writes(ack),
      .receive(eot), .delivers("H|1\rL|1\r"),
    ])
  }

  @Test("a transfer that does not come to its end is dropped")
  func dropped() throws {
    try play([
      .receive(enq), .writes(ack), .receive(frame(1, "H", isLast: false)), .writes(ack), .wait,
      .fails("sent nothing after frame 1"), .receive(eot), .receive(enq), .writes(ack),
      .receive(frame(1, "L|1\r")), .writes(ack), .receive(eot), .delivers("L|1\r"),
    ])
    try play([
      .receive(enq), .writes(ack), .receive(frame(1, "H", isLast: false)), .writes(ack),
      .receive(eot),
      .fails("stopped sending after frame 1, which ends in ETB: more was to come"),
    ])
    try play([
      .receive(enq), .writes(ack), .receive(frame(1, "H|1\r")), .writes(ack), .receive(enq),
      .writes(ack), .receive(frame(1, "L|1\r")), .writes(ack), .receive(eot), .delivers("L|1\r"),
    ])
    try play([.receive(enq), .writes(ack), .receive(eot), .timer(nil)])
  }

  @Test("bytes that belong to nothing are passed over, and a frame may begin anew within one")
  func noise() throws {
    let anew: [UInt8] = Array("?\r\n\u{2}1L|".utf8) + frame(1, "L|1\r")
    let end: [UInt8] = Array("!\u{4}".utf8)
    try play([
      .receive(Array("hello".utf8)), .receive(frame(1, "X\r")), .receive(enq), .writes(ack),
      .receive(anew), .writes(ack), .receive(end), .delivers("L|1\r"),
    ])
  }

  @Test("a frame without its CR LF is taken when the next byte comes")
  func withoutLineEnd() throws {
    let bare: [UInt8] = frame(1, "L|1\r").dropLast(2) + eot
    try play([.receive(enq), .writes(ack), .receive(bare), .writes(ack), .delivers("L|1\r")])
  }

  @Test("no more than max is kept of a message, in one frame or in many")
  func bounded() throws {
    var link = ASTMLink()
    link.maximum = 100
    var machine = ASTMLinkMachine(link, isInstrument: false)
    _ = try machine.receive(enq)
    let text = String(repeating: "x", count: 60)
    _ = try machine.receive(frame(1, text, isLast: false))
    #expect(throws: CodecError.self) { try machine.receive(frame(2, text)) }
    machine = ASTMLinkMachine(link, isInstrument: false)
    _ = try machine.receive(enq + [2])
    #expect(throws: CodecError.self) {
      for _ in 0..<200 { _ = try machine.receive([0x31]) }
    }
  }

  @Test("whatever comes, in whatever state, the link lives on", arguments: 0..<40)
  func garbage(_ seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    var machine = ASTMLinkMachine(ASTMLink(), isInstrument: seed % 2 == 0)
    let parts: [[UInt8]] = [
      enq, ack, nak, eot, [2], [3], [0x17], [13, 10], frame(1, "H|1\r"), frame(2, "L|1\r"), [0x31],
      Array("ab".utf8), [0xFF],
    ]
    for _ in 0..<2000 {
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: _ = machine.send(try ASTMFraming(settings: ASTMLink()).frame(Array("L|1\r".utf8)))
      case 1: _ = machine.timeExpired()
      default: _ = try machine.receive(parts.randomElement(using: &generator) ?? [])
      }
    }
    // Whatever it was in: given time enough, it comes to rest.
    for _ in 0..<100_000 where !machine.isIdle { _ = machine.timeExpired() }
    #expect(machine.isIdle)
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
