internal import ArgumentParser
internal import Trestle
internal import TrestleStore

/// How a command that starts mocks starts them.
struct MockOptions: ParsableArguments {
  @Option(
    name: .customLong("ports"),
    help: ArgumentHelp("Take free ports, whatever the files say.", valueName: "auto"))
  var ports: PortChoice?

  @Flag(
    name: .customLong("validate"), help: "Refuse requests that break the contract, with a fault.")
  var validatesRequests = false

  @Option(
    name: .customLong("journal"),
    help: ArgumentHelp(
      "How calls are kept, whatever the files say: off, batched or sync.", valueName: "how"))
  var journal: DurabilityWord?

  @Flag(
    name: .customLong("no-watch"),
    help: "Do not take up answers that change in the files.")
  var doesNotWatch = false

  /// The options of the mocks of a workspace's systems, or of files where it has none.
  func runnerOptions(of workspace: Workspace, _ session: Session, _ log: MockLog)
    -> MockRunner.Options
  {
    // With nothing to show, calls are not observed at all: a mock under load pays for what is shown.
    let isSilent = session.isQuiet && session.format != .json
    let show: @Sendable (MockEvent) -> Void = { log.add($0) }
    let observe = isSilent ? nil : show
    var options = MockRunner.Options(
      usesFreePorts: ports == .auto, checksRequests: validatesRequests,
      writesRunFile: !workspace.systems.isEmpty,
      journal: workspace.systems.isEmpty
        ? .none : journal.map { .all($0.durability) } ?? .asFilesSay,
      observe: observe)
    options.onNotice = { log.add(notice: $1, of: $0) }
    return options
  }
}

/// The value of `--ports`.
enum PortChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
  case auto
}

/// The value of `--journal`.
enum DurabilityWord: String, ExpressibleByArgument, CaseIterable, Sendable {
  case off, batched, sync

  var durability: JournalSettings.Durability {
    JournalSettings.Durability(rawValue: rawValue) ?? .batched
  }
}

/// Whether a number can be a port to listen on.
enum PortNumber {
  /// - Throws: `ValidationError` for one that cannot.
  static func check(_ port: Int?) throws {
    guard let port, !(0...65535).contains(port) else { return }
    throw ValidationError(
      "\(port) is not a port; choose one from 1 to 65535, or 0 for a free one")
  }
}
