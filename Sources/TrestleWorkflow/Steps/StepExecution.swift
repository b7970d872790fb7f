internal import TrestleCore
internal import TrestleStore

/// What a step did to its run.
struct StepEffect: Sendable {
  var outcome: StepOutcome
  /// What it changed of the context.
  var updates: Record = [:]
  /// The state that it leads to.
  var target: String?
  /// Its condition did not hold: it was not run.
  var isSkipped = false
}

/// Runs steps of a run: writes down what they do, and does nothing a second time.
struct StepExecution: Sendable {
  let stage: WorkflowStage
  let log: RunLog

  /// Runs a step under a key, and says what it did.
  ///
  /// - Throws: `WorkflowError` for a step that cannot be run, and a run that is cancelled.
  func run(
    _ step: StepDefinition, key: String, owner: String, in environment: RunEnvironment
  ) async throws(WorkflowError) -> StepEffect {
    try await run(
      step, key: key, owner: owner, in: environment, kind: step.type
    ) { () throws(WorkflowError) in
      try await StepRunner(stage: stage).outcome(of: step, in: environment)
    }
  }

  /// Runs what a form of workflow does in its own way for a step.
  func run(
    _ step: StepDefinition, key: String, owner: String, in environment: RunEnvironment,
    kind: String,
    _ body: () async throws(WorkflowError) -> StepOutcome
  ) async throws(WorkflowError) -> StepEffect {
    if let earlier = log.earlier(key) {
      try await log.end(earlier)
      return StepEffect(
        outcome: StepOutcome(earlier.reply, call: earlier.call), updates: earlier.updates,
        target: earlier.target, isSkipped: earlier.status == .skipped)
    }
    guard !Task.isCancelled else { throw WorkflowError(.cancelled, "the run was cancelled") }
    let began = log.clock.now
    var record = RunStep(
      key: key, name: step.name, kind: kind, owner: owner, status: .began, began: began,
      before: environment.context)
    guard try stage.holds(step.condition, in: environment) else {
      record.status = .skipped
      try await log.end(record)
      return StepEffect(outcome: StepOutcome(isSuccess: true), isSkipped: true)
    }
    try await log.begin(record)
    let outcome = try await body()
    // What was cut off is no failure of the service: it is not written down, and done again later.
    guard !Task.isCancelled else { throw WorkflowError(.cancelled, "the run was cancelled") }
    let effect = try effect(of: outcome, step, in: environment)
    record.status = outcome.isSuccess ? .passed : .failed
    record.duration = log.clock.now - began
    record.call = outcome.call
    record.reply = outcome.jsonValue
    record.updates = effect.updates
    record.target = effect.target
    try await log.end(record)
    return effect
  }

  /// What a step's outcome changes of the context, and where it leads.
  private func effect(
    of outcome: StepOutcome, _ step: StepDefinition, in environment: RunEnvironment
  ) throws(WorkflowError) -> StepEffect {
    var effect = StepEffect(outcome: outcome)
    var environment = environment.knowing(outcome)
    for (name, expression) in step.saves {
      do throws(ExpressionError) {
        // What is not in the answer leaves the context as it is.
        guard let value = try expression.evaluate(in: environment) else { continue }
        effect.updates[name] = value
        environment.context[name] = value
      } catch {
        throw WorkflowError(
          .invalid, "\(step.name): \(name) cannot be saved: \(error.reason)", hint: error.hint)
      }
    }
    let sets = outcome.isSuccess ? step.sets : ContextTemplate(.emptyObject)
    for member in try stage.fill(sets, in: environment, typed: true).objectValue ?? [:] {
      effect.updates[member.name] = member.value
      environment.context[member.name] = member.value
    }
    if outcome.isSuccess, let target = step.onSuccess {
      effect.target = target
    } else if !outcome.isSuccess, let target = step.onFailure {
      effect.target = target
    } else {
      for transition in step.transitions
      where try stage.holds(transition.condition, in: environment) {
        effect.target = transition.target
        break
      }
    }
    return effect
  }
}
