package import TrestleCore

/// What is told of a call after it was answered.
extension StubEngine {
  /// The name of a call's scope; nil for the one that all share.
  package func scopeName(of call: Call) -> String? { stubs.scope.name(of: call) }

  /// Why no stub took a call, in a sentence; nil for an operation without stubs. The state is looked at as it is
  /// now: where it has changed since so that a stub would take the call, nothing is told.
  package func missText(of call: Call) -> String? {
    let stubs = stubs
    var context = AnswerContext(generators: generators, data: stubs.data, matching: matching)
    if let scope = state.existingScope(named: stubs.scope.name(of: call)) {
      context.enter(scope, seed: nil)
    }
    guard let miss = stubs.nearMiss(for: call, generators: generators, state: context),
      miss.candidates.first?.differences.isEmpty == false
    else { return nil }
    return Fault.unmatched(miss.summary).message
  }
}
