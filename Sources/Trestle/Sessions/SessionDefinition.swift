internal import TrestleCore
internal import TrestleMock

/// How calls of a system log in, as its file says it: which operation gives a token, where the token
/// goes in every other call, and which fault says that it is no longer good.
struct SessionDefinition: Sendable {
  /// The call that gives the token.
  struct Login: Sendable {
    let operation: String
    let parameters: Value
    /// The path it is called at; nil is the endpoint's own.
    let path: String?
  }

  /// Where what shows the session goes in a call.
  enum Place: Sendable {
    /// Before all other parameters: these values, in which the token stands.
    case first(Template)
    /// Behind all other parameters.
    case last(Template)
    /// A parameter of its own, or a member of the one struct that a call has.
    case member(String)
    /// A field of the HTTP request.
    case header(String)
    /// The cookies that the service sets.
    case cookie
  }

  /// Nil where what is sent is the same for every call.
  let login: Login?
  /// Where in the login's reply the token is.
  let token: ValuePath
  let place: Place
  private let expired: Matcher?
  let logout: String?

  /// Reads the mapping under `session`, whose keys and types have been checked; nil where there is
  /// none, or it is unusable.
  init?(_ value: Value?, contract: Contract, problems: inout [ValueProblem]) {
    guard let value, case .object = value else { return nil }
    let path = ValuePath([.member("session")])
    guard let place = Self.place(value["send"], at: path.member("send"), &problems) else {
      return nil
    }
    self.place = place
    login = value["login"]?["operation"]?.scalarText.map { operation in
      Login(
        operation: operation, parameters: Self.parameters(value["login"]?["parameters"]),
        path: value["login"]?["path"]?.scalarText)
    }
    token = ValuePath(written: value["token"]?.scalarText ?? "")
    expired = value["expired"].map {
      FaultTable.matcher($0, at: path.member("expired"), &problems)
    }
    logout = value["logout"]?.scalarText
    if login == nil, let word = Self.needsToken(place) {
      problems.append(
        ValueProblem(
          .error, "send: \(word) needs a token, and there is no login to give one", at: path,
          hint: "write login: { operation: NAME }"))
    }
    for (key, name) in [("login", login?.operation), ("logout", logout)] {
      guard let name, !contract.isOpen, contract.operation(named: name) == nil else { continue }
      let known = contract.operations.map(\.name)
      problems.append(
        ValueProblem(
          .error, "there is no operation \"\(name)\"" + Suggestion.clause(for: name, among: known),
          at: path.member(key)))
    }
  }

  /// A list is in wire order, as `params` is anywhere.
  private static func parameters(_ value: Value?) -> Value {
    if case .array? = value { return ["params": value ?? .null] }
    return value ?? .emptyObject
  }

  private static func place(
    _ value: Value?, at path: ValuePath, _ problems: inout [ValueProblem]
  ) -> Place? {
    switch value {
    case .string("first")?: return .first(alone)
    case .string("last")?: return .last(alone)
    case .string("cookie")?: return .cookie
    case .object(let record)? where record.count == 1:
      let member = record.members[0]
      switch (member.name, member.value) {
      case ("first", .array): return .first(template(member.value, at: path, &problems))
      case ("last", .array): return .last(template(member.value, at: path, &problems))
      case ("member", .string(let name)): return .member(name)
      case ("header", .string(let name)): return .header(name)
      default: break
      }
    default: break
    }
    problems.append(
      ValueProblem(
        .error, "says of no place where a token can go", at: path,
        hint: "write first, last, cookie, { first: [VALUES] }, { member: NAME } or { header: NAME }"
      ))
    return nil
  }

  private static let vocabulary = ExpressionVocabulary(names: ["token"])
  private static let alone: Template = {
    var problems: [Template.Problem] = []
    return Template(["{{token}}"], in: vocabulary, problems: &problems)
  }()

  private static func template(
    _ value: Value, at path: ValuePath, _ problems: inout [ValueProblem]
  ) -> Template {
    var wrong: [Template.Problem] = []
    let template = Template(value, in: vocabulary, problems: &wrong)
    problems += wrong.map { problem in
      ValueProblem(
        .error, "{{\(problem.placeholder)}}: \(problem.error.reason)",
        at: path.appending(problem.path), hint: problem.error.hint)
    }
    return template
  }

  private static func needsToken(_ place: Place) -> String? {
    switch place {
    case .first(let template): template.constant == nil ? "first" : nil
    case .last(let template): template.constant == nil ? "last" : nil
    case .member: "member"
    case .header: "header"
    case .cookie: "cookie"
    }
  }

  /// The session in a few words, for descriptions.
  var summary: String {
    let start = login.map { "logs in with \($0.operation)" } ?? "no login"
    switch place {
    case .first: return start + "; what it sends comes first among the parameters"
    case .last: return start + "; what it sends comes last among the parameters"
    case .member(let name): return start + "; the token goes along as \(name)"
    case .header(let name): return start + "; the token goes along in the header \(name)"
    case .cookie: return start + "; its cookies go along"
    }
  }

  // MARK: - In calls

  /// Whether calls of an operation carry the session: not those that make and end it, nor what a
  /// protocol asks of the service itself.
  func concerns(_ operation: String) -> Bool {
    operation != login?.operation && !operation.hasPrefix("system.")
  }

  /// The field that an HTTP request carries; nil where the token goes elsewhere.
  func field(_ token: Value) -> Headers.Field? {
    guard case .header(let name) = place else { return nil }
    return Headers.Field(name: name, value: token.scalarText ?? JSONWriter.text(token))
  }

  /// Whether a fault says that the session is over.
  func isOver(_ fault: Fault) -> Bool {
    guard let expired else { return fault.category == .unauthenticated }
    return expired.matches(fault.conditionsView)
  }
}
