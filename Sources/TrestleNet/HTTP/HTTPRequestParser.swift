internal import NIOCore
internal import TrestleCore

/// Cuts a client's bytes into HTTP/1.1 requests. A pure value: bytes go in, whole requests come out,
/// the same ones however the bytes were split on the way.
///
/// Our own rather than NIO's: that one costs a request more than everything else we do for it (three
/// parts and as many hops), and does not tell a chunk's size before its bytes have come.
struct HTTPRequestParser {
  /// A whole request.
  struct Request: Equatable {
    var head: HTTPRequestHead
    var body: [UInt8]
  }

  /// How far the next request has come.
  enum Progress: Equatable {
    case nothing
    case head
    case body(received: Int)
  }

  private let limits: HTTPServerLimits
  private var input = ByteBuffer()
  private var head: HTTPRequestHead?
  /// What reads the body of the request whose head has come.
  private var body: HTTPBodyReader?
  /// How far the end of the header section was looked for, and where its last line begins.
  private var searched = 0
  private var lineStart = 0
  private var hasCheckedLine = false

  init(limits: HTTPServerLimits) { self.limits = limits }

  var progress: Progress {
    if let body { return .body(received: body.body.count) }
    return input.readableBytes == 0 ? .nothing : .head
  }

  /// Bytes that were not looked at yet.
  var unread: Int { input.readableBytes }

  /// Whether the client waits for leave to send the body.
  var expectsContinue: Bool {
    head?.expectsContinue == true && body?.body.isEmpty != false
  }

  mutating func append(_ bytes: ByteBuffer) {
    if input.readableBytes == 0 {
      input = bytes
    } else {
      // A client that always sends a bit of its next request ahead must not make the buffer grow.
      input.discardReadBytes()
      input.writeImmutableBuffer(bytes)
    }
  }

  /// The next whole request, or nil until more bytes arrive.
  mutating func next() throws(HTTPRefusal) -> Request? {
    if body == nil {
      guard try readHead() else { return nil }
    }
    do throws(HTTPFramingError) {
      guard try body?.read(from: &input) == true else { return nil }
    } catch {
      throw HTTPRefusal(error, limits)
    }
    return try finish()
  }

  // MARK: The header section

  private mutating func readHead() throws(HTTPRefusal) -> Bool {
    skipEmptyLines()
    guard input.readableBytes > 0, let length = try headLength() else { return false }
    let limits = limits
    let head = try input.withUnsafeReadableBytes { (bytes) throws(HTTPRefusal) in
      try HTTPRequestHead(UnsafeRawBufferPointer(rebasing: bytes[..<length]), limits: limits)
    }
    input.moveReaderIndex(forwardBy: length)
    searched = 0
    lineStart = 0
    hasCheckedLine = false
    self.head = head
    body = HTTPBodyReader(head.body, limits: limits.message)
    return true
  }

  /// RFC 9112 §2.2: empty lines before a request are ignored; some clients send one after a body.
  private mutating func skipEmptyLines() {
    guard searched == 0 else { return }
    while let byte = input.getInteger(at: input.readerIndex, as: UInt8.self),
      byte == 0x0D || byte == 0x0A
    {
      input.moveReaderIndex(forwardBy: 1)
    }
  }

  /// The length of the header section with its empty line, or nil until it has come.
  private mutating func headLength() throws(HTTPRefusal) -> Int? {
    let (limits, from, start, hasChecked) = (limits, searched, lineStart, hasCheckedLine)
    let found = try input.withUnsafeReadableBytes { (bytes) throws(HTTPRefusal) -> HeadSearch in
      try HeadSearch(
        bytes, from: from, lineStart: start, hasCheckedLine: hasChecked, limits: limits)
    }
    searched = found.searched
    lineStart = found.lineStart
    hasCheckedLine = found.hasCheckedLine
    return found.length
  }

  // MARK: The body

  private mutating func finish() throws(HTTPRefusal) -> Request? {
    guard var head, let body = body?.body else { return nil }
    defer {
      self.head = nil
      self.body = nil
      // Nothing is left of the client's buffer but a reference that would keep it from reuse.
      if input.readableBytes == 0 { input = ByteBuffer() }
    }
    guard let coding = head.coding else { return Request(head: head, body: body) }
    do throws(ContentCoding.Failure) {
      head.headers["Content-Encoding"] = nil
      let limit = InflationLimit(bytes: limits.bodyBytes)
      return Request(head: head, body: try coding.decoded(body, limit: limit))
    } catch {
      throw .unusable(error)
    }
  }
}

/// The search for the empty line that ends a header section, resumed where it stopped.
private struct HeadSearch {
  var length: Int?
  var searched: Int
  var lineStart: Int
  var hasCheckedLine: Bool

  init(
    _ bytes: UnsafeRawBufferPointer, from: Int, lineStart: Int, hasCheckedLine: Bool,
    limits: HTTPServerLimits
  ) throws(HTTPRefusal) {
    self.lineStart = lineStart
    self.hasCheckedLine = hasCheckedLine
    searched = from
    if from == 0, let first = bytes.first, !first.isHTTPToken {
      // A TLS record of type handshake (RFC 8446 §5.1).
      throw first == 0x16
        ? .malformed("This port speaks plain HTTP; the client began with TLS (https).")
        : .malformed("A request begins with a method.")
    }
    while let end = bytes.index(of: UInt8(ascii: "\n"), from: searched) {
      let line = bytes[self.lineStart..<end]
      searched = end + 1
      if line.isEmpty || line.count == 1 && line.first == UInt8(ascii: "\r") {
        guard searched <= limits.headBytes else { throw .headTooLarge }
        length = searched
        return
      }
      self.lineStart = searched
    }
    searched = bytes.count
    guard bytes.count <= limits.headBytes else { throw .headTooLarge }
    if !self.hasCheckedLine, self.lineStart > 0 {
      // What is not HTTP at all is told now, not after the time for the rest.
      self.hasCheckedLine = true
      let end = bytes.index(of: UInt8(ascii: "\n"), from: 0) ?? 0
      let isCRLF = end > 0 && bytes[end - 1] == UInt8(ascii: "\r")
      _ = try RequestLine(
        UnsafeRawBufferPointer(rebasing: bytes[..<(isCRLF ? end - 1 : end)]))
    }
  }
}
