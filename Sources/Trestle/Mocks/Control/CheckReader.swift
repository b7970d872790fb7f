internal import TrestleCore
package import TrestleMock
internal import TrestleStore

/// Compiles checks against the contracts of the systems they are about.
///
/// What can never be found is no check but a mistake: one that expects no call would hold for ever.
package struct CheckReader: Sendable {
  private let systems: [LegacySystem]
  /// Whether what is secret was masked before the calls were kept.
  private let isMasked: Bool

  /// Reads checks on calls of systems; `isMasked` says that secrets are masked in them.
  package init(_ systems: [LegacySystem], isMasked: Bool = true) {
    self.systems = systems
    self.isMasked = isMasked
  }

  /// The check, compiled.
  ///
  /// - Throws: `MockControlError` for a name that is not there, conditions with mistakes, and what is masked.
  package func expectation(_ check: CallCheck) throws(MockControlError) -> CallExpectation {
    let concerned = try concerned(by: check)
    let (expectation, problems) = compile(check, concerned)
    if problems.count == 1, let problem = problems.first {
      throw .init(
        .invalid, "\(check.title): \(MockProblem(problem).withoutHint)", hint: problem.hint)
    }
    guard problems.isEmpty else {
      throw .init(
        .invalid, "\(check.title): its conditions have mistakes",
        problems: problems.map { MockProblem($0) })
    }
    try refuseMasked(expectation, check, concerned)
    return expectation
  }

  /// The checks, compiled; with `inOrder` each of them expects one call.
  ///
  /// - Throws: `MockControlError` for a name that is not there, conditions with mistakes, what is masked, and a count
  ///   that an order cannot hold.
  package func expectations(
    _ checks: [CallCheck], inOrder: Bool
  ) throws(MockControlError) -> [CallExpectation] {
    var expectations: [CallExpectation] = []
    for check in checks {
      if inOrder, !check.count.admits(1) {
        throw .init(
          .invalid,
          "\(check.title): in order, each check expects one call, and this one \(check.count)",
          hint: "check what is called otherwise without the order")
      }
      expectations.append(try expectation(check))
    }
    return expectations
  }

  /// The systems that a check is about.
  private func concerned(by check: CallCheck) throws(MockControlError) -> [LegacySystem] {
    // Outside of a workspace nothing is known of what was called.
    guard !systems.isEmpty else { return [] }
    var concerned = systems
    if let name = check.system {
      guard let system = systems.first(where: { $0.name == name }) else {
        let names = systems.map(\.name)
        throw .init(
          .notFound,
          "\(check.title): there is no system \"\(name)\""
            + Suggestion.clause(for: name, among: names),
          hint: "systems: \(names.joined(separator: ", "))", known: names)
      }
      concerned = [system]
    }
    guard let operation = check.operation else { return concerned }
    let having = concerned.filter { $0.isOpen || $0.operation(named: operation) != nil }
    guard having.isEmpty else { return having }
    let names = concerned.flatMap { $0.contract.operations.map(\.name) }
    throw .init(
      .notFound,
      "\(check.title): \(check.system ?? "no system") has "
        + (check.system == nil ? "an" : "no") + " operation \"\(operation)\""
        + Suggestion.clause(for: operation, among: names),
      hint: "operations: \(names.prefix(8).joined(separator: ", "))", known: names)
  }

  /// Compiles the conditions against every operation that the check may be about: they are right where they are for
  /// one of them.
  private func compile(
    _ check: CallCheck, _ systems: [LegacySystem]
  ) -> (CallExpectation, [ValueProblem]) {
    func expectation(_ schema: Schema, _ problems: inout [ValueProblem]) -> CallExpectation {
      CallExpectation(
        system: check.system, operation: check.operation, when: check.conditions,
        parameters: schema, count: check.count, text: check.title, problems: &problems)
    }
    var schemas: [Schema] = []
    if !systems.contains(where: \.isOpen) {
      schemas = systems.flatMap { system in
        check.operation.map { [system.operation(named: $0)].compactMap { $0 } }
          ?? system.contract.operations
      }.map(\.input)
    }
    var best: [ValueProblem]?
    for schema in check.conditions.isEmpty ? [] : schemas {
      var problems: [ValueProblem] = []
      let compiled = expectation(schema, &problems)
      if problems.isEmpty, schemas.count == 1 { return (compiled, []) }
      if problems.count < best?.count ?? .max { best = problems }
      if problems.isEmpty { break }
    }
    var problems: [ValueProblem] = []
    // Of several operations none says how the values compare.
    let compiled = expectation(.any, &problems)
    return (compiled, best ?? problems)
  }

  private func refuseMasked(
    _ expectation: CallExpectation, _ check: CallCheck, _ systems: [LegacySystem]
  ) throws(MockControlError) {
    guard isMasked, !check.conditions.isEmpty else { return }
    let places = expectation.matcher.comparedPlaces()
    for system in systems {
      guard let mask = system.secretMask, let place = places.first(where: { mask.covers($0) })
      else {
        continue
      }
      let field = place.description
      throw .init(
        .invalid,
        "\(check.title): \(field) is masked in the journal of \(system.name)"
          + " and cannot be asked for",
        hint: "ask whether it is there: \(field):={\"any\": true} or {\"absent\": true}")
    }
  }
}

extension LegacySystem {
  /// Whether it may have operations that nothing has named.
  fileprivate var isOpen: Bool { contract.isOpen || contract.operations.isEmpty }
}
