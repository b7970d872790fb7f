internal import TrestleCore

/// Requests framed one way and replies another.
struct DirectedFraming: Framing {
  let requests: any Framing
  let replies: any Framing

  func makeDecoder() -> any FrameDecoder { requests.makeDecoder() }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] { try replies.frame(message) }
}

/// Frames within frames: the outer one cuts the stream, each of its messages is one inner frame.
struct LayeredFraming: LinkedFraming {
  let outer: any Framing
  let inner: any Framing

  func makeDecoder() -> any FrameDecoder {
    LayeredDecoder(outer: outer.makeDecoder(), inner: inner)
  }

  var quietTime: Duration? { outer.quietTime }

  var link: (any LinkLayer)? { outer.linkLayer }

  var statesLength: Bool { outer.statesLength }

  func misstatingLength(of frame: [UInt8], by error: Int) -> [UInt8]? {
    outer.misstatingLength(of: frame, by: error)
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    try outer.frame(try inner.frame(message))
  }
}

private struct LayeredDecoder: FrameDecoder {
  var outer: any FrameDecoder
  let inner: any Framing

  mutating func append(_ bytes: [UInt8]) { outer.append(bytes) }

  mutating func append(copying bytes: UnsafeRawBufferPointer) { outer.append(copying: bytes) }

  var isInsideMessage: Bool { outer.isInsideMessage }

  mutating func next() throws(CodecError) -> [UInt8]? {
    guard let message = try outer.next() else { return nil }
    return try opened(message)
  }

  mutating func finish() throws(CodecError) -> [UInt8]? {
    guard let message = try outer.finish() else { return nil }
    return try opened(message)
  }

  private func opened(_ frame: [UInt8]) throws(CodecError) -> [UInt8] {
    var decoder = inner.makeDecoder()
    decoder.append(frame)
    let message: [UInt8]?
    if let whole = try decoder.next() { message = whole } else { message = try decoder.finish() }
    guard let message, try decoder.next() == nil, try decoder.finish() == nil else {
      throw CodecError(
        path: "frame", reason: "a frame holds more or less than one inner frame", in: frame[...],
        wrong: 0..<0)
    }
    return message
  }
}
