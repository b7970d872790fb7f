internal import TrestleCore

/// What of a request is needed to answer it.
struct RESTCallContext: Sendable {
  /// The operation's position; nil for a path or a method that the description does not have.
  var operation: Int?
  /// The methods of a path that has others than the one asked for.
  var allowed: [String] = []
  /// The Accept fields, joined.
  var accept: String?
  var preference: ReplyPreference?
  /// What of the request breaks the description.
  var issues: [RequestIssue] = []
}

/// One thing in a request that breaks the description.
struct RequestIssue: Sendable, Hashable {
  /// `body`, `path`, `query`, `header` or `cookie`.
  var place: String
  /// The parameter; empty for the body.
  var parameter: String
  /// Where in the body or in the parameter's value.
  var pointer: JSONPointer
  var reason: String
  var hint: String?

  /// As an entry of a problem's `errors` (RFC 9457 §3).
  var value: Value {
    var record: Record = ["in": .string(place)]
    if !parameter.isEmpty { record["parameter"] = .string(parameter) }
    record["pointer"] = .string("#\(pointer)")
    record["detail"] = .string(reason)
    if let hint { record["hint"] = .string(hint) }
    return .object(record)
  }

  /// `query limit: expects at most 100, found 500`.
  var description: String {
    let inside = pointer.tokens.isEmpty ? "" : "\(parameter.isEmpty ? "" : " at ")\(pointer)"
    return "\(place)\(parameter.isEmpty ? "" : " \(parameter)")\(inside): \(reason)"
  }
}

/// The answer that a client picks by a Prefer field (RFC 7240): `code=404, example=missing`.
struct ReplyPreference: Sendable, Hashable {
  var status: Int?
  var example: String?

  /// Nil where the fields ask for nothing of the kind.
  init?(_ headers: Headers) {
    for field in headers.fields where field.name.isEqualIgnoringCase("prefer") {
      for part in field.value.split(whereSeparator: { $0 == "," || $0 == ";" }) {
        let halves = part.split(separator: "=", maxSplits: 1).map { $0.trimmingBlanks }
        guard halves.count == 2 else { continue }
        let value = halves[1].filter { $0 != "\"" }
        switch halves[0].lowercased() {
        case "code", "status": status = Int(value) ?? status
        case "example": example = String(value)
        default: break
        }
      }
    }
    if status == nil, example == nil { return nil }
  }
}
