internal import TrestleCore

/// The frames of a stream, one after the other, with their places in it.
struct StreamFrames {
  /// One frame.
  struct Frame {
    /// Where it lies in the stream.
    var range: Range<Int>
    var message: [UInt8]
    /// Where the message lies in the stream; nil where the frame changes its bytes (stuffing).
    var body: Range<Int>?
  }

  let framing: any Framing
  let bytes: [UInt8]
  private(set) var position = 0
  /// Further messages of the frame that was taken last.
  private var further: [Frame] = []

  init(_ bytes: [UInt8], _ framing: any Framing) {
    self.bytes = bytes
    self.framing = framing
  }

  var remaining: Int { bytes.count - position }

  /// The next whole frame; nil when what is left is none. The end of the bytes may complete one.
  ///
  /// - Throws: `CodecError` when what is left cannot begin a frame.
  mutating func next() throws(CodecError) -> Frame? {
    if !further.isEmpty { return further.removeFirst() }
    guard remaining > 0 else { return nil }
    // The framing says when a frame is there, not where it ends: the fewest bytes that give one.
    var known = 0
    var enough = min(16, remaining)
    while try message(of: enough) == nil {
      guard enough < remaining else { return try last() }
      known = enough
      enough = min(enough * 2, remaining)
    }
    while known + 1 < enough {
      let middle = (known + enough) / 2
      if try message(of: middle) == nil { known = middle } else { enough = middle }
    }
    let found = try messages(of: enough)
    guard let message = found.first else { return nil }
    let frame = take(message, count: enough)
    further = found.dropFirst().map {
      Frame(range: frame.range, message: $0, body: place(of: $0, in: frame.range))
    }
    return frame
  }

  private func message(of count: Int) throws(CodecError) -> [UInt8]? {
    var decoder = framing.makeDecoder()
    decoder.append(Array(bytes[position..<position + count]))
    return try decoder.next()
  }

  /// All messages of the bytes that are just enough for one: a link carries several in one transfer.
  private func messages(of count: Int) throws(CodecError) -> [[UInt8]] {
    var decoder = framing.makeDecoder()
    decoder.append(Array(bytes[position..<position + count]))
    var messages: [[UInt8]] = []
    while let message = try decoder.next() { messages.append(message) }
    return messages
  }

  /// A frame that ends with the stream.
  private mutating func last() throws(CodecError) -> Frame? {
    var decoder = framing.makeDecoder()
    decoder.append(Array(bytes[position...]))
    guard let message = try? decoder.finish() else { return nil }
    return take(message, count: remaining)
  }

  private mutating func take(_ message: [UInt8], count: Int) -> Frame {
    let range = position..<position + count
    position += count
    return Frame(range: range, message: message, body: place(of: message, in: range))
  }

  /// Where a message lies in its frame: where it would if it were framed now, or else where its bytes
  /// are first found.
  private func place(of message: [UInt8], in range: Range<Int>) -> Range<Int>? {
    let frame = bytes[range]
    guard message.count <= frame.count else { return nil }
    // Nothing is known of where an empty message stands: what is around it stands before it.
    guard !message.isEmpty else { return frame.endIndex..<frame.endIndex }
    let probe = [UInt8](repeating: 0x55, count: message.count)
    if let marked = try? framing.frame(probe), let offset = Self.first(probe[...], in: marked[...])
    {
      let start = frame.startIndex + offset
      if start + message.count <= frame.endIndex, frame[start...].starts(with: message) {
        return start..<start + message.count
      }
    }
    return Self.first(message[...], in: frame).map { $0..<$0 + message.count }
  }

  private static func first(
    _ part: ArraySlice<UInt8>, in bytes: ArraySlice<UInt8>
  ) -> Int? {
    guard let head = part.first else { return nil }
    var index = bytes.startIndex
    while index + part.count <= bytes.endIndex {
      if bytes[index] == head, bytes[index...].starts(with: part) { return index }
      index += 1
    }
    return nil
  }
}
