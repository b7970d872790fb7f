internal import TrestleCore

/// Holds a workflow's parts against each other: names that lead nowhere, steps that wait for each other, files that
/// are not there.
struct WorkflowChecker {
  let workflow: WorkflowDefinition
  /// The systems of the workspace that it is in, by their names.
  let workspaceSystems: [String]
  /// What is given to its runs beside its own context.
  let inputs: [String]
  let isStrict: Bool
  private(set) var problems: [ValueProblem] = []

  init(
    _ workflow: WorkflowDefinition, workspaceSystems: [String], inputs: [String] = [],
    isStrict: Bool = false
  ) {
    self.workflow = workflow
    self.workspaceSystems = workspaceSystems
    self.inputs = inputs
    self.isStrict = isStrict
  }

  mutating func check() {
    checkServices()
    checkStates()
    checkSteps()
    checkFlow()
    checkHandlers()
    checkSystems()
    checkReferences()
  }

  private mutating func refuse(
    _ message: String, _ name: String, among known: [String], at path: ValuePath,
    atName: Bool = false
  ) {
    problems.append(
      ValueProblem(
        .error, message + Suggestion.clause(for: name, among: known), at: path,
        hint: known.isEmpty || Suggestion.nearest(to: name, among: known) != nil
          ? nil : "known here: \(known.joined(separator: ", "))",
        concernsName: atName))
  }

  // MARK: Services

  private mutating func checkServices() {
    let all = workflow.services + workflow.webhooks + workflow.frameworks.flatMap(\.services)
    var ports: [Int: String] = [:]
    for service in all {
      checkSource(of: service)
      guard let port = service.port, port > 0 else { continue }
      if let owner = ports[port] {
        problems.append(
          ValueProblem(
            .error, "port \(port) is \(owner)'s already", at: service.path.member("port"),
            hint: "give each service a port of its own"))
      }
      ports[port] = service.name
    }
    let names = workflow.services.map(\.name) + workflow.webhooks.map(\.name)
    for scenario in workflow.scenarios {
      let path = ValuePath([.member("scenarios"), .member(scenario.name)])
      for service in scenario.value.objectValue ?? [:] where !names.contains(service.name) {
        problems.append(
          ValueProblem(
            isStrict ? .error : .warning,
            "Service \(service.name) not registered"
              + Suggestion.clause(for: service.name, among: names),
            at: path.member(service.name), concernsName: true))
      }
    }
    if let scenario = workflow.scenario, workflow.scenarios[scenario] == nil {
      refuse(
        "Scenario \(scenario) not found", scenario, among: workflow.scenarios.names,
        at: ValuePath([.member("scenario")]))
    }
  }

  private mutating func checkSource(of service: ServiceDefinition) {
    guard case .spec(let spec) = service.source else { return }
    guard !spec.isEmpty else {
      problems.append(
        ValueProblem(
          .error, "\(service.path) lacks \"spec\"", at: service.path,
          hint: "name a specification, a url or a system"))
      return
    }
    let path = FilePaths.absolute(spec, base: workflow.directory)
    guard !FilePaths.isFile(path) else { return }
    let names = FilePaths.list(FilePaths.parent(path)) ?? []
    refuse(
      "no such file: \(spec)", FilePaths.name(path), among: names, at: service.path.member("spec"))
  }

  private mutating func checkService(_ name: String, at path: ValuePath, atName: Bool = false) {
    let known = workflow.services.map(\.name) + workflow.webhooks.map(\.name)
    guard !known.contains(name) else { return }
    refuse("Service \(name) not registered", name, among: known, at: path, atName: atName)
  }

  // MARK: States

  private mutating func checkStates() {
    guard workflow.form == .stateDriven else { return }
    let names = workflow.stateNames
    if !names.contains(workflow.initial) {
      refuse(
        "Unknown state: \(workflow.initial)", workflow.initial, among: names,
        at: ValuePath([.member(workflow.initial == "initial" ? "states" : "initial")]))
    }
    var reached: Set<String> = [workflow.initial]
    for state in workflow.states {
      for target in state.transitions where !names.contains(target.target) {
        refuse(
          "Unknown state: \(target.target)", target.target, among: names,
          at: state.path.member("transitions"))
      }
      for action in state.actions {
        for (key, target) in [
          ("transition_on_success", action.onSuccess), ("transition_on_failure", action.onFailure),
        ] {
          guard let target, !names.contains(target) else { continue }
          refuse("Unknown state: \(target)", target, among: names, at: action.path.member(key))
        }
        for (position, transition) in action.transitions.enumerated()
        where !names.contains(transition.target) {
          refuse(
            "Unknown state: \(transition.target)", transition.target, among: names,
            at: action.path.member("transitions").item(position).member("to"))
        }
      }
      reached.formUnion(state.targets)
      for service in state.services {
        checkService(
          service.service, at: state.path.member("services").member(service.service), atName: true)
      }
    }
    for state in workflow.states where !reached.contains(state.name) {
      problems.append(
        ValueProblem(
          .warning, "nothing leads to the state \(state.name)", at: state.path, concernsName: true))
    }
  }

  // MARK: Steps

