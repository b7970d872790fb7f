import Testing
import TrestleCore
import TrestleWorkflow

@Suite("J: the tester of workflows")
struct RowJTests {
  struct Broken: Error, CustomStringConvertible {
    var description: String { "the model is broken" }
  }

  private func withTester(
    _ services: Value = [
      "data": ["spec": "./data-api.yaml"], "model": ["spec": "./model-api.yaml"],
    ],
    _ body: (CustomWorkflowTester, MockLoopClient) async throws -> Void
  ) async throws {
    try await withMocks { mocks in
      let tester = CustomWorkflowTester(mocks: mocks)
      try await tester.setupTestEnvironment(["services": services])
      try await body(tester, mocks)
    }
  }

  @Test("J1: scenarios and metrics can be looked at, and are empty at first")
  func inspected() async throws {
    let tester = CustomWorkflowTester()
    #expect(await tester.testScenarios == [:])
    #expect(await tester.performanceMetrics == [:])
  }

  @Test("J2: the environment's mocks are up, named test_SERVICE, and gone when it is torn down")
  func environment() async throws {
    try await withTester { tester, mocks in
      #expect(await mocks.mocks.map(\.id) == ["test_data", "test_model"])
      let ports = await mocks.mocks.map(\.port)
      #expect(
        await tester.serviceURLs == [
          "data": "http://localhost:\(ports[0])", "model": "http://localhost:\(ports[1])",
        ])
      for port in ports {
        let answer = try await RawHTTP.get("/status", port: port)
        #expect(answer.status == 200)
      }
      await tester.tearDown()
      #expect(await mocks.mocks.isEmpty)
      #expect(await tester.serviceURLs == [:])
      for port in ports {
        await #expect(throws: (any Error).self) { try await RawConnection(to: port) }
      }
    }
  }

  @Test("J3: a scenario is kept and applied, its services found by name or by port")
  func scenario() async throws {
    try await withTester { tester, mocks in
      let (data, model) = (await mocks.port(of: "test_data"), await mocks.port(of: "test_model"))
      let config: Value = [
        "services": [
          "data": ["/status": ["status": "loading"]], "elsewhere": ["/status": ["status": "idle"]],
        ],
        "ports": ["elsewhere": .integer(Int64(model))],
      ]
      try await tester.createTestScenario("busy", config: config)
      #expect(await tester.testScenarios == ["busy": config])
      #expect(try await RawHTTP.get("/status", port: data).json == ["status": "loading"])
      #expect(try await RawHTTP.get("/status", port: model).json == ["status": "idle"])
      let error = try await workflowError {
        try await tester.createTestScenario(
          "odd", config: ["services": ["zebra": ["/status": [:]]]])
      }
      #expect(error?.message.hasPrefix("Service zebra not registered") == true)
    }
  }

  @Test("J4: a scenario that there is none of is told, and nothing is run")
  func unknownScenario() async throws {
    try await withTester { tester, _ in
      let notes = Notes()
      let workflow = WorkflowUnderTest { input in
        notes.add("run")
        return input
      }
      let error = try await workflowError {
        try await tester.testWorkflowScenario(workflow, scenarioName: "zebra", testInput: [:])
      }
      #expect(error?.kind == .notFound)
      #expect(error?.message == "Scenario zebra not found")
      #expect(notes.all.isEmpty)
      #expect(await tester.performanceMetrics == [:])
    }
  }

  @Test("J4: a result has the scenario, whether it succeeded, how long it took, and what came out")
  func result() async throws {
    try await withTester { tester, mocks in
      let port = await mocks.port(of: "test_data")
      try await tester.createTestScenario(
        "busy", config: ["services": ["data": ["/status": ["status": "loading"]]]])
      let workflow = WorkflowUnderTest { input in
        let status = try await RawHTTP.get("/status", port: port).json
        return ["input": input, "seen": status ?? .null]
      }
      let result = try await tester.testWorkflowScenario(
        workflow, scenarioName: "busy", testInput: ["n": 7])
      #expect(
        result.objectValue?.names == ["scenario", "success", "execution_time", "result"])
      #expect(result["scenario"] == "busy")
      #expect(result["success"] == true)
      #expect(result["result"] == ["input": ["n": 7], "seen": ["status": "loading"]])
      let time = try #require(result["execution_time"]?.scalarText.flatMap { Double($0) })
      #expect(time > 0 && time < 30)
    }
  }

  @Test("J4: mocks forget between scenarios what was set in the one before")
  func clean() async throws {
    try await withTester { tester, mocks in
      let port = await mocks.port(of: "test_data")
      let workflow = WorkflowUnderTest { _ in
        let status = try await RawHTTP.get("/status", port: port).json?["status"]
        let size = try await RawHTTP.get("/data", port: port).json?["size"]
        return [status ?? .null, size ?? .null]
      }
      try await tester.createTestScenario(
        "one", config: ["services": ["data": ["/status": ["status": "failed"]]]])
      try await tester.createTestScenario(
        "two", config: ["services": ["data": ["/data": ["size": 1]]]])
      for (name, seen) in [
        ("one", ["failed", 32]), ("two", ["ready", 1]), ("one", ["failed", 32]),
      ]
        as [(String, Value)]
      {
        let result = try await tester.testWorkflowScenario(
          workflow, scenarioName: name, testInput: [:])
        #expect(result["result"] == seen)
      }
    }
  }

  @Test("J4: a workflow of the library is run with its input", arguments: ["0.95", "0.5"])
  func workflows(accuracy: String) async throws {
    try await withTester { tester, mocks in
      try await tester.createTestScenario("any", config: ["services": [:]])
      let data: Value = [
        "states": [
          "initial": [
            "actions": [
              [
                "name": "check", "type": "condition_check", "condition": "accuracy >= 0.9",
                "transition_on_success": "good", "transition_on_failure": "bad",
              ]
            ]
          ], "good": ["actions": []], "bad": ["actions": [], "failure": true],
        ]
      ]
      let workflow = StateDrivenAIWorkflow(try ExampleWorkflows.definition(data), mocks: mocks)
      // Twice: a run begins from the start.
      for _ in 0..<2 {
        let result = try await tester.testWorkflowScenario(
          workflow, scenarioName: "any", testInput: ["accuracy": .string(accuracy)])
        #expect(result["success"] == .bool(accuracy == "0.95"))
        if accuracy == "0.95" {
          #expect(result["result"]?["state"] == "good")
        } else {
          #expect(result["error"]?.stringValue?.contains("bad") == true)
        }
      }
    }
  }
}
