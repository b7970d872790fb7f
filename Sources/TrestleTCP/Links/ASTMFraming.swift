internal import TrestleCore

/// Messages as transfers of ASTM E1381: ENQ, numbered frames with checks, EOT.
///
/// What it writes and reads is one side of the conversation; the link adds and takes the answers.
struct ASTMFraming: LinkedFraming {
  let settings: ASTMLink

  var link: (any LinkLayer)? { settings }

  func makeDecoder() -> any FrameDecoder { ASTMTransferDecoder(maximum: settings.maximum) }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    guard message.count <= settings.maximum else {
      throw CodecError(
        path: "frame",
        reason: "takes at most \(settings.maximum) bytes, the message has \(message.count)",
        hint: "raise max in the frame section if the system takes more")
    }
    if let place = message.firstIndex(where: { !ASTMControl.isAllowed(inText: $0) }) {
      throw CodecError(
        path: "frame.link", reason: "the text holds a control character of the link",
        in: message[...], wrong: place..<place + 1)
    }
    var bytes = [ASTMControl.enquiry]
    var number = 1
    for text in texts(of: message) {
      var rest = text
      repeat {
        let part = rest.prefix(settings.frameText)
        rest = rest.dropFirst(part.count)
        bytes += ASTMFrame(number: number, text: part, isLast: rest.isEmpty).bytes
        number += 1
      } while !rest.isEmpty
    }
    return bytes + [ASTMControl.endOfTransmission]
  }

  /// What is sent as texts of their own.
  private func texts(of message: [UInt8]) -> [ArraySlice<UInt8>] {
    guard settings.split == .records else { return [message[...]] }
    var texts: [ArraySlice<UInt8>] = []
    var start = 0
    while let end = message[start...].firstIndex(of: 0x0D) {
      // A line feed belongs to the record that it ends.
      let hasLF = end + 1 < message.count && message[end + 1] == 0x0A
      let next = end + (hasLF ? 2 : 1)
      texts.append(message[start..<next])
      start = next
    }
    if start < message.count || texts.isEmpty { texts.append(message[start...]) }
    return texts
  }
}

/// Reads messages from one side of an ASTM link, or from a capture of both: answers are passed over,
/// frames that were sent again are taken once.
private struct ASTMTransferDecoder: FrameDecoder {
  private let maximum: Int
  private var reader: ASTMLinkReader
  private var transfer = ASTMTransfer()
  private var messages: [[UInt8]] = []
  private var hasBegun = false

  init(maximum: Int) {
    self.maximum = maximum
    reader = ASTMLinkReader(maximum: maximum)
  }

  mutating func append(_ bytes: [UInt8]) { reader.append(bytes) }

  mutating func next() throws(CodecError) -> [UInt8]? {
    while messages.isEmpty, let unit = try reader.next() {
      switch unit {
      case .enquiry:
        transfer = ASTMTransfer()
        hasBegun = true
      case .frame(let frame):
        hasBegun = true
        _ = try transfer.take(frame, maximum: maximum)
      case .endOfTransmission: try end()
      case .noise(let byte): try pass(byte)
      case .acknowledge, .refuse: break
      }
    }
    return messages.isEmpty ? nil : messages.removeFirst()
  }

  mutating func finish() throws(CodecError) -> [UInt8]? {
    if let message = try next() { return message }
    guard reader.unfinished.isEmpty, !hasBegun || !transfer.isEmpty else {
      throw CodecError(
        path: "frame", reason: "the stream ends inside a frame", in: reader.unfinished.prefix(16),
        wrong: 0..<0, base: reader.taken - reader.unfinished.count)
    }
    try end()
    return messages.isEmpty ? nil : messages.removeFirst()
  }

  /// What no link has sent: the stream is something else.
  private func pass(_ byte: UInt8) throws(CodecError) {
    guard !hasBegun else { return }
    throw CodecError(
      path: "frame.link", reason: "expects ENQ or STX", in: [byte], wrong: 0..<1,
      base: reader.taken - 1)
  }

  private mutating func end() throws(CodecError) {
    defer {
      transfer = ASTMTransfer()
      hasBegun = false
    }
    guard !transfer.isEmpty || transfer.fault != nil else { return }
    guard transfer.isWhole else {
      throw CodecError(
        path: "frame.link", reason: "the sender \(transfer.shortfall)", offset: reader.taken)
    }
    messages = transfer.messages
  }
}
