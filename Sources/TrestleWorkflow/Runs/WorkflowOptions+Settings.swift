internal import TrestleCore

extension MockLoopClient.Options {
  /// What holds for the mocks of a workflow.
  init(_ definition: WorkflowDefinition, _ options: WorkflowOptions, clock: RunClock? = nil) {
    self.init(
      directory: definition.directory, usesFreePorts: options.usesFreePorts,
      isStrict: options.isStrict, registry: options.registry, clock: clock?.virtual,
      keepsCalls: options.keepsCalls)
    if let observe = options.observe { onWarning = { observe(.warning($0)) } }
    let seed = options.seed ?? definition.seed
    guard seed != nil || clock?.virtual != nil else { return }
    generators = { mock in
      // Each mock has chance of its own: which of them is called first changes nothing.
      let bits = seed.map { SeededBits($0 ^ mock.stableHash) }
      return Generators(
        now: { clock?.wallTime ?? .now },
        randomBits: { bits?.next() ?? UInt64.random(in: .min ... .max) })
    }
  }
}

extension String {
  /// FNV-1a; `hashValue` differs from run to run.
  var stableHash: UInt64 {
    utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
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

extension WorkflowOptions {
  /// What of the options a run that is resumed takes over.
  var kept: Record {
    var record: Record = [
      "strict": .bool(isStrict), "live": .bool(callsLiveSystems),
      "virtual_clock": .bool(usesVirtualClock), "waits": .bool(waitsForEvents),
    ]
    if let seed { record["seed"] = .string(String(seed)) }
    if let events { record["events"] = .array(events) }
    return record
  }

  /// Takes over what a run was started with that is to go on.
  ///
  /// What failed the run is done again; nothing else that has ended is.
  package mutating func resume(_ run: RunSummary) {
    resumed = run
    inputs = run.input
    isStrict = run.options["strict"]?.boolValue ?? isStrict
    callsLiveSystems = run.options["live"]?.boolValue ?? callsLiveSystems
    usesVirtualClock = run.options["virtual_clock"]?.boolValue ?? usesVirtualClock
    waitsForEvents = run.options["waits"]?.boolValue ?? waitsForEvents
    seed = run.options["seed"]?.stringValue.flatMap { UInt64($0) }
    events = run.options["events"]?.arrayValue
  }
}

extension WorkflowStage {
  /// Starts what a workflow's steps call, whatever form it has.
  static func open(
    _ definition: WorkflowDefinition, _ mocks: MockLoopClient, _ settings: Settings,
    callsLiveSystems: Bool
  ) async throws(WorkflowError) -> WorkflowStage {
    let host = WorkflowHost(mocks: mocks, callsLiveSystems: callsLiveSystems)
    let prefix = definition.form == .stateDriven ? "workflow" : definition.name
    var urls = try await host.open(
      definition.services, systems: definition.systems
    ) { "\(prefix)_\($0)" }
    for framework in definition.frameworks {
      let opened = try await host.open(framework.services, systems: definition.systems) {
        "\(framework.name)_\($0)"
      }
      urls += opened.map {
        (MultiFrameworkOrchestrator.service($0.name, of: framework.name), $0.url)
      }
    }
    let webhooks = try await host.open(definition.webhooks, systems: definition.systems) {
      EventInbox.mockID(of: $0, in: definition.name)
    }
    for webhook in definition.webhooks {
      if case .url = webhook.source { continue }
      try await mocks.setResponses(
        EventDrivenAIWorkflow.receipt, at: EventInbox.mockID(of: webhook.name, in: definition.name))
    }
    urls += webhooks
    urls += try await MultiFrameworkOrchestrator.open(transformsOf: definition.flow, by: mocks)
    var settings = settings
    settings.systems = definition.systems
    settings.endpoints = try await host.open(definition.calledSystems, of: definition.systems)
    let stage = WorkflowStage(mocks: mocks, settings: settings)
    for (name, url) in urls { stage.setService(name, at: url) }
    if let name = definition.scenario, let scenario = definition.scenarios[name]?.objectValue {
      let known = stage.serviceURLs
      // Of one that is not registered was told when the file was read.
      for service in scenario where known[service.name] != nil {
        try await mocks.setResponses(
          service.value.objectValue ?? [:], at: stage.mockName(of: service.name))
      }
    }
    return stage
  }
}
