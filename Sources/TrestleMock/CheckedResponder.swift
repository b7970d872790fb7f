package import TrestleCore

/// Answers requests that break the contract with a fault that says where; hands on all others.
package struct CheckedResponder: Responder {
  private let inner: any Responder
  private let contract: Contract

  package init(inner: any Responder, contract: Contract) {
    self.inner = inner
    self.contract = contract
  }

  package func respond(to call: Call) -> Answer {
    guard let input = contract.operation(named: call.operation)?.input else {
      return inner.respond(to: call)
    }
    let issues = SchemaValidator.issues(in: .object(call.parameters), against: input)
    guard !issues.isEmpty else { return inner.respond(to: call) }
    let shown = issues.prefix(5).map(\.description).joined(separator: "; ")
    let rest = issues.count > 5 ? "; and \(issues.count - 5) more" : ""
    return .now(
      Reply(
        fault: Fault(code: "Client", message: "the request breaks the contract: \(shown)\(rest)"),
        origin: "contract check"))
  }
}
