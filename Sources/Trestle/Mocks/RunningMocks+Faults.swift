internal import TrestleCore
internal import TrestleMock
internal import TrestleNet

/// Something that a running mock does wrong on purpose.
public struct MockFault: Sendable {
  /// Its name among the system's, to clear it by.
  public let id: String
  /// What was asked for: the keys of `misbehave`.
  public let settings: Value
  /// The operation it concerns; nil for all.
  public let operation: String?
  /// How often it has happened.
  public let times: Int
  /// Whether it will not happen again.
  public let isOver: Bool

  init(_ entry: FaultBoard.Entry) {
    id = entry.id
    settings = entry.settings
    operation = entry.plan.operation
    times = entry.plan.times
    isOver = entry.plan.isOver
  }
}

/// Faults that are set on mocks while they run.
extension RunningMocks {
  /// What a system's mock does wrong beside what its file says, the latest first.
  ///
  /// - Throws: `MockControlError` where no such mock runs.
  public func faults(of system: String) throws(MockControlError) -> [MockFault] {
    try control(of: system).engine.faults.entries.map { MockFault($0) }
  }

  /// Makes a mock do something wrong from now on: `["status": 503]`, `["late": "2s", "operation": "GetStock",
  /// "times": 3]`, with the keys of `mock.misbehave`. Goes before what the file says, and in place of what was
  /// set under the same name. Gives its name, made where none is given.
  ///
  /// - Throws: `MockControlError` where no such mock runs or its protocol cannot do so; nothing is changed then.
  @discardableResult
  public func setFault(
    _ settings: Value, on system: String, id: String? = nil
  ) async throws(MockControlError) -> String {
    let control = try control(of: system)
    var problems: [ValueProblem] = []
    var checker = DocumentChecker()
    checker.check(settings.objectValue ?? [:], keys: AdapterSchema.systemMisbehaviour)
    problems = checker.problems
    var made: String?
    if !problems.contains(where: { $0.severity == .error }),
      let abilities = control.system.abilities
    {
      made = control.engine.faults.set(
        settings, id: id, contract: control.system.contract, abilities: abilities,
        problems: &problems)
    }
    guard let made else {
      throw .init(
        .invalid, system: system, "the fault cannot be set",
        problems: problems.filter { $0.severity == .error }.map { MockProblem($0) })
    }
    try await heed(control)
    return made
  }

  /// Takes faults away that were set: those of a name, of an operation, or all. Gives how many.
  ///
  /// - Throws: `MockControlError` where no such mock runs, or where it was to listen again and somebody else
  ///   has its port.
  @discardableResult
  public func clearFaults(
    of system: String, id: String? = nil, operation: String? = nil
  ) async throws(MockControlError) -> Int {
    let control = try control(of: system)
    let count = control.engine.faults.clear(id: id, operation: operation)
    try await heed(control)
    return count
  }

  /// Listens, or does not, as a file that was read again says.
  func heedReloaded(_ system: String) async {
    guard let control = controls[system] else { return }
    // Who has taken the port meanwhile is told by those who connect.
    try? await heed(control)
  }

  /// Listens, or does not, as the faults say.
  private func heed(_ control: MockControl) async throws(MockControlError) {
    // Somebody else may have changed them meanwhile: the last look decides.
    var refuses = control.engine.refusesConnections
    repeat {
      try await heed(control, refuses: refuses)
      let now = control.engine.refusesConnections
      guard now != refuses else { return }
      refuses = now
    } while true
  }

  private func heed(
    _ control: MockControl, refuses: Bool
  ) async throws(MockControlError) {
    guard !refuses else { return await control.server.refuseConnections() }
    do throws(ListenError) {
      try await control.server.acceptConnections()
    } catch {
      throw .init(
        .conflict, system: control.system.name, "it cannot listen again: \(error.reason)",
        hint: error.hint)
    }
  }
}
