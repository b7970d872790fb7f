internal import TrestleCore

/// A message up to a delimiter, in which escapes stand for the delimiter's own bytes.
struct EscapedShape: FrameShape {
  /// What every frame begins with; empty for none.
  var start: [UInt8]
  var end: [UInt8]
  var escaping: ByteEscaping
  /// Whether the delimiter is a flag that may also stand before a frame, several times (SLIP, HDLC).
  var isFlag: Bool
  /// A check that follows the delimiter, over the message without its escapes.
  var check: TrailingCheck?

  struct Progress: Sendable {
    /// How many bytes were looked at.
    var position = 0
    var output: [UInt8] = []
  }

  func makeProgress() -> Progress { Progress() }

  func cut(
    _ buffer: FrameBuffer, _ progress: inout Progress, maximum: Int
  ) throws(CodecError) -> FrameCut? {
    if progress.position == 0 {
      if isFlag, buffer.count > 0, buffer[0] == end[0] { return FrameCut(length: 1, message: nil) }
      guard try passStart(buffer) else { return nil }
      progress.position = start.count
    }
    while progress.position < buffer.count {
      let position = progress.position
      let byte = buffer[position]
      if byte == end[0] {
        // Until the delimiter's other bytes are there, nobody knows.
        guard buffer.count >= position + end.count || !partlyHolds(end, buffer, at: position) else {
          return nil
        }
        if buffer.holds(end, at: position) {
          return try cut(buffer, progress.output, endsAt: position + end.count)
        }
      }
      if byte == escaping.escape {
        guard position + 1 < buffer.count else { return nil }
        guard let meaning = escaping.meaning(of: buffer[position + 1]) else {
          throw wrong(buffer, position, "an escape stands before a byte that needs none")
        }
        progress.output.append(meaning)
        progress.position += 2
      } else {
        progress.output.append(byte)
        progress.position += 1
      }
      guard progress.output.count <= maximum else {
        throw wrong(buffer, position, "no delimiter within max \(maximum) bytes")
      }
    }
    return nil
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    // RFC 1055 recommends a flag before a frame too: it ends whatever noise came before.
    let opening = isFlag ? end : start
    let tail = check?.written(start: start[...], body: message[...], end: end[...]) ?? []
    return opening + escaping.escaped(message) + end + tail
  }

  private func cut(
    _ buffer: FrameBuffer, _ message: [UInt8], endsAt bodyEnd: Int
  ) throws(CodecError) -> FrameCut? {
    guard let check else { return FrameCut(length: bodyEnd, message: message) }
    let frameEnd = bodyEnd + check.checksum.count
    guard buffer.count >= frameEnd else { return nil }
    try check.verify(
      buffer[bodyEnd..<frameEnd], start: start[...], body: message[...], end: end[...],
      base: buffer.taken + bodyEnd)
    return FrameCut(length: frameEnd, message: message)
  }

  /// Whether the whole start is there.
  private func passStart(_ buffer: FrameBuffer) throws(CodecError) -> Bool {
    let present = min(start.count, buffer.count)
    for position in 0..<present where buffer[position] != start[position] {
      throw wrong(
        buffer, position, "expects a frame to begin with \(FrameCheck.text(start))")
    }
    return buffer.count >= start.count && buffer.count > 0
  }

  private func partlyHolds(_ pattern: [UInt8], _ buffer: FrameBuffer, at position: Int) -> Bool {
    buffer[position..<buffer.count].elementsEqual(pattern.prefix(buffer.count - position))
  }

  private func wrong(_ buffer: FrameBuffer, _ position: Int, _ reason: String) -> CodecError {
    let index = buffer.bytes.startIndex + position
    return CodecError(
      path: "frame", reason: reason,
      in: buffer[max(0, position - 16)..<min(buffer.count, position + 16)],
      wrong: index..<(index + 1), base: buffer.taken - buffer.bytes.startIndex)
  }
}
