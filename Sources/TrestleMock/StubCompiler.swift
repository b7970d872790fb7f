import TrestleCore

/// Turns definitions into answers, collecting what is wrong with them.
struct StubCompiler {
  let contract: Contract
  var problems: [ValueProblem]
  /// XPath on requests; nil where there is none.
  var xpath: (any WireXPath)?
  var scenarios = ScenarioCatalog()
  var data = DataSets.none
  var seed: UInt64?
  /// The operations whose answers need a scope.
  var scoped: Set<String> = []
  /// What of misbehaviour the protocol can show; nil where it is not known.
  var abilities: WireAbilities?
  /// Plans that go on, and all that were met.
  var kept: [ValuePath: KeptPlan] = [:]
  var plans: [ValuePath: KeptPlan] = [:]

  /// Whether an operation can be answered; a wrong name is a problem.
  mutating func knows(_ operation: String, at path: ValuePath) -> Bool {
    if contract.allows(operation) { return true }
    let names = contract.operations.map(\.name)
    problems.append(
      ValueProblem(
        .error,
        "\(contract.name) has no operation \"\(operation)\""
          + Suggestion.clause(for: operation, among: names),
        at: path,
        hint: names.isEmpty ? nil : "operations: \(names.prefix(8).joined(separator: ", "))"))
    return false
  }

  /// A stub with all that compiling it comes to; the one that is known, where it is the same.
  mutating func compile(
    _ stub: StubDefinition, title: String, identity: String, reusing known: StubSet.KeptStub?
  ) -> StubSet.KeptStub {
    if let known, known.path == stub.path, known.generation == stub.generation {
      problems += known.problems
      plans.merge(known.plans) { $1 }
      if known.isScoped { scoped.insert(stub.operation) }
      return known
    }
    let firstProblem = problems.count
    // What is found from here on is this stub's.
    var others = (plans: plans, scoped: scoped)
    (plans, scoped) = ([:], [])
    let compiled = compile(stub, name: title, identity: identity)
    let kept = StubSet.KeptStub(
      stub: compiled, path: stub.path, generation: stub.generation,
      problems: Array(problems[firstProblem...]), plans: plans, isScoped: !scoped.isEmpty)
    others.plans.merge(plans) { $1 }
    others.scoped.formUnion(scoped)
    (plans, scoped) = others
    return kept
  }

  mutating func compile(
    _ stub: StubDefinition, name: String, identity: String? = nil
  ) -> StubSet.CompiledStub {
    checkAnswers(of: stub)
    let matcher = Matcher.compile(
      when: stub.when, parameters: contract.operation(named: stub.operation)?.input ?? .any,
      at: stub.path.member("when"), problems: &problems)
    let answer: CompiledAnswer? =
      switch stub.answer {
      case .usual: nil
      case .reply(let value):
        reply(
          value, operation: stub.operation, origin: "stub '\(name)'", at: stub.replyPath,
          status: stub.headers[":status"]?.scalarText)
      case .fault(let fault):
        self.fault(
          fault, operation: stub.operation, origin: "stub '\(name)'",
          at: stub.path.member("fault"))
      case .raw(let value):
        raw(
          value, operation: stub.operation, origin: "stub '\(name)'", at: stub.path.member("raw"))
      }
    let headers =
      stub.headers.isEmpty
      ? nil
      : template(
        .object(stub.headers), operation: stub.operation, at: stub.path.member("headers"))
    if headers != nil { checkHeaders(of: stub) }
    return StubSet.CompiledStub(
      name: name, matcher: matcher, beside: conditions(of: stub), answer: answer, headers: headers,
      faults: faultPlan(stub.misbehaviour, at: stub.path.member("misbehave")),
      progress: progress(of: stub, named: name, identity: identity ?? name))
  }

  /// What is done wrong on purpose; nil where nothing is.
  mutating func faultPlan(_ value: Value, at path: ValuePath) -> FaultPlan? {
    guard !value.isNull else { return nil }
    // Read again all the same: its problems are told anew.
    let read = FaultPlan(value, at: path, abilities: abilities, problems: &problems)
    let plan = kept[path].flatMap { $0.written == value ? $0.plan : nil } ?? read
    plans[path] = KeptPlan(written: value, plan: plan)
    return plan
  }

  /// What the system as a whole does wrong: one thing or a list of them; nil for nothing.
  mutating func faultPlans(_ value: Value, at path: ValuePath) -> [FaultPlan]? {
    guard !value.isNull else { return nil }
    let items = value.arrayValue.map { $0.enumerated().map { ($1, path.item($0)) } }
    let plans = (items ?? [(value, path)]).compactMap { faultPlan($0, at: $1) }
    for (plan, item) in zip(plans, items ?? [(value, path)]) {
      if let operation = plan.operation { _ = knows(operation, at: item.1.member("operation")) }
    }
    return plans.isEmpty ? nil : plans
  }

