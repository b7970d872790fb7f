internal import NIOCore
internal import TrestleCore

/// Takes the body of one message out of a peer's bytes (RFC 9112 §6, §7), however these were split on
/// the way.
struct HTTPBodyReader {
  /// Where a body ends.
  enum Extent: Sendable, Equatable {
    case bytes(Int)
    case chunked
    /// With the connection; a response's alone.
    case connection
  }

  private enum State {
    case bytes(left: Int)
    case chunkSize
    case chunk(left: Int)
    case chunkEnd
    case trailers
    case connection
  }

  private(set) var body: [UInt8] = []
  private let limits: HTTPMessageLimits
  private var state: State
  private var trailerBytes = 0
  private var trailers = 0

  init(_ extent: Extent, limits: HTTPMessageLimits) {
    self.limits = limits
    state =
      switch extent {
      case .bytes(let count): .bytes(left: count)
      case .chunked: .chunkSize
      case .connection: .connection
      }
  }

  /// Whether the body is whole when the connection ends.
  var endsWithConnection: Bool {
    if case .connection = state { return true }
    return false
  }

  /// Takes what has come of the body; whether that is all of it.
  mutating func read(from input: inout ByteBuffer) throws(HTTPFramingError) -> Bool {
    while true {
      switch state {
      case .bytes(let left):
        let taken = take(left, from: &input)
        state = .bytes(left: left - taken)
        return taken == left
      case .chunkSize:
        guard let size = try chunkSize(from: &input) else { return false }
        state = size == 0 ? .trailers : .chunk(left: size)
      case .chunk(let left):
        let taken = take(left, from: &input)
        state = taken == left ? .chunkEnd : .chunk(left: left - taken)
        guard taken == left else { return false }
      case .chunkEnd:
        guard input.readableBytes >= 2 else { return false }
        guard input.readInteger(as: UInt16.self) == 0x0D0A else {
          throw .malformed("a chunk does not end where its size says")
        }
        state = .chunkSize
      case .trailers:
        return try skipTrailers(from: &input)
      case .connection:
        guard body.count + input.readableBytes <= limits.bodyBytes else { throw .bodyTooLarge }
        _ = take(input.readableBytes, from: &input)
        return false
      }
    }
  }

  /// Moves up to that many bytes to the body; says how many there were.
  private mutating func take(_ count: Int, from input: inout ByteBuffer) -> Int {
    let count = min(count, input.readableBytes)
    guard count > 0 else { return 0 }
    input.withUnsafeReadableBytes { body.append(contentsOf: $0[..<count]) }
    input.moveReaderIndex(forwardBy: count)
    return count
  }

  /// A line of the chunked coding, or nil until it has come whole. CRLF only: a lone LF is read
  /// differently by different servers, which is what smuggling lives from.
  private func line(
    from input: inout ByteBuffer, limit: Int, excess: HTTPFramingError
  ) throws(HTTPFramingError) -> ByteBuffer? {
    let found = input.withUnsafeReadableBytes { $0.index(of: UInt8(ascii: "\n"), from: 0) }
    guard let end = found else {
      if input.readableBytes > limit { throw excess }
      return nil
    }
    guard end <= limit else { throw excess }
    guard var line = input.readSlice(length: end + 1), end > 0,
      line.getInteger(at: line.readerIndex + end - 1, as: UInt8.self) == UInt8(ascii: "\r")
    else { throw .malformed("a line of the chunked coding does not end with CRLF") }
    line.moveWriterIndex(to: line.writerIndex - 2)
    let isClean = line.readableBytesView.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    guard isClean else { throw .malformed("a line of the chunked coding has control characters") }
    return line
  }

  /// The size of the next chunk (RFC 9112 §7.1).
  private func chunkSize(from input: inout ByteBuffer) throws(HTTPFramingError) -> Int? {
    let excess = HTTPFramingError.malformed("the line with a chunk's size is too long")
    guard let line = try line(from: &input, limit: Self.chunkLineLimit, excess: excess) else {
      return nil
    }
    var size = 0
    var digits = 0
    for byte in line.readableBytesView {
      guard let digit = byte.hexDigitValue else { break }
      digits += 1
      size = size << 4 | digit
      // Told from the size alone: nothing is kept for, or waited for, what is only claimed.
      guard body.count + size <= limits.bodyBytes else { throw .bodyTooLarge }
    }
    // Extensions are skipped (§7.1.1).
    let rest = line.readableBytesView.dropFirst(digits).drop(while: \.isBlank)
    guard digits > 0, rest.isEmpty || rest.first == UInt8(ascii: ";") else {
      throw .malformed("a chunk begins with its size in hexadecimal digits")
    }
    return size
  }

  private static let chunkLineLimit = 1024

  /// Skips the trailer section; whether its end has come.
  private mutating func skipTrailers(
    from input: inout ByteBuffer
  ) throws(HTTPFramingError) -> Bool {
    while let line = try line(from: &input, limit: limits.fieldBytes, excess: .headTooLarge) {
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
