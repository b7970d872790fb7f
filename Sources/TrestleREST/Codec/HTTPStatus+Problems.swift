internal import TrestleCore

extension HTTPStatus {
  /// The status that a fault's code asks for: the code itself where it is one, or what a word means.
  static func status(of fault: Fault) -> Int {
    if let status = Int(fault.code), (300..<600).contains(status) { return status }
    switch fault.code.lowercased() {
    case "client", "sender": return 400
    default: break
    }
    switch fault.category {
    case .invalidArgument: return 400
    case .unauthenticated: return 401
    case .permissionDenied: return 403
    case .notFound: return 404
    case .alreadyExists, .aborted: return 409
    case .failedPrecondition: return 412
    case .resourceExhausted: return 429
    case .unimplemented: return 501
    case .unavailable: return 503
    case .deadlineExceeded: return 504
    case .internal, nil: return 500
    }
  }

  /// A problem in words (RFC 9457).
  static func problem(_ status: Int, _ detail: String, issues: [RequestIssue] = []) -> Value {
    var record: Record = [
      "type": "about:blank", "title": .string(phrase(status)), "status": .integer(Int64(status)),
    ]
    if !detail.isEmpty { record["detail"] = .string(detail) }
    if !issues.isEmpty { record["errors"] = .array(issues.map(\.value)) }
    return .object(record)
  }

  /// A problem as a response.
  static func response(
    _ status: Int, _ detail: String, issues: [RequestIssue] = [], headers: Headers = [:]
  ) -> WireResponse {
    var headers = headers
    headers["Content-Type"] = "application/problem+json"
    return WireResponse(
      status: status, headers: headers,
      body: JSONWriter.bytes(problem(status, detail, issues: issues)))
  }
}
