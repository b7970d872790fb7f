internal import TrestleCore

/// One way to cut messages out of a stream and to put them onto it. A new way is one new type.
protocol FrameShape: Sendable {
  /// What is remembered of an unfinished frame, so that its bytes are not looked at again.
  associatedtype Progress: Sendable

  func makeProgress() -> Progress

  /// Cuts the frame at the buffer's front; nil until more bytes arrive.
  ///
  /// `maximum` bounds the message, and must be held before anything waits for a claimed length.
  func cut(
    _ buffer: FrameBuffer, _ progress: inout Progress, maximum: Int
  ) throws(CodecError) -> FrameCut?

  /// The message that the end of the stream completes; nil where the end completes none.
  func cutAtEnd(_ buffer: FrameBuffer, _ progress: Progress) throws(CodecError) -> FrameCut?

  /// The bytes on the wire for one message.
  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8]

  /// Where the message lies in bytes that are one whole frame; nil where they are not, or only cutting
  /// tells.
  func messageFilling(_ bytes: UnsafeRawBufferPointer, maximum: Int) -> Range<Int>?

  /// How long nothing must arrive for a message to be complete.
  var quietTime: Duration? { get }

  /// A frame with its length wrong; nil where frames say none.
  func misstatingLength(of frame: [UInt8], by error: Int) -> [UInt8]?

  /// Whether frames say a length that can be misstated.
  var statesLength: Bool { get }
}

extension FrameShape {
  func messageFilling(_ bytes: UnsafeRawBufferPointer, maximum: Int) -> Range<Int>? { nil }

  var quietTime: Duration? { nil }

  func misstatingLength(of frame: [UInt8], by error: Int) -> [UInt8]? { nil }

  var statesLength: Bool { false }

  func cutAtEnd(_ buffer: FrameBuffer, _ progress: Progress) throws(CodecError) -> FrameCut? { nil }
}

extension FrameShape where Progress == Void {
  func makeProgress() {}
}

/// A frame found at the front of a buffer.
struct FrameCut {
  /// How many bytes it takes up on the wire.
  var length: Int
  /// What it carries; nil for bytes that carry nothing (a flag between frames).
  var message: [UInt8]?
}

/// A shape with what every shape has: a limit, a check at the message's end, messages to pass over.
struct ShapedFraming<Shape: FrameShape>: Framing {
  let shape: Shape
  let settings: FrameSettings

  func makeDecoder() -> any FrameDecoder { ShapedDecoder(shape, settings) }

  func messageFilling(_ bytes: UnsafeRawBufferPointer) -> Range<Int>? {
    guard settings.check == nil else { return nil }
    let message = shape.messageFilling(bytes, maximum: settings.maximum)
    return message?.isEmpty == true && settings.skipsEmpty ? nil : message
  }

  var quietTime: Duration? { shape.quietTime }

  func misstatingLength(of frame: [UInt8], by error: Int) -> [UInt8]? {
    shape.misstatingLength(of: frame, by: error)
  }

  var statesLength: Bool { shape.statesLength }

  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8] {
    let content = settings.check.map { $0.sealed(message) } ?? message
    guard content.count <= settings.maximum else {
      throw CodecError(
        path: "frame",
        reason: "takes at most \(settings.maximum) bytes, the message has \(content.count)",
        hint: "raise max in the frame section if the system takes more")
    }
    return try shape.frame(content)
  }
}

/// What every shape has beside its own keys.
struct FrameSettings: Sendable {
  /// The longest message taken or written.
  var maximum: Int
  /// A check that ends every message.
  var check: FrameCheck?
  /// Whether messages without content are passed over.
  var skipsEmpty: Bool

  static let defaultMaximum = 1 << 20
}

private struct ShapedDecoder<Shape: FrameShape>: FrameDecoder {
  private let shape: Shape
  private let settings: FrameSettings
  private var buffer = FrameBuffer()
  private var progress: Shape.Progress

  init(_ shape: Shape, _ settings: FrameSettings) {
    self.shape = shape
    self.settings = settings
    progress = shape.makeProgress()
  }

  mutating func append(_ bytes: [UInt8]) { buffer.append(bytes) }

  mutating func append(copying bytes: UnsafeRawBufferPointer) { buffer.append(copying: bytes) }

  var isInsideMessage: Bool {
    // Nearly always everything was taken.
    if buffer.isEmpty { return false }
    var copy = self
    do throws(CodecError) { return try copy.finish() != nil } catch { return true }
  }

  mutating func next() throws(CodecError) -> [UInt8]? {
    while let cut = try shape.cut(buffer, &progress, maximum: settings.maximum) {
      if let message = try take(cut) { return message }
    }
    return nil
  }

  mutating func finish() throws(CodecError) -> [UInt8]? {
    if let message = try next() { return message }
    if let cut = try shape.cutAtEnd(buffer, progress), let message = try take(cut) {
      return message
    }
    guard buffer.isEmpty else {
      throw CodecError(
        path: "frame", reason: "the stream ends inside a frame", in: buffer.bytes.prefix(16),
        wrong: 0..<0, base: buffer.taken)
    }
    return nil
  }

  private mutating func take(_ cut: FrameCut) throws(CodecError) -> [UInt8]? {
    let offset = buffer.taken
    buffer.take(cut.length)
    progress = shape.makeProgress()
    guard var message = cut.message else { return nil }
    if message.isEmpty, settings.skipsEmpty { return nil }
    if let check = settings.check { try check.open(&message, base: offset) }
    return message
  }
}

/// A check as the last bytes of every message.
struct FrameCheck: Sendable {
  let checksum: Checksum
  /// What stands between the message and the check: NMEA's `*`.
  let prefix: [UInt8]

  var count: Int { prefix.count + checksum.count }

  /// The message with its check.
  func sealed(_ message: [UInt8]) -> [UInt8] {
    message + prefix + checksum.written(over: message)
  }

  /// Verifies the check and takes it away.
  func open(_ message: inout [UInt8], base: Int) throws(CodecError) {
    guard message.count >= count else {
      throw CodecError(
        path: "frame.check", reason: "the message is too short for its check", in: message[...],
        wrong: 0..<message.count, base: base)
    }
    let end = message.count - count
    let body = message[..<end]
    let found = message[(end + prefix.count)...]
    guard message[end..<(end + prefix.count)].elementsEqual(prefix),
      checksum.isRight(found, over: body)
    else {
      throw CodecError(
        path: "frame.check",
        reason:
          "expects \(checksum.algorithm.rawValue) \(FrameCheck.text(prefix + checksum.written(over: body)))",
        in: message[...], wrong: end..<message.count, base: base)
    }
    message.removeLast(count)
  }

  /// Bytes as messages show them.
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map(HexWindow.hexadecimal).joined(separator: " ")
  }
}
