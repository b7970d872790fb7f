internal import TrestleCore

extension MockLoopClient.Options {
  /// What holds for the mocks of a workflow.
  init(_ definition: WorkflowDefinition, _ options: WorkflowOptions, clock: RunClock? = nil) {
    self.init(
      directory: definition.directory, usesFreePorts: options.usesFreePorts,
      isStrict: options.isStrict, registry: options.registry, clock: clock?.virtual,
      keepsCalls: options.keepsCalls)
    if let observe = options.observe { onWarning = { observe(.warning($0)) } }
  }
}

extension WorkflowStage.Settings {
  /// What holds for the steps of a workflow.
  init(_ definition: WorkflowDefinition, _ options: WorkflowOptions, clock: RunClock = RunClock()) {
    self.init()
    isStrict = options.isStrict
    isTyped = definition.isTyped
    if let timeout = definition.timeout { self.timeout = timeout }
    self.clock = clock
    seed = options.seed ?? definition.seed
    systems = definition.systems
    if let observe = options.observe { onWarning = { observe(.warning($0)) } }
  }
}
