internal import NIOHTTP1
internal import TrestleNet

/// What is known of a request by its head alone: whether it is let in, and how long its body may be.
struct HeadRule: Sendable {
  let access: AccessRule
  let limits: ServerLimits
  /// How long the body of a request may be, by method and path.
  let routeLimit: @Sendable (_ method: String, _ target: String) -> Int?
  /// Why a request may bring no body, by method and path; nil where it may.
  let bodyRefusal: @Sendable (_ method: String, _ target: String) -> APIError?
  /// What counts the requests of clients that have limits.
  let registry: Published<ClientRegistry>
  /// Where requests are told of that call, steer or are not let in.
  var audit: AuditLog?

  /// A request that is let in.
  struct Admitted: Sendable {
    var bodyLimit: Int
    /// What its client may do.
    var grant = Grant.whole
    /// Held until it is answered; nil for one whose client has no limits.
    var admission: Admission?
  }

  /// How long the request's body may be, and that it is counted. `client` is set to whose request it is as soon as
  /// that is known, also where it is refused.
  ///
  /// - Throws: `APIError` for a request that is not let in.
  func admit(
    _ head: HTTPRequestHead, over certificate: PeerCertificate?, of client: inout ClientToken?
  ) throws(APIError) -> Admitted {
    guard head.uri.utf8.count <= limits.targetBytes else {
      throw APIError(414, .tooLarge, "the request's target is too long")
    }
    client = try access.client(of: head, over: certificate)
    if let client, let refusal = access.refusal(of: head, by: client) { throw refusal }
    guard head.uri.hasPrefix("/") else {
      throw APIError(400, .unreadable, "a request's target begins with /")
    }
    try checkCoding(head.headers)
    // A body that nothing takes is not waited for.
    if Self.announcesBody(head.headers), let refusal = bodyRefusal(head.method.rawValue, head.uri) {
      throw refusal
    }
    var limit = limits.http.bodyBytes
    let length = head.headers.first(name: "Content-Length")
    // Most bodies are small enough for any route, and need not be looked at.
    if length.flatMap({ Int($0) }).map({ $0 > limit }) ?? true {
      limit = routeLimit(head.method.rawValue, head.uri) ?? limit
    }
    if let length {
      guard let length = Int(length), length <= limit else { throw Self.tooLarge(limit) }
    }
    if let expected = head.headers.first(name: "Expect"), expected.lowercased() != "100-continue" {
      throw APIError(417, .unsupported, "only 100-continue can be expected")
    }
    // Last: what is refused anyway is not counted.
    var admitted = Admitted(bodyLimit: limit, grant: Grant(client: client))
    if let client, let meter = registry.value.meters[client.name] {
      admitted.admission = try Admission(meter)
    }
    return admitted
  }

  private static func announcesBody(_ headers: HTTPHeaders) -> Bool {
    headers.contains(name: "Transfer-Encoding")
      || headers.first(name: "Content-Length").map { $0 != "0" } ?? false
  }

  /// Bodies come as they are or in chunks: what is packed is small outside and large inside.
  private func checkCoding(_ headers: HTTPHeaders) throws(APIError) {
    guard headers["Transfer-Encoding"].allSatisfy({ $0.lowercased() == "chunked" }),
      headers["Transfer-Encoding"].count <= 1
    else { throw APIError(501, .unsupported, "the only transfer coding here is chunked") }
    // RFC 9112 §6.1: one who sends both may mean another request to begin where we see none.
    guard
      !headers.contains(name: "Transfer-Encoding") || !headers.contains(name: "Content-Length")
    else {
      throw APIError(400, .unreadable, "Content-Length and Transfer-Encoding exclude each other")
    }
    guard headers["Content-Encoding"].allSatisfy({ $0.lowercased() == "identity" }) else {
      throw APIError(415, .unsupported, "bodies are not compressed")
    }
  }

  static func tooLarge(_ limit: Int) -> APIError {
    APIError(413, .tooLarge, "the body is larger than the \(limit) bytes that are taken here")
  }
}
