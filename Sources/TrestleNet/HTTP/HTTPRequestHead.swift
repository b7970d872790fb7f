internal import TrestleCore

/// A request's line and header fields (RFC 9112 §3, §5), checked.
///
/// Stricter than most parsers where leniency is how requests are smuggled past proxies: no space
/// before a colon, no folded lines, one length, said once and in digits.
struct HTTPRequestHead: Sendable, Equatable {
  var method: String
  /// In origin form: `/path?query`.
  var target: String
  var headers: Headers
  /// The Host field; empty where a client of HTTP/1.0 sent none.
  var host = ""
  /// What follows the header section.
  var body = HTTPBodyReader.Extent.bytes(0)
  /// How the body is compressed, if it is.
  var coding: ContentCoding?
  var isLast: Bool
  var expectsContinue = false

  /// Reads a whole header section, its last empty line included.
  init(_ bytes: UnsafeRawBufferPointer, limits: HTTPServerLimits) throws(HTTPRefusal) {
    var lines = HTTPFieldLines(bytes)
    guard let line = lines.next() else { throw .malformed("There is no request line.") }
    let request = try RequestLine(line)
    method = request.method
    target = Self.originForm(request.target)
    isLast = request.isOld

    var fields: [Headers.Field] = []
    fields.reserveCapacity(8)
    var facts = Facts()
    while let line = lines.next() {
      guard line.count <= limits.fieldBytes, fields.count < limits.fields else {
        throw .headTooLarge
      }
      let (field, length) = try Self.field(line, limits)
      try facts.note(field.value, named: UnsafeRawBufferPointer(rebasing: line[..<length]))
      fields.append(field)
    }
    headers = Headers(fields)

    // RFC 9112 §3.2: 400 for a 1.1 request without Host, with several, or with an invalid one.
    guard facts.hosts == 1 || (request.isOld && facts.hosts == 0) else {
      throw .malformed("A request carries exactly one Host field.")
    }
    host = facts.host
    if let length = facts.length {
      guard facts.codings == 0 else {
        // RFC 9112 §6.1: both at once is an attempt at request smuggling.
        throw .malformed("Content-Length and Transfer-Encoding exclude each other.")
      }
      guard length <= limits.bodyBytes else { throw .bodyTooLarge(limits) }
      body = .bytes(length)
    } else if facts.codings > 0 {
      guard !request.isOld else { throw .malformed("HTTP/1.0 knows no Transfer-Encoding.") }
      guard facts.codings == 1, facts.isChunked else {
        throw HTTPRefusal(status: 501, text: "The only transfer coding taken here is chunked.")
      }
      body = .chunked
    }
    coding = facts.coding
    if facts.closes { isLast = true } else if facts.keepsAlive { isLast = false }
    expectsContinue = facts.expectsContinue && !request.isOld && body != .bytes(0)
  }

  /// A client that takes us for a proxy sends the absolute form; RFC 9112 §3.2.2 has servers accept it.
  private static func originForm(_ target: String) -> String {
    guard target.utf8.first != UInt8(ascii: "/") else { return target }
    for scheme in ["http://", "https://"]
    where String(target.utf8.prefix(scheme.utf8.count))?.isEqualIgnoringCase(scheme) == true {
      let rest = target.utf8.dropFirst(scheme.utf8.count)
      let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
      guard let end, let path = String(rest[end...]) else { return "/" }
      return path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
    }
    return target
  }

  private static func field(
    _ line: UnsafeRawBufferPointer, _ limits: HTTPServerLimits
  ) throws(HTTPRefusal) -> (field: Headers.Field, nameLength: Int) {
    do throws(HTTPFramingError) {
      return try Headers.Field.read(line)
    } catch {
      throw HTTPRefusal(error, limits)
    }
  }
}

/// A request line: method, target and version.
struct RequestLine {
  let method: String
  let target: String
  /// Whether the client speaks HTTP/1.0.
  let isOld: Bool

