internal import TrestleCore

/// Reads a request of one operation, and notes what of it breaks the description.
struct RequestReader {
  let operation: RESTOperation
  let details: RESTOperation.Details
  let isStrict: Bool
  private(set) var issues: [RequestIssue] = []
  private(set) var warnings: [String] = []

  /// More mistakes than this help nobody.
  private static let maximumIssues = 50

  init(operation: RESTOperation, details: RESTOperation.Details, isStrict: Bool) {
    self.operation = operation
    self.details = details
    self.isStrict = isStrict
  }

  /// The parameters by name, and the body.
  ///
  /// - Throws: `CodecError` for a body that is not of its media type.
  mutating func parameters(
    _ request: WireRequest, texts: [String], query: Substring
  ) throws(CodecError) -> Record {
    let reader = ParameterReader(query: query, headers: request.headers)
    var record = Record()
    let inPath = Dictionary(
      zip(operation.path.parameters, texts), uniquingKeysWith: { first, _ in first })
    for parameter in details.parameters {
      let value =
        parameter.location == .path
        ? inPath[parameter.name].map { ParameterReader.path($0, parameter) }
        : reader.value(of: parameter, besides: details.names)
      guard let value else {
        if parameter.isRequired {
          note(parameter.location.rawValue, parameter.name, reason: "is missing")
        }
        continue
      }
      record[parameter.key] = value
      check(value, against: parameter.schema, parameter.location.rawValue, parameter.name)
    }
    keepOthers(reader.query, in: &record)
    if let body = try body(request) {
      record[RESTCodec.bodyKey] = body
    } else if details.body?.isRequired == true {
      note("body", "", reason: "is missing", hint: "The operation needs a body.")
    }
    return record
  }

  private mutating func check(
    _ value: Value, against schema: JSONSchema, _ place: String, _ parameter: String
  ) {
    if schema.admits(value, for: .request) { return }
    for issue in schema.issues(in: value, for: .request) {
      guard issues.count < Self.maximumIssues else { return }
      issues.append(
        RequestIssue(
          place: place, parameter: parameter, pointer: issue.pointer, reason: issue.reason,
          hint: issue.hint))
    }
  }

  private mutating func note(
    _ place: String, _ parameter: String, reason: String, hint: String? = nil
  ) {
    issues.append(
      RequestIssue(
        place: place, parameter: parameter, pointer: JSONPointer(), reason: reason, hint: hint))
  }

  /// What the query has beside the description's parameters is kept, as texts.
  private mutating func keepOthers(_ pairs: [QueryText.Pair], in record: inout Record) {
    guard !details.takesWholeQuery else { return }
    for pair in pairs {
      let name = String(pair.name.prefix { $0 != "[" })
      guard !details.names.contains(name), !details.queryMembers.contains(name),
        name != RESTCodec.bodyKey
      else {
        continue
      }
      switch record[pair.name] {
      case nil:
        record[pair.name] = .string(pair.value)
        warnings.append("the query has \"\(pair.name)\", which the description does not")
      case .array(let items)?: record[pair.name] = .array(items + [.string(pair.value)])
      case let first?: record[pair.name] = .array([first, .string(pair.value)])
      }
    }
  }

  // MARK: The body

  private mutating func body(_ request: WireRequest) throws(CodecError) -> Value? {
    guard !request.body.isEmpty else { return nil }
    let header = request.headers["Content-Type"]
    guard let body = details.body, !body.contents.isEmpty else {
      warnings.append("the request has a body, of which the description says nothing")
      let type = header.flatMap { MediaType($0) } ?? .json
      return (try? BodyReader.value(request.body, type: type, as: nil)) ?? .bytes(request.body)
    }
    let type = header.flatMap { MediaType($0) } ?? body.contents[0].type
    let content = body.contents.filter { $0.type.covers(type) }
      .max { $0.type.precision < $1.type.precision }
    guard let content else {
      let known = body.contents.map(\.type.description).joined(separator: ", ")
      throw CodecError(
        path: "body", reason: "expects \(known), found \(header.map { "\"\($0)\"" } ?? "nothing")",
        code: "415")
    }
    let value = try BodyReader.value(request.body, type: type, as: content)
    if let schema = content.schema { check(value, against: schema, "body", "") }
    return value
  }
}
