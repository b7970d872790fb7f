internal import TrestleCore

/// Messages that say themselves where they end. They are passed on whole: their layout needs it all.
struct SelfDescribingShape: FrameShape {
  /// The families of such messages.
  enum Family: String, Sendable, CaseIterable {
    /// FIX: `8=…|9=length|…|10=sum|`.
    case fix
    /// The Redis protocol, RESP2 and RESP3.
    case resp
    /// One BER element: tag, length, contents.
    case ber
    /// STOMP frames: headers, a body, NUL.
    case stomp
  }

  var family: Family

  struct Progress: Sendable {
    /// How many bytes belong to the message for certain.
    var position = 0
    /// RESP: how many elements each open collection still needs, outermost first.
    var open: [Int] = [1]
    /// RESP and STOMP: how far the next end was searched in vain.
    var searched = 0
    /// STOMP: whether the blank line was passed, and what the headers say of the body.
    var isInBody = false
    var bodyLength: Int?
  }

  func makeProgress() -> Progress { Progress() }

  func cut(
    _ buffer: FrameBuffer, _ progress: inout Progress, maximum: Int
  ) throws(CodecError) -> FrameCut? {
    if family == .stomp, progress.position == 0 {
      let count = STOMPBoundary.heartbeats(buffer)
      if count > 0 { return FrameCut(length: count, message: nil) }
      // A carriage return may be the beginning of another one.
      if buffer.isEmpty || (buffer.count == 1 && buffer[0] == 0x0D) { return nil }
    }
    let length: Int? =
      switch family {
      case .fix: try FIXBoundary.length(buffer, maximum: maximum)
      case .resp: try RESPBoundary.length(buffer, &progress, maximum: maximum)
      case .ber: try BERBoundary.length(buffer, maximum: maximum)
      case .stomp: try STOMPBoundary.length(buffer, &progress, maximum: maximum)
      }
    if let length, length > maximum {
      throw Self.wrong(
        family, buffer, 0, "a message of \(length) bytes is over max \(maximum)")
    }
    guard let length, buffer.count >= length else { return nil }
    return FrameCut(length: length, message: Array(buffer[0..<length]))
  }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    var buffer = FrameBuffer()
    buffer.append(message)
    var progress = Progress()
    guard let cut = try cut(buffer, &progress, maximum: .max), cut.length == message.count else {
      throw CodecError(
        path: "frame.self",
        reason: "the message is not exactly one \(family.rawValue.uppercased()) message")
    }
    return message
  }

  var statesLength: Bool { family == .fix }

  func misstatingLength(of frame: [UInt8], by error: Int) -> [UInt8]? {
    guard family == .fix, let start = frame.firstIndex(of: 0x01),
      frame[(start + 1)...].starts(with: "9=".utf8)
    else { return nil }
    let digits = frame[(start + 3)...].prefix { $0 != 0x01 }
    guard let right = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
    var frame = frame
    frame.replaceSubrange(
      digits.startIndex..<digits.endIndex, with: Array(String(max(0, right + error)).utf8))
    return frame
  }

  static func wrong(
    _ family: Family, _ buffer: FrameBuffer, _ position: Int, _ reason: String
  ) -> CodecError {
    let index = buffer.bytes.startIndex + position
    return CodecError(
      path: "frame.\(family.rawValue)", reason: reason,
      in: buffer[max(0, position - 16)..<min(buffer.count, position + 16)],
      wrong: index..<(index + 1), base: buffer.taken - buffer.bytes.startIndex)
  }
}

/// FIX session protocol: BeginString, BodyLength and CheckSum stand first, second and last
/// (FIX 4.4 volume 2, "Message format").
private enum FIXBoundary {
  private static let separator: UInt8 = 0x01
  /// `10=nnn|`
  private static let trailerLength = 7
  private static let longestField = 32

  static func length(_ buffer: FrameBuffer, maximum: Int) throws(CodecError) -> Int? {
    guard let afterVersion = try field("8=", buffer, at: 0),
      let afterLength = try field("9=", buffer, at: afterVersion)
    else { return nil }
    let digits = buffer[(afterVersion + 2)..<(afterLength - 1)]
    guard let body = NumberCoding.ascii.number(in: digits).flatMap({ Int(exactly: $0) }) else {
      throw SelfDescribingShape.wrong(
        .fix, buffer, afterVersion + 2, "expects digits in field 9 (BodyLength)")
    }
    guard body <= maximum else {
      throw SelfDescribingShape.wrong(
        .fix, buffer, afterVersion + 2, "claims a body of \(body) bytes, more than max \(maximum)")
    }
    let trailer = afterLength + body
    let end = trailer + trailerLength
    guard buffer.count >= end else { return nil }
    guard buffer.holds(Array("10=".utf8), at: trailer), buffer[end - 1] == separator else {
      throw SelfDescribingShape.wrong(
        .fix, buffer, trailer, "expects field 10 (CheckSum) where field 9 says the body ends")
    }
    return end
  }

  /// The position after the field that begins with a tag; nil until it is whole.
  private static func field(
    _ tag: String, _ buffer: FrameBuffer, at position: Int
  ) throws(CodecError) -> Int? {
    for (offset, byte) in tag.utf8.enumerated() where position + offset < buffer.count {
      guard buffer[position + offset] == byte else {
        throw SelfDescribingShape.wrong(
          .fix, buffer, position + offset, "expects the field \(tag)…")
      }
    }
    var index = position + tag.utf8.count
    while index < buffer.count {
      if buffer[index] == separator { return index + 1 }
      index += 1
      guard index - position <= longestField else {
        throw SelfDescribingShape.wrong(.fix, buffer, position, "the field \(tag)… does not end")
      }
    }
    return nil
  }
}