  init(_ line: UnsafeRawBufferPointer) throws(HTTPRefusal) {
    var space = 0
    while space < line.count, line[space].isHTTPToken { space += 1 }
    guard space > 0, space < line.count, line[space] == UInt8(ascii: " "), space <= 32 else {
      throw .malformed("A request begins with a method, a target and HTTP/1.1.")
    }
    var end = space + 1
    while end < line.count, line[end] > 0x20, line[end] != 0x7F { end += 1 }
    guard end > space + 1, line.count == end + 9, line[end] == UInt8(ascii: " "),
      line[(end + 1)...].starts(with: "HTTP/".utf8), line[end + 6].isDigit,
      line[end + 7] == UInt8(ascii: "."), line[end + 8].isDigit
    else { throw .malformed("A request line is a method, a target and HTTP/1.1.") }
    guard line[end + 6] == UInt8(ascii: "1") else {
      throw HTTPRefusal(status: 505, text: "Versions 1.1 and 1.0 of HTTP are spoken here.")
    }
    method = String(line[..<space])
    target = String(line[(space + 1)..<end])
    isOld = line[end + 8] == UInt8(ascii: "0")
  }
}

/// What the fields say that decides how the message is read.
private struct Facts {
  var hosts = 0
  var host = ""
  var length: Int?
  var codings = 0
  var isChunked = false
  var closes = false
  var keepsAlive = false
  var expectsContinue = false
  var coding: ContentCoding?

  mutating func note(
    _ value: String, named name: UnsafeRawBufferPointer
  ) throws(HTTPRefusal) {
    // The length tells most fields from those looked for, at no cost.
    switch name.count {
    case 4 where name.spells("host"):
      guard value.isHostField else { throw .malformed("The Host field is not a host and a port.") }
      hosts += 1
      host = value
    case 6 where name.spells("expect"):
      // RFC 9110 §10.1.1: the only expectation there is.
      guard value.isEqualIgnoringCase("100-continue") else {
        throw HTTPRefusal(status: 417, text: "The only expectation known here is 100-continue.")
      }
      expectsContinue = true
    case 10 where name.spells("connection"):
      for option in value.utf8.split(separator: UInt8(ascii: ",")) {
        let option = String(Substring(option).drop { $0 == " " || $0 == "\t" })
        if option.isEqualIgnoringCase("close") { closes = true }
        if option.isEqualIgnoringCase("keep-alive") { keepsAlive = true }
      }
    case 14 where name.spells("content-length"):
      guard length == nil, !value.isEmpty, value.utf8.allSatisfy(\.isDigit) else {
        throw .malformed("A request has at most one Content-Length, which is a number.")
      }
      // What no Int holds is too long in any case.
      length = Int(value) ?? .max
    case 16 where name.spells("content-encoding"):
      guard !value.isEqualIgnoringCase("identity") else { break }
      guard coding == nil, let named = ContentCoding(value) else { throw .unknownCoding }
      coding = named
    case 17 where name.spells("transfer-encoding"):
      codings += 1
      isChunked = value.isEqualIgnoringCase("chunked")
    default: break
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether these bytes are a word given in lower case, whatever their own case.
  fileprivate func spells(_ word: StaticString) -> Bool {
    guard count == word.utf8CodeUnitCount else { return false }
    for index in 0..<count {
      let letter = word.utf8Start[index]
      // Only letters have a case: `-` with that bit set is another token character.
      guard self[index] == letter || (letter >= 97 && self[index] | 0x20 == letter) else {
        return false
      }
    }
    return true
  }
}

extension String {
  /// Whether this is `uri-host [":" port]` (RFC 9110 §7.2), or empty.
  ///
  /// No name needs a byte outside letters, digits and `.-_:[]~%`; the others that RFC 3986 allows
  /// are what injected markup would need, as documents repeat the address.
  fileprivate var isHostField: Bool {
    utf8.count <= 255
      && allBytes { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "-"),
          UInt8(ascii: "_"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "~"),
          UInt8(ascii: "%"):
          true
        default: false
        }
      }
  }
}
