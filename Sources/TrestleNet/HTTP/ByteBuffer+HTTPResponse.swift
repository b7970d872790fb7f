internal import NIOCore
internal import NIOHTTP1
internal import TrestleCore

extension ByteBuffer {
  /// Appends a whole HTTP/1.1 response.
  ///
  /// Written here rather than through NIO's encoder so that head and body are one buffer and one
  /// system call. Length and connection fields are ours alone; a field that would break the header
  /// section (CR, LF or NUL in it: response splitting) turns the response into a 500.
  mutating func writeHTTPResponse(_ response: WireResponse, isLast: Bool, omitsBody: Bool = false) {
    guard response.isSendable else {
      let text = "The service made a response whose status or header fields cannot be sent."
      return writeHTTPResponse(.plain(500, text), isLast: isLast, omitsBody: omitsBody)
    }
    reserveCapacity(minimumWritableBytes: response.sizeEstimate)
    if response.status == 200 {
      writeStaticString("HTTP/1.1 200 OK\r\n")
    } else {
      writeStaticString("HTTP/1.1 ")
      writeString(String(response.status))
      writeStaticString(" ")
      writeString(HTTPResponseStatus(statusCode: response.status).reasonPhrase)
      writeStaticString("\r\n")
    }
    for field in response.headers.fields where !field.isFraming {
      writeString(field.name)
      writeStaticString(": ")
      writeString(field.value)
      writeStaticString("\r\n")
    }
    if isLast { writeStaticString("Connection: close\r\n") }
    // RFC 9110 §8.6: neither length nor body for 204 and 304.
    if response.status == 204 || response.status == 304 {
      writeStaticString("\r\n")
      return
    }
    writeStaticString("Content-Length: ")
    writeString(String(response.body.count))
    writeStaticString("\r\n\r\n")
    if !omitsBody { writeBytes(response.body) }
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

  fileprivate var sizeEstimate: Int {
    headers.fields.reduce(96 + body.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
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
  var isFieldName: Bool { !utf8.isEmpty && utf8.allSatisfy(\.isHTTPToken) }

  /// Whether this can be a field's value: nothing that ends the line (RFC 9110 §5.5).
  var isFieldValue: Bool { utf8.allSatisfy { ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7F } }
}
