internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle mock`: systems as mocks, until interrupted.
struct MockCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "mock",
    abstract: "Start the systems of the workspace as mocks, until Ctrl-C.",
    discussion: """
      Each mock says where it listens as soon as it does, and logs every call. With -o json the log
      is a JSON object a line on standard output.

      EXAMPLES
        trestle mock                          every system, on the ports their files name
        trestle mock claims --port 9000       one system
        trestle mock --ports auto             on free ports
        trestle mock some.wsdl                any contract, answered with samples from its schemas
      """)

  @Argument(
    help: "Systems of the workspace, or files; all when left out.", completion: Completion.systems)
  var systems: [String] = []

  @Option(
    name: .customLong("port"),
    help: ArgumentHelp("The port to listen on; for one system.", valueName: "n"))
  var port: Int?

  @Option(
    name: .customLong("ports"),
    help: ArgumentHelp("auto: take free ports, whatever the files say.", valueName: "auto"))
  var ports: PortChoice?

  @Option(
    name: .customLong("host"),
    help: ArgumentHelp("The address to listen on, in place of 127.0.0.1.", valueName: "address"))
  var host: String?

  @Flag(
    name: .customLong("validate"), help: "Refuse requests that break the contract, with a fault.")
  var validatesRequests = false

  @Flag(
    name: .customLong("no-watch"),
    help: "Keep to the files as they are now; so far always the case.")
  var doesNotWatch = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if port != nil, ports != nil { throw ValidationError("--port and --ports exclude each other") }
    if let port, !(0...65535).contains(port) {
      throw ValidationError(
        "\(port) is not a port; choose one from 1 to 65535, or 0 for a free one")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let signals = StopSignals()
    let (systems, directory) = try await chosenSystems(session)
    let log = MockLog(session: session)
    let options = MockRunner.Options(
      host: host, port: port, usesFreePorts: ports == .auto, writesRunFile: true,
      observe: { log.add($0) })
    let mocks: RunningMocks
    do throws(MockError) {
      mocks = try await MockRunner(systems, directory: directory, options: options).start()
    } catch {
      if error.isConfiguration, let system = systems.first(where: { $0.name == error.system }) {
        session.show(system.diagnostics.filter { $0.severity == .error })
      }
      throw CommandFailure(error)
    }
    log.announce(mocks.mocks)
    let signal = await signals.first()
    await mocks.stop()
    session.note("stopped")
    if signal == .interrupt { throw .silent(.interrupted) }
  }

  private func chosenSystems(
    _ session: Session
  ) async throws(CommandFailure) -> ([LegacySystem], String) {
    guard !systems.isEmpty else {
      let workspace = try session.workspace()
      let errors = workspace.diagnostics.filter { $0.severity == .error }
      session.show(workspace.diagnostics)
      if !errors.isEmpty, workspace.systems.isEmpty { throw .silent(.configuration) }
      try checkPort(of: workspace.systems)
      return (workspace.systems, workspace.directory)
    }
    var found: [LegacySystem] = []
    var directory = ""
    for name in systems {
      let (system, workspace) = try await session.system(name)
      found.append(system)
      directory = workspace.directory
    }
    try checkPort(of: found)
    return (found, directory)
  }

  private func checkPort(of systems: [LegacySystem]) throws(CommandFailure) {
    guard port != nil, systems.count > 1 else { return }
    throw .usage(
      "--port is for one system, and these are \(systems.count)",
      hint: "name one: trestle mock \(systems[0].name) --port \(port ?? 0); or take --ports auto")
  }
}

/// The value of `--ports`.
enum PortChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
  case auto
}
