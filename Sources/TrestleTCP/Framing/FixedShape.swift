internal import TrestleCore

/// Messages that are all of one size.
struct FixedShape: FrameShape {
  var size: Int

  func cut(
    _ buffer: FrameBuffer, _ progress: inout Void, maximum: Int
  ) throws(CodecError) -> FrameCut? {
    guard buffer.count >= size else { return nil }
    return FrameCut(length: size, message: Array(buffer[0..<size]))
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    guard message.count == size else {
      throw CodecError(
        path: "frame.fixed", reason: "takes \(size) bytes, the message has \(message.count)",
        hint: "pad the layout to \(size) bytes")
    }
    return message
  }
}

/// Messages whose size follows from a type that stands at one place in all of them.
struct TypedShape: FrameShape {
  /// Where the type stands.
  var position: Int
  var width: Int
  /// Sizes of whole messages by the bytes of their type.
  var sizes: [[UInt8]: Int]
  /// The size of messages of other types; nil refuses them.
  var otherwise: Int?

  func cut(
    _ buffer: FrameBuffer, _ progress: inout Void, maximum: Int
  ) throws(CodecError) -> FrameCut? {
    guard buffer.count >= position + width else { return nil }
    let size = try size(of: buffer.bytes, base: buffer.taken)
    guard size <= maximum else {
      throw CodecError(
        path: "frame.by_type", reason: "a message of \(size) bytes is over max \(maximum)")
    }
    guard buffer.count >= size else { return nil }
    return FrameCut(length: size, message: Array(buffer[0..<size]))
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    guard message.count >= position + width else {
      throw CodecError(
        path: "frame.by_type",
        reason: "the message has \(message.count) bytes, too few to hold its type")
    }
    let size = try size(of: message[...], base: 0)
    guard message.count == size else {
      throw CodecError(
        path: "frame.by_type",
        reason: "a message of this type has \(size) bytes, this one has \(message.count)")
    }
    return message
  }

  private func size(of bytes: ArraySlice<UInt8>, base: Int) throws(CodecError) -> Int {
    let start = bytes.startIndex + position
    let type = Array(bytes[start..<(start + width)])
    if let size = sizes[type] ?? otherwise { return size }
    let known = sizes.keys.map(FrameCheck.text).sorted().prefix(8).joined(separator: ", ")
    throw CodecError(
      path: "frame.by_type", reason: "no size is declared for this type",
      hint: "declared types: \(known)", in: bytes.prefix(position + width + 16),
      wrong: start..<(start + width), base: base - bytes.startIndex)
  }
}

/// A message that a pause ends: terminals behind a serial line send no other mark.
struct QuietShape: FrameShape {
  var quietTime: Duration?

  func cut(
    _ buffer: FrameBuffer, _ progress: inout Void, maximum: Int
  ) throws(CodecError) -> FrameCut? {
    guard buffer.count <= maximum else {
      throw CodecError(
        path: "frame.quiet", reason: "there was no pause within max \(maximum) bytes",
        offset: buffer.taken + maximum)
    }
    return nil
  }

  func cutAtEnd(_ buffer: FrameBuffer, _ progress: Void) throws(CodecError) -> FrameCut? {
    buffer.isEmpty ? nil : FrameCut(length: buffer.count, message: Array(buffer.bytes))
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    guard !message.isEmpty else {
      throw CodecError(path: "frame.quiet", reason: "a message without bytes cannot be heard")
    }
    return message
  }
}

/// One message a connection: the end of the stream ends it.
struct CloseShape: FrameShape {
  func cut(
    _ buffer: FrameBuffer, _ progress: inout Void, maximum: Int
  ) throws(CodecError) -> FrameCut? {
    guard buffer.count <= maximum else {
      throw CodecError(
        path: "frame.until", reason: "the connection did not close within max \(maximum) bytes",
        offset: buffer.taken + maximum)
    }
    return nil
  }

  func cutAtEnd(_ buffer: FrameBuffer, _ progress: Void) throws(CodecError) -> FrameCut? {
    buffer.isEmpty ? nil : FrameCut(length: buffer.count, message: Array(buffer.bytes))
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] { message }
}
