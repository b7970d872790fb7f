/// How messages are cut out of a byte stream, and put onto it.
public protocol Framing: Sendable {
  /// A decoder for one direction of one connection.
  func makeDecoder() -> any FrameDecoder

  /// The bytes on the wire for one message.
  ///
  /// - Throws: `CodecError` when the message cannot be framed (longer than the length field can say,
  ///   or holding its own delimiter).
  func frame(_ message: [UInt8]) throws(CodecError) -> [UInt8]

  /// Where the message lies in bytes that are one whole frame and nothing else; nil where they are not, or
  /// only a decoder can tell.
  func messageFilling(_ bytes: UnsafeRawBufferPointer) -> Range<Int>?

  /// How long nothing must arrive for a message to be complete; nil where messages say themselves
  /// where they end.
  var quietTime: Duration? { get }

  /// A frame that this framing wrote, with its length wrong by so many bytes, for services that
  /// misbehave on purpose; nil where frames say no length.
  func misstatingLength(of frame: [UInt8], by error: Int) -> [UInt8]?

  /// Whether frames say a length, which can be misstated.
  var statesLength: Bool { get }

  /// How requests are framed, where requests and replies differ; else this framing itself.
  var requests: any Framing { get }

  /// How replies are framed, where requests and replies differ; else this framing itself.
  var replies: any Framing { get }
}

extension Framing {
  /// Left to the decoder.
  public func messageFilling(_ bytes: UnsafeRawBufferPointer) -> Range<Int>? { nil }

  /// Messages say themselves where they end.
  public var quietTime: Duration? { nil }

  /// No length.
  public var statesLength: Bool { false }

  /// No length to misstate.
  public func misstatingLength(of frame: [UInt8], by error: Int) -> [UInt8]? { nil }

  /// This framing itself.
  public var requests: any Framing { self }
  /// This framing itself.
  public var replies: any Framing { self }
}

/// Cuts one direction of one connection into messages. A pure value: feed it bytes, take messages.
///
/// Messages come out the same however the bytes were split on the way.
public protocol FrameDecoder: Sendable {
  /// Takes bytes as they arrived.
  mutating func append(_ bytes: [UInt8])

  /// Takes bytes that lie where they arrived.
  mutating func append(copying bytes: UnsafeRawBufferPointer)

  /// Whether bytes of an unfinished message are held: whether the stream could not end here.
  var isInsideMessage: Bool { get }

  /// The next whole message, or nil until more bytes arrive.
  ///
  /// - Throws: `CodecError` when the stream cannot be a sequence of frames; the connection is then
  ///   past repair. A claimed length over the maximum throws before anything is allocated for it.
  mutating func next() throws(CodecError) -> [UInt8]?

  /// The message that the end of the stream completes, or nil when nothing was pending.
  ///
  /// - Throws: `CodecError` when the stream ends inside a frame.
  mutating func finish() throws(CodecError) -> [UInt8]?
}

extension FrameDecoder {
  /// Takes a copy of them.
  public mutating func append(copying bytes: UnsafeRawBufferPointer) { append(Array(bytes)) }

  /// Finds out what the end of the stream would do.
  public var isInsideMessage: Bool {
    var copy = self
    do throws(CodecError) { return try copy.finish() != nil } catch { return true }
  }
}
