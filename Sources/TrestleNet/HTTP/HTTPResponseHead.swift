internal import TrestleCore

/// A response's status line and header fields (RFC 9112 §4, §5), and what they say of its body.
struct HTTPResponseHead: Sendable, Equatable {
  var status: Int
  var headers: Headers
  var body: HTTPBodyReader.Extent
  /// Whether the connection may carry another exchange after this one.
  var keepsConnection: Bool

  /// Whether the answer is still to come.
  var isInterim: Bool { status < 200 }

  /// Reads a whole header section, its last empty line included, of the answer to a method.
  init(
    _ bytes: UnsafeRawBufferPointer, answering method: String, limits: HTTPMessageLimits
  ) throws(HTTPFramingError) {
    var lines = HTTPFieldLines(bytes)
    guard let line = lines.next() else { throw .notHTTP }
    let (status, isOld) = try Self.status(line)
    var fields: [Headers.Field] = []
    fields.reserveCapacity(8)
    while let line = lines.next() {
      guard line.count <= limits.fieldBytes, fields.count < limits.fields else {
        throw .headTooLarge
      }
      if line[0].isBlank, let last = fields.indices.last {
        // RFC 9112 §5.2: what old servers fold is one value, with a space for the fold.
        fields[last].value += " " + (try Headers.Field.fieldValue(line))
      } else {
        fields.append(try Headers.Field.read(line).field)
      }
    }
    var facts = Facts()
    for field in fields { try facts.note(field) }
    self.status = status
    headers = Headers(fields)
    // RFC 9112 §6.3: both at once is an attempt at smuggling a second answer into the first.
    guard facts.length == nil || facts.codings == 0 else {
      throw .malformed("Content-Length and Transfer-Encoding exclude each other")
    }
    guard facts.codings == 0 || facts.codings == 1 && facts.isChunked else {
      throw .malformed("the only transfer coding taken here is chunked")
    }
    // Nobody asks for that over these connections.
    guard status != 101 else { throw .malformed("it switches to another protocol") }
    keepsConnection = isOld ? facts.keepsAlive && !facts.isChunked : true
    if facts.closes { keepsConnection = false }
    if method == "HEAD" || status < 200 || status == 204 || status == 304 {
      body = .bytes(0)
    } else if facts.isChunked {
      body = .chunked
    } else if let length = facts.length {
      guard length <= limits.bodyBytes else { throw .bodyTooLarge }
      body = .bytes(length)
    } else {
      body = .connection
      keepsConnection = false
    }
  }

  /// `HTTP/1.1 200 OK`; what is said after the number may be left out, and its space with it.
  private static func status(
    _ line: UnsafeRawBufferPointer
  ) throws(HTTPFramingError) -> (Int, isOld: Bool) {
    guard line.count >= 12, begins(line), line[7].isDigit, line[8] == UInt8(ascii: " "),
      line[9].isDigit, line[9] > UInt8(ascii: "0"), line[10].isDigit, line[11].isDigit,
      line.count == 12 || line[12].isBlank
    else { throw .notHTTP }
    let digits = line[9...11].map { Int($0) - 48 }
    return (digits[0] * 100 + digits[1] * 10 + digits[2], line[7] == UInt8(ascii: "0"))
  }

  /// Whether bytes can be the beginning of a response, as far as they go.
  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    for (byte, expected) in zip(bytes, "HTTP/1.".utf8) where byte != expected { return false }
    return true
  }
}

/// What the fields say that decides how the message is read.
private struct Facts {
  var length: Int?
  var codings = 0
  var isChunked = false
  var closes = false
  var keepsAlive = false

  mutating func note(_ field: Headers.Field) throws(HTTPFramingError) {
    // The length tells most fields from those looked for, at no cost.
    switch field.name.utf8.count {
    case 10 where field.name.isEqualIgnoringCase("connection"):
      for option in field.value.utf8.split(separator: UInt8(ascii: ",")) {
        let option = String(Substring(option).filter { $0 != " " && $0 != "\t" })
        if option.isEqualIgnoringCase("close") { closes = true }
        if option.isEqualIgnoringCase("keep-alive") { keepsAlive = true }
      }
    case 14 where field.name.isEqualIgnoringCase("content-length"):
      guard length == nil, !field.value.isEmpty, field.value.utf8.allSatisfy(\.isDigit) else {
        throw .malformed("a message has at most one Content-Length, which is a number")
      }
      // What no Int holds is too long in any case.
      length = Int(field.value) ?? .max
    case 17 where field.name.isEqualIgnoringCase("transfer-encoding"):
      // What RFC 2616 calls identity is none.
      guard !field.value.isEqualIgnoringCase("identity") else { break }
      codings += 1
      isChunked = field.value.isEqualIgnoringCase("chunked")
    default: break
    }
  }
}
