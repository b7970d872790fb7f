import Synchronization
import Testing
import TrestleCore
import TrestleStore

@testable import TrestleWorkflow

@Suite("Runs that are kept and go on")
struct ResumeTests {
  private static let workflow = """
    context: { sum: 0 }
    services: { small: { spec: ./small.yaml, responses: { /write: { got: "{{request.body.n}}" } } } }
    steps:
      - { name: one, service: small, endpoint: /write, method: POST, data: { n: "1" }, save: { first: response.got } }
      - { name: gate, condition: "ready == 'yes'" }
      - { name: two, service: small, endpoint: /write, method: POST, data: { n: "${first}2" }, save: { last: response.got } }
    """

  private func folder() throws -> Folder {
    try Folder(["small.yaml": smallSpecification, "w.yaml": Self.workflow])
  }

  private func options(_ store: RunStore, ready: String) -> WorkflowOptions {
    WorkflowOptions(inputs: ["ready": .string(ready)], usesFreePorts: true, store: store)
  }

  @Test("a run that failed tries what failed again, and nothing before it")
  func failed() async throws {
    let folder = try folder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let definition = try WorkflowDefinition.load(folder.path("w.yaml"), inputs: ["ready"])
    let first = try await WorkflowRun(definition, options: options(store, ready: "no")).run()
    #expect(first.status == .failed)
    #expect(try store.run(first.id)?.status == .failed)
    #expect(try store.steps(of: first.id).map(\.name) == ["one", "gate"])

    var again = options(store, ready: "no")
    again.resume(try #require(try store.run(first.id)))
    // The world has changed meanwhile.
    again.inputs["ready"] = "yes"
    let observed = Observed()
    again.inspect = { stage in
      let calls = await stage.observedCalls()
      observed.calls.withLock { $0 = calls }
    }
    let second = try await WorkflowRun(definition, options: again).run()
    #expect(second.status == .completed)
    #expect(second.id == first.id)
    #expect(second.context["last"] == "12")
    #expect(observed.calls.withLock { $0.map { $0.parameters["n"] } } == ["12"])
    #expect(try store.steps(of: first.id).map(\.status) == [.passed, .passed, .passed])
  }

  private final class Observed: Sendable {
    let calls = Mutex<[ObservedCall]>([])
  }

  @Test("a run that is cancelled is kept as cancelled, and goes on where it was")
  func cancelled() async throws {
    let folder = try Folder([
      "small.yaml": smallSpecification,
      "w.yaml": """
      services: { small: { spec: ./small.yaml } }
      steps:
        - { name: one, service: small, endpoint: /read }
        - { name: pause, wait: 1h }
        - { name: two, service: small, endpoint: /read }
      """,
    ])
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let definition = try WorkflowDefinition.load(folder.path("w.yaml"))
    var options = WorkflowOptions(usesFreePorts: true, store: store)
    let (events, continuation) = AsyncStream<String>.makeStream()
    options.observe = { event in
      if case .began(_, let name, _) = event { continuation.yield(name) }
    }
    let run = WorkflowRun(definition, options: options)
    let task = Task { try await run.run() }
    for await name in events where name == "pause" { break }
    task.cancel()
    let result = try await task.value
    #expect(result.status == .cancelled)
    #expect(try store.run(run.id)?.status == .cancelled)

    var again = WorkflowOptions(usesFreePorts: true, store: store)
    again.resume(try #require(try store.run(run.id)))
    again.usesVirtualClock = true
    let second = try await WorkflowRun(definition, options: again).run()
    #expect(second.status == .completed)
    #expect(try store.steps(of: run.id).map(\.name) == ["one", "pause", "two"])
  }

  @Test("with a seed and a clock of its own a run is the same every time, mocks included")
  func deterministic() async throws {
    let folder = try Folder([
      "small.yaml": smallSpecification,
      "w.yaml": """
      services: { small: { spec: ./small.yaml, responses: { /read: { id: "{{uuid}}", at: "{{timestamp}}" } } } }
      steps:
        - { name: one, service: small, endpoint: /read, save: { id: response.id } }
        - { name: wait, wait: 90s }
        - { name: two, service: small, endpoint: /read }
        - { name: mine, set: { own: "${uuid}" } }
      """,
    ])
    let definition = try WorkflowDefinition.load(folder.path("w.yaml"))
    func run(_ seed: UInt64) async throws -> WorkflowResult {
      try await WorkflowRun(
        definition, options: .init(usesFreePorts: true, seed: seed, usesVirtualClock: true)
      ).run()
    }
    let (first, second, other) = (try await run(5), try await run(5), try await run(6))
    #expect(first.context == second.context)
    #expect(first.output == second.output)
    #expect(first.steps.map(\.began) == second.steps.map(\.began))
    #expect(first.context["id"] != other.context["id"])
    #expect(first.context["own"] != other.context["own"])
    #expect(first.steps[2].reply["output"]?["at"] == "2030-01-01T00:01:30.000Z")
  }
}