  /// Warns of headers that no answer of this stub would carry.
  private mutating func checkHeaders(of stub: StubDefinition) {
    let path = stub.path.member("headers")
    if !contract.hasHeaders {
      problems.append(
        ValueProblem(
          .warning, "messages of \(contract.name) have no headers; these are never sent", at: path))
    } else if case .fault = stub.answer {
      problems.append(
        ValueProblem(.warning, "a fault carries no headers; these are never sent", at: path))
    }
  }

  mutating func reply(
    _ value: Value, operation: String, origin: String, at path: ValuePath, status: String? = nil
  ) -> CompiledAnswer {
    let template = template(value, operation: operation, at: path)
    let declared = contract.operation(named: operation)
    // Of another status the contract may say something else, among the faults.
    let output =
      status == nil ? declared?.output : declared?.faults.first { $0.name == status }?.detail
    if let output {
      warn(SchemaValidator.issues(in: value, against: output), of: template, at: path)
    }
    guard let constant = template.constant else { return .value(template, origin: origin) }
    return .constant(Reply(value: constant, origin: origin).kept)
  }

  /// Warns of what does not fit the contract, but for what placeholders will fill in.
  private mutating func warn(_ issues: [ValidationIssue], of template: Template, at path: ValuePath)
  {
    let filledIn = template.placeholders.map(\.path.description)
    for issue in issues where !filledIn.contains(where: { issue.isInside($0) }) {
      problems.append(
        ValueProblem(
          .warning,
          "the contract does not allow this: \(issue.path.isEmpty ? "" : issue.path + " ")"
            + issue.reason,
          at: path.appending(ValuePath(written: issue.path)), hint: issue.hint))
    }
  }

  /// A fault's detail may be any of those the contract names; without a detail there is nothing to check.
  private mutating func checkDetail(
    _ value: Value, of template: Template, operation: String, at path: ValuePath
  ) {
    let faults = contract.operation(named: operation)?.faults ?? []
    guard !value.isNull, !faults.isEmpty else { return }
    let findings = faults.map { SchemaValidator.issues(in: value, against: $0.detail) }
    // The one it was meant to be has the fewest issues.
    if let nearest = findings.min(by: { $0.count < $1.count }) {
      warn(nearest, of: template, at: path)
    }
  }

  /// What a fault may say beside code, message and detail.
  private static let further: Set<String> = ["actor", "subcodes", "language", "translations"]

  private mutating func fault(
    _ record: Record, operation: String, origin: String, at path: ValuePath
  ) -> CompiledAnswer {
    func part(_ name: String, default value: Value) -> Template {
      template(record[name] ?? value, operation: operation, at: path.member(name))
    }
    let fault = CompiledAnswer.FaultTemplate(
      code: part("code", default: "Server"), message: part("message", default: "fault"),
      detail: part("detail", default: .null),
      further: template(
        .object(Record(record.members.filter { Self.further.contains($0.name) })),
        operation: operation, at: path))
    checkDetail(
      record["detail"] ?? .null, of: fault.detail, operation: operation, at: path.member("detail"))
    guard let constant = fault.constant else { return .fault(fault, origin: origin) }
    return .constant(Reply(fault: constant, origin: origin).kept)
  }

  mutating func template(
    _ value: Value, operation: String, at path: ValuePath
  ) -> Template {
    var wrong: [Template.Problem] = []
    let template = Template(value, in: CallEnvironment.vocabulary, problems: &wrong)
      .mapping { $0.lookingUp(in: "data", by: "row") }
    for problem in wrong {
      problems.append(
        ValueProblem(
          .error, "{{\(problem.placeholder)}}: \(problem.error.reason)",
          at: path.appending(problem.path), hint: problem.error.hint))
    }
    note(template, operation: operation, at: path)
    warnOfUnknownParameters(in: template, operation: operation, at: path)
    return template
  }

  /// `{{request.idd}}` is absent in every call, which is never what was meant.
  private mutating func warnOfUnknownParameters(
    in template: Template, operation: String, at path: ValuePath
  ) {
    guard let declared = contract.operation(named: operation)?.input.declaredMembers else { return }
    for (place, expressions) in template.placeholders {
      for name in expressions.flatMap({ $0.members(of: "request") }) where !declared.contains(name)
      {
        problems.append(
          ValueProblem(
            .warning,
            "\(operation) has no parameter \"\(name)\""
              + Suggestion.clause(for: name, among: declared.sorted()),
            at: path.appending(place)))
      }
    }
  }
}

extension ValidationIssue {
  /// Whether the issue is at a place or below it.
  fileprivate func isInside(_ place: String) -> Bool {
    place.isEmpty || path == place || path.hasPrefix(place + ".") || path.hasPrefix(place + "[")
  }
}
