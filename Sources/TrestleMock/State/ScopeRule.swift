import TrestleCore

/// How a call's scope is found: tests that run at the same time have one each, and nothing of what changes
/// in one is seen in another.
enum ScopeRule: Sendable, Hashable {
  /// The value of an HTTP header field.
  case header(String)
  /// The text at a place in the header blocks beside the parameters (SOAP).
  case block(ValuePath)
  /// Each connection is a scope.
  case connection
  /// The value of a parameter, or of a place in one.
  case field(ValuePath)

  /// What holds where nothing is said. Requests of framed protocols have no header fields and share a scope.
  static let usual = ScopeRule.header("X-Trestle-Scope")

  /// The name of a call's scope; nil for the one that all share.
  func name(of call: Call) -> String? {
    let name: String?
    switch self {
    case .header(let field):
      guard let request = call.request, !request.headers.fields.isEmpty else { return nil }
      name = request.headers[field]
    case .block(let path): name = Value.object(call.headers)[at: path]?.content.scalarText
    case .connection: name = (call.request?.sender?.connection).map { "connection \($0)" }
    case .field(let path): name = Value.object(call.parameters)[at: path]?.content.scalarText
    }
    guard let name, !name.isEmpty else { return nil }
    return name.utf8.count <= Self.longestName ? name : String(name.prefix(Self.longestName))
  }

  /// Names come from peers.
  private static let longestName = 256
}

extension ScopeRule {
  /// Reads `connection`, or an object with one of `header`, `header_block` and `field`; their types have been
  /// checked.
  init(_ value: Value, contract: Contract, at path: ValuePath, problems: inout [ValueProblem]) {
    self = .usual
    if value.stringValue == "connection" {
      self = .connection
      return
    }
    let members = value.objectValue?.members ?? []
    guard members.count == 1, let text = members[0].value.scalarText, !text.isEmpty else {
      problems.append(
        ValueProblem(
          .error, "a scope is connection, or one of header, header_block and field", at: path,
          hint: "write { header: X-Trestle-Scope }"))
      return
    }
    let place = path.member(members[0].name)
    switch members[0].name {
    case "header": self = .header(text)
    case "header_block":
      self = .block(ValuePath(written: text))
      guard !contract.hasHeaders else { return }
      problems.append(
        ValueProblem(.warning, "messages of \(contract.name) have no header blocks", at: place))
    default:
      let field = ValuePath(written: text)
      self = .field(field)
      guard case .member(let name)? = field.steps.first, !contract.isOpen else { return }
      let declared = contract.operations.map(\.input.declaredMembers)
      guard !declared.isEmpty, declared.allSatisfy({ $0 != nil && $0?.contains(name) == false })
      else { return }
      let names = Set(declared.flatMap { $0 ?? [] }).sorted()
      problems.append(
        ValueProblem(
          .warning,
          "no operation has a parameter \"\(name)\"" + Suggestion.clause(for: name, among: names),
          at: place))
    }
  }
}
