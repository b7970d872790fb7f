internal import NIOCore
internal import TrestleCore

/// Cuts the one request of an SCGI connection out of its bytes, however they arrive.
///
/// `LENGTH:NAME\0VALUE\0…,BODY` (python.ca/scgi/protocol.txt): the headers are a netstring, the first of
/// them is `CONTENT_LENGTH`, and `SCGI` is 1. What is over the limits is refused before it is kept.
struct SCGIRequestParser {
  private let limits: HTTPServerLimits
  private var bytes: [UInt8] = []
  private var head: Head?

  private struct Head {
    var request: WireRequest
    var bodyLength: Int
    /// Where the body begins among the bytes.
    var end: Int
  }

  init(limits: HTTPServerLimits) { self.limits = limits }

  mutating func append(_ buffer: ByteBuffer) { bytes += buffer.readableBytesView }

  /// Whether nothing has come yet.
  var isEmpty: Bool { bytes.isEmpty }
  /// How much of the body has come; nil before the headers are whole.
  var bodyReceived: Int? { head.map { bytes.count - $0.end } }

  /// The request, once it is whole.
  mutating func next() throws(HTTPRefusal) -> WireRequest? {
    if head == nil { head = try readHead() }
    guard let head, bytes.count - head.end >= head.bodyLength else { return nil }
    var request = head.request
    request.body = Array(bytes[head.end..<head.end + head.bodyLength])
    return try decoded(request)
  }

  private func decoded(_ request: WireRequest) throws(HTTPRefusal) -> WireRequest {
    guard let name = request.headers["Content-Encoding"], !name.isEqualIgnoringCase("identity")
    else { return request }
    guard let coding = ContentCoding(name) else { throw .unknownCoding }
    var request = request
    request.headers["Content-Encoding"] = nil
    do throws(ContentCoding.Failure) {
      request.body = try coding.decoded(
        request.body, limit: InflationLimit(bytes: limits.bodyBytes))
    } catch {
      throw .unusable(error)
    }
    return request
  }

  private func readHead() throws(HTTPRefusal) -> Head? {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
      guard bytes.count <= 6, bytes.allSatisfy(\.isDigit) else { throw Self.noNetstring }
      return nil
    }
    guard colon > 0, colon <= 6, let length = Int(String(decoding: bytes[..<colon], as: UTF8.self))
    else { throw Self.noNetstring }
    guard length <= limits.headBytes else { throw .headTooLarge }
    let end = colon + 1 + length
    guard bytes.count > end else { return nil }
    guard bytes[end] == UInt8(ascii: ",") else { throw Self.noNetstring }
    return try Self.head(of: bytes[(colon + 1)..<end], end: end + 1, limits)
  }

  private static let noNetstring = HTTPRefusal.malformed("SCGI begins with a netstring of headers.")

  private static func head(
    of bytes: ArraySlice<UInt8>, end: Int, _ limits: HTTPServerLimits
  ) throws(HTTPRefusal) -> Head {
    // Every text ends in a NUL, so that splitting leaves an empty one at the end.
    var texts = bytes.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard texts.popLast() == "", texts.count.isMultiple(of: 2), texts.count <= 2 * limits.fields
    else { throw .malformed("The headers of SCGI are names and values that each end in a NUL.") }
    var values: [String: String] = [:]
    var headers = Headers()
    for index in stride(from: 0, to: texts.count, by: 2) {
      let (name, value) = (texts[index], texts[index + 1])
      guard values.updateValue(value, forKey: name) == nil else {
        throw .malformed("The header \(name.prefix(40)) stands there twice.")
      }
      if name.hasPrefix("HTTP_") {
        headers.append(
          name: String(name.dropFirst(5).map { $0 == "_" ? "-" : $0 }).lowercased(), value: value)
      }
    }
    guard texts.first == "CONTENT_LENGTH", values["SCGI"] == "1",
      let length = values["CONTENT_LENGTH"], !length.isEmpty,
      length.utf8.allSatisfy(\.isDigit), let count = Int(length)
    else { throw .malformed("SCGI asks for CONTENT_LENGTH first, and for SCGI with the value 1.") }
    guard count <= limits.bodyBytes else { throw .bodyTooLarge(limits) }
    if let type = values["CONTENT_TYPE"], !type.isEmpty {
      headers.append(name: "Content-Type", value: type)
    }
    // rTorrent's clients send no more than the two headers that must be there.
    let method = values["REQUEST_METHOD"] ?? "POST"
    if headers["Content-Type"] == nil, method == "POST" {
      headers.append(name: "Content-Type", value: "text/xml")
    }
    let request = WireRequest(
      method: method, target: values["REQUEST_URI"] ?? "/", headers: headers)
    return Head(request: request, bodyLength: count, end: end)
  }
}
