internal import TrestleCore

/// Reads a workflow file's data, collecting what is wrong with it.
struct WorkflowReader {
  let file: DataFile
  let root: String
  let registry: ProtocolRegistry
  private(set) var problems: [ValueProblem]
  private var steps = StepReader()

  init(file: DataFile, root: String, registry: ProtocolRegistry) {
    self.file = file
    self.root = root
    self.registry = registry
    problems = file.problems
  }

  /// The workflow, as far as it can be read.
  mutating func read(named name: String) -> WorkflowDefinition {
    let record = file.value.objectValue ?? [:]
    if file.value.objectValue == nil {
      problems.append(
        ValueProblem(
          .error, "a workflow is an object, found \(file.value.kindName)", at: ValuePath(),
          hint: "begin with states:, steps:, data_flow: or handlers:"))
    }
    let form = form(of: record)
    var workflow = WorkflowDefinition(
      name: record["workflow"]?.scalarText ?? name, form: form, file: file.shown,
      directory: file.directory)
    let isBare = form == .legacySystems && record["legacy_systems"] == nil
    if !isBare {
      var checker = DocumentChecker()
      checker.check(record, keys: WorkflowSchema.keys)
      problems += checker.problems
    }
    workflow.summary = record["summary"]?.scalarText
    workflow.context = record["context"]?.objectValue ?? [:]
    workflow.isTyped = record["substitution"]?.stringValue == "typed"
    workflow.seed = record["seed"]?.integerValue.flatMap { UInt64(exactly: $0) }
    workflow.timeout = record["timeout"]?.scalarText.flatMap { Duration(written: $0) }
    if let limit = record["step_limit"]?.integerValue.flatMap({ Int(exactly: $0) }) {
      workflow.stepLimit = limit
    }
    workflow.stopsOnTransition = record["stop_on_transition"]?.boolValue ?? false
    workflow.services = services(record["services"], at: ValuePath([.member("services")]))
    let systems = isBare ? record : record["legacy_systems"]?.objectValue ?? [:]
    // Read as it is written: whoever reads a system fills in its secrets.
    let written = isBare ? file.written : file.written["legacy_systems"] ?? .emptyObject
    workflow.systems = LegacySystem.described(
      in: written.objectValue ?? systems,
      at: isBare ? ValuePath() : ValuePath([.member("legacy_systems")]), of: file, root: root,
      registry: registry)
    workflow.scenarios = record["scenarios"]?.objectValue ?? [:]
    workflow.scenario = record["scenario"]?.scalarText
    workflow.initial = record["initial"]?.scalarText ?? "initial"
    workflow.states = states(record["states"])
    workflow.steps = steps.steps(record["steps"], at: ValuePath([.member("steps")]))
    if form == .legacySystems, workflow.steps.isEmpty {
      workflow.steps = firstCalls(of: workflow.systems)
    }
    workflow.frameworks = frameworks(record["frameworks"])
    workflow.flow = flow(record["data_flow"])
    workflow.webhooks = webhooks(record["webhook_services"])
    workflow.handlers = handlers(record["handlers"])
    workflow.events = record["events"]?.arrayValue ?? []
    problems += steps.problems
    return workflow
  }

  private mutating func form(of record: Record) -> WorkflowDefinition.Form {
    if record["states"] != nil { return .stateDriven }
    if record["frameworks"] != nil || record["data_flow"] != nil { return .orchestrated }
    if record["handlers"] != nil || record["webhook_services"] != nil { return .eventDriven }
    if record["steps"] != nil { return .steps }
    if record["legacy_systems"] != nil { return .legacySystems }
    if record.contains(where: { $0.value["protocol_adapter"] != nil }) { return .legacySystems }
    if !record.isEmpty || file.value.objectValue != nil {
      let known = ["states", "steps", "frameworks", "data_flow", "handlers", "legacy_systems"]
      let near = record.names.first { Suggestion.nearest(to: $0, among: known) != nil }
      problems.append(
        ValueProblem(
          .error,
          "this is no workflow: it has neither states nor steps, data_flow, handlers or legacy systems"
            + (near.map { Suggestion.clause(for: $0, among: known) } ?? ""),
          at: near.map { ValuePath([.member($0)]) } ?? ValuePath(), concernsName: near != nil))
    }
    return .steps
  }

  // MARK: Services

  private func services(_ value: Value?, at path: ValuePath) -> [ServiceDefinition] {
    (value?.objectValue ?? [:]).map { member in
      service(member.value, named: member.name, at: path.member(member.name))
    }
  }

  private func service(
    _ value: Value, named name: String, at path: ValuePath, spec: String = ""
  ) -> ServiceDefinition {
    let source: ServiceDefinition.Source =
      if let url = value["url"]?.scalarText {
        .url(url)
      } else if let system = value["system"]?.scalarText {
        .system(system)
      } else {
        .spec(value["spec"]?.scalarText ?? spec)
      }
    return ServiceDefinition(
      name: name, source: source,
      port: (value["port"] ?? value).integerValue.flatMap { Int(exactly: $0) },
      responses: value["responses"]?.objectValue ?? [:], path: path)
  }

  private func webhooks(_ value: Value?) -> [ServiceDefinition] {
    let path = ValuePath([.member("webhook_services")])
    return (value?.objectValue ?? [:]).map { member in
      service(
        member.value, named: member.name, at: path.member(member.name), spec: "./webhook-api.yaml")
    }
  }

