internal import Synchronization
internal import TrestleCore
internal import TrestleStore

/// One run of a workflow: starts what it needs, does what it says, keeps what happened, and stops what it started.
///
///     let workflow = try WorkflowDefinition.load("workflows/ml_pipeline_workflow.yaml")
///     let result = try await WorkflowRun(workflow, options: .init(usesFreePorts: true)).run()
public final class WorkflowRun: Sendable {
  /// What is run.
  public let definition: WorkflowDefinition
  /// What differs from what its file says.
  public let options: WorkflowOptions
  /// Its name among the runs that are kept.
  public let id: String
  private let events = Mutex<EventRun?>(nil)

  /// A run that has not begun.
  public init(_ definition: WorkflowDefinition, options: WorkflowOptions = WorkflowOptions()) {
    self.definition = definition
    self.options = options
    id = options.resumed?.id ?? RunStore.makeID()
  }

  /// Puts an event from outside into the queue of an event-driven run: `{type, data}`. False where the run takes none.
  @discardableResult
  public func post(_ event: Value, from source: String = "") -> Bool {
    guard let run = events.withLock({ $0 }) else { return false }
    run.post(event, to: source)
    return true
  }

  /// Has an event-driven run end when the events are processed that wait.
  public func finish() { events.withLock { $0 }?.close() }

  /// Runs the workflow. What fails in it is in the result.
  ///
  /// - Throws: `WorkflowError` for what keeps it from beginning: a port that is taken, a specification that is broken.
  public func run() async throws(WorkflowError) -> WorkflowResult { try await run {} }

  /// Runs the workflow, and says when it takes events.
  package func run(
    onReady: @escaping @Sendable () -> Void
  ) async throws(WorkflowError) -> WorkflowResult {
    let clock = options.usesVirtualClock ? RunClock(virtual: VirtualClock()) : RunClock()
    let (log, warnings, began) = try await open(clock)
    var settings = WorkflowStage.Settings(definition, options, clock: clock)
    settings.onWarning = { warnings.add($0) }
    settings.run = id
    let stage: WorkflowStage
    do throws(WorkflowError) {
      stage = try await openStage(settings, clock, warnings)
    } catch {
      try await keepUnbegun(error, began)
      throw error
    }
    options.onListening?(await stage.mocks.mocks)
    clock.enter()
    let result = await go(on: stage, log: log, warnings: warnings, began: began, onReady)
    clock.leave()
    await options.inspect?(stage)
    await close(stage)
    try await keep(result)
    return result
  }

  /// Keeps that a run could not begin.
  private func keepUnbegun(_ error: WorkflowError, _ began: Int64) async throws(WorkflowError) {
    try await keep(
      WorkflowResult(
        id: id, workflow: definition.name, status: .failed, output: .null, states: [],
        history: [], context: definition.context.merging(options.inputs), counters: [:],
        steps: [], error: error.message, began: began, duration: 0, warnings: []))
  }

  private func openStage(
    _ settings: WorkflowStage.Settings, _ clock: RunClock, _ warnings: Warnings
  ) async throws(WorkflowError) -> WorkflowStage {
    if let shared = options.shared { return shared.stage(for: id, settings) }
    var mocking = MockLoopClient.Options(definition, options, clock: clock)
    mocking.onWarning = { warnings.add($0) }
    let mocks = MockLoopClient(options: mocking)
    do throws(WorkflowError) {
      let stage = try await WorkflowStage.open(
        definition, mocks, settings, callsLiveSystems: options.callsLiveSystems)
      try await options.prepare?(stage)
      return stage
    } catch {
      await mocks.stop()
      throw error
    }
  }

  private func close(_ stage: WorkflowStage) async {
    guard options.shared == nil else {
      await stage.bridge.shutdown()
      await stage.mocks.forget(scope: id)
      return
    }
    await stage.shutdown()
    await stage.mocks.stop()
  }

  /// What earlier parts of the run did, if any, and where it is kept from now on.
  private func open(
    _ clock: RunClock
  ) async throws(WorkflowError) -> (RunLog, Warnings, Int64) {
    let warnings = Warnings(tell: options.observe)
    var earlier: [RunStep] = []
    let began = options.resumed?.began ?? clock.now
    if let store = options.store {
      do throws(JournalError) {
        if let resumed = options.resumed {
          earlier = try store.steps(of: id)
          if resumed.status == .failed { earlier.removeAll { hasFailedTheRun($0) } }
        }
        try await store.keep(
          RunSummary(
            id: id, workflow: definition.name, file: definition.file, began: began,
            input: options.inputs, options: options.kept))
      } catch {
        throw WorkflowError(.failed, error.description, hint: error.hint)
      }
    }
    for step in earlier where step.status == .began {
      warnings.add("\(step.name) had begun and not ended when the run stopped: it is done again")
    }
    let log = RunLog(
      clock: clock, store: options.store, run: id, earlier: earlier, observe: options.observe)
    return (log, warnings, began)
  }

