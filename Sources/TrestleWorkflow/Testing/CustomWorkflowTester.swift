internal import TrestleCore
internal import TrestleStore

/// A workflow that a tester can run with an input.
public protocol TestableWorkflow: Sendable {
  /// Runs it and gives its result.
  ///
  /// - Throws: where it fails.
  func execute(_ input: Value) async throws -> Value
}

/// Tests workflows against mocks, scenario by scenario.
///
///     let tester = CustomWorkflowTester()
///     try await tester.setupTestEnvironment(["services": ["data": ["spec": "./data-api.yaml"]]])
///     try await tester.createTestScenario("empty", config: ["services": ["data": ["/data": []]]])
///     let result = await tester.testWorkflowScenario(workflow, scenarioName: "empty", testInput: [:])
public actor CustomWorkflowTester {
  /// The mocks of the environment.
  public nonisolated let mockLoop: MockLoopClient
  /// By their names.
  public private(set) var testScenarios: [String: Value] = [:]
  /// What each scenario's tests came to, in order.
  public private(set) var performanceMetrics: [String: [Value]] = [:]
  private var services: [String: String] = [:]

  /// A tester without an environment.
  public init(mocks: MockLoopClient = MockLoopClient()) {
    mockLoop = mocks
  }

  /// Where the services of the environment are, by their names.
  public var serviceURLs: [String: String] { services }

  /// Generates the mocks of `{services: {NAME: {spec, port}}}`, each named `test_NAME`; without a port, on any free one.
  ///
  /// - Throws: `WorkflowError` for a specification that is not there, and a port that is taken.
  public func setupTestEnvironment(_ workflowConfig: Value) async throws(WorkflowError) {
    for service in workflowConfig["services"]?.objectValue ?? [:] {
      let mock = try await mockLoop.generateMockAPI(
        specURLOrPath: service.value["spec"]?.scalarText ?? "",
        outputDirName: "test_\(service.name)",
        port: service.value["port"]?.integerValue.flatMap { Int(exactly: $0) })
      services[service.name] = mock.url
    }
  }

  /// Stops the mocks.
  public func tearDown() async {
    services = [:]
    await mockLoop.stop()
  }

  // MARK: Scenarios

  /// Keeps a scenario, `{services: {NAME: {PATH: RESPONSE}}, ports: {NAME: PORT}, faults: {NAME: FAULT}}`, and has the
  /// mocks answer as it says. A service is found by its name, or else at its port.
  ///
  /// - Throws: `WorkflowError` for a service that is neither.
  public func createTestScenario(_ name: String, config: Value) async throws(WorkflowError) {
    testScenarios[name] = config
    try await activateScenario(name)
  }

  /// Has the mocks forget what was set on them, and answer as a scenario says.
  ///
  /// - Throws: `WorkflowError`, "Scenario X not found".
  public func activateScenario(_ name: String) async throws(WorkflowError) {
    guard let scenario = testScenarios[name] else {
      throw .unknownScenario(name, among: testScenarios.keys.sorted())
    }
    for url in services.values { try await mockLoop.reset(at: url) }
    for service in scenario["services"]?.objectValue ?? [:] {
      try await mockLoop.setResponses(
        service.value.objectValue ?? [:], at: try url(of: service.name, in: scenario))
    }
    for service in scenario["faults"]?.objectValue ?? [:] {
      for fault in service.value.arrayValue ?? [service.value] {
        try await mockLoop.setFault(fault, at: try url(of: service.name, in: scenario))
      }
    }
  }

  private func url(of service: String, in scenario: Value) throws(WorkflowError) -> String {
    if let url = services[service] { return url }
    if let port = scenario["ports"]?[service]?.integerValue { return "http://localhost:\(port)" }
    throw .unknownService(service, among: services.keys.sorted())
  }

  // MARK: Tests

  /// Switches to a scenario, runs a workflow, and says what came of it: `{scenario, success, execution_time, result}`
  /// or `{scenario, success, execution_time, error}`, the time in seconds. It is added to the metrics.
  ///
  /// - Throws: `WorkflowError`, "Scenario X not found". A workflow that fails is a result.
  @discardableResult
  public func testWorkflowScenario(
    _ workflow: any TestableWorkflow, scenarioName: String, testInput: Value
  ) async throws(WorkflowError) -> Value {
    try await activateScenario(scenarioName)
    let result = await run(workflow, scenarioName, testInput)
    performanceMetrics[scenarioName, default: []].append(result)
    return result
  }

  private func run(
    _ workflow: any TestableWorkflow, _ scenario: String, _ input: Value
  ) async -> Value {
    let stopwatch = Stopwatch()
    var record: Record = ["scenario": .string(scenario)]
    do {
      let result = try await workflow.execute(input)
      record["success"] = true
      record["execution_time"] = Self.seconds(stopwatch.elapsed)
      record["result"] = result
    } catch {
      record["success"] = false
      record["execution_time"] = Self.seconds(stopwatch.elapsed)
      record["error"] = .string("\(error)")
    }
    return .object(record)
  }

  private static func seconds(_ duration: Duration) -> Value {
    let (seconds, attoseconds) = duration.components
    return .double(Double(seconds) + Double(attoseconds) / 1e18)
  }

  // MARK: Performance

  /// How late mocks are in scenarios that measure, where nothing else is said.
  public static let usualDelays: [(name: String, delay: Duration)] = [
    ("fast", .milliseconds(50)), ("medium", .milliseconds(500)), ("slow", .seconds(2)),
    ("timeout", .seconds(10)),
  ]

  /// Runs a workflow once with each delay at all mocks of the environment, and gives a table of times:
  /// `{scenario, delay_ms, success, execution_time}`.
  ///
  /// - Throws: `WorkflowError` for a delay that cannot be set.
  public func measurePerformance(
    _ workflow: any TestableWorkflow, testInput: Value,
    delays: [(name: String, delay: Duration)] = CustomWorkflowTester.usualDelays
  ) async throws(WorkflowError) -> [Value] {
    var table: [Value] = []
    for (name, delay) in delays {
      for url in services.values {
        try await mockLoop.clearFaults(at: url)
        if delay > .zero {
          try await mockLoop.setFault(["late": .string(delay.written)], at: url)
        }
      }
      let result = await run(workflow, name, testInput)
      performanceMetrics[name, default: []].append(result)
      var row = result.objectValue ?? [:]
      row["result"] = nil
      let (seconds, attoseconds) = delay.components
      row["delay_ms"] = .integer(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
      table.append(.object(row))
    }
    for url in services.values { try await mockLoop.clearFaults(at: url) }
    return table
  }

  /// Runs a workflow so many times, several at once, and says how long that took: `{runs, failed, error_rate,
  /// throughput, p50, p95, p99, max}`, times in milliseconds.
  public func loadTest(
    _ workflow: any TestableWorkflow, runs: Int, concurrent: Int, testInput: Value
  ) async -> Value {
    let measured = await LoadMeasurement.measure(runs: runs, concurrent: concurrent) { _ in
      do {
        _ = try await workflow.execute(testInput)
        return nil
      } catch {
        return "\(error)"
      }
    }
    return measured.jsonValue
  }

  // MARK: What was called

  /// What the mocks of the environment were called with, counted and analysed, by service.
  ///
  /// - Throws: `WorkflowError` where the calls cannot be read.
  public func analyzeCalls() async throws(WorkflowError) -> Value {
    var record: Record = [:]
    for (name, url) in services.sorted(by: { $0.key < $1.key }) {
      record[name] = try await mockLoop.queryMockLogs(serverURL: url, analyze: true)["analysis"]
    }
    return .object(record)
  }
}

extension StateDrivenAIWorkflow: TestableWorkflow {
  /// Goes through the states with the input in the context.
  public func execute(_ input: Value) async throws -> Value {
    begin(with: input.objectValue ?? [:])
    return try await run()
  }
}

extension MultiFrameworkOrchestrator: TestableWorkflow {
  /// Takes the input through the steps.
  ///
  /// - Throws: `WorkflowError` where a step fails.
  public func execute(_ input: Value) async throws -> Value {
    let executed = try await executeOrchestratedWorkflow(input)
    if let failed = executed.members.last, failed.value["success"]?.boolValue == false {
      throw WorkflowError(
        .failed, "\(failed.name) failed: \(failed.value["error"]?.scalarText ?? "")")
    }
    return .object(executed)
  }
}

/// A workflow that is a closure.
public struct WorkflowUnderTest: TestableWorkflow {
  private let body: @Sendable (Value) async throws -> Value

  /// A workflow that does what a closure does.
  public init(_ body: @escaping @Sendable (Value) async throws -> Value) {
    self.body = body
  }

  /// Runs the closure.
  public func execute(_ input: Value) async throws -> Value { try await body(input) }
}
