public import TrestleCore
public import TrestleMock
public import TrestleStore

/// Starts one system's mock on a free port, gives it to a body, and stops it after it: for tests.
///
///     try await withMock("billing", in: "path/to/workspace") { billing in
///       try billing.stub("CreateInvoice", where: ["amount": 10], reply: ["id": "I-1"])
///       try await pay(through: billing.endpoint)
///       try billing.verify("CreateInvoice", where: ["amount": 10], .exactly(1))
///     }
///
/// - Throws: what the body throws, and what loading the workspace and starting the mock throw.
public func withMock<Result>(
  _ system: String, in directory: String = ".",
  options: MockRunner.Options = MockRunner.Options(usesFreePorts: true),
  _ body: (MockInTest) async throws -> Result
) async throws -> Result {
  try await withMock(
    system, in: try Workspace.load(directory: directory), options: options, body)
}

/// Starts the mock of one system of a workspace on a free port, gives it to a body, and stops it after it.
///
/// - Throws: what the body throws, and what starting the mock throws.
public func withMock<Result>(
  _ system: String, in workspace: Workspace,
  options: MockRunner.Options = MockRunner.Options(usesFreePorts: true),
  _ body: (MockInTest) async throws -> Result
) async throws -> Result {
  var options = options
  // What was called is asked for at once, and only by this test: never of a journal.
  options.journal = .none
  if options.keepsCalls == 0 { options.keepsCalls = MockInTest.usualCalls }
  return try await withMocks(workspace, systems: [system], options: options) { mocks in
    try await withBridge(workspace, options: Bridge.Options(endpoints: mocks.endpoints)) {
      bridge in
      try await body(MockInTest(mocks, of: system, bridge: bridge))
    }
  }
}

/// One system's mock in a test: stubs and faults are set on it, and it says what it was called with.
public struct MockInTest: Sendable {
  /// All that can be done with running mocks; this is the only one among them.
  public let mocks: RunningMocks
  /// The system's name.
  public let name: String
  /// Calls the workspace's systems, this one at its mock.
  public let bridge: Bridge

  /// So many of the latest calls are kept where nothing is said.
  static let usualCalls = 10_000

  init(_ mocks: RunningMocks, of name: String, bridge: Bridge) {
    self.mocks = mocks
    self.name = name
    self.bridge = bridge
  }

  /// What a client calls: `http://127.0.0.1:41873/billing`.
  public var endpoint: String { mocks.endpoints[name] ?? "" }

  /// The port it listens on.
  public var port: Int { mocks.mocks.first?.port ?? 0 }

  // MARK: What it answers

  /// Answers calls of an operation with such parameters. Gives the stub's id.
  ///
  /// - Throws: `MockControlError` with everything that is wrong.
  @discardableResult
  public func stub(
    _ operation: String, where conditions: Record = [:], reply: Value, times: Int? = nil
  ) throws(MockControlError) -> String {
    try stub(operation, conditions, ["reply": reply], times)
  }

  /// Answers calls of an operation with such parameters by a fault: `["code": "Client", "message": "no such claim"]`.
  /// Gives the stub's id.
  ///
  /// - Throws: `MockControlError` with everything that is wrong.
  @discardableResult
  public func stub(
    _ operation: String, where conditions: Record = [:], fault: Record, times: Int? = nil
  ) throws(MockControlError) -> String {
    try stub(operation, conditions, ["fault": .object(fault)], times)
  }

  private func stub(
    _ operation: String, _ conditions: Record, _ answer: Record, _ times: Int?
  ) throws(MockControlError) -> String {
    var stub = answer
    stub["operation"] = .string(operation)
    if !conditions.isEmpty { stub["when"] = .object(conditions) }
    if let times { stub["times"] = .integer(Int64(times)) }
    return try self.stub(.object(stub))
  }

  /// Sets a stub with any of the keys that one has under `mock.stubs`. Gives its id.
  ///
  /// - Throws: `MockControlError` with everything that is wrong.
  @discardableResult
  public func stub(_ definition: Value) throws(MockControlError) -> String {
    try mocks.setStub(definition, on: name).result
  }

  /// Makes it do something wrong from now on, with the keys of `mock.misbehave`: `["late": "2s", "times": 1]`. Gives the
  /// fault's id.
  ///
  /// - Throws: `MockControlError` where its protocol cannot do so.
  @discardableResult
  public func fault(_ settings: Value) async throws(MockControlError) -> String {
    try await mocks.setFault(settings, on: name)
  }

  /// Switches a scenario; gives what was before.
  ///
  /// - Throws: `MockControlError` where there is no such scenario, or no such state in it.
  @discardableResult
  public func switchScenario(
    _ scenario: String, to state: String? = nil
  ) throws(MockControlError) -> String? {
    try mocks.switchScenario(scenario, to: state, on: name)
  }

  /// Begins again: live stubs, scenarios, faults, state and the calls so far are gone.
  ///
  /// - Throws: `MockControlError` where it was to listen again and somebody else has its port.
  public func reset() async throws(MockControlError) {
    try await mocks.reset(.everything, of: name)
    mocks.ring?.clear()
  }

  // MARK: What it was called with

  /// The calls so far, the oldest first.
  public var calls: [JournalEntry] {
    mocks.ring?.entries(JournalQuery(system: name, limit: .max, isOldestFirst: true)) ?? []
  }

  /// Expects calls of an operation with such parameters, conditions as in a stub's `when`.
  ///
  /// - Throws: `UnexpectedCalls`, which says what came instead; `MockControlError` for an operation that is not there.
  public func verify(
    _ operation: String, where conditions: Record = [:], _ count: CallCount = .atLeast(1)
  ) throws {
    try hold(
      [CallCheck(system: name, operation: operation, where: conditions, count)], inOrder: false)
  }

  /// Expects one call of each, one after the other; other calls may come between.
  ///
  ///     try billing.verifyInOrder("Find", .call("CreateInvoice", where: ["amount": 10]))
  ///
  /// - Throws: `UnexpectedCalls`, which says what came instead; `MockControlError` for an operation that is not there.
  public func verifyInOrder(_ calls: ExpectedCall...) throws {
    try hold(
      calls.map { CallCheck(system: name, operation: $0.operation, where: $0.conditions) },
      inOrder: true)
  }

  private func hold(_ checks: [CallCheck], inOrder: Bool) throws {
    let expectations = try checks.map { try mocks.expectation($0) }
    let verification = CallVerification(calls, expectations, inOrder: inOrder)
    if !verification.holds { throw UnexpectedCalls(verification: verification) }
  }
}

/// A call that is expected after another: an operation's name, or `.call` with conditions.
public struct ExpectedCall: Sendable, ExpressibleByStringLiteral {
  /// The operation.
  public var operation: String
  /// Conditions on the parameters, as in a stub's `when`.
  public var conditions: Record

  /// Expects a call of an operation, whatever its parameters.
  public init(stringLiteral operation: String) {
    self = .call(operation)
  }

  init(operation: String, conditions: Record) {
    self.operation = operation
    self.conditions = conditions
  }

  /// Expects a call of an operation with such parameters.
  public static func call(_ operation: String, where conditions: Record = [:]) -> ExpectedCall {
    ExpectedCall(operation: operation, conditions: conditions)
  }
}

/// A mock was not called as expected.
public struct UnexpectedCalls: Error, Sendable, Hashable, CustomStringConvertible {
  /// What the checks came to.
  public var verification: CallVerification

  /// What was expected, and what came instead.
  public var description: String { verification.description }
}
