internal import NIOHTTP1
internal import TrestleCore

/// Why a request is refused before any codec sees it.
struct HTTPRefusal: Error {
  var status: Int
  /// A sentence for whoever reads the client's log.
  var text: String
  /// Whether the connection is past repair: where the next request would begin is unknown, or
  /// what follows is not worth reading.
  var closes = true
}

/// What a request's header section says, read in one pass.
struct RequestFacts {
  var headers = Headers()
  /// The Host field; empty when the client (of HTTP/1.0) sent none.
  var host = ""
  var bodyLength: Int?
  var isChunked = false
  var expectsContinue = false
  var asksForUpgrade = false

  var hasBody: Bool { isChunked || (bodyLength ?? 0) > 0 }

  /// Reads and checks a header section.
  ///
  /// NIO's parser has refused malformed lines, names and lengths; here is what it lets through.
  init(_ head: HTTPRequestHead, limits: HTTPServerLimits) throws(HTTPRefusal) {
    var fields: [Headers.Field] = []
    fields.reserveCapacity(head.headers.count)
    var hosts = 0
    var transferEncodings = 0
    for (name, value) in head.headers {
      fields.append(Headers.Field(name: name, value: value))
      switch name.utf8.count {
      case 4 where name.isEqualIgnoringCase("host"):
        hosts += 1
        host = value
      case 6 where name.isEqualIgnoringCase("expect"):
        // RFC 9110 §10.1.1: the only expectation there is.
        guard value.isEqualIgnoringCase("100-continue") else {
          throw HTTPRefusal(status: 417, text: "The only expectation known here is 100-continue.")
        }
        expectsContinue = true
      case 7 where name.isEqualIgnoringCase("upgrade"):
        asksForUpgrade = true
      case 14 where name.isEqualIgnoringCase("content-length"):
        // Digits only: the parser checked. What no Int holds is too long in any case.
        bodyLength = Int(value) ?? .max
      case 16 where name.isEqualIgnoringCase("content-encoding"):
        guard value.isEqualIgnoringCase("identity") else {
          throw HTTPRefusal(
            status: 415, text: "Compressed requests are not taken: send the body as it is.")
        }
      case 17 where name.isEqualIgnoringCase("transfer-encoding"):
        transferEncodings += 1
        isChunked = value.isEqualIgnoringCase("chunked")
      default: break
      }
    }
    headers = Headers(fields)

    // RFC 9112 §3.2: 400 for a 1.1 request without Host, with several, or with an invalid one.
    if hosts != 1, hosts > 1 || head.version != .http1_0 {
      throw HTTPRefusal(status: 400, text: "A request carries exactly one Host field.")
    }
    guard host.isHostField else {
      throw HTTPRefusal(status: 400, text: "The Host field is not a host name and port.")
    }
    if transferEncodings > 0 {
      // RFC 9112 §6.1: both lengths at once is an attempt at request smuggling.
      guard bodyLength == nil, head.version != .http1_0 else {
        throw HTTPRefusal(
          status: 400, text: "Transfer-Encoding beside Content-Length, or in HTTP/1.0, is refused.")
      }
      guard transferEncodings == 1, isChunked else {
        throw HTTPRefusal(status: 501, text: "The only transfer coding taken here is chunked.")
      }
    }
    if let bodyLength, bodyLength > limits.bodyBytes {
      throw HTTPRefusal.bodyTooLarge(limits)
    }
  }
}

extension HTTPRefusal {
  static func bodyTooLarge(_ limits: HTTPServerLimits) -> HTTPRefusal {
    HTTPRefusal(status: 413, text: "The body is larger than \(limits.bodyBytes) bytes.")
  }
}

extension String {
  /// Whether this is `uri-host [":" port]` (RFC 9110 §7.2), or empty.
  ///
  /// No name needs a byte outside letters, digits and `.-_:[]~%`; the sub-delims that RFC 3986
  /// allows besides are what injected markup would need.
  fileprivate var isHostField: Bool {
    utf8.count <= 255
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
          UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"),
          UInt8(ascii: "~"), UInt8(ascii: "%"):
          true
        default: false
        }
      }
  }
}

extension HTTPRequestHead {
  /// The request target in origin form (`/path?query`), also when a client that believes us to be a
  /// proxy sent the absolute form (RFC 9112 §3.2.2: a server must accept it).
  var originTarget: String {
    guard !uri.utf8.starts(with: "/".utf8) else { return uri }
    let prefix = uri.prefix(8).lowercased()
    for scheme in ["http://", "https://"] where prefix.hasPrefix(scheme) {
      let rest = uri.utf8.dropFirst(scheme.utf8.count)
      guard
        let slash = rest.firstIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") })
      else { return "/" }
      let path = String(rest[slash...]) ?? "/"
      return path.utf8.starts(with: "/".utf8) ? path : "/" + path
    }
    return uri
  }
}
