import Testing
import TrestleCore
import TrestleStore
import TrestleWorkflow

@Suite("R: measuring, breaking and reporting workflows")
struct RowRTests {
  func withTester(
    _ body: (CustomWorkflowTester, MockLoopClient, WorkflowUnderTest) async throws -> Void
  ) async throws {
    try await withMocks { mocks in
      let tester = CustomWorkflowTester(mocks: mocks)
      try await tester.setupTestEnvironment(["services": ["data": ["spec": "./data-api.yaml"]]])
      let port = await mocks.port(of: "test_data")
      let workflow = WorkflowUnderTest { _ in
        let answer = try await RawHTTP.get("/status", port: port)
        guard answer.status == 200, let value = answer.json else { throw RowJTests.Broken() }
        return value
      }
      try await body(tester, mocks, workflow)
      await tester.tearDown()
    }
  }

  func seconds(_ row: Value) -> Double {
    row["execution_time"]?.scalarText.flatMap { Double($0) } ?? -1
  }

  // MARK: R1

  @Test("R1: each test's result is added to the metrics, failures with their error")
  func metrics() async throws {
    try await withTester { tester, _, workflow in
      try await tester.createTestScenario("good", config: ["services": [:]])
      try await tester.createTestScenario(
        "bad",
        config: ["services": ["data": ["/status": ["raw": ["text": "no", "status": 500]]]]])
      let good = try await tester.testWorkflowScenario(
        workflow, scenarioName: "good", testInput: [:])
      let bad = try await tester.testWorkflowScenario(
        workflow, scenarioName: "bad", testInput: [:])
      let again = try await tester.testWorkflowScenario(
        workflow, scenarioName: "good", testInput: [:])
      #expect(good["success"] == true)
      #expect(bad.objectValue?.names == ["scenario", "success", "execution_time", "error"])
      #expect(bad["success"] == false)
      #expect(bad["error"] == "the model is broken")
      #expect(seconds(bad) > 0)
      #expect(await tester.performanceMetrics == ["good": [good, again], "bad": [bad]])
    }
  }

  // MARK: R2

