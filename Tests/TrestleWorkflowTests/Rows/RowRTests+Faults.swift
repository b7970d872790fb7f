import Testing
import TrestleCore
import TrestleStore
import TrestleWorkflow

extension RowRTests {
  // MARK: R4

  @Test(
    "R4: what a service does wrong is a failed step, and what is tried again recovers",
    arguments: [
      "status: 400", "status: 404", "status: 429", "status: 500", "status: 503", "close: before",
      "close: inside", "damage: garbage", "damage: truncated", "reset: true", "noise: 40",
    ])
  func errors(fault: String) async throws {
    let file = try TestFile(
      """
      workflow: \(ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
      tests:
        - name: broken
          faults: { model_service: { \(fault) } }
          expect:
            status: failed
            error: start_training
            states: [initial, data_loading, model_training]
      """)
    let outcomes = try await file.outcomes()
    #expect(outcomes.map(\.status) == [.passed])
    #expect(outcomes.flatMap(\.failures) == [])
  }

  static func retrying(_ url: String, times: Int) -> Value {
    [
      "services": ["peer": ["url": .string(url)]],
      "steps": [
        [
          "name": "ask", "service": "peer", "endpoint": "/",
          "retry": ["times": .integer(Int64(times)), "pause": "1ms"],
        ]
      ],
    ]
  }

  @Test("R4: a step is tried again as often as it says, and no more", arguments: [0, 1, 2, 5])
  func retries(times: Int) async throws {
    let counter = Notes()
    try await RawPeer.run({ _ in
      counter.add("asked")
      return .init(status: counter.all.count <= 2 ? 503 : 200)
    }) { peer, port in
      let definition = try ExampleWorkflows.definition(
        Self.retrying("http://127.0.0.1:\(port)", times: times))
      let result = try await WorkflowRun(definition).run()
      #expect(result.isSuccess == (times >= 2))
      #expect(peer.requests.count == min(times + 1, 3))
      let step = result.steps.last { $0.name == "ask" }
      #expect(step?.reply["attempts"] == .integer(Int64(min(times + 1, 3))))
    }
  }

  @Test("R4: pauses grow between tries, by the run's own clock")
  func backoff() async throws {
    try await RawPeer.run({ _ in .init(status: 500) }) { peer, port in
      var data = Self.retrying("http://127.0.0.1:\(port)", times: 3).objectValue ?? [:]
      data["steps"] = [
        [
          "name": "ask", "service": "peer", "endpoint": "/",
          "retry": ["times": 3, "pause": "10s"],
        ]
      ]
      let result = try await WorkflowRun(
        try ExampleWorkflows.definition(.object(data)),
        options: WorkflowOptions(usesVirtualClock: true)
      ).run()
      #expect(!result.isSuccess)
      #expect(peer.requests.count == 4)
      // 10 + 20 + 40 seconds.
      #expect(result.duration >= 70_000_000 && result.duration < 72_000_000)
    }
  }

  @Test("R4: a breaker keeps calls from a system that does not answer")
  func breaker() async throws {
    // What it answers is no SOAP.
    try await RawPeer.run({ _ in .init(status: 503, type: "text/html", body: "down") }) {
      peer, port in
      let definition = try ExampleWorkflows.definition([
        "legacy_systems": [
          "old": [
            "protocol": "soap", "endpoint": .string("http://127.0.0.1:\(port)/"),
            "breaker": ["failures": 3, "open": "600s"],
          ]
        ],
        "steps": [
          [
            "name": "ask", "system": "old", "operation": "Rate",
            "retry": ["times": 7, "pause": "1ms"],
          ]
        ],
      ])
      let result = try await WorkflowRun(
        definition, options: WorkflowOptions(callsLiveSystems: true)
      ).run()
      #expect(!result.isSuccess)
      #expect(result.steps.last { $0.name == "ask" }?.reply["attempts"] == 8)
      #expect(peer.requests.count == 3)
    }
  }

  @Test("R4: failures that grow, one call after the other, end with the service back")
  func escalating() async throws {
    try await withTester { tester, _, workflow in
      try await tester.createTestScenario(
        "worse",
        config: [
          "services": [:],
          "faults": [
            "data": ["sequence": ["none", ["status": 429], ["status": 500], ["close": "before"]]]
          ],
        ])
      var seen: [Bool] = []
      for _ in 0..<6 {
        do {
          _ = try await workflow.execute([:])
          seen.append(true)
        } catch {
          seen.append(false)
        }
      }
      #expect(seen == [true, false, false, false, true, true])
    }
  }

  // MARK: R5

  static let integration = """
    workflow: \(ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
    scenarios:
      empty: { data_service: { /data: { data: none, size: 0 } } }
    defaults: { inputs: { batch_size: 64 } }
    tests:
      - name: usual
        expect:
          result: { state: complete, response: { status: complete } }
          states: [initial, data_loading, model_training, model_validation, complete]
          calls:
            - { service: data_service, endpoint: /status, method: GET }
            - { service: data_service, endpoint: /data, count: 1 }
            - { service: model_service, endpoint: /train, parameters: { body: { batch_size: "64", epochs: "10" } } }
            - { service: validation_service, endpoint: /validate }
          in_order: true
          no_other_calls: true
    """

  @Test("R5: a test asserts what a run gave and what the mocks were asked: calls, order, payload")
  func integrationPasses() async throws {
    let outcomes = try await TestFile(Self.integration).outcomes()
    #expect(outcomes.map(\.status) == [.passed])
    #expect(outcomes.flatMap(\.failures) == [])
    #expect(outcomes.first?.calls.count == 4)
    #expect(outcomes.first?.states.last == "complete")
  }

