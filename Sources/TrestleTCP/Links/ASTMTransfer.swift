internal import TrestleCore

/// What the receiver of an ASTM transfer has accepted of it so far: both the link and the framing above
/// it read by these rules.
struct ASTMTransfer: Sendable {
  /// What is to be said of a frame.
  enum Verdict: Sendable, Hashable {
    case accepted
    /// The frame before, once more: its acknowledgement was lost.
    case repeated
    case refused(String)
  }

  private(set) var frames: [ASTMFrame] = []
  private(set) var textSize = 0
  /// What was wrong with the last frame, until a right one comes.
  private(set) var fault: String?
  private var due = 1

  var isEmpty: Bool { frames.isEmpty }

  /// Whether it could end here.
  var isWhole: Bool { fault == nil && frames.last?.isLast ?? false }

  /// - Throws: `CodecError` when the texts have more bytes than a message may have.
  mutating func take(_ frame: ASTMFrame, maximum: Int) throws(CodecError) -> Verdict {
    if let fault = frame.fault { return refuse(fault) }
    if frame.number != due, let last = frames.last, frame.number == last.number {
      fault = nil
      return .repeated
    }
    guard let number = frame.number, number == due else {
      return refuse("frame \(frame.number ?? 0) came where frame \(due) was due")
    }
    guard textSize + frame.text.count <= maximum else {
      throw CodecError(
        path: "frame.link", reason: "a message has more than max \(maximum) bytes",
        hint: "raise max in the frame section if the system sends more")
    }
    fault = nil
    due = (due + 1) & 7
    textSize += frame.text.count
    frames.append(frame)
    return .accepted
  }

  private mutating func refuse(_ reason: String) -> Verdict {
    fault = reason
    return .refused(reason)
  }

  /// Why it ends too soon.
  var shortfall: String {
    if let fault { return "gave up sending: \(fault)" }
    guard let number = frames.last?.number else { return "sent no frame" }
    return "stopped sending after frame \(number), which ends in ETB: more was to come"
  }

  /// The transfer as bytes, without what the link added on the way.
  var bytes: [UInt8] {
    [ASTMControl.enquiry] + frames.flatMap(\.bytes) + [ASTMControl.endOfTransmission]
  }

  /// The messages: the joined texts, each from a header record on.
  var messages: [[UInt8]] {
    var messages: [[UInt8]] = []
    var isNew = true
    for frame in frames {
      let text = frame.bytes[frame.text]
      if messages.isEmpty || isNew && Self.isHeader(text) { messages.append([]) }
      messages[messages.count - 1] += text
      isNew = frame.isLast
    }
    return messages
  }

  /// Whether a text begins with a header record: `H` and the separator that it declares.
  private static func isHeader(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.first == UInt8(ascii: "H"), let separator = text.dropFirst().first else {
      return false
    }
    return !(0x30...0x39).contains(separator) && !(0x41...0x5A).contains(separator & 0xDF)
  }
}
