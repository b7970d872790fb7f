internal import TrestleCore

/// Writes a call of one operation as a request.
struct RequestWriter {
  let operation: RESTOperation
  let details: RESTOperation.Details

  func request(_ call: Call, isBodyless: Bool = false) throws(CodecError) -> WireRequest {
    var query: [String] = []
    var cookies: [String] = []
    var headers = Headers()
    var texts: [String: String] = [:]
    var claimed: Set<String> = [RESTCodec.bodyKey]
    for parameter in details.parameters {
      claimed.insert(parameter.key)
      guard let value = call.parameters[parameter.key] else {
        guard parameter.location == .path || parameter.isRequired else { continue }
        throw CodecError(path: parameter.key, reason: "is missing")
      }
      switch parameter.location {
      case .path:
        let text = ParameterWriter.path(value, parameter)
        // An empty segment, or one that goes up, is another path.
        guard !text.isEmpty, text != ".", text != ".." else {
          throw CodecError(
            path: parameter.key, reason: "cannot stand in a path: \"\(text)\"")
        }
        texts[parameter.name] = text
      case .query:
        let text = ParameterWriter.query(value, parameter)
        if !text.isEmpty { query.append(text) }
      case .header: headers[parameter.name] = ParameterWriter.header(value, parameter)
      case .cookie: cookies.append(ParameterWriter.cookie(value, parameter))
      }
    }
    // What the description does not have is sent all the same, where it could be meant.
    for member in call.parameters where !claimed.contains(member.name) {
      query += ParameterWriter.pairs(named: member.name, member.value, ParameterStyle(.form))
    }
    if !cookies.isEmpty { headers["Cookie"] = cookies.joined(separator: "; ") }
    var target = String(operation.path.filled { texts[$0] ?? "" }.dropFirst())
    if !query.isEmpty { target += "?" + query.joined(separator: "&") }
    headers["Accept"] = details.accept
    for header in call.headers {
      headers[header.name] = ParameterWriter.header(header.value, explodes: false)
    }
    var request = WireRequest(method: operation.method, target: target, headers: headers)
    if !isBodyless, let body = call.parameters[RESTCodec.bodyKey] {
      try put(body, into: &request, accepting: call.headers)
    } else if !isBodyless, details.body?.isRequired == true {
      throw CodecError(path: RESTCodec.bodyKey, reason: "is missing")
    }
    return request
  }

  private func put(
    _ body: Value, into request: inout WireRequest, accepting headers: Record
  ) throws(CodecError) {
    let contents = details.body?.contents ?? []
    // A caller may pick one of several media types.
    let asked = request.headers["Content-Type"].flatMap { MediaType($0) }
    let content =
      asked.flatMap { asked in contents.first { $0.type.covers(asked) } }
      ?? contents.first { $0.type.form == .json } ?? contents.first
      ?? MediaContent(type: .json, examples: [], encodings: [:])
    let (bytes, type) = try BodyWriter.bytes(body, as: content)
    request.body = bytes
    if asked == nil || content.type.form == .multipart { request.headers["Content-Type"] = type }
  }
}
