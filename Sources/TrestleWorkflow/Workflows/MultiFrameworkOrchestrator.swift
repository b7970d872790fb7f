internal import TrestleCore
internal import TrestleStore

/// A workflow of steps of several frameworks: the output of one is the input of the next, transformed on the way where
/// the flow says so.
///
///     let orchestrator = MultiFrameworkOrchestrator()
///     try await orchestrator.registerFramework("langchain", config: config)
///     try await orchestrator.configureDataFlow(flow)
///     let results = try await orchestrator.executeOrchestratedWorkflow(["text": "…"])
public actor MultiFrameworkOrchestrator {
  /// The mocks of its frameworks' services and of its transforms.
  public nonisolated let mockLoop: MockLoopClient
  /// What each framework was registered with.
  public private(set) var frameworks: [String: Value] = [:]
  /// How data goes.
  public private(set) var dataFlow: Value = .emptyObject
  /// What `${…}` is filled in from.
  public private(set) var context: Record = [:]
  private var flow = DataFlow()
  private let stage: WorkflowStage
  private let log: RunLog
  private var results: Record = [:]
  private var runs = 0

  /// An orchestrator without frameworks.
  public init(
    mocks: MockLoopClient = MockLoopClient(), options: WorkflowOptions = WorkflowOptions()
  ) {
    var settings = WorkflowStage.Settings()
    settings.isStrict = options.isStrict || mocks.options.isStrict
    settings.seed = options.seed
    if let observe = options.observe { settings.onWarning = { observe(.warning($0)) } }
    mockLoop = mocks
    stage = WorkflowStage(mocks: mocks, settings: settings)
    log = RunLog(observe: options.observe)
    context = options.inputs
  }

  init(_ definition: WorkflowDefinition, stage: WorkflowStage, log: RunLog, inputs: Record) {
    mockLoop = stage.mocks
    self.stage = stage
    self.log = log
    flow = definition.flow
    context = definition.context.merging(inputs)
  }

  // MARK: Frameworks

  /// Registers a framework and starts mocks of its services, each named `FRAMEWORK_SERVICE`.
  ///
  /// - Throws: `WorkflowError` for a specification that is not there or broken, and a port that is taken.
  public func registerFramework(_ name: String, config: Value) async throws(WorkflowError) {
    frameworks[name] = config
    for service in config["services"]?.objectValue ?? [:] {
      let mock = try await mockLoop.generateMockAPI(
        specURLOrPath: service.value["spec"]?.scalarText ?? "",
        outputDirName: "\(name)_\(service.name)",
        port: service.value["port"]?.integerValue.flatMap { Int(exactly: $0) })
      stage.setService(Self.service(service.name, of: name), at: mock.url)
    }
  }

  /// What a framework's service is called among all services.
  static func service(_ name: String, of framework: String) -> String { "\(framework).\(name)" }

  /// Says how data goes: `{steps, execution_order}`. Steps that transform on the way get a service each for it, named
  /// `transform_STEP`, which answers as `transformation_template` says, or with what it was sent.
  ///
  /// - Throws: `WorkflowError` for a flow with mistakes, and a port that is taken.
  public func configureDataFlow(_ flowDefinition: Value) async throws(WorkflowError) {
    var reader = WorkflowReader(
      file: DataFile(
        ["data_flow": flowDefinition], directory: FilePaths.absolute(mockLoop.options.directory)),
      root: mockLoop.options.directory, registry: mockLoop.options.registry)
    let definition = reader.read(named: "flow")
    if let problem = reader.problems.first(where: { $0.severity == .error }) {
      throw WorkflowError(.invalid, problem.message, hint: problem.hint)
    }
    dataFlow = flowDefinition
    flow = definition.flow
    try await openTransforms(spec: Self.transformSpec)
  }

  private func openTransforms(spec: String) async throws(WorkflowError) {
    for (name, url) in try await Self.open(transformsOf: flow, by: mockLoop, spec: spec) {
      stage.setService(name, at: url)
    }
  }

  /// Starts the services that transform data, and says where each is.
  static func open(
    transformsOf flow: DataFlow, by mocks: MockLoopClient, spec: String = transformSpec
  ) async throws(WorkflowError) -> [(name: String, url: String)] {
    var urls: [(name: String, url: String)] = []
    for step in flow.steps {
      guard let transform = step.transform, transform.way == nil else { continue }
      let name = "transform_\(step.step.name)"
      let mock = try await mocks.generateMockAPI(
        specURLOrPath: spec, outputDirName: name, port: transform.port)
      urls.append((name, mock.url))
      try await mocks.setResponses(
        [
          "/transform": [
            "transformed_data": transform.template ?? "{{request.body.data}}",
            "source_format": transform.sourceFormat, "target_format": transform.targetFormat,
          ]
        ], at: mock.id)
    }
    return urls
  }

  /// What services that transform data are specified by.
  static let transformSpec = "./data-transform-api.yaml"

  // MARK: Running

  /// Takes data through the steps in order; the first that fails is the last.
  ///
  /// - Throws: `WorkflowError` for a flow that names what is not there.
  /// - Returns: what each step came to, by its name: `{step, framework, success, output_data}` or
  ///   `{step, framework, success: false, error}`.
  public func executeOrchestratedWorkflow(
    _ workflowInput: Value
  ) async throws(WorkflowError) -> Record {
    runs += 1
    results = [:]
    return try await perform(workflowInput, prefix: runs == 1 ? "" : "\(runs):").results
  }

  /// What a flow came to.
  struct Executed: Sendable {
    var results: Record
    var output: Value
    var failure: String?
  }

  func perform(_ input: Value, prefix: String = "") async throws(WorkflowError) -> Executed {
    let byName = Dictionary(
      flow.steps.map { ($0.step.name, $0) }, uniquingKeysWith: { first, _ in first })
    if flow.order.isEmpty, !StepGraph(flow.steps.map(\.step)).isSequence {
      return try await executeSideBySide(input, byName, prefix)
    }
    var data = input
    var executed = Executed(results: [:], output: input)
    for name in flow.order.isEmpty ? flow.steps.map(\.step.name) : flow.order {
      guard let step = byName[name] else {
        throw WorkflowError(
          .notFound,
          "the flow has no step \(name)" + Suggestion.clause(for: name, among: byName.keys.sorted())
        )
      }
      let effect = try await execute(step, on: data, key: prefix + name)
      results[name] = result(of: step, effect)
      executed.results = results
      guard effect.outcome.isSuccess || step.step.continuesOnFailure else {
        executed.failure = "\(name) failed: \(effect.outcome.reason)"
        break
      }
      if !effect.isSkipped { data = effect.outcome.output ?? data }
      executed.output = data
    }
    return executed
  }

  /// Steps that say what they need get its output; of several, an object of their outputs by their names.
  private func executeSideBySide(
    _ input: Value, _ byName: [String: DataFlow.Step], _ prefix: String
  ) async throws(WorkflowError) -> Executed {
    let steps = flow.steps.map(\.step)
    let graph = StepGraph(steps)
    let effects = try await StepScheduler(steps: steps, clock: log.clock).run {
      (definition) throws(WorkflowError) in
      guard let step = byName[definition.name],
        let index = graph.names.firstIndex(of: definition.name)
      else { return StepEffect(outcome: StepOutcome(isSuccess: true)) }
      let data = await self.input(of: graph.needs[index].map { graph.names[$0] }, or: input)
      let effect = try await self.execute(step, on: data, key: prefix + definition.name)
      await self.keep(effect, of: step)
      return effect
    }
    var executed = Executed(results: results, output: .null)
    let failed = zip(steps, effects).first { step, effect in
      effect.map { !$0.outcome.isSuccess && !step.continuesOnFailure } ?? false
    }
    if let (step, effect) = failed, let effect {
      executed.failure = "\(step.name) failed: \(effect.outcome.reason)"
    }
    executed.output = effects.compactMap { $0?.outcome.output }.last ?? .null
    return executed
  }

  private func input(of needs: [String], or input: Value) -> Value {
    let outputs = needs.map { results[$0]?["output_data"] ?? .null }
    switch needs.count {
    case 0: return input
    case 1: return outputs[0]
    default: return .object(Record(zip(needs, outputs).map { .init(name: $0, value: $1) }))
    }
  }

  private func keep(_ effect: StepEffect, of step: DataFlow.Step) {
    results[step.step.name] = result(of: step, effect)
  }

  private func result(of step: DataFlow.Step, _ effect: StepEffect) -> Value {
    var record: Record = [
      "step": .string(step.step.name), "framework": .string(step.framework),
      "success": .bool(effect.outcome.isSuccess),
    ]
    if effect.outcome.isSuccess {
      record["output_data"] = effect.outcome.output ?? .null
    } else {
      record["error"] = .string(
        effect.outcome.error
          ?? effect.outcome.output.map { $0.stringValue ?? JSONWriter.text($0) } ?? "")
    }
    return .object(record)
  }

  private func execute(
    _ step: DataFlow.Step, on data: Value, key: String
  ) async throws(WorkflowError) -> StepEffect {
    var environment = RunEnvironment(
      context: context, facts: ["steps": .object(results), "input": data],
      generators: stage.generators)
    environment.facts["response"] = data
    let execution = StepExecution(stage: stage, log: log)
    let effect: StepEffect
    if step.framework.isEmpty {
      effect = try await execution.run(step.step, key: key, owner: "", in: environment)
    } else {
      effect = try await execution.run(
        step.step, key: key, owner: step.framework, in: environment, kind: "framework_call"
      ) { () throws(WorkflowError) in try await self.call(step, with: data, in: environment) }
    }
    context = context.merging(effect.updates)
    guard effect.outcome.isSuccess, !effect.isSkipped, let transform = step.transform else {
      return effect
    }
    return try await self.transform(
      effect, of: step, by: transform, key: key + "/transform", in: environment)
  }

  /// Calls a framework's main service; 200 alone is success.
  private func call(
    _ step: DataFlow.Step, with data: Value, in environment: RunEnvironment
  ) async throws(WorkflowError) -> StepOutcome {
    let url = try stage.url(of: Self.service("main", of: step.framework))
    let endpoint = try stage.fill(step.endpoint, in: environment).scalarText ?? ""
    var headers = Headers()
    stage.mark(&headers)
    let limit = step.step.timeout ?? stage.settings.timeout
    var outcome = await StepRunner(stage: stage).exchange(
      "POST", url + endpoint, data, headers, limit,
      ["method": "POST", "url": .string(url + endpoint), "data": data])
    outcome.isSuccess = outcome.statusCode == 200
    return outcome
  }

  /// Has a step's output transformed; that is a step of its own in what the run did.
  private func transform(
    _ effect: StepEffect, of step: DataFlow.Step, by transform: FlowTransform, key: String,
    in environment: RunEnvironment
  ) async throws(WorkflowError) -> StepEffect {
    let definition = StepDefinition(
      name: "\(step.step.name) transform", type: "data_transform", work: .nothing, document: [:],
      path: step.step.path)
    let data = effect.outcome.output ?? .null
    let runner = TransformRunner(stage: stage, limit: stage.settings.timeout)
    let url = stage.serviceURLs["transform_\(step.step.name)"]
    let transformed = try await StepExecution(stage: stage, log: log).run(
      definition, key: key, owner: step.framework, in: environment, kind: "data_transform"
    ) { () throws(WorkflowError) in
      if let way = transform.way {
        return try await runner.outcome(of: way, on: data, in: environment)
      }
      guard let url else {
        throw WorkflowError(
          .conflict, "the transform service of \(step.step.name) is not set up",
          hint: "call configureDataFlow(_:) first")
      }
      return await runner.call(url + "/transform", with: data, config: transform.config)
    }
    var effect = effect
    effect.outcome.isSuccess = transformed.outcome.isSuccess
    effect.outcome.error = transformed.outcome.error
    effect.outcome.output = transformed.outcome.output
    return effect
  }

  /// Stops the mocks and closes all connections.
  public func stop() async {
    await stage.shutdown()
    await mockLoop.stop()
  }
}
