internal import TrestleCore

/// Reads a response of one operation.
struct ResponseReader {
  let details: RESTOperation.Details?
  let isStrict: Bool

  func reply(_ response: WireResponse) throws(CodecError) -> Reply {
    let described = details?.response(for: response.status)
    let value = try value(of: response, described)
    var warnings: [String] = []
    if let described, let schema = content(of: response, described)?.schema,
      !response.body.isEmpty, !schema.admits(value, for: .response)
    {
      warnings = schema.issues(in: value, for: .response).prefix(5).map { issue in
        let place = issue.pointer.tokens.isEmpty ? "" : "\(issue.pointer) "
        return "the reply breaks its description: \(place)\(issue.reason)"
      }
    }
    // A description that has failures alone says nothing of success.
    if let details, described == nil, response.status >= 300 || details.success.response != nil {
      warnings.append("the description says nothing of status \(response.status)")
    }
    if isStrict, let first = warnings.first { throw CodecError(reason: first) }
    guard response.status >= 300 else {
      var reply = Reply(
        .value(value), headers: headers(of: response, described), warnings: warnings)
      if response.status != details?.success.status ?? 200 {
        reply.headers[ReplyWriter.statusKey] = .integer(Int64(response.status))
      }
      return reply
    }
    return Reply(.fault(fault(response, value)), warnings: warnings)
  }

  private func content(of response: WireResponse, _ described: RESTResponse) -> MediaContent? {
    guard let type = response.headers["Content-Type"].flatMap({ MediaType($0) }) else {
      return described.contents.first
    }
    return described.contents.filter { $0.type.covers(type) }
      .max { $0.type.precision < $1.type.precision }
  }

  private func value(
    of response: WireResponse, _ described: RESTResponse?
  ) throws(CodecError) -> Value {
    guard !response.body.isEmpty else { return .null }
    let content = described.flatMap { self.content(of: response, $0) }
    let named = response.headers["Content-Type"].flatMap { MediaType($0) }
    let type = named ?? content?.type ?? .json
    do throws(CodecError) {
      return try BodyReader.value(response.body, type: type, as: content)
    } catch {
      // Whatever comes with a failure is told, be it a page of a proxy.
      guard response.status >= 300 || named == nil else { throw error }
      return String(validating: response.body, as: UTF8.self).map { .string($0) }
        ?? .bytes(response.body)
    }
  }

  private func headers(of response: WireResponse, _ described: RESTResponse?) -> Record {
    var record = Record()
    for header in described?.headers ?? [] {
      guard let text = response.headers.joined(header.name) else { continue }
      record[header.name] = ParameterReader.header(text, header)
    }
    for name in ["Location", "ETag", "Link", "Retry-After"]
    where !record.names.contains(where: { $0.isEqualIgnoringCase(name) }) {
      if let text = response.headers[name] { record[name] = .string(text) }
    }
    return record
  }

  private func fault(_ response: WireResponse, _ detail: Value) -> Fault {
    var fault = Fault(
      code: String(response.status),
      message: Self.message(in: detail) ?? HTTPStatus.phrase(response.status), detail: detail)
    fault.category = HTTPStatus.category(of: response.status)
    return fault
  }

  /// The words for people in the body of a failure, where services usually have them.
  private static func message(in detail: Value) -> String? {
    if let text = detail.stringValue {
      let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
      return line.isEmpty || line.hasPrefix("<") ? nil : String(line.prefix(500))
    }
    for key in ["detail", "message", "error_description", "error", "title", "msg", "reason"] {
      switch detail[key] {
      case .string(let text)? where !text.isEmpty: return text
      case .object(let inner)?:
        if let text = message(in: .object(inner)) { return text }
      default: break
      }
    }
    if let first = detail["errors"]?[0] { return message(in: first) }
    return nil
  }
}
