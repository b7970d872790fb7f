public import TrestleCore
internal import TrestleStore

/// What mocks answer, and what they were asked.
extension MockLoopClient {
  /// Has an endpoint of a mock answer with data from now on: status 200, JSON. Doing it again changes nothing.
  ///
  /// A path that the specification lacks is created, with a warning; under `isStrict` it is an error.
  ///
  /// - Throws: `WorkflowError` of kind `notFound` where no mock listens at the address.
  public func manageMockData(
    serverURL: String, operation: String = "update_response", endpointPath: String,
    responseData: Value
  ) throws(WorkflowError) {
    guard operation == "update_response" else {
      throw WorkflowError(
        .unsupported,
        "Unsupported operation: \(operation)"
          + Suggestion.clause(for: operation, among: Self.operations),
        hint: "with a path and data, it is update_response")
    }
    try setResponses([endpointPath: responseData], at: serverURL)
  }

  /// Creates, switches or lists scenarios of a mock: sets of responses by path.
  ///
  /// `create_scenario` takes the responses and gives the scenario, `switch_scenario` gives the name of the one that was
  /// on before (null for none), `list_scenarios` all with the one that is on.
  ///
  /// - Throws: `WorkflowError` for an unknown mock or scenario, and responses with mistakes.
  @discardableResult
  public func manageMockData(
    serverURL: String, operation: String, scenarioName: String = "", scenarioConfig: Value = [:]
  ) throws(WorkflowError) -> Value {
    let hosted = try mock(at: serverURL)
    let (mocks, name) = (hosted.running, hosted.name)
    switch operation {
    case "create_scenario":
      let responses = scenarioConfig["responses"] ?? scenarioConfig
      let change = try Self.asking { () throws(MockControlError) in
        try mocks.setScenario(scenarioName, to: ["responses": responses], on: name)
      }
      try tell(change.warnings, of: hosted)
      return ["name": .string(scenarioName), "responses": responses]
    case "switch_scenario":
      let before = try Self.asking { () throws(MockControlError) in
        try mocks.switchScenario(scenarioName, on: name)
      }
      return before.map { .string($0) } ?? .null
    case "list_scenarios":
      let scenarios = try Self.asking { () throws(MockControlError) in
        try mocks.scenarios(of: name)
      }
      return .array(
        scenarios.map { ["name": .string($0.name), "active": .bool($0.state == "on")] })
    default: break
    }
    throw WorkflowError(
      .unsupported,
      "Unsupported operation: \(operation)"
        + Suggestion.clause(for: operation, among: Self.operations),
      hint: "operations: \(Self.operations.joined(separator: ", "))")
  }

  static let operations = [
    "update_response", "create_scenario", "switch_scenario", "list_scenarios",
  ]

  /// What several endpoints of a mock answer from now on, in one step. With a scope, for that scope alone.
  func setResponses(
    _ responses: Record, at serverURL: String, scope: String? = nil
  ) throws(WorkflowError) {
    guard !responses.isEmpty else { return }
    let hosted = try mock(at: serverURL)
    let problems = try Self.asking { () throws(MockControlError) in
      try hosted.running.setResponses(responses, on: hosted.name, scope: scope)
    }
    try tell(problems, of: hosted)
  }

  /// Has a mock do something wrong from now on: the keys of `misbehave`, with `operation` by name or path.
  func setFault(_ settings: Value, at serverURL: String) async throws(WorkflowError) {
    let hosted = try mock(at: serverURL)
    var record = settings.objectValue ?? [:]
    if let text = record["operation"]?.stringValue,
      let named = Self.operation(text, of: hosted.mock.system)
    {
      record["operation"] = .string(named)
    }
    do throws(MockControlError) {
      try await hosted.running.setFault(.object(record), on: hosted.name)
    } catch {
      throw Self.failure(error)
    }
  }

  /// Has a mock do nothing wrong any more.
  func clearFaults(at serverURL: String) async throws(WorkflowError) {
    let hosted = try mock(at: serverURL)
    do throws(MockControlError) {
      try await hosted.running.clearFaults(of: hosted.name)
    } catch {
      throw Self.failure(error)
    }
  }

  /// Has a mock forget everything that was set on it.
  func reset(at serverURL: String) async throws(WorkflowError) {
    let hosted = try mock(at: serverURL)
    do throws(MockControlError) {
      try await hosted.running.reset(.everything, of: hosted.name)
    } catch {
      throw Self.failure(error)
    }
  }

  /// The operation that a path means; nil for a text that is none.
  static func operation(_ text: String, of system: LegacySystem) -> String? {
    system.contract.endpoints?.operations(at: text).first?.operation
  }

  /// Forgets what a scope had of its own at all mocks.
  func forget(scope: String) async {
    for mock in mocks {
      guard let hosted = try? self.mock(at: mock.id) else { continue }
      // A mock that has been stopped has forgotten everything.
      try? await hosted.running.reset(.scope(scope), of: hosted.name)
    }
  }

  private func tell(_ problems: [MockProblem], of hosted: Hosted) throws(WorkflowError) {
    for problem in problems {
      // The data may be any: what a workflow sets is often not what the contract says.
      guard problem.message.contains("has no path") else { continue }
      if options.isStrict {
        let message = problem.message.replacing("; it is answered all the same", with: "")
        throw WorkflowError(.invalid, "\(hosted.mock.id): \(message)", hint: problem.hint)
      }
      warn("\(hosted.mock.id): \(problem.message)")
    }
  }

  /// The calls of a mock, of any protocol; with `analyze` also their counts, times, errors and what can be told of them.
  ///
  /// - Throws: `WorkflowError` of kind `notFound` where no mock listens at the address.
  public func queryMockLogs(
    serverURL: String, analyze: Bool = false, limit: Int = 1000
  ) async throws(WorkflowError) -> Value {
    let hosted = try mock(at: serverURL)
    let entries = try await calls(of: hosted, limit: limit)
    var answer: Record = [
      "logs": .array(entries.map { $0.jsonValue() }), "count": .integer(Int64(entries.count)),
    ]
    if analyze { answer["analysis"] = JournalAnalysis(entries).jsonValue }
    return .object(answer)
  }

  /// The calls of a mock, the oldest first.
  public func calls(at serverURL: String) async throws(WorkflowError) -> [JournalEntry] {
    try await calls(of: try mock(at: serverURL), limit: .max)
  }

  private func calls(of hosted: Hosted, limit: Int) async throws(WorkflowError) -> [JournalEntry] {
    do throws(MockControlError) {
      return try await hosted.running.calls(JournalQuery(limit: limit, isOldestFirst: true))
    } catch {
      throw Self.failure(error)
    }
  }

  /// Asks a mock, and says what it refuses in the words of workflows.
  private static func asking<Result>(
    _ body: () throws(MockControlError) -> Result
  ) throws(WorkflowError) -> Result {
    do throws(MockControlError) {
      return try body()
    } catch {
      throw failure(error)
    }
  }

  private static func failure(_ error: MockControlError) -> WorkflowError {
    var text = error.message
    for problem in error.problems { text += "\n  \(problem)" }
    return WorkflowError(error.kind == .notFound ? .notFound : .invalid, text, hint: error.hint)
  }
}