  /// Whether a step is what a run failed by: nothing followed it up.
  private func hasFailedTheRun(_ step: RunStep) -> Bool {
    guard step.status == .failed, step.target == nil else { return false }
    return definition.allSteps.first { $0.name == step.name }?.continuesOnFailure != true
  }

  private func keep(_ result: WorkflowResult) async throws(WorkflowError) {
    guard let store = options.store else { return }
    do throws(JournalError) {
      try await store.keep(
        RunSummary(
          id: id, workflow: definition.name, file: definition.file, status: result.status,
          began: result.began, ended: result.began + result.duration, input: options.inputs,
          options: options.kept, result: result.jsonValue))
    } catch {
      throw WorkflowError(.failed, error.description, hint: error.hint)
    }
  }

  // MARK: The forms

  private func go(
    on stage: WorkflowStage, log: RunLog, warnings: Warnings, began: Int64,
    _ onReady: @Sendable () -> Void
  ) async -> WorkflowResult {
    var result = WorkflowResult(
      id: id, workflow: definition.name, status: .completed, output: .null, states: [],
      history: [], context: [:], counters: [:], steps: [], error: nil, began: began, duration: 0,
      warnings: [])
    do throws(WorkflowError) {
      switch definition.form {
      case .stateDriven: try await runStates(on: stage, log, &result)
      case .steps, .legacySystems:
        let workflow = CustomAIWorkflow(
          definition, stage: stage, log: log, inputs: options.inputs)
        defer { result.steps = log.steps }
        do throws(WorkflowError) {
          result.output = try await workflow.run(definition)
        } catch {
          result.context = await workflow.context
          throw error
        }
        result.context = await workflow.context
      case .orchestrated: try await runFlow(on: stage, log, &result)
      case .eventDriven: try await runEvents(on: stage, log, &result, onReady)
      }
    } catch {
      result.status = error.kind == .cancelled ? .cancelled : .failed
      result.error = error.message
    }
    result.steps = log.steps
    result.duration = log.clock.now - began
    result.warnings = warnings.all
    return result
  }

  private func runStates(
    on stage: WorkflowStage, _ log: RunLog, _ result: inout WorkflowResult
  ) async throws(WorkflowError) {
    let workflow = StateDrivenAIWorkflow(
      definition, mocks: stage.mocks, log: log, settings: stage.settings, inputs: options.inputs,
      stage: stage)
    let outcome: Result<Value, WorkflowError>
    do throws(WorkflowError) {
      outcome = .success(try await workflow.run())
    } catch {
      outcome = .failure(error)
    }
    result.history = await workflow.stateHistory
    result.states = [definition.initial] + result.history.map(\.toState)
    result.context = await workflow.context
    result.output = try outcome.get()
  }

  private func runFlow(
    on stage: WorkflowStage, _ log: RunLog, _ result: inout WorkflowResult
  ) async throws(WorkflowError) {
    let orchestrator = MultiFrameworkOrchestrator(
      definition, stage: stage, log: log, inputs: options.inputs)
    let input = options.inputs["input"] ?? .object(definition.context.merging(options.inputs))
    let executed = try await orchestrator.perform(input)
    result.output = .object(executed.results)
    result.context = await orchestrator.context
    if let failure = executed.failure { throw WorkflowError(.failed, failure) }
  }

  private func runEvents(
    on stage: WorkflowStage, _ log: RunLog, _ result: inout WorkflowResult,
    _ onReady: @Sendable () -> Void
  ) async throws(WorkflowError) {
    let run = EventRun(definition, stage: stage, log: log, inputs: options.inputs)
    run.takeWebhooks(of: definition.webhooks.map(\.name))
    events.withLock { $0 = run }
    onReady()
    let outcome: Result<Value, WorkflowError>
    do throws(WorkflowError) {
      outcome = .success(
        try await run.run(options.events ?? definition.events, waits: options.waitsForEvents))
    } catch {
      outcome = .failure(error)
    }
    events.withLock { $0 = nil }
    result.context = await run.context
    result.counters = await run.counters
    result.output = try outcome.get()
  }
}

/// What is odd in a run, each thing once.
final class Warnings: Sendable {
  private let said = Mutex<[String]>([])
  private let tell: (@Sendable (RunEvent) -> Void)?

  init(tell: (@Sendable (RunEvent) -> Void)?) { self.tell = tell }

  var all: [String] { said.withLock { $0 } }

  func add(_ text: String) {
    let isNew = said.withLock { said in
      guard !said.contains(text) else { return false }
      said.append(text)
      return true
    }
    if isNew { tell?(.warning(text)) }
  }
}
