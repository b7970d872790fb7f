internal import TrestleCore

/// Writes replies of one operation.
struct ReplyWriter {
  /// Nil for a path that the description does not have.
  let details: RESTOperation.Details?
  let operation: String
  let samples: ReplySamples

  /// The member of a reply's headers that is the status, spelled as in HTTP/2.
  static let statusKey = ":status"

  func response(
    _ reply: Reply, in context: RESTCallContext
  ) throws(CodecError) -> WireResponse {
    switch reply.outcome {
    case .fault(let fault): return try response(fault, in: context)
    case .value(let value):
      let success = details?.success
      let asked = reply.headers[Self.statusKey].flatMap { status in
        (status.integerValue ?? Int64(status.scalarText ?? "")).flatMap { Int(exactly: $0) }
      }
      let status = asked ?? success?.status ?? 200
      guard (200..<600).contains(status) else {
        throw CodecError(path: Self.statusKey, reason: "expects 200 to 599, found \(status)")
      }
      let described = details.flatMap { $0.response(for: status) }
      guard let rendered = reply.rendered, reply.headers.isEmpty else {
        return try response(value, status, described, reply, context)
      }
      let pick = content(of: described, accept: context.accept)
      return try rendered.response(for: pick?.position ?? 0) { () throws(CodecError) in
        try response(value, status, described, reply, context)
      }
    }
  }

  private func response(
    _ value: Value, _ status: Int, _ described: RESTResponse?, _ reply: Reply,
    _ context: RESTCallContext
  ) throws(CodecError) -> WireResponse {
    var response = WireResponse(status: status)
    let pick = content(of: described, accept: context.accept)
    var value = value
    if reply.origin == "sample", let described, let pick, pick.position > 0,
      let other = samples.value(of: pick.content, in: described, of: operation)
    {
      value = other
    }
    try put(value, as: pick?.content, describes: described != nil, into: &response)
    putHeaders(of: described, into: &response)
    for header in reply.headers where header.name != Self.statusKey {
      response.headers[header.name] = ParameterWriter.header(header.value, explodes: false)
    }
    return response
  }

  private func put(
    _ value: Value, as content: MediaContent?, describes: Bool, into response: inout WireResponse
  ) throws(CodecError) {
    guard response.status != 204, response.status != 304 else { return }
    if content == nil || content?.schema?.kinds.contains(.null) != true, value.isNull { return }
    let content = content ?? MediaContent(type: .json, examples: [], encodings: [:])
    let (body, type) = try BodyWriter.bytes(value, as: content)
    response.body = body
    response.headers["Content-Type"] = type
  }

  /// The headers that the description states.
  private func putHeaders(of described: RESTResponse?, into response: inout WireResponse) {
    for field in described?.fields.value ?? [] { response.headers[field.name] = field.value }
  }

  /// Which of a response's bodies a client takes: the one it likes best, else the first.
  private func content(
    of described: RESTResponse?, accept: String?
  ) -> (content: MediaContent, position: Int)? {
    guard let contents = described?.contents, !contents.isEmpty else { return nil }
    let usual = contents.firstIndex { $0.type.form == .json } ?? 0
    guard contents.count > 1, let accept else { return (contents[usual], usual) }
    let ranges = accept.split(separator: ",").compactMap { MediaType($0) }
    var best: (position: Int, quality: Double)?
    // The usual one first: of several that are liked as well, it is taken.
    for position in [usual] + contents.indices.filter({ $0 != usual }) {
      let range = ranges.filter { $0.covers(contents[position].type) }
        .max { $0.precision < $1.precision }
      let quality = range.map { Double($0[parameter: "q"] ?? "1") ?? 1 } ?? 0
      if quality > best?.quality ?? 0 { best = (position, quality) }
    }
    let position = best?.position ?? usual
    return (contents[position], position)
  }

  // MARK: Faults

  private func response(
    _ fault: Fault, in context: RESTCallContext
  ) throws(CodecError) -> WireResponse {
    if fault.isUnmatched {
      if context.operation == nil {
        let isMethod = !context.allowed.isEmpty
        return HTTPStatus.response(
          isMethod ? 405 : 404, fault.message,
          headers: isMethod ? ["Allow": context.allowed.joined(separator: ", ")] : [:])
      }
      return HTTPStatus.response(404, fault.message)
    }
    let status = HTTPStatus.status(of: fault)
    if !context.issues.isEmpty, fault.detail["errors"] != nil {
      return HTTPStatus.response(status, fault.message, issues: context.issues)
    }
    let described = details?.response(for: status)
    var response = WireResponse(status: status)
    let pick = content(of: described, accept: context.accept)
    putHeaders(of: described, into: &response)
    if !fault.detail.isNull {
      try put(fault.detail, as: pick?.content, describes: described != nil, into: &response)
      return response
    }
    if let described, let pick, pick.content.type.form == .json,
      let sample = samples.value(of: pick.content, in: described, of: operation)
    {
      // The description's own shape, with the fault's words where it has a place for them.
      let value = Self.saying(fault.message, in: sample, pick.content.schema)
      try put(value, as: pick.content, describes: true, into: &response)
      return response
    }
    var problem = HTTPStatus.response(status, fault.message)
    for field in response.headers.fields { problem.headers[field.name] = field.value }
    return problem
  }

  private static func saying(_ message: String, in sample: Value, _ schema: JSONSchema?) -> Value {
    guard case .object(var record) = sample, !message.isEmpty else { return sample }
    for key in ["message", "detail", "error_description", "error"] {
      guard case .string? = record[key] else { continue }
      record[key] = .string(message)
      let value = Value.object(record)
      return schema?.admits(value, for: .response) == false ? sample : value
    }
    return sample
  }
}
