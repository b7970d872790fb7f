internal import TrestleCore
internal import TrestleStore

/// A workflow of states: in each, services answer as the state says, and actions are done that lead on.
///
///     let workflow = try StateDrivenAIWorkflow(definition)
///     try await workflow.setupWorkflow()
///     let result = try await workflow.run()
///
/// Actions of a state are done in order. After one that leads on, the remaining ones still are, as the first
/// description of these workflows has it; `stop_on_transition: true` leaves them out.
public actor StateDrivenAIWorkflow {
  /// What it is.
  public nonisolated let definition: WorkflowDefinition
  /// The mocks of its services.
  public nonisolated let mockLoop: MockLoopClient
  /// The state that it is in.
  public private(set) var currentState: String
  /// The transitions so far.
  public private(set) var stateHistory: [StateTransition] = []
  /// What `${…}` is filled in from.
  public private(set) var context: Record
  private var results: Record = [:]
  private var visits: [String: Int] = [:]
  private var stage: WorkflowStage?
  /// Fills in templates that stand in no state, also before the services are set up.
  private nonisolated let templating: WorkflowStage
  private let log: RunLog
  private let settings: WorkflowStage.Settings
  private let callsLiveSystems: Bool

  /// A workflow that is in its first state and has done nothing.
  public init(
    _ definition: WorkflowDefinition, mocks: MockLoopClient? = nil,
    options: WorkflowOptions = WorkflowOptions()
  ) {
    let mocks = mocks ?? MockLoopClient(options: .init(definition, options))
    self.init(
      definition, mocks: mocks, log: RunLog(observe: options.observe),
      settings: .init(definition, options), inputs: options.inputs, stage: nil,
      callsLiveSystems: options.callsLiveSystems)
  }

  init(
    _ definition: WorkflowDefinition, mocks: MockLoopClient, log: RunLog,
    settings: WorkflowStage.Settings, inputs: Record, stage: WorkflowStage?,
    callsLiveSystems: Bool = false
  ) {
    self.definition = definition
    mockLoop = mocks
    self.log = log
    self.settings = settings
    templating = WorkflowStage(mocks: mocks, settings: settings)
    self.stage = stage
    currentState = definition.initial
    context = definition.context.merging(inputs)
    self.callsLiveSystems = callsLiveSystems
  }

  /// Starts the mocks of all its services, each named `workflow_NAME`, and of the systems that its actions call.
  ///
  /// - Throws: `WorkflowError` for a specification that is broken, and a port that is taken.
  public func setupWorkflow() async throws(WorkflowError) {
    guard stage == nil else { return }
    stage = try await WorkflowStage.open(
      definition, mockLoop, settings, callsLiveSystems: callsLiveSystems)
  }

  private func ready() throws(WorkflowError) -> WorkflowStage {
    guard let stage else {
      throw WorkflowError(
        .conflict, "the services of \(definition.name) are not set up",
        hint: "call setupWorkflow() first")
    }
    return stage
  }

  // MARK: States

  /// Goes to a state: updates the context, notes the transition, and has the services answer for the state.
  ///
  /// - Throws: `WorkflowError`, "Unknown state: X".
  public func transitionToState(
    _ newState: String, contextUpdates: Record = [:]
  ) async throws(WorkflowError) {
    guard let state = definition.state(named: newState) else {
      throw .unknownState(newState, among: definition.stateNames)
    }
    guard stateHistory.count < definition.stepLimit else {
      throw WorkflowError(
        .limit, "\(definition.name) made \(stateHistory.count) transitions and did not end",
        hint: "do its states lead in a circle? step_limit: allows more")
    }
    let before = context
    context = context.merging(contextUpdates)
    let key = "transition#\(stateHistory.count + 1)"
    let time = log.earlier(key)?.began ?? log.clock.now
    try await log.end(
      RunStep(
        key: key, name: "\(currentState) → \(newState)", kind: "transition", owner: currentState,
        began: time, before: before, updates: contextUpdates, target: newState))
    stateHistory.append(
      StateTransition(fromState: currentState, toState: newState, time: time, context: context))
    currentState = newState
    try await configureStateServices(state.name)
  }

  /// Has services answer as a state says, all endpoints of a service at once.
  public func configureStateServices(_ name: String) async throws(WorkflowError) {
    guard let state = definition.state(named: name) else {
      throw .unknownState(name, among: definition.stateNames)
    }
    let stage = try ready()
    let environment = self.environment
    for (service, responses) in state.services {
      var record = Record()
      for (endpoint, response) in responses {
        record[endpoint] = try stage.fill(response, in: environment)
      }
      try await mockLoop.setResponses(
        stage.responses(of: service, record), at: try stage.url(of: service),
        scope: settings.scope)
    }
  }

  /// A template with `${…}` filled in from a context, as states and actions have it.
  ///
  /// What nothing is known of stands as it is. Values with quotes, backslashes and line breaks stay values.
  public nonisolated func processResponseTemplate(
    _ template: Value, context: Record
  ) throws(WorkflowError) -> Value {
    try templating
      .fill(ContextTemplate(template), in: RunEnvironment(context: context))
  }

  // MARK: Actions

  /// Does the actions of the state that it is in, follows where they lead, and gives what each came to.
  @discardableResult
  public func executeStateActions() async throws(WorkflowError) -> [Value] {
    try await executeActions().map(\.result)
  }

  private struct Executed {
    var result: Value
    var effect: StepEffect
  }

  private func executeActions() async throws(WorkflowError) -> [Executed] {
    let name = currentState
    guard let state = definition.state(named: name) else {
      throw .unknownState(name, among: definition.stateNames)
    }
    visits[name, default: 0] += 1
    let visit = visits[name] ?? 1
    let stops = state.stopsOnTransition ?? definition.stopsOnTransition
    guard StepGraph(state.actions).isSequence else {
      return try await executeSideBySide(state, visit)
    }
    var executed: [Executed] = []
    for action in state.actions {
      let effect = try await execute(action, owner: name, visit: visit)
      executed.append(Executed(result: result(of: action, effect), effect: effect))
      if let target = effect.target {
        try await transitionToState(target)
        if stops { break }
      }
    }
    return executed
  }

  /// Actions that say what they need: those that nothing holds up go side by side, and where they lead is followed
  /// behind all of them, in the order of the file.
  private func executeSideBySide(
    _ state: StateDefinition, _ visit: Int
  ) async throws(WorkflowError) -> [Executed] {
    let effects = try await StepScheduler(steps: state.actions, clock: log.clock).run {
      (action) throws(WorkflowError) in
      try await self.execute(action, owner: state.name, visit: visit)
    }
    var executed: [Executed] = []
    for (action, effect) in zip(state.actions, effects) {
      guard let effect else { continue }
      executed.append(Executed(result: result(of: action, effect), effect: effect))
      if let target = effect.target { try await transitionToState(target) }
    }
    return executed
  }

  private func execute(
    _ action: StepDefinition, owner: String, visit: Int
  ) async throws(WorkflowError) -> StepEffect {
    let key = "\(owner)#\(visit)/\(action.name)"
    let effect = try await StepExecution(stage: try ready(), log: log)
      .run(action, key: key, owner: owner, in: environment)
    context = context.merging(effect.updates)
    results[action.name] = result(of: action, effect)
    return effect
  }

  /// Does one action that stands in no state, as data: `{name, type, service, endpoint, …}`.
  ///
  /// - Throws: `WorkflowError`, "Unknown action type: X" among others.
  public func executeAction(_ action: Value) async throws(WorkflowError) -> Value {
    var reader = StepReader()
    let step = reader.step(action, named: nil, at: ValuePath())
    if let problem = reader.problems.first(where: { $0.severity == .error }) {
      let isUnknown = problem.message.hasPrefix("Unknown action type")
      throw WorkflowError(isUnknown ? .unsupported : .invalid, problem.message, hint: problem.hint)
    }
    visits["", default: 0] += 1
    return result(
      of: step, try await execute(step, owner: currentState, visit: visits[""] ?? 1))
  }

  /// What an action came to, in the words of the first description.
  private func result(of action: StepDefinition, _ effect: StepEffect) -> Value {
    let outcome = effect.outcome
    var record: Record = ["action": .string(action.name), "type": .string(action.type)]
    switch action.work {
    case .serviceCall:
      record["status_code"] = outcome.statusCode.map { .integer(Int64($0)) } ?? .null
      record["response"] = outcome.output ?? .null
    case .systemCall: record["response"] = outcome.output ?? .null
    case .condition(let condition):
      record["condition"] = .string(condition.text)
      record["result"] = .bool(outcome.isSuccess)
    default: if let output = outcome.output { record["output"] = output }
    }
    record["success"] = .bool(outcome.isSuccess)
    if let error = outcome.error { record["error"] = .string(error) }
    if let target = effect.target { record["trigger_transition"] = .string(target) }
    return .object(record)
  }

  private var environment: RunEnvironment {
    RunEnvironment(
      context: context,
      facts: ["steps": .object(results), "state": .string(currentState)].merging(
        lastResponse, uniquingKeysWith: { $1 }),
      generators: stage?.generators ?? .system)
  }

  /// What the action before answered.
  private var lastResponse: [String: Value] {
    guard let last = results.members.last?.value else { return [:] }
    var facts: [String: Value] = [:]
    for name in ["response", "status_code", "success", "output"] { facts[name] = last[name] }
    return facts
  }

  // MARK: Running

  /// Puts it back to its first state, with the context that runs begin with and an input in it.
  func begin(with input: Record) {
    currentState = definition.initial
    context = definition.context.merging(input)
    stateHistory = []
    results = [:]
    visits = [:]
    log.startAgain()
  }

  /// Goes through the states until one leads nowhere: sets the services up for the first state before its actions.
  ///
  /// - Throws: `WorkflowError` of kind `limit` after too many transitions, `cancelled` when the task is.
  /// - Returns: the last state's name and the reply of the last call.
  public func run() async throws(WorkflowError) -> Value {
    try await setupWorkflow()
    try await configureStateServices(currentState)
    var last: Value = .null
    while true {
      let state = currentState
      let made = stateHistory.count
      let executed = try await executeActions()
      if let output = executed.last?.effect.outcome.output { last = output }
      if stateHistory.count == made, let target = try target(behind: state) {
        try await transitionToState(target)
      }
      guard stateHistory.count > made else {
        try checkEnd(in: state, executed)
        return ["state": .string(currentState), "response": last]
      }
    }
  }

  /// Where a state leads whose actions have led nowhere.
  private func target(behind state: String) throws(WorkflowError) -> String? {
    let stage = try ready()
    for transition in definition.state(named: state)?.transitions ?? []
    where try stage.holds(transition.condition, in: environment) {
      return transition.target
    }
    return nil
  }

  /// A run ends badly in a state that says so, and where an action failed that leads nowhere.
  private func checkEnd(in state: String, _ executed: [Executed]) throws(WorkflowError) {
    if definition.state(named: state)?.isFailure == true {
      throw WorkflowError(.failed, "it ended in the state \(state)")
    }
    let actions = definition.state(named: state)?.actions ?? []
    for (action, done) in zip(actions, executed)
    where !done.effect.outcome.isSuccess && !action.continuesOnFailure {
      throw WorkflowError(
        .failed, "\(action.name) failed in the state \(state): \(done.effect.outcome.reason)",
        hint: "transition_on_failure leads on from there")
    }
  }

  /// Stops the mocks and closes all connections.
  public func stop() async {
    await stage?.shutdown()
    await mockLoop.stop()
  }
}

extension Record {
  /// With the members of another in it.
  func merging(_ other: Record) -> Record {
    var record = self
    for member in other { record[member.name] = member.value }
    return record
  }
}
