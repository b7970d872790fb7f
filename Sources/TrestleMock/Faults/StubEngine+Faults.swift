package import TrestleCore

/// What a mock does wrong, by its file and by what was set since.
extension StubEngine {
  /// What is done wrong with a reply: what was set on the running mock goes before what its stub says,
  /// and that before what the system as a whole does.
  func misbehaviour(for call: Call, stub: Misbehaviour?, stubs: StubSet) -> Misbehaviour? {
    if faults.isEmpty, !stubs.hasFaults { return stub }
    if let set = faults.next(for: call.operation, generators.randomBits) { return set }
    if stub != nil { return stub }
    return stubs.faults?.next(for: call.operation, generators.randomBits)
  }

  /// What becomes of a connection that has just come; nil where it is let in.
  package func acceptance() -> Acceptance? {
    for plan in faults.acceptances + (stubs.faults ?? []) {
      // The listener is closed as a rule; not yet where the file has only just said so.
      if plan.acceptance == .refused { return .reset }
      if let acceptance = plan.nextAcceptance(generators.randomBits) { return acceptance }
    }
    return nil
  }

  /// Whether nobody is to listen.
  package var refusesConnections: Bool {
    (faults.acceptances + (stubs.faults ?? [])).contains { $0.acceptance == .refused }
  }
}
