/// Bytes that a mock sends in place of what its codec would write.
package struct RawReply: Sendable, Hashable {
  package var bytes: [UInt8]
  /// The HTTP status; unused by framed protocols.
  package var status: Int
  /// The HTTP header fields; unused by framed protocols.
  package var headers: Headers
  /// Whether the protocol's frame goes around them; unused by HTTP.
  package var isFramed: Bool

  package init(
    bytes: [UInt8], status: Int = 200, headers: Headers = Headers(), isFramed: Bool = true
  ) {
    self.bytes = bytes
    self.status = status
    self.headers = headers
    self.isFramed = isFramed
  }

  /// The response to a request. A reply without a `Content-Type` of its own has the request's, which is what
  /// the protocol's answers have too.
  package func response(to request: WireRequest, over wire: Wire) -> WireResponse {
    var response = WireResponse(status: status, headers: headers, body: bytes)
    switch wire {
    case .http:
      if headers["Content-Type"] == nil {
        let kind = request.headers["Content-Type"]?.prefix { $0 != ";" } ?? "text/xml"
        let isXML = kind.hasSuffix("xml")
        response.headers["Content-Type"] = "\(isXML ? String(kind) : "text/xml"); charset=utf-8"
      }
    case .framed: response.isUnframed = !isFramed
    }
    return response
  }
}
