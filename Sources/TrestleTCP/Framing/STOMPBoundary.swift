internal import TrestleCore

/// STOMP 1.2 frames: lines up to a blank one, then a body of `content-length` bytes or up to the first
/// NUL, then NUL.
enum STOMPBoundary {
  private static let longestLine = 64 << 10
  private static let lengthName = Array("content-length:".utf8)

  /// The length of a frame; nil until it is whole.
  static func length(
    _ buffer: FrameBuffer, _ progress: inout SelfDescribingShape.Progress, maximum: Int
  ) throws(CodecError) -> Int? {
    while !progress.isInBody {
      guard let lineEnd = try endOfLine(buffer, &progress) else {
        // What never ends in a blank line is refused before it fills the memory.
        return buffer.count > maximum ? buffer.count : nil
      }
      let start = progress.position
      var line = buffer[start..<lineEnd]
      if line.last == 0x0D { line = line.dropLast() }
      progress.position = lineEnd + 1
      progress.searched = lineEnd + 1
      if line.isEmpty {
        progress.isInBody = true
      } else if progress.bodyLength == nil, line.starts(with: lengthName) {
        progress.bodyLength = try bodyLength(
          line.dropFirst(lengthName.count), buffer, start, maximum)
      }
    }
    if let count = progress.bodyLength {
      let end = progress.position + count
      guard buffer.count > end else { return nil }
      guard buffer[end] == 0 else {
        throw SelfDescribingShape.wrong(
          .stomp, buffer, end, "expects NUL where content-length says the body ends")
      }
      return end + 1
    }
    var index = progress.searched
    while index < buffer.count {
      if buffer[index] == 0 { return index + 1 }
      index += 1
    }
    progress.searched = index
    return index > maximum ? index : nil
  }

  /// How many line ends stand before a frame: they keep the connection alive.
  static func heartbeats(_ buffer: FrameBuffer) -> Int {
    var count = 0
    while count < buffer.count {
      if buffer[count] == 0x0A {
        count += 1
      } else if buffer[count] == 0x0D, count + 1 < buffer.count, buffer[count + 1] == 0x0A {
        count += 2
      } else {
        break
      }
    }
    return count
  }

  private static func endOfLine(
    _ buffer: FrameBuffer, _ progress: inout SelfDescribingShape.Progress
  ) throws(CodecError) -> Int? {
    var index = max(progress.position, progress.searched)
    defer { progress.searched = index }
    while index < buffer.count {
      if buffer[index] == 0x0A { return index }
      guard buffer[index] != 0, index - progress.position < longestLine else {
        throw SelfDescribingShape.wrong(
          .stomp, buffer, index,
          buffer[index] == 0 ? "the frame ends before a blank line" : "a line does not end")
      }
      index += 1
    }
    return nil
  }

  private static func bodyLength(
    _ text: ArraySlice<UInt8>, _ buffer: FrameBuffer, _ position: Int, _ maximum: Int
  ) throws(CodecError) -> Int {
    let digits = text.drop { $0 == 0x20 }.prefix { $0 != 0x20 }
    guard let count = NumberCoding.ascii.number(in: digits).flatMap({ Int(exactly: $0) }) else {
      throw SelfDescribingShape.wrong(.stomp, buffer, position, "expects digits in content-length")
    }
    guard count <= maximum else {
      throw SelfDescribingShape.wrong(
        .stomp, buffer, position, "claims a body of \(count) bytes, more than max \(maximum)")
    }
    return count
  }
}
