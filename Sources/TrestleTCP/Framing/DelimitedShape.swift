internal import TrestleCore

/// A message up to a delimiter, with a start before it where there is one.
struct DelimitedShape: FrameShape {
  /// What every frame begins with; empty for none.
  var start: [UInt8]
  /// Any of these ends a message; the first one is written. None begins another.
  var delimiters: [[UInt8]]
  /// Whether messages hold their start and delimiter.
  var keeps: Bool
  /// A check that follows the delimiter.
  var check: TrailingCheck?

  struct Progress: Sendable {
    /// How far the buffer was searched in vain.
    var searched = 0
  }

  func makeProgress() -> Progress { Progress(searched: start.count) }

  private var longestDelimiter: Int { delimiters.reduce(0) { max($0, $1.count) } }

  func cut(
    _ buffer: FrameBuffer, _ progress: inout Progress, maximum: Int
  ) throws(CodecError) -> FrameCut? {
    try requireStart(buffer)
    guard let end = find(buffer, &progress.searched) else {
      // A delimiter may have arrived in part.
      guard buffer.count - start.count <= maximum + longestDelimiter - 1 else {
        throw tooLong(buffer, maximum)
      }
      return nil
    }
    guard end.lowerBound - start.count <= maximum else { throw tooLong(buffer, maximum) }
    var length = end.upperBound
    if let check {
      guard buffer.count >= length + check.checksum.count else { return nil }
      try check.verify(
        buffer[length..<(length + check.checksum.count)],
        start: buffer[0..<start.count], body: buffer[start.count..<end.lowerBound],
        end: buffer[end], base: buffer.taken + length)
      length += check.checksum.count
    }
    let message = keeps ? buffer[0..<end.upperBound] : buffer[start.count..<end.lowerBound]
    return FrameCut(length: length, message: Array(message))
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    let delimiter = delimiters.first ?? []
    var output = keeps ? message : start + message + delimiter
    var buffer = FrameBuffer()
    buffer.append(output)
    var searched = start.count
    try requireStart(buffer)
    guard let end = find(buffer, &searched), end.upperBound == output.count else {
      let place = max(0, searched - start.count)
      throw CodecError(
        path: "frame.delimiter",
        reason: keeps
          ? "expects one delimiter, at the message's end"
          : "the message holds its own delimiter \(FrameCheck.text(delimiter))",
        hint: keeps ? nil : "take it out of the text, or declare an escape", in: message[...],
        wrong: place..<(place + 1))
    }
    if let check {
      output += check.written(
        start: output[..<start.count], body: output[start.count..<end.lowerBound],
        end: output[end])
    }
    return output
  }

  /// The first delimiter from a position on, which moves to where the next search has to begin.
  private func find(_ buffer: FrameBuffer, _ position: inout Int) -> Range<Int>? {
    let bytes = buffer.bytes
    let base = bytes.startIndex
    var index = base + position
    while index < bytes.endIndex {
      let byte = bytes[index]
      for delimiter in delimiters
      where delimiter[0] == byte && buffer.holds(delimiter, at: index - base) {
        position = index - base
        return (index - base)..<(index - base + delimiter.count)
      }
      index += 1
    }
    // The last bytes may be the beginning of a delimiter.
    position = max(start.count, buffer.count - (longestDelimiter - 1))
    return nil
  }

  private func requireStart(_ buffer: FrameBuffer) throws(CodecError) {
    let present = min(start.count, buffer.count)
    guard !buffer[0..<present].elementsEqual(start[..<present]) else { return }
    throw CodecError(
      path: "frame.start", reason: "expects a frame to begin with \(FrameCheck.text(start))",
      hint: "the peer may send this message without a frame", in: Self.front(buffer),
      wrong: buffer.bytes.startIndex..<(buffer.bytes.startIndex + present),
      base: buffer.taken - buffer.bytes.startIndex)
  }

  private func tooLong(_ buffer: FrameBuffer, _ maximum: Int) -> CodecError {
    CodecError(
      path: "frame.delimiter", reason: "no delimiter within max \(maximum) bytes",
      hint: "check the delimiter, or raise max in the frame section", in: Self.front(buffer),
      wrong: 0..<0, base: buffer.taken)
  }

  private static func front(_ buffer: FrameBuffer) -> ArraySlice<UInt8> { buffer.bytes.prefix(32) }
}

/// A check that stands after a frame's delimiter.
struct TrailingCheck: Sendable {
  /// What the check is computed over.
  enum Coverage: String, Sendable, CaseIterable {
    case body
    case bodyAndEnd = "body+end"
    case startAndBody = "start+body"
    case all = "start+body+end"
  }

  let checksum: Checksum
  let coverage: Coverage

  func written(
    start: ArraySlice<UInt8>, body: ArraySlice<UInt8>, end: ArraySlice<UInt8>
  ) -> [UInt8] {
    checksum.written(over: covered(start, body, end))
  }

  func verify(
    _ found: ArraySlice<UInt8>, start: ArraySlice<UInt8>, body: ArraySlice<UInt8>,
    end: ArraySlice<UInt8>, base: Int
  ) throws(CodecError) {
    let covered = covered(start, body, end)
    guard !checksum.isRight(found, over: covered) else { return }
    throw CodecError(
      path: "frame.check",
      reason:
        "expects \(checksum.algorithm.rawValue) \(FrameCheck.text(checksum.written(over: covered)))",
      in: found, wrong: found.startIndex..<found.endIndex, base: base - found.startIndex)
  }

  private func covered(
    _ start: ArraySlice<UInt8>, _ body: ArraySlice<UInt8>, _ end: ArraySlice<UInt8>
  ) -> [UInt8] {
    switch coverage {
    case .body: Array(body)
    case .bodyAndEnd: Array(body + end)
    case .startAndBody: Array(start + body)
    case .all: Array(start + body + end)
    }
  }
}
