internal import CZlib
internal import TrestleCore

/// How a body is compressed (RFC 9110 §8.4.1).
package enum ContentCoding: String, Sendable {
  case gzip
  case deflate

  /// The codings we take, as a field says it.
  static let taken = "gzip, deflate"

  /// Bodies smaller than this are sent as they are: the coding's own bytes would make up for what it
  /// saves.
  static let worthwhile = 512

  /// Why a compressed body cannot be used.
  enum Failure: Error, Equatable {
    /// It would become larger than is taken.
    case tooLarge(limit: Int)
    /// It is not of the coding, or cut off.
    case broken
  }

  /// What a Content-Encoding field says; nil for a coding that is not taken, or several at once.
  init?(_ name: String) {
    // RFC 9110 §8.4.1.3: x-gzip is the same.
    if name.isEqualIgnoringCase("gzip") || name.isEqualIgnoringCase("x-gzip") {
      self = .gzip
    } else if name.isEqualIgnoringCase("deflate") {
      self = .deflate
    } else {
      return nil
    }
  }

  /// The body compressed; nil where that fails, for want of memory.
  func encoded(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    let window = self == .gzip ? 16 + MAX_WBITS : MAX_WBITS
    guard trestle_deflate_init(&stream, window) == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, uLong(bytes.count)))
    var isWhole = false
    let output = bytes.withUnsafeBufferPointer { input in
      [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = uInt(input.count)
        stream.next_out = buffer.baseAddress
        stream.avail_out = uInt(buffer.count)
        isWhole = CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END
        count = buffer.count - Int(stream.avail_out)
      }
    }
    return isWhole ? output : nil
  }

  /// The body as it was before it was compressed.
  ///
  /// Never holds more than the limit and one piece, whatever the bytes would become.
  func decoded(_ bytes: [UInt8], limit: InflationLimit) throws(Failure) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    let most = limit.most(from: bytes.count)
    switch self {
    case .gzip: return try Self.inflated(bytes, window: 16 + MAX_WBITS, most: most)
    case .deflate:
      // RFC 9110 §8.4.1.2 means the zlib format; some servers send it without its header.
      do throws(Failure) {
        return try Self.inflated(bytes, window: MAX_WBITS, most: most)
      } catch .broken {
        return try Self.inflated(bytes, window: -MAX_WBITS, most: most)
      }
    }
  }

  private static func inflated(
    _ bytes: [UInt8], window: Int32, most: Int
  ) throws(Failure) -> [UInt8] {
    var stream = z_stream()
    guard trestle_inflate_init(&stream, window) == Z_OK else { throw .broken }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    let failure = bytes.withUnsafeBufferPointer { input -> Failure? in
      // zlib's C interface has no const; it does not write to its input.
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = uInt(input.count)
      while true {
        let code = appendPiece(of: &stream, to: &output)
        if output.count > most { return .tooLarge(limit: most) }
        if code == Z_STREAM_END {
          // A gzip file may have several members, one after the other (RFC 1952 §2.2).
          guard stream.avail_in > 0 else { return nil }
          guard window > MAX_WBITS, inflateReset(&stream) == Z_OK else { return .broken }
        } else if code != Z_OK {
          return .broken
        }
      }
    }
    if let failure { throw failure }
    return output
  }

  private static let pieceSize = 64 << 10

  private static func appendPiece(of stream: inout z_stream, to output: inout [UInt8]) -> Int32 {
    var code = Z_OK
    let piece = [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
      stream.next_out = buffer.baseAddress
      stream.avail_out = uInt(buffer.count)
      code = inflate(&stream, Z_NO_FLUSH)
      count = buffer.count - Int(stream.avail_out)
    }
    output += piece
    return code
  }
}

/// How large a compressed body may become. A few kilobytes can stand for gigabytes.
struct InflationLimit {
  /// The largest result.
  var bytes: Int
  /// The largest result for each compressed byte, where the result is above `freely`. Messages of
  /// many rows alike reach 50; a bomb has 1000.
  var ratio = 100
  /// What may come of any number of bytes.
  var freely = 1 << 20

  func most(from compressed: Int) -> Int { min(bytes, max(freely, compressed * ratio)) }
}
