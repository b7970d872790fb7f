internal import Synchronization
internal import TrestleCore
internal import TrestleStore

/// Runs a workflow once, with what a test says of its mocks, and holds what it did against the expectations.
struct WorkflowTest {
  private let workflow: WorkflowDefinition
  private let test: TestCase
  private let registry: ProtocolRegistry

  init(_ workflow: WorkflowDefinition, _ test: TestCase, registry: ProtocolRegistry) {
    self.workflow = workflow
    self.test = test
    self.registry = registry
  }

  private final class Observed: Sendable {
    let calls = Mutex<[ObservedCall]>([])
  }

  func run(_ outcome: inout TestOutcome) async throws(WorkflowError) -> ExpectationChecker {
    var options = WorkflowOptions(
      inputs: test.inputs, usesFreePorts: true, seed: test.seed,
      usesVirtualClock: test.isVirtual, events: test.events, registry: registry)
    let observed = Observed()
    let test = test
    options.prepare = { stage throws(WorkflowError) in
      try await stage.set(responses: test.responses, faults: test.faults)
    }
    options.inspect = { stage in
      let calls = await stage.observedCalls()
      observed.calls.withLock { $0 = calls }
    }
    let run = WorkflowRun(workflow, options: options)
    let result = await within(test.timeout) { () async -> Result<WorkflowResult, WorkflowError> in
      do throws(WorkflowError) {
        return .success(try await run.run())
      } catch {
        return .failure(error)
      }
    }
    guard let result else {
      if Task.isCancelled { throw WorkflowError(.cancelled, "it was interrupted") }
      throw WorkflowError(
        .limit, "the test took longer than \(test.timeout.written)",
        hint: "timeout: allows more; a run that waits for nobody hangs")
    }
    let ended = try result.get()
    if Task.isCancelled { throw WorkflowError(.cancelled, "it was interrupted") }
    let calls = observed.calls.withLock { $0 }
    outcome.steps = ended.steps
    outcome.states = ended.states
    outcome.calls = calls.map(\.entry)
    if test.isVirtual { outcome.virtualDuration = .microseconds(ended.duration) }
    var checker = ExpectationChecker(test)
    checker.check(ended, calls)
    return checker
  }
}

extension WorkflowStage {
  /// Has mocks answer, and misbehave, as a test says, by the names that people have for them.
  func set(responses: Record, faults: Record) async throws(WorkflowError) {
    override(responses)
    for member in responses {
      try await mocks.setResponses(member.value.objectValue ?? [:], at: mockName(of: member.name))
    }
    for member in faults {
      for fault in member.value.arrayValue ?? [member.value] {
        try await mocks.setFault(fault, at: mockName(of: member.name))
      }
    }
  }

  /// The calls of all mocks in the order in which they came.
  func observedCalls() async -> [ObservedCall] {
    let services = serviceURLs
    var calls: [ObservedCall] = []
    for mock in await mocks.mocks {
      let name = services.first { $0.value == mock.url }?.key ?? mock.id
      guard let entries = try? await mocks.calls(at: mock.id) else { continue }
      calls += entries.map { entry in
        // The main service of a framework is called by the framework's name.
        ObservedCall(
          service: name.hasSuffix(".main") ? String(name.dropLast(5)) : name, entry: entry,
          protocolName: mock.system.protocolName)
      }
    }
    return calls.sorted { ($0.entry.start, $0.entry.id) < ($1.entry.start, $1.entry.id) }
  }
}
