internal import TrestleCore

/// A length in a header of fixed size, then that many bytes.
struct LengthShape: FrameShape {
  /// What the length says the size of.
  enum Counts: String, Sendable, CaseIterable {
    /// The body alone.
    case body
    /// The body and the length field.
    case selfAndBody = "self+body"
    /// Everything after the length field.
    case rest
    /// The whole frame.
    case total
  }

  var width: Int
  var coding: NumberCoding
  /// Where in the header the length stands.
  var position: Int
  /// All bytes before the body, the length among them.
  var header: [UInt8]
  var counts: Counts
  /// What the length says above that.
  var adjustment: Int
  /// What follows the body.
  var trailer: [UInt8]
  /// Whether messages hold the header; its length is then written over.
  var keepsHeader: Bool

  /// What the length says beside the body's own size.
  private var overhead: Int {
    let counted =
      switch counts {
      case .body: 0
      case .selfAndBody: width
      case .rest: header.count - position - width + trailer.count
      case .total: header.count + trailer.count
      }
    return counted + adjustment
  }

  func cut(
    _ buffer: FrameBuffer, _ progress: inout Void, maximum: Int
  ) throws(CodecError) -> FrameCut? {
    let end = position + width
    guard buffer.count >= end else { return nil }
    guard let claimed = coding.number(in: buffer[position..<end]) else {
      throw wrong(buffer, "expects \(coding.description(width: width))")
    }
    guard let length = Int(exactly: claimed), length < 1 << 48 else {
      throw wrong(buffer, "claims \(claimed) bytes, more than max \(maximum)")
    }
    let body = length - overhead
    guard body >= 0 else {
      throw wrong(buffer, "says \(length), less than the \(overhead) that an empty body has")
    }
    guard body <= maximum else {
      throw wrong(
        buffer, "claims a body of \(body) bytes, more than max \(maximum)",
        hint: "check as, counts and at, or raise max in the frame section")
    }
    let total = header.count + body + trailer.count
    guard buffer.count >= total else { return nil }
    let bodyEnd = header.count + body
    guard buffer.holds(trailer, at: bodyEnd) else {
      throw CodecError(
        path: "frame.length.trailer", reason: "expects \(FrameCheck.text(trailer)) after the body",
        in: window(buffer, around: bodyEnd..<total), wrong: absolute(buffer, bodyEnd..<total),
        base: buffer.taken - buffer.bytes.startIndex)
    }
    let message = buffer[(keepsHeader ? 0 : header.count)..<bodyEnd]
    return FrameCut(length: total, message: Array(message))
  }

  func messageFilling(_ bytes: UnsafeRawBufferPointer, maximum: Int) -> Range<Int>? {
    guard trailer.isEmpty, bytes.count >= header.count else { return nil }
    var claimed: UInt64 = 0
    switch coding {
    case .bigEndian:
      for index in position..<(position + width) { claimed = claimed << 8 | UInt64(bytes[index]) }
    case .littleEndian:
      for index in (position..<(position + width)).reversed() {
        claimed = claimed << 8 | UInt64(bytes[index])
      }
    case .ascii, .hexadecimal, .ebcdic, .bcd: return nil
    }
    guard claimed < 1 << 48 else { return nil }
    let body = Int(claimed) - overhead
    guard body >= 0, body <= maximum, header.count + body == bytes.count else { return nil }
    return (keepsHeader ? 0 : header.count)..<bytes.count
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    guard !keepsHeader || message.count >= header.count else {
      throw CodecError(
        path: "frame.length",
        reason: "the message has \(message.count) bytes, its header alone has \(header.count)")
    }
    let body = keepsHeader ? message.count - header.count : message.count
    let length = body + overhead
    guard length >= 0, let written = coding.bytes(of: UInt64(length), width: width) else {
      throw CodecError(
        path: "frame.length",
        reason: "a body of \(body) bytes has the length \(length), "
          + "which \(coding.description(width: width)) cannot say")
    }
    var output: [UInt8] = []
    output.reserveCapacity(header.count + body + trailer.count)
    if !keepsHeader { output += header }
    output += message
    output.replaceSubrange(position..<(position + width), with: written)
    output += trailer
    return output
  }

  var statesLength: Bool { true }

  func misstatingLength(of frame: [UInt8], by error: Int) -> [UInt8]? {
    let place = position..<(position + width)
    guard frame.count >= place.upperBound,
      let right = coding.number(in: frame[place]).flatMap({ Int(exactly: $0) }),
      let wrong = coding.bytes(of: UInt64(max(0, right + error)), width: width)
    else { return nil }
    var frame = frame
    frame.replaceSubrange(place, with: wrong)
    return frame
  }

  private func wrong(_ buffer: FrameBuffer, _ reason: String, hint: String? = nil) -> CodecError {
    let range = position..<(position + width)
    return CodecError(
      path: "frame.length", reason: reason, hint: hint, in: window(buffer, around: range),
      wrong: absolute(buffer, range), base: buffer.taken - buffer.bytes.startIndex)
  }

  private func window(_ buffer: FrameBuffer, around range: Range<Int>) -> ArraySlice<UInt8> {
    buffer[max(0, range.lowerBound - 32)..<min(buffer.count, range.upperBound + 32)]
  }

  private func absolute(_ buffer: FrameBuffer, _ range: Range<Int>) -> Range<Int> {
    let start = buffer.bytes.startIndex
    return (start + range.lowerBound)..<(start + range.upperBound)
  }
}
