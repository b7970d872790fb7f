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

  private enum State {
    case head
    case body(left: Int)
    case chunkSize
    case chunk(left: Int)
    case chunkEnd
    case trailers
  }

  private let limits: HTTPServerLimits
  private var input = ByteBuffer()
  private var state = State.head
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  /// How far the end of the header section was looked for, and where its last line begins.
  private var searched = 0
  private var lineStart = 0
  private var hasCheckedLine = false
  private var trailerBytes = 0
  private var trailers = 0

  init(limits: HTTPServerLimits) { self.limits = limits }

  var progress: Progress {
    switch state {
    case .head: input.readableBytes == 0 ? .nothing : .head
    default: .body(received: body.count)
    }
  }

  /// Bytes that were not looked at yet.
  var unread: Int { input.readableBytes }

  /// Whether the client waits for leave to send the body.
  var expectsContinue: Bool { head?.expectsContinue == true && body.isEmpty }

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
    while true {
      switch state {
      case .head:
        guard try readHead() else { return nil }
      case .body(let left):
        let taken = take(left)
        state = .body(left: left - taken)
        guard taken == left else { return nil }
        return try finish()
      case .chunkSize:
        guard let line = try chunkLine() else { return nil }
        state = line == 0 ? .trailers : .chunk(left: line)
      case .chunk(let left):
        let taken = take(left)
        state = taken == left ? .chunkEnd : .chunk(left: left - taken)
        guard taken == left else { return nil }
      case .chunkEnd:
        guard input.readableBytes >= 2 else { return nil }
        guard input.readInteger(as: UInt16.self) == 0x0D0A else {
          throw .malformed("A chunk does not end where its size says.")
        }
        state = .chunkSize
      case .trailers:
        guard try skipTrailers() else { return nil }
        return try finish()
      }
    }
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
    switch head.body {
    case .bytes(let count): state = .body(left: count)
    case .chunked: state = .chunkSize
    }
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

  /// Moves up to that many bytes to the body; says how many there were.
  private mutating func take(_ count: Int) -> Int {
    let count = min(count, input.readableBytes)
    guard count > 0 else { return 0 }
    input.withUnsafeReadableBytes { body.append(contentsOf: $0[..<count]) }
    input.moveReaderIndex(forwardBy: count)
    return count
  }

  private mutating func finish() throws(HTTPRefusal) -> Request? {
    state = .head
    guard var head else { return nil }
    defer {
      self.head = nil
      body = []
      trailerBytes = 0
      trailers = 0
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

  /// A line of the chunked coding, or nil until it has come whole. CRLF only: a lone LF is read
  /// differently by different servers, which is what smuggling lives from.
  private mutating func line(limit: Int, refusal: HTTPRefusal) throws(HTTPRefusal) -> ByteBuffer? {
    let found = input.withUnsafeReadableBytes { $0.index(of: UInt8(ascii: "\n"), from: 0) }
    guard let end = found else {
      if input.readableBytes > limit { throw refusal }
      return nil
    }
    guard end <= limit else { throw refusal }
    guard var line = input.readSlice(length: end + 1), end > 0,
      line.getInteger(at: line.readerIndex + end - 1, as: UInt8.self) == UInt8(ascii: "\r")
    else { throw .malformed("A line of the chunked coding does not end with CRLF.") }
    line.moveWriterIndex(to: line.writerIndex - 2)
    let isClean = line.readableBytesView.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    guard isClean else { throw .malformed("A line of the chunked coding has control characters.") }
    return line
  }

  /// The size of the next chunk (RFC 9112 §7.1).
  private mutating func chunkLine() throws(HTTPRefusal) -> Int? {
    let refusal = HTTPRefusal.malformed("The line with a chunk's size is too long.")
    guard let line = try line(limit: Self.chunkLineLimit, refusal: refusal) else { return nil }
    var size = 0
    var digits = 0
    for byte in line.readableBytesView {
      guard let digit = byte.hexDigitValue else { break }
      digits += 1
      size = size << 4 | digit
      // Told from the size alone: nothing is kept for, or waited for, what is only claimed.
      guard body.count + size <= limits.bodyBytes else { throw .bodyTooLarge(limits) }
    }
    // Extensions are skipped (§7.1.1).
    let rest = line.readableBytesView.dropFirst(digits).drop(while: \.isBlank)
    guard digits > 0, rest.isEmpty || rest.first == UInt8(ascii: ";") else {
      throw .malformed("A chunk begins with its size in hexadecimal digits.")
    }
    return size
  }

  private static let chunkLineLimit = 1024

  /// Skips the trailer section; whether its end has come.
  private mutating func skipTrailers() throws(HTTPRefusal) -> Bool {
    while let line = try line(limit: limits.fieldBytes, refusal: .headTooLarge) {
      if line.readableBytes == 0 { return true }
      trailers += 1
      trailerBytes += line.readableBytes
      guard trailers <= limits.fields, trailerBytes <= limits.headBytes else {
        throw .headTooLarge
      }
    }
    return false
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
