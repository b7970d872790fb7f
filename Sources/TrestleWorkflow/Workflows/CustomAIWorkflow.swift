internal import TrestleCore
internal import TrestleStore

/// A workflow of steps that call services over HTTP, or legacy systems.
///
///     let workflow = CustomAIWorkflow(workflowName: "orders")
///     try await workflow.registerService("data", specPath: "./data-api.yaml", port: 8001)
///     let result = try await workflow.executeWorkflowStep(
///       "load", config: ["service": "data", "endpoint": "/data"])
public actor CustomAIWorkflow {
  /// Its name, which the names of its mocks begin with.
  public nonisolated let workflowName: String
  /// The mocks of its services.
  public nonisolated let mockLoop: MockLoopClient
  /// What each step came to last, by the step's name.
  public private(set) var workflowState: [String: Value] = [:]
  /// What `${…}` is filled in from.
  public private(set) var context: Record
  private var settings: WorkflowStage.Settings
  private var stage: WorkflowStage
  private let log: RunLog
  private var calls: [String: Int] = [:]
  /// What the step before came to; of steps side by side, the one that ended last.
  private var lastOutcome: StepOutcome?

  /// A workflow without services.
  public init(
    workflowName: String, mocks: MockLoopClient = MockLoopClient(),
    options: WorkflowOptions = WorkflowOptions()
  ) {
    self.workflowName = workflowName
    mockLoop = mocks
    settings = WorkflowStage.Settings()
    settings.isStrict = options.isStrict || mocks.options.isStrict
    settings.seed = options.seed
    context = options.inputs
    if let observe = options.observe {
      settings.onWarning = { observe(.warning($0)) }
    } else if let warn = mocks.options.onWarning {
      settings.onWarning = warn
    }
    log = RunLog(observe: options.observe)
    stage = WorkflowStage(mocks: mocks, settings: settings)
  }

  init(
    _ definition: WorkflowDefinition, stage: WorkflowStage, log: RunLog, inputs: Record
  ) {
    workflowName = definition.name
    mockLoop = stage.mocks
    settings = stage.settings
    self.stage = stage
    self.log = log
    context = definition.context.merging(inputs)
  }

  /// Where its services are, by their names: `http://localhost:8001`.
  public var services: [String: String] { stage.serviceURLs }

  // MARK: Services

  /// Generates the mock of a service, named `WORKFLOW_SERVICE`; it listens when this returns.
  ///
  /// - Throws: `WorkflowError` for a specification that is not there or broken, and a port that is taken.
  public func registerService(
    _ serviceName: String, specPath: String, port: Int? = nil
  ) async throws(WorkflowError) {
    let mock = try await mockLoop.generateMockAPI(
      specURLOrPath: specPath, outputDirName: "\(workflowName)_\(serviceName)", port: port)
    stage.setService(serviceName, at: mock.url)
  }

  /// Lets steps call a legacy system: its mock, unless it is to be called where it is.
  ///
  /// - Throws: `WorkflowError` for a system whose mock cannot be started.
  public func registerSystem(_ system: LegacySystem, isLive: Bool = false)
    async throws(WorkflowError)
  {
    if !isLive {
      let mock = try await mockLoop.host(system, id: "\(workflowName)_\(system.name)")
      settings.endpoints[system.name] = mock.endpoint
    }
    settings.systems.removeAll { $0.name == system.name }
    settings.systems.append(system)
    let before = stage
    stage = WorkflowStage(mocks: mockLoop, settings: settings, client: before.client)
    for (name, url) in before.serviceURLs { stage.setService(name, at: url) }
    await before.bridge.shutdown()
  }

  /// Has services answer as a scenario says: by service, by endpoint.
  ///
  /// A service that is not registered is passed over with a warning; under strictness it is an error, and nothing is
  /// changed.
  ///
  /// - Throws: `WorkflowError` for responses with mistakes.
  public func configureWorkflowScenario(
    _ scenarioName: String, config: Value
  ) async throws(WorkflowError) {
    let services = stage.serviceURLs
    let config = config.objectValue ?? [:]
    for service in config where services[service.name] == nil {
      let error = WorkflowError.unknownService(service.name, among: services.keys.sorted())
      if settings.isStrict { throw error }
      stage.warn("scenario \(scenarioName): \(error.message)")
    }
    for service in config {
      guard let url = services[service.name] else { continue }
      try await mockLoop.setResponses(
        service.value.objectValue ?? [:], at: url, scope: settings.scope)
    }
  }

  // MARK: Steps

  /// Does one step: `{service, endpoint, method, data}`, or `{system, operation, parameters}`, or any other step that a
  /// file may have.
  ///
  /// - Throws: `WorkflowError`: "Service X not registered", "Unsupported method: X" among others. A service that answers
  ///   with an error, or not at all, is a step without success.
  /// - Returns: `{step, status_code, response, success}`, with `error` where no answer came.
  @discardableResult
  public func executeWorkflowStep(
    _ stepName: String, config: Value
  ) async throws(WorkflowError) -> Value {
    var reader = StepReader()
    let step = reader.step(config, named: stepName, at: ValuePath())
    if let problem = reader.problems.first(where: { $0.severity == .error }) {
      let isUnsupported = problem.message.hasPrefix("Unsupported method")
      throw WorkflowError(
        isUnsupported ? .unsupported : .invalid, problem.message, hint: problem.hint)
    }
    calls[stepName, default: 0] += 1
    let key = "\(stepName)#\(calls[stepName] ?? 1)"
    return result(of: step, try await execute(step, key: key))
  }

  private func execute(
    _ step: StepDefinition, key: String
  ) async throws(WorkflowError) -> StepEffect {
    var effect = try await StepExecution(stage: stage, log: log)
      .run(step, key: key, owner: "", in: environment)
    context = context.merging(effect.updates)
    if !effect.isSkipped {
      workflowState[step.name] = result(of: step, effect)
      lastOutcome = effect.outcome
    }
    if effect.isSkipped { effect.outcome.output = nil }
    return effect
  }

  private func result(of step: StepDefinition, _ effect: StepEffect) -> Value {
    let outcome = effect.outcome
    var record: Record = [
      "step": .string(step.name),
      "status_code": outcome.statusCode.map { .integer(Int64($0)) } ?? .null,
      "response": outcome.output ?? .null, "success": .bool(outcome.isSuccess),
    ]
    if let error = outcome.error { record["error"] = .string(error) }
    return .object(record)
  }

  private var environment: RunEnvironment {
    let results = workflowState.sorted { $0.key < $1.key }
    let environment = RunEnvironment(
      context: context,
      facts: ["steps": .object(Record(results.map { .init(name: $0.key, value: $0.value) }))],
      generators: stage.generators)
    return lastOutcome.map { environment.knowing($0) } ?? environment
  }

  // MARK: Running

  /// Does the steps of a definition: one after the other, or as they need each other.
  ///
  /// - Returns: the last step's output.
  func run(_ definition: WorkflowDefinition) async throws(WorkflowError) -> Value {
    let steps = definition.steps
    guard StepGraph(steps).isSequence else {
      let effects = try await StepScheduler(steps: steps, clock: log.clock).run {
        (step) throws(WorkflowError) in try await self.execute(step, key: step.name)
      }
      for (step, effect) in zip(steps, effects) {
        if let effect { try check(effect, of: step) }
      }
      return effects.compactMap { $0?.outcome.output }.last ?? .null
    }
    var last: Value = .null
    for step in steps {
      let effect = try await execute(step, key: step.name)
      try check(effect, of: step)
      if let output = effect.outcome.output { last = output }
    }
    return last
  }

  private func check(_ effect: StepEffect, of step: StepDefinition) throws(WorkflowError) {
    guard !effect.outcome.isSuccess, !step.continuesOnFailure else { return }
    throw WorkflowError(
      .failed, "the step \(step.name) failed: \(effect.outcome.reason)",
      hint: "continue_on_failure: true goes on all the same")
  }

  /// Stops the mocks and closes all connections.
  public func stop() async {
    await stage.shutdown()
    await mockLoop.stop()
  }
}

extension StepOutcome {
  /// Why it failed, in words.
  var reason: String {
    if let error { return error }
    guard let statusCode else { return "its condition does not hold" }
    let text = output.map { $0.stringValue ?? JSONWriter.text($0) } ?? ""
    return "it was answered with \(statusCode)" + (text.isEmpty ? "" : ": \(text.prefix(300))")
  }
}