  @Test(
    "R5: each of these assertions can fail, and is told with its line",
    arguments: [
      ("state: complete,", "state: completed,", 8),
      ("data_loading, model_training", "model_training, data_loading", 9),
      ("count: 1", "count: 2", 12),
      (#"batch_size: "64""#, #"batch_size: "32""#, 13),
      ("endpoint: /validate }", "endpoint: /validate, method: PUT }", 14),
      ("endpoint: /status, method: GET", "endpoint: /train", 11),
      ("        - { service: validation_service, endpoint: /validate }\n", "", 10),
    ])
  func integrationFails(part: String, replacement: String, line: Int) async throws {
    let text = Self.integration.replacing(part, with: replacement)
    #expect(text != Self.integration)
    // Counts are for calls in any order.
    let unordered =
      part.hasPrefix("count") ? text.replacing("in_order: true", with: "in_order: false") : text
    let outcomes = try await TestFile(unordered).outcomes()
    #expect(outcomes.map(\.status) == [.failed])
    let lines = outcomes.flatMap(\.failures).compactMap(\.line)
    #expect(lines.contains(line))
    #expect(outcomes.flatMap(\.failures).allSatisfy { $0.expected != nil && $0.found != nil })
  }

  // MARK: R6

  @Test(
    "R6: what the mocks were called with is counted by service, with times, errors and insights")
  func analysis() async throws {
    try await withTester { tester, mocks, workflow in
      for _ in 0..<3 { _ = try await workflow.execute([:]) }
      _ = try await RawHTTP.get("/nothing", port: mocks.port(of: "test_data"))
      let analysis = try await tester.analyzeCalls()
      let data = try #require(analysis["data"])
      #expect(data["total"] == 4)
      #expect(data["status"]?["200"] == 3)
      #expect(data["status"]?["404"] == 1)
      #expect(data["milliseconds"]?["p95"] != nil)
      #expect(data["insights"]?.arrayValue?.isEmpty == false)
    }
  }

  @Test("R6: two runs are compared: what went in, what each step did, what came of it")
  func compared() async throws {
    let folder = try Folder()
    let store = try RunStore(path: folder.path("runs.sqlite"))
    let definition = try WorkflowDefinition.load(
      ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
    func run(_ accuracy: Value) async throws -> String {
      let options = WorkflowOptions(
        inputs: ["model_accuracy": accuracy], usesFreePorts: true, seed: 1, usesVirtualClock: true,
        store: store)
      return try await WorkflowRun(definition, options: options).run().id
    }
    let (first, same, other) = (try await run(0.93), try await run(0.93), try await run(0.5))
    func comparison(_ one: String, _ other: String) throws -> RunComparison {
      RunComparison(
        try #require(try store.run(one)), try store.steps(of: one),
        try #require(try store.run(other)), try store.steps(of: other))
    }
    let equal = try comparison(first, same)
    #expect(equal.isSame, "\(equal.jsonValue)")
    #expect(equal.steps.count > 3)
    let different = try comparison(same, other)
    #expect(!different.isSame)
    #expect(different.inputs.map(\.pointer) == ["/model_accuracy"])
    #expect(different.inputs.map { $0.second?.scalarText } == ["0.5"])
    let step = try #require(different.steps.first { !$0.isSame })
    #expect(step.first?.name == "validate_model")
    #expect(step.differences.map(\.pointer).contains { $0.hasPrefix("/reply/") })
    #expect(different.result.contains { $0.first != $0.second })
    let before = try store.run(before: different.second)
    #expect(before?.id == same)
    let none = try store.run(before: equal.first)
    #expect(none == nil)
  }

  // MARK: R7

  @Test("R7: tests of a file leave nothing behind for each other, in whatever order")
  func isolated() async throws {
    let file = try TestFile(
      """
      workflow: \(ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
      tests:
        - name: broken
          faults: { data_service: { status: 500 } }
          expect: { status: failed }
        - name: usual
          expect: { status: completed }
        - name: other accuracy
          inputs: { model_accuracy: 0.5 }
          expect: { result: { response: { accuracy: "0.5" } } }
        - name: usual accuracy
          expect: { result: { response: { accuracy: "0.93" } } }
        - name: left out
          skip: not ready
          expect: {}
      """)
    let outcomes = try await file.outcomes()
    #expect(outcomes.filter { $0.status == .failed }.flatMap(\.failures) == [])
    #expect(outcomes.map(\.status) == [.passed, .passed, .passed, .passed, .skipped])
  }

  @Test("R7: transitions that lead nowhere are told before anything runs")
  func transitions() async throws {
    let error = try await workflowError {
      _ = try ExampleWorkflows.definition([
        "states": [
          "initial": [
            "actions": [["name": "a", "type": "set", "transition_on_success": "complet"]]
          ], "complete": [:],
        ]
      ])
    }
    #expect(error?.kind == .invalid)
    #expect(
      error?.diagnostics.first?.message == "Unknown state: complet; did you mean \"complete\"?")
  }

  @Test("R7: a run tells its steps and transitions, with what was called and answered")
  func logged() async throws {
    let definition = try WorkflowDefinition.load(
      ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
    let result = try await WorkflowRun(
      definition, options: WorkflowOptions(usesFreePorts: true)
    ).run()
    #expect(
      result.steps.map { "\($0.kind) \($0.name)" } == [
        "api_call check_data_availability", "transition initial → data_loading",
        "api_call load_data_batch", "transition data_loading → model_training",
        "api_call start_training", "transition model_training → model_validation",
        "api_call validate_model", "transition model_validation → complete",
      ])
    #expect(result.steps.filter { $0.kind == "api_call" }.allSatisfy { $0.call["url"] != nil })
  }
}