/// RESP2 and RESP3, by the Redis serialization protocol specification.
private enum RESPBoundary {
  private static let longestLine = 64 << 10
  private static let deepest = 64

  static func length(
    _ buffer: FrameBuffer, _ progress: inout SelfDescribingShape.Progress, maximum: Int
  ) throws(CodecError) -> Int? {
    while let needed = progress.open.last {
      if needed == 0 {
        progress.open.removeLast()
        continue
      }
      guard progress.position <= maximum else { return progress.position }
      guard let lineEnd = try endOfLine(buffer, &progress) else { return nil }
      let type = buffer[progress.position]
      let line = buffer[(progress.position + 1)..<(lineEnd - 2)]
      var next = lineEnd
      var members = 0
      switch type {
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "_"),
        UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "("):
        break
      case UInt8(ascii: "$"), UInt8(ascii: "!"), UInt8(ascii: "="):
        if let count = try count(line, buffer, progress.position, maximum) { next += count + 2 }
      case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"):
        members = try count(line, buffer, progress.position, maximum) ?? 0
      case UInt8(ascii: "%"), UInt8(ascii: "|"):
        members = 2 * (try count(line, buffer, progress.position, maximum) ?? 0)
      default:
        throw SelfDescribingShape.wrong(
          .resp, buffer, progress.position, "no RESP type begins with this byte")
      }
      guard buffer.count >= next else { return next > maximum ? next : nil }
      if next > lineEnd, !buffer.holds([0x0D, 0x0A], at: next - 2) {
        throw SelfDescribingShape.wrong(.resp, buffer, next - 2, "expects CR LF after the text")
      }
      progress.position = next
      // An attribute (|) describes the element after it, which is still to come.
      if type != UInt8(ascii: "|") { progress.open[progress.open.count - 1] -= 1 }
      if members > 0 { progress.open.append(members) }
      guard progress.open.count <= deepest else {
        throw SelfDescribingShape.wrong(
          .resp, buffer, progress.position - 1, "nested deeper than \(deepest)")
      }
    }
    return progress.position
  }

  private static func endOfLine(
    _ buffer: FrameBuffer, _ progress: inout SelfDescribingShape.Progress
  ) throws(CodecError) -> Int? {
    let start = progress.position
    var index = max(start, progress.searched)
    defer { progress.searched = index }
    while index + 1 < buffer.count {
      if buffer[index] == 0x0D, buffer[index + 1] == 0x0A {
        guard index > start else { break }
        return index + 2
      }
      index += 1
      guard index - start <= longestLine else {
        throw SelfDescribingShape.wrong(
          .resp, buffer, start, "a line is longer than \(longestLine) bytes")
      }
    }
    guard index + 1 < buffer.count else { return nil }
    throw SelfDescribingShape.wrong(.resp, buffer, start, "expects a type, found an empty line")
  }

  /// A count or length; nil for -1, which stands for null.
  private static func count(
    _ digits: ArraySlice<UInt8>, _ buffer: FrameBuffer, _ position: Int, _ maximum: Int
  ) throws(CodecError) -> Int? {
    if digits.elementsEqual("-1".utf8) { return nil }
    guard let number = NumberCoding.ascii.number(in: digits) else {
      throw SelfDescribingShape.wrong(
        .resp, buffer, position + 1, "expects a number of decimal digits")
    }
    guard let count = Int(exactly: number), count <= maximum else {
      throw SelfDescribingShape.wrong(
        .resp, buffer, position + 1, "claims \(number), more than max \(maximum)")
    }
    return count
  }
}

/// BER with definite lengths (X.690 §8.1).
private enum BERBoundary {
  static func length(_ buffer: FrameBuffer, maximum: Int) throws(CodecError) -> Int? {
    guard buffer.count >= 2 else { return nil }
    var position = 1
    if buffer[0] & 0x1F == 0x1F {
      // The tag goes on while the highest bit is set (X.690 §8.1.2.4).
      while true {
        guard position < buffer.count else { return nil }
        position += 1
        if buffer[position - 1] & 0x80 == 0 { break }
        guard position <= 5 else {
          throw SelfDescribingShape.wrong(.ber, buffer, 0, "the tag is longer than 5 bytes")
        }
      }
    }
    guard position < buffer.count else { return nil }
    let first = buffer[position]
    position += 1
    if first < 0x80 { return position + Int(first) }
    let count = Int(first & 0x7F)
    guard (1...4).contains(count) else {
      throw SelfDescribingShape.wrong(
        .ber, buffer, position - 1,
        count == 0
          ? "an indefinite length is not taken" : "a length of \(count) bytes is not taken")
    }
    guard buffer.count >= position + count else { return nil }
    let claimed = buffer[position..<(position + count)].reduce(0) { $0 << 8 | Int($1) }
    guard claimed <= maximum else {
      throw SelfDescribingShape.wrong(
        .ber, buffer, position, "claims \(claimed) bytes, more than max \(maximum)")
    }
    return position + count + claimed
  }
}
