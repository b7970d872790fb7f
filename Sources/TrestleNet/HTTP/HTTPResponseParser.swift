internal import NIOCore
internal import TrestleCore

/// Reads a server's bytes as the HTTP/1.1 response to one request. A pure value: the same response
/// comes out however the bytes were split on the way.
struct HTTPResponseParser {
  /// A whole response.
  struct Response: Equatable {
    var head: HTTPResponseHead
    var body: [UInt8]
  }

  private let limits: HTTPMessageLimits
  private let method: String
  private var input = ByteBuffer()
  private var head: HTTPResponseHead?
  private var body: HTTPBodyReader?
  /// How far the end of the header section was looked for, and where its last line begins.
  private var searched = 0
  private var lineStart = 0
  private var interim = 0
  /// Whether anything has come.
  private(set) var hasBegun = false

  /// A parser of the answer to a request of a method.
  init(answering method: String, limits: HTTPMessageLimits) {
    self.method = method
    self.limits = limits
  }

  /// Bytes that do not belong to the response: there are none where the server does what it should.
  var unread: Int { input.readableBytes }

  mutating func append(_ bytes: ByteBuffer) {
    hasBegun = hasBegun || bytes.readableBytes > 0
    if input.readableBytes == 0 {
      input = bytes
    } else {
      input.discardReadBytes()
      input.writeImmutableBuffer(bytes)
    }
  }

  /// The response, or nil until it is whole.
  mutating func next() throws(HTTPFramingError) -> Response? {
    while head == nil {
      guard let found = try readHead() else { return nil }
      if found.isInterim {
        interim += 1
        guard interim <= Self.mostInterim else {
          throw .malformed("it says more than \(Self.mostInterim) times that it is still to come")
        }
      } else {
        head = found
        body = HTTPBodyReader(found.body, limits: limits)
      }
    }
    guard try body?.read(from: &input) == true else { return nil }
    return response
  }

  /// The response that ends with its connection, or nil where one is cut off.
  mutating func end() -> Response? {
    guard body?.endsWithConnection == true else { return nil }
    return response
  }

  private var response: Response? {
    guard let head, let body else { return nil }
    return Response(head: head, body: body.body)
  }

  private static let mostInterim = 32

  private mutating func readHead() throws(HTTPFramingError) -> HTTPResponseHead? {
    guard let length = try headLength() else { return nil }
    let (limits, method) = (limits, method)
    let head = try input.withUnsafeReadableBytes { (bytes) throws(HTTPFramingError) in
      try HTTPResponseHead(
        UnsafeRawBufferPointer(rebasing: bytes[..<length]), answering: method, limits: limits)
    }
    input.moveReaderIndex(forwardBy: length)
    searched = 0
    lineStart = 0
    return head
  }

  /// The length of the header section with its empty line, or nil until it has come.
  private mutating func headLength() throws(HTTPFramingError) -> Int? {
    let limits = limits
    var (searched, lineStart) = (searched, lineStart)
    let length = try input.withUnsafeReadableBytes { (bytes) throws(HTTPFramingError) -> Int? in
      // What is not HTTP at all is told now, not after the time for the rest.
      guard HTTPResponseHead.begins(bytes) else { throw .notHTTP }
      while let end = bytes.index(of: UInt8(ascii: "\n"), from: searched) {
        let isEmpty = end == lineStart || end == lineStart + 1 && bytes[lineStart] == 0x0D
        searched = end + 1
        guard searched <= limits.headBytes else { throw .headTooLarge }
        if isEmpty { return searched }
        lineStart = searched
      }
      guard bytes.count <= limits.headBytes else { throw .headTooLarge }
      searched = bytes.count
      return nil
    }
    (self.searched, self.lineStart) = (searched, lineStart)
    return length
  }
}