  private mutating func checkSteps() {
    check(workflow.steps)
    for state in workflow.states { check(state.actions) }
    check(workflow.flow.steps.map(\.step))
    for handler in workflow.handlers { check(handler.actions) }
  }

  private mutating func check(_ steps: [StepDefinition]) {
    let names = steps.map(\.name)
    var seen: Set<String> = []
    for step in steps {
      if !seen.insert(step.name).inserted {
        problems.append(
          ValueProblem(
            .error, "there are two steps \"\(step.name)\"", at: step.path.member("name"),
            hint: "give each a name of its own"))
      }
      for need in step.needs ?? [] where !names.contains(need) {
        refuse(
          "\(step.name) needs \"\(need)\", which is no step here", need, among: names,
          at: step.path.member("needs"))
      }
      switch step.work {
      case .serviceCall(let call):
        if let service = call.service {
          checkService(service, at: step.path.member("service"))
        }
      case .transform(let transform):
        if case .service(let service, _) = transform.way {
          checkService(service, at: step.path.member("service"))
        }
      default: break
      }
    }
    if let cycle = StepGraph(steps).cycle {
      let place = steps.first { $0.name == cycle[0] }?.path ?? ValuePath()
      problems.append(
        ValueProblem(
          .error, "steps wait for each other: \((cycle + [cycle[0]]).joined(separator: " → "))",
          at: place.member("needs"), hint: "one of them must go first"))
    }
  }

  private mutating func checkFlow() {
    let names = workflow.flow.steps.map(\.step.name)
    let path = ValuePath([.member("data_flow")])
    for (position, name) in workflow.flow.order.enumerated() where !names.contains(name) {
      refuse(
        "execution_order has \"\(name)\", which is no step", name, among: names,
        at: path.member("execution_order").item(position))
    }
    let frameworks = workflow.frameworks.map(\.name)
    let spec = MultiFrameworkOrchestrator.transformSpec
    let isThere = FilePaths.isFile(FilePaths.absolute(spec, base: workflow.directory))
    for step in workflow.flow.steps where step.transform != nil && !isThere {
      guard step.transform?.way == nil else { continue }
      problems.append(
        ValueProblem(
          .error, "the transform of \(step.step.name) needs \(spec), which is not there",
          at: step.step.path.member("transform_to"),
          hint: "map, template or to under transform_to need no service"))
    }
    for step in workflow.flow.steps where !step.framework.isEmpty {
      guard let framework = workflow.frameworks.first(where: { $0.name == step.framework }) else {
        refuse(
          "Framework \(step.framework) not registered", step.framework, among: frameworks,
          at: step.step.path.member("framework"))
        continue
      }
      if !framework.services.contains(where: { $0.name == "main" }) {
        problems.append(
          ValueProblem(
            .error, "\(framework.name) has no service \"main\", which its steps call",
            at: framework.path.member("services")))
      }
    }
  }

  private mutating func checkHandlers() {
    for handler in workflow.handlers {
      for stub in handler.stubs {
        checkService(
          stub.service, at: handler.path.member("stub").member(stub.service), atName: true)
      }
    }
  }

  private mutating func checkSystems() {
    let known = workflow.systems.map(\.name) + workspaceSystems
    for step in workflow.allSteps {
      guard case .systemCall(let call) = step.work, !known.contains(call.system) else { continue }
      refuse(
        "No adapter for system: \(call.system)", call.system, among: known,
        at: step.path.member("system"))
    }
    for service in workflow.services + workflow.webhooks {
      guard case .system(let name) = service.source, !known.contains(name) else { continue }
      refuse(
        "No adapter for system: \(name)", name, among: known, at: service.path.member("system"))
    }
  }

  // MARK: `${…}`

  /// Tells of `${…}` that nothing in the workflow gives a value.
  private mutating func checkReferences() {
    var known = Set(workflow.context.names + inputs)
    for step in workflow.allSteps {
      known.formUnion(step.saves.map(\.key))
      known.formUnion((step.document["set"]?.objectValue ?? [:]).names)
      known.formUnion((step.document["context_updates"]?.objectValue ?? [:]).names)
    }
    let templates =
      workflow.allSteps.flatMap { step -> [ContextTemplate] in
        // Names of what a transform works on are known when it is run.
        if case .transform = step.work { return [step.sets] }
        return step.templates
      }
      + workflow.states.flatMap { $0.services.flatMap { $0.responses.map(\.response) } }
      + workflow.handlers.flatMap { $0.stubs.flatMap { $0.responses.map(\.response) } }
    for reference in templates.flatMap(\.references) where !known.contains(reference.text) {
      guard let expression = reference.expression else {
        tell(reference, reference.text, known)
        continue
      }
      // What is unknown in an expression is absent, unless the whole of it is one name.
      let unknown = expression.names.subtracting(known).subtracting(RunEnvironment.names)
      if let name = unknown.sorted().first { tell(reference, name, known) }
    }
  }

  private mutating func tell(
    _ reference: ContextTemplate.Reference, _ name: String, _ known: Set<String>
  ) {
    problems.append(
      ValueProblem(
        isStrict ? .error : .warning,
        "nothing gives ${\(reference.text)} a value"
          + Suggestion.clause(for: name, among: known.sorted()),
        at: reference.path,
        hint: "put \(name) into context:, or give it with -i \(name)=value"))
  }
}
