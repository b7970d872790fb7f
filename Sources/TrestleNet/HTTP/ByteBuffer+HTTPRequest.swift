internal import NIOCore
internal import TrestleCore

extension ByteBuffer {
  /// Appends a whole HTTP/1.1 request that `canBeWritten`, its length with it.
  mutating func writeHTTPRequest(_ request: WireRequest) {
    // One piece for the whole head: every write checks the buffer anew.
    var head = [UInt8]()
    head.reserveCapacity(
      request.headers.fields.reduce(96 + request.target.utf8.count) {
        $0 + $1.name.utf8.count + $1.value.utf8.count + 4
      })
    head += request.method.utf8
    head += " ".utf8
    head += request.target.utf8
    head += " HTTP/1.1\r\n".utf8
    for field in request.headers.fields {
      head += field.name.utf8
      head += ": ".utf8
      head += field.value.utf8
      head += "\r\n".utf8
    }
    // RFC 9110 §8.6: said also of no body, where the method means one.
    if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
      head += "Content-Length: ".utf8
      head += String(request.body.count).utf8
      head += "\r\n".utf8
    }
    head += "\r\n".utf8
    reserveCapacity(minimumWritableBytes: head.count + request.body.count)
    writeBytes(head)
    writeBytes(request.body)
  }
}

extension WireRequest {
  /// Whether it is one that `writeHTTPRequest` can write, and whose fields ask for nothing but an answer.
  var canBeWritten: Bool {
    method.isFieldName && target.utf8.first == UInt8(ascii: "/")
      && target.allBytes { $0 > 0x20 && $0 < 0x7F }
      && headers.fields.allSatisfy { field in
        field.name.isFieldName && field.value.isFieldValue && !field.isOfConnection
      }
  }
}

extension Headers.Field {
  /// Whether the field is about the connection or the way the message goes, and not of the message.
  fileprivate var isOfConnection: Bool {
    switch name.utf8.count {
    case 2: name.isEqualIgnoringCase("te")
    case 6: name.isEqualIgnoringCase("expect")
    case 7: name.isEqualIgnoringCase("upgrade") || name.isEqualIgnoringCase("trailer")
    case 10: name.isEqualIgnoringCase("connection") || name.isEqualIgnoringCase("keep-alive")
    case 14: name.isEqualIgnoringCase("content-length")
    case 17: name.isEqualIgnoringCase("transfer-encoding")
    default: false
    }
  }
}
