internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle list`: the systems of a workspace.
struct ListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the systems of the workspace, and mistakes in their files.",
    usage: "trestle list [--running]",
    discussion: """
      Every adapter file and every contract is read. Mistakes are told with file,
      line and column, and end the command with exit code 3.

      EXAMPLES
        trestle list
        trestle list -o json
        trestle list --running        the mocks that `trestle mock` has started here
      """)

  @Flag(name: .customLong("running"), help: "Only mocks that are running, and where.")
  var onlyRunning = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    if onlyRunning { return listRunning(session) }
    let workspace = try session.workspace()
    session.print(
      workspace.systems.isEmpty
        ? ""
        : Table(
          header: ["SYSTEM", "PROTOCOL", "OPS", "ENDPOINT", "MOCK"],
          rows: workspace.systems.map(Self.row), rightAligned: [2]
        ).text(session.palette),
      as: .array(workspace.systems.map(Self.value)))
    let diagnostics =
      workspace.diagnostics
      + workspace.systems.flatMap {
        $0.diagnostics + ContractLock.diagnostics(of: $0, in: workspace)
      }
    session.show(diagnostics)
    let errors = diagnostics.count { $0.severity == .error || session.isStrict }
    if errors > 0 { throw .silent(.configuration) }
  }

  private static func row(_ system: LegacySystem) -> [String] {
    let count =
      !system.isUsable
      ? "broken" : system.contract.isOpen ? "any" : "\(system.contract.operations.count)"
    return [
      system.name, system.protocolName, count, system.endpoint ?? system.contractEndpoint ?? "–",
      system.definition.mock.port.map { ":\($0)" } ?? "any port",
    ]
  }

  private static func value(_ system: LegacySystem) -> Value {
    var record: Record = [
      "system": .string(system.name), "protocol": .string(system.protocolName),
      "operations": .array(system.contract.operations.map { .string($0.name) }),
      "file": .string(system.file), "usable": .bool(system.isUsable),
    ]
    if system.contract.isOpen { record["open"] = true }
    if let endpoint = system.endpoint ?? system.contractEndpoint {
      record["endpoint"] = .string(endpoint)
    }
    if let port = system.definition.mock.port { record["mock_port"] = .integer(Int64(port)) }
    return .object(record)
  }

  private func listRunning(_ session: Session) {
    let running = RunningList.all(in: session.directory)
    let mocks = running.flatMap(\.mocks)
    for list in running {
      let several = running.count > 1 ? ": " + list.mocks.map(\.system).joined(separator: ", ") : ""
      session.note("trestle mock, process \(list.processID), since \(list.started)\(several)")
    }
    if running.isEmpty {
      session.note("no mocks are running here; trestle mock starts them")
    }
    session.print(
      mocks.isEmpty
        ? ""
        : Table(
          header: ["SYSTEM", "PROTOCOL", "ENDPOINT"],
          rows: mocks.map { [$0.system, $0.protocolName, $0.endpoint] }
        ).text(session.palette),
      as: .array(
        mocks.map {
          [
            "system": .string($0.system), "protocol": .string($0.protocolName),
            "endpoint": .string($0.endpoint),
          ]
        }))
  }
}
