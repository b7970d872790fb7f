internal import TrestleCore

extension ASTMFraming: FramePartNaming {
  /// Control characters, and each frame's number, end and check; where no message lies in one piece
  /// among them, the texts as well.
  func parts(of bytes: [UInt8], around message: Range<Int>) -> [FieldSpan] {
    var reader = ASTMLinkReader(maximum: .max - 2)
    reader.append(bytes)
    var parts: [FieldSpan] = []
    var transfer = ASTMTransfer()
    var frames = 0
    while let unit = try? reader.next() {
      let end = reader.taken
      switch unit {
      case .enquiry:
        transfer = ASTMTransfer()
        parts.append(Self.control("ENQ", at: end))
      case .endOfTransmission: parts.append(Self.control("EOT", at: end))
      case .acknowledge: parts.append(Self.control("ACK", at: end))
      case .refuse: parts.append(Self.control("NAK", at: end))
      case .noise: parts.append(FieldSpan(path: "link", range: end - 1..<end, type: "noise"))
      case .frame(let frame):
        let verdict = try? transfer.take(frame, maximum: .max)
        parts += Self.parts(
          of: frame, from: end - frame.bytes.count, "link.frame[\(frames)]", verdict,
          showsText: message.isEmpty)
        frames += 1
      }
    }
    return parts
  }

  private static func control(_ name: String, at end: Int) -> FieldSpan {
    FieldSpan(path: "link", range: end - 1..<end, type: name)
  }

  private static func parts(
    of frame: ASTMFrame, from start: Int, _ path: String, _ verdict: ASTMTransfer.Verdict?,
    showsText: Bool
  ) -> [FieldSpan] {
    let text = start + frame.text.lowerBound..<start + frame.text.upperBound
    var parts = [
      FieldSpan(
        path: path + ".number", range: start..<text.lowerBound, type: "STX",
        value: frame.number.map { .integer(Int64($0)) } ?? .null)
    ]
    if showsText {
      let written = String(decoding: frame.bytes[frame.text], as: UTF8.self)
      parts.append(
        FieldSpan(path: path + ".text", range: text, type: "text", value: .string(written)))
    }
    let check =
      switch verdict {
      case .refused(let reason)?: reason
      case .repeated?: "\(frame.writtenCheck), sent again"
      default: frame.writtenCheck
      }
    parts.append(
      FieldSpan(
        path: path + ".check", range: text.upperBound..<start + frame.bytes.count,
        type: frame.isLast ? "ETX sum" : "ETB sum", value: .string(check)))
    return parts
  }
}