  @Test("R2: the delays of the guides are there by name")
  func delays() {
    #expect(
      CustomWorkflowTester.usualDelays.map(\.name) == ["fast", "medium", "slow", "timeout"])
    #expect(
      CustomWorkflowTester.usualDelays.map(\.delay) == [
        .milliseconds(50), .milliseconds(500), .seconds(2), .seconds(10),
      ])
  }

  @Test("R2: a workflow is run under each delay, which gives a table of times")
  func performance() async throws {
    try await withTester { tester, _, workflow in
      let table = try await tester.measurePerformance(
        workflow, testInput: [:],
        delays: [("none", .zero), ("short", .milliseconds(60)), ("long", .milliseconds(150))])
      #expect(table.map { $0["scenario"] } == ["none", "short", "long"])
      #expect(table.map { $0["delay_ms"] } == [0, 60, 150])
      #expect(table.allSatisfy { $0["success"] == true })
      #expect(table.map { $0["result"] } == [nil, nil, nil])
      #expect(seconds(table[1]) >= 0.06)
      #expect(seconds(table[2]) >= 0.15)
      #expect(await tester.performanceMetrics.keys.sorted() == ["long", "none", "short"])
      // Nothing is late behind it: an answer that is would not come within the hour.
      _ = try await tester.measurePerformance(
        WorkflowUnderTest { _ in nil }, testInput: [:], delays: [("hour", .seconds(3600))])
      _ = try await workflow.execute([:])
    }
  }

  @Test("R2: a scenario of a mock can be late, and is switched like any other")
  func lateScenario() async throws {
    try await withTester { _, mocks, workflow in
      try await mocks.manageMockData(
        serverURL: "test_data", operation: "create_scenario", scenarioName: "slow",
        scenarioConfig: [
          "/status": ["reply": ["status": "ready"], "misbehave": ["late": "80ms"]]
        ])
      try await mocks.manageMockData(
        serverURL: "test_data", operation: "switch_scenario", scenarioName: "slow")
      let start = ContinuousClock.now
      #expect(try await workflow.execute([:]) == ["status": "ready"])
      #expect(ContinuousClock.now - start >= .milliseconds(80))
    }
  }

  @Test("R2: in a test file a delay is in the time of the run, by its own clock")
  func virtualDelays() async throws {
    let file = try TestFile(
      """
      workflow: \(ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
      tests:
        - name: slow
          faults: { model_service: { late: 10s } }
          expect: { time: { at_least: 10s, at_most: 12s } }
        - name: given up
          faults: { model_service: { late: 60s } }
          expect: { status: failed, time: { at_least: 30s, at_most: 35s } }
        - name: expects too much
          faults: { model_service: { late: 10s } }
          expect: { time: { at_most: 9s } }
      """)
    let outcomes = try await file.outcomes()
    #expect(outcomes.map(\.status) == [.passed, .passed, .failed])
    #expect(outcomes[2].failures.first?.message == "the run was too long")
  }

  @Test("R2: an hour of a workflow costs a test none", .timeLimit(.minutes(5)))
  func virtualHour() async throws {
    let folder = try Folder([
      "w.yaml": "steps: [{ name: pause, wait: 1h }]",
      "w.test.yaml": """
      workflow: w.yaml
      tests: [{ name: hour, expect: { time: { at_least: 1h, at_most: 61m } } }]
      """,
    ])
    let outcomes = await TestRunner([try TestDefinition.load(folder.path("w.test.yaml"))]).run()
    #expect(outcomes.map(\.status) == [.passed])
  }

  // MARK: R3

  @Test("R3: many runs at once give throughput, percentiles and the part that failed")
  func load() async throws {
    try await withTester { tester, mocks, workflow in
      let good = await tester.loadTest(workflow, runs: 60, concurrent: 12, testInput: [:])
      #expect(good["runs"] == 60)
      #expect(good["failed"] == 0)
      #expect(good["error_rate"] == 0.0)
      let times = ["p50", "p95", "p99", "max"].map {
        good[$0]?.scalarText.flatMap { Double($0) } ?? -1
      }
      #expect(times == times.sorted())
      #expect(times[0] > 0)
      #expect(good["throughput"]?.scalarText.flatMap { Double($0) }.map { $0 > 1 } == true)
      #expect(try await mocks.calls(at: "test_data").count == 60)
      try await tester.createTestScenario(
        "flaky",
        config: [
          "services": [:], "faults": ["data": ["status": 503, "times": 15]],
        ])
      let flaky = await tester.loadTest(workflow, runs: 60, concurrent: 12, testInput: [:])
      #expect(flaky["failed"] == 15)
      #expect(flaky["error_rate"] == 0.25)
      #expect(flaky["first_failure"] == "the model is broken")
    }
  }

  @Test("R3: runs go side by side")
  func concurrent() async throws {
    try await withTester { tester, _, workflow in
      try await tester.createTestScenario(
        "late", config: ["services": [:], "faults": ["data": ["late": "2s"]]])
      let start = ContinuousClock.now
      _ = await tester.loadTest(workflow, runs: 40, concurrent: 40, testInput: [:])
      // One after the other they would take eighty seconds.
      #expect(ContinuousClock.now - start < .seconds(60))
    }
  }

  @Test("R3: a threshold that does not hold fails the load, and is told with its place")
  func thresholds() async throws {
    let file = try TestFile(
      """
      workflow: \(ExampleWorkflows.path("ml_pipeline_workflow.yaml"))
      load:
        runs: 20
        concurrent: 5
        inputs: { batch_size: "${number}" }
        scenarios:
          usual: {}
          broken: { model_service: { status: 500 } }
          slow: { data_service: { late: 40ms } }
        expect: { error_rate: "0", p50: 70ms }
      """)
    let outcomes = try await file.outcomes()
    #expect(outcomes.map(\.name) == ["load: usual", "load: broken", "load: slow"])
    #expect(outcomes[1].status == .failed)
    let broken = try #require(outcomes[1].failures.first)
    #expect(broken.message.hasPrefix("20 runs failed"))
    #expect(broken.line == 10)
    #expect(broken.found == "1.0")
    #expect(outcomes[2].status == .failed)
    #expect(outcomes[2].failures.first?.message == "p50 is too long")
    #expect(outcomes.allSatisfy { $0.measurement?.contains("20 runs") == true })
  }
}
