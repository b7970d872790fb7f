package import TrestleCore

/// Answers requests that break the contract with a fault that says where; hands on all others.
package struct CheckedResponder: Responder {
  private let inner: any Responder
  /// Each operation's parameters, compiled when it is first called.
  private let checks: NameTable<Lazy<CompiledSchema>>

  package init(inner: any Responder, contract: Contract) {
    self.inner = inner
    checks = NameTable(
      contract.operations.map { operation in
        (operation.name, Lazy { CompiledSchema(operation.input) })
      })
  }

  package func respond(to call: Call) -> Answer {
    guard let check = checks[call.operation] else { return inner.respond(to: call) }
    let issues = check.value.issues(in: .object(call.parameters))
    guard !issues.isEmpty else { return inner.respond(to: call) }
    let shown = issues.prefix(5).map(\.description).joined(separator: "; ")
    let rest = issues.count > 5 ? "; and \(issues.count - 5) more" : ""
    return .now(
      Reply(
        fault: Fault(code: "Client", message: "the request breaks the contract: \(shown)\(rest)"),
        origin: "contract check"))
  }
}
