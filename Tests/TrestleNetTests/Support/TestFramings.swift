import TrestleCore

/// Four bytes of length, most significant first, then the message.
struct LengthFraming: Framing {
  var limit = 1 << 20

  func makeDecoder() -> any FrameDecoder { Decoder(limit: limit) }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    guard message.count <= limit else { throw CodecError(reason: "is longer than a frame may be") }
    let count = UInt32(message.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + message
  }

  private struct Decoder: FrameDecoder {
    let limit: Int
    var bytes: ArraySlice<UInt8> = []

    mutating func append(_ new: [UInt8]) { bytes += new }

    mutating func next() throws(CodecError) -> [UInt8]? {
      guard bytes.count >= 4 else { return nil }
      let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      guard count <= limit else { throw CodecError(reason: "a frame of \(count) bytes") }
      guard bytes.count >= 4 + count else { return nil }
      let message = Array(bytes.dropFirst(4).prefix(count))
      bytes = bytes.dropFirst(4 + count)
      return message
    }

    mutating func finish() throws(CodecError) -> [UInt8]? {
      guard bytes.isEmpty else { throw CodecError(reason: "the stream ends inside a frame") }
      return nil
    }
  }
}

/// One message a line; the end of the stream ends the last one.
struct LineFraming: Framing {
  func makeDecoder() -> any FrameDecoder { Decoder() }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    guard !message.contains(UInt8(ascii: "\n")) else { throw CodecError(reason: "has a line end") }
    return message + [UInt8(ascii: "\n")]
  }

  private struct Decoder: FrameDecoder {
    var bytes: ArraySlice<UInt8> = []

    mutating func append(_ new: [UInt8]) { bytes += new }

    mutating func next() throws(CodecError) -> [UInt8]? {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      defer { bytes = bytes[(end + 1)...] }
      return Array(bytes[..<end])
    }

    mutating func finish() throws(CodecError) -> [UInt8]? {
      defer { bytes = [] }
      return bytes.isEmpty ? nil : Array(bytes)
    }
  }
}

/// A message is what one side sends until it closes.
struct CloseFraming: Framing {
  func makeDecoder() -> any FrameDecoder { Decoder() }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] { message }

  private struct Decoder: FrameDecoder {
    var bytes: [UInt8] = []

    mutating func append(_ new: [UInt8]) { bytes += new }

    mutating func next() throws(CodecError) -> [UInt8]? { nil }

    mutating func finish() throws(CodecError) -> [UInt8]? {
      defer { bytes = [] }
      return bytes.isEmpty ? nil : bytes
    }
  }
}

/// Requests framed one way, replies another.
struct MixedFraming: Framing {
  let requests: any Framing
  let replies: any Framing

  func makeDecoder() -> any FrameDecoder { requests.makeDecoder() }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] { try requests.frame(message) }
}

extension WireRequest {
  init(_ text: String) { self.init(body: Array(text.utf8)) }
}

extension WireResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}