  /// The first calls of systems: each operation that something is said of.
  private func firstCalls(of systems: [LegacySystem]) -> [StepDefinition] {
    systems.flatMap { system -> [StepDefinition] in
      let answers = system.definition.mock.answers
      let names =
        answers.responses.names.isEmpty
        ? system.contract.operations.map(\.name) : answers.responses.names
      return names.map { operation in
        var problems: [ValueProblem] = []
        let record: Record = ["system": .string(system.name), "operation": .string(operation)]
        var step = StepDefinition(
          name: "\(system.name) \(operation)", type: "legacy_call", work: .nothing,
          document: record, path: ValuePath([.member(system.name)]))
        step.work = .systemCall(SystemCall(record, at: step.path, problems: &problems))
        step.continuesOnFailure = true
        return step
      }
    }
  }

  // MARK: States

  private mutating func states(_ value: Value?) -> [StateDefinition] {
    let path = ValuePath([.member("states")])
    return (value?.objectValue ?? [:]).map { member in
      let place = path.member(member.name)
      return StateDefinition(
        name: member.name, summary: member.value["summary"]?.scalarText,
        services: Self.responses(member.value["services"], at: place.member("services")),
        actions: steps.steps(member.value["actions"], at: place.member("actions")),
        transitions: steps.transitions(
          member.value["transitions"], at: place.member("transitions")),
        stopsOnTransition: member.value["stop_on_transition"]?.boolValue,
        isFailure: member.value["failure"]?.boolValue ?? false, path: place)
    }
  }

  /// What services answer: service, path, response.
  private static func responses(
    _ value: Value?, at path: ValuePath
  ) -> [(service: String, responses: [(endpoint: String, response: ContextTemplate)])] {
    (value?.objectValue ?? [:]).map { service in
      let place = path.member(service.name)
      return (
        service.name,
        (service.value.objectValue ?? [:]).map { response in
          (
            response.name, ContextTemplate(response.value, at: place.member(response.name))
          )
        }
      )
    }
  }

  // MARK: Frameworks

  private func frameworks(_ value: Value?) -> [FrameworkDefinition] {
    let path = ValuePath([.member("frameworks")])
    return (value?.objectValue ?? [:]).map { member in
      let place = path.member(member.name)
      return FrameworkDefinition(
        name: member.name,
        services: services(member.value["services"], at: place.member("services")),
        path: place)
    }
  }

  private mutating func flow(_ value: Value?) -> DataFlow {
    let path = ValuePath([.member("data_flow"), .member("steps")])
    var flow = DataFlow()
    for member in value?["steps"]?.objectValue ?? [:] {
      let place = path.member(member.name)
      let record = member.value.objectValue ?? [:]
      let isOwn = record["framework"] != nil || record["target_framework"] != nil
      // A step of a framework is no call of a service by name; others are steps like all.
      var step: StepDefinition
      if isOwn {
        var rest = record
        for name in ["endpoint", "method", "data", "transform_to"] { rest[name] = nil }
        step = steps.step(.object(rest), named: member.name, at: place)
        step.document = record
        step.type = "framework_call"
      } else {
        step = steps.step(member.value, named: member.name, at: place)
      }
      flow.steps.append(
        DataFlow.Step(
          step: step,
          framework: (record["framework"] ?? record["target_framework"])?.scalarText ?? "",
          endpoint: ContextTemplate(record["endpoint"] ?? "/", at: place.member("endpoint")),
          transform: transform(record, at: place)))
    }
    flow.order = value?["execution_order"]?.arrayValue?.compactMap(\.scalarText) ?? []
    return flow
  }

  private mutating func transform(_ record: Record, at path: ValuePath) -> FlowTransform? {
    let target = record["transform_to"]
    guard target != nil || record["transform_port"] != nil else { return nil }
    var way: DataTransform.Way?
    if let target, ["map", "template", "to"].contains(where: { target[$0] != nil }) {
      way =
        DataTransform(
          target.objectValue ?? [:], at: path.member("transform_to"), problems: &problems
        ).way
    }
    let port = (target?["port"] ?? record["transform_port"])?.integerValue
    return FlowTransform(
      way: way, port: port.flatMap { Int(exactly: $0) }, config: target ?? .emptyObject,
      template: record["transformation_template"],
      sourceFormat: record["source_format"] ?? record["source_framework"] ?? .null,
      targetFormat: record["target_format"] ?? target?["format"] ?? record["target_framework"]
        ?? .null)
  }

  // MARK: Events

  private mutating func handlers(_ value: Value?) -> [HandlerDefinition] {
    (value?.arrayValue ?? []).enumerated().map { position, item in
      handler(item, position, at: ValuePath([.member("handlers"), .item(position)]))
    }
  }

  private mutating func handler(
    _ item: Value, _ position: Int, at path: ValuePath
  ) -> HandlerDefinition {
    var actions: [StepDefinition] = []
    if let sets = item["set"] {
      actions.append(
        steps.step(["type": "set", "set": sets], named: "set", at: path))
    }
    if let emit = item["emit"] {
      actions.append(steps.step(["type": "emit", "emit": emit], named: "emit", at: path))
    }
    switch item["call"] {
    case .array(let items)?:
      actions += items.enumerated().map { place, call in
        steps.step(call, named: "call \(place + 1)", at: path.member("call").item(place))
      }
    case let call?: actions.append(steps.step(call, named: "call", at: path.member("call")))
    case nil: break
    }
    let event = item["event"]?.scalarText ?? ""
    return HandlerDefinition(
      name: item["name"]?.scalarText ?? "\(event) \(position + 1)", event: event,
      key: steps.expression(item["key"], at: path.member("key")),
      condition: steps.expression(item["if"], at: path.member("if")),
      counts: (item["count"]?.objectValue ?? [:]).compactMap { member in
        steps.expression(member.value, at: path.member("count").member(member.name))
          .map { (member.name, $0) }
      },
      actions: actions, stubs: Self.responses(item["stub"], at: path.member("stub")), path: path)
  }
}
