internal import NIOCore
internal import NIOHTTP1
internal import TrestleCore

extension ByteBuffer {
  /// Appends a whole HTTP/1.1 response.
  ///
  /// Written here rather than through NIO's encoder so that head and body are one buffer and one
  /// system call. Length and connection fields are ours alone; a field that would break the header
  /// section (CR, LF or NUL in it: response splitting) turns the response into a 500.
  ///
  /// `lengthError` is what the length says above the right one, for services that misbehave on purpose.
  mutating func writeHTTPResponse(
    _ response: WireResponse, isLast: Bool, omitsBody: Bool = false, lengthError: Int = 0
  ) {
    write(
      response, startingWith: "HTTP/1.1 ", saysClose: isLast, omitsBody: omitsBody,
      lengthError: lengthError)
  }

  /// Appends a whole response of CGI (RFC 3875 §6), whose status is a field like the others.
  mutating func writeCGIResponse(_ response: WireResponse, lengthError: Int = 0) {
    write(
      response, startingWith: "Status: ", saysClose: false, omitsBody: false,
      lengthError: lengthError)
  }

  private mutating func write(
    _ response: WireResponse, startingWith start: StaticString, saysClose: Bool, omitsBody: Bool,
    lengthError: Int = 0
  ) {
    guard response.isSendable else {
      let text = "The service made a response whose status or header fields cannot be sent."
      return write(
        .plain(500, text), startingWith: start, saysClose: saysClose, omitsBody: omitsBody)
    }
    // One piece for the whole head: every write checks the buffer anew.
    var head = [UInt8]()
    head.reserveCapacity(response.headSizeEstimate)
    start.withUTF8Buffer { head += $0 }
    if response.status == 200 {
      head += "200 OK\r\n".utf8
    } else {
      head += String(response.status).utf8
      head += " ".utf8
      head += HTTPResponseStatus(statusCode: response.status).reasonPhrase.utf8
      head += "\r\n".utf8
    }
    for field in response.headers.fields where !field.isFraming {
      head += field.name.utf8
      head += ": ".utf8
      head += field.value.utf8
      head += "\r\n".utf8
    }
    if saysClose { head += "Connection: close\r\n".utf8 }
    // RFC 9110 §8.6: neither length nor body for 204 and 304.
    let hasBody = response.status != 204 && response.status != 304
    if hasBody {
      head += "Content-Length: ".utf8
      head += String(Swift.max(0, response.body.count + lengthError)).utf8
      head += "\r\n".utf8
    }
    head += "\r\n".utf8
    let sendsBody = hasBody && !omitsBody
    reserveCapacity(minimumWritableBytes: head.count + (sendsBody ? response.body.count : 0))
    writeBytes(head)
    if sendsBody { writeBytes(response.body) }
  }
}

extension WireResponse {
  /// A sentence as an answer.
  static func plain(_ status: Int, _ text: String, headers: Headers = [:]) -> WireResponse {
    var headers = headers
    headers["Content-Type"] = "text/plain; charset=utf-8"
    return WireResponse(status: status, headers: headers, body: Array((text + "\n").utf8))
  }

  fileprivate var isSendable: Bool {
    // 1xx would not end the exchange.
    (200...599).contains(status)
      && headers.fields.allSatisfy { $0.name.isFieldName && $0.value.isFieldValue }
  }

  fileprivate var headSizeEstimate: Int {
    headers.fields.reduce(96) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
  }
}

extension Headers.Field {
  /// Whether the field says where a message ends or what becomes of the connection.
  fileprivate var isFraming: Bool {
    switch name.utf8.count {
    case 10: name.isEqualIgnoringCase("connection") || name.isEqualIgnoringCase("keep-alive")
    case 14: name.isEqualIgnoringCase("content-length")
    case 17: name.isEqualIgnoringCase("transfer-encoding")
    default: false
    }
  }
}

extension String {
  /// Whether this is a token (RFC 9110 §5.6.2).
  var isFieldName: Bool { !isEmpty && allBytes(\.isHTTPToken) }

  /// Whether this can be a field's value: nothing that ends the line (RFC 9110 §5.5).
  var isFieldValue: Bool { allBytes { ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7F } }

  /// Whether a condition holds for every byte. Walking a string's own view costs ten times as much.
  @inline(__always)
  func allBytes(_ condition: (UInt8) -> Bool) -> Bool {
    utf8.withContiguousStorageIfAvailable { $0.allSatisfy(condition) } ?? utf8.allSatisfy(condition)
  }
}
