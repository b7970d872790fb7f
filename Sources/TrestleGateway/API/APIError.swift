internal import Trestle

/// Why a request is not done: one shape for whatever goes wrong, from bytes that are no HTTP to a stub
/// with mistakes.
struct APIError: Error, Sendable, Hashable {
  /// The HTTP status.
  var status: Int
  /// The kind of mistake, a word for programs.
  var code: Code
  /// What happened, as a clause.
  var message: String
  /// What to do about it, as a sentence.
  var hint: String?
  /// Where in the body, as a JSON Pointer.
  var path: String?
  /// The names that there are, where one was not found.
  var known: [String]
  /// Everything that is wrong with what was to be set.
  var problems: [MockProblem]
  /// Header fields that belong to the status.
  var fields: [HeaderField]
  /// What else is told of it, under keys of its own or in place of those above: of a call its kind, its system and
  /// operation, what the system said.
  var facts: Record = [:]
  /// Whether a system may have got the call that the request asked for.
  var mayHaveBeenSent = false

  enum Code: String, Sendable, CaseIterable {
    case unreadable, unauthorized, forbidden, conflict, invalid, timeout, internalError = "internal"
    case unavailable, fault
    case unreachable
    case badReply = "bad_reply"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case tooLarge = "too_large"
    case tooMany = "too_many"
    case unsupported
  }

  init(
    _ status: Int, _ code: Code, _ message: String, hint: String? = nil, path: String? = nil,
    known: [String] = [], problems: [MockProblem] = [], fields: [HeaderField] = []
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.hint = hint
    self.path = path
    self.known = known
    self.problems = problems
    self.fields = fields
  }

  /// What steering mocks refuses, by the status that says so.
  init(_ error: MockControlError) {
    let (status, code): (Int, Code) =
      switch error.kind {
      case .unreadable: (400, .unreadable)
      case .notFound: (404, .notFound)
      case .conflict: (409, .conflict)
      case .invalid: (422, .invalid)
      }
    self.init(
      status, code, error.system.isEmpty ? error.message : "\(error.system): \(error.message)",
      hint: error.hint, path: error.problems.first.map(\.pointer), known: error.known,
      problems: error.problems)
  }

  /// The body that tells it.
  var value: Value {
    var record: Record = [
      "kind": .string(code.rawValue), "code": .string(code.rawValue), "message": .string(message),
    ]
    if let hint { record["hint"] = .string(hint) }
    if let path { record["path"] = .string(path) }
    if !known.isEmpty { record["known"] = .array(known.map { .string($0) }) }
    if !problems.isEmpty { record["problems"] = .array(problems.map(\.value)) }
    for fact in facts { record[fact.name] = fact.value }
    return ["error": .object(record)]
  }

  /// The response that tells it.
  var response: APIResponse { APIResponse(status: status, fields: fields, body: .json(value)) }
}

/// One HTTP header field.
struct HeaderField: Sendable, Hashable {
  var name: String
  var value: String

  init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension MockProblem {
  var value: Value {
    var record: Record = [
      "severity": .string(severity.rawValue), "path": .string(pointer),
      "message": .string(message),
    ]
    if let hint { record["hint"] = .string(hint) }
    return .object(record)
  }
}
