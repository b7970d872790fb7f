internal import TrestleCore

/// The lines of a header section up to the empty one, without their ends. CRLF ends a line; RFC 9112
/// §2.2 lets a lone LF do so as well.
struct HTTPFieldLines {
  private let bytes: UnsafeRawBufferPointer
  private var start = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func next() -> UnsafeRawBufferPointer? {
    guard start < bytes.count, let end = bytes.index(of: UInt8(ascii: "\n"), from: start) else {
      return nil
    }
    let isCRLF = end > start && bytes[end - 1] == UInt8(ascii: "\r")
    let line = UnsafeRawBufferPointer(rebasing: bytes[start..<(isCRLF ? end - 1 : end)])
    start = end + 1
    return line.isEmpty ? nil : line
  }
}

extension Headers.Field {
  /// Reads a line (RFC 9112 §5), and tells how many of its bytes are the name.
  static func read(
    _ line: UnsafeRawBufferPointer
  ) throws(HTTPFramingError) -> (field: Headers.Field, nameLength: Int) {
    var colon = 0
    while colon < line.count, line[colon].isHTTPToken { colon += 1 }
    guard colon > 0, colon < line.count, line[colon] == UInt8(ascii: ":") else {
      throw .malformed("a header line is not a name, a colon and a value")
    }
    let value = try fieldValue(UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]))
    return (Headers.Field(name: String(line[..<colon]), value: value), colon)
  }

  /// The text of a field's value, without the white space around it.
  static func fieldValue(
    _ bytes: UnsafeRawBufferPointer
  ) throws(HTTPFramingError) -> String {
    var start = 0
    var end = bytes.count
    while start < end, bytes[start].isBlank { start += 1 }
    while end > start, bytes[end - 1].isBlank { end -= 1 }
    for byte in bytes[start..<end] where byte < 0x20 && byte != 0x09 || byte == 0x7F {
      throw .malformed("a header value has a control character in it")
    }
    return String(bytes[start..<end])
  }
}

extension String {
  init(_ bytes: Slice<UnsafeRawBufferPointer>) {
    self.init(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
  }
}
