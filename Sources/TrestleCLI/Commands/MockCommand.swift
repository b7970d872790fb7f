internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleGateway

/// `trestle mock`: systems as mocks, until interrupted.
struct MockCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "mock",
    abstract: "Start the systems of the workspace as mocks, until Ctrl-C.",
    usage: "trestle mock [SYSTEM …] [--port N | --ports auto] [options]",
    discussion: """
      Each mock says where it listens as soon as it does, and logs every call.
      With -o json the log is a JSON object a line, on standard output.

      While they run, mocks are steered over HTTP: stubs, scenarios, faults, calls,
      checks (docs/admin-api.md). The address, and the token where one is needed,
      are in .trestle/run.json.

      EXAMPLES
        trestle mock                     every system, on the ports of its file
        trestle mock claims --port 9000  one system
        trestle mock --ports auto        on free ports
        trestle mock some.wsdl           any contract, answered with samples
        trestle mock --admin-port 8900   steered at http://127.0.0.1:8900/v1/mocks
      """)

  @Argument(
    help: "Systems of the workspace, or files; all when left out.", completion: Completion.systems)
  var systems: [String] = []

  @Option(
    name: .customLong("port"),
    help: ArgumentHelp("The port to listen on; for one system.", valueName: "n"))
  var port: Int?

  @Option(
    name: .customLong("host"),
    help: ArgumentHelp("The address to listen on, in place of 127.0.0.1.", valueName: "address"))
  var host: String?

  @OptionGroup var mocking: MockOptions
  @OptionGroup var admin: AdminOptions
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if port != nil, mocking.ports != nil {
      throw ValidationError("--port and --ports exclude each other")
    }
    try PortNumber.check(port)
  }

  func run(in session: Session) async throws(CommandFailure) {
    let signals = StopSignals()
    let log = MockLog(session: session)
    let served = try await ServedSystems.find(systems, session)
    var options = mocking.runnerOptions(of: served.workspace, session, log)
    options.host = host
    options.port = try port(for: served.systems)
    options.writesRunFileLater = !admin.isOff
    let token = try admin.token(session.environment)
    let mocks = try await served.startMocks(options, session)
    let adminServer = try await admin.start(steering: mocks, token: token)
    log.announce(mocks.mocks)
    if let adminServer { log.announce(adminServer, toldIn: mocks.runFileName) }
    if let problem = mocks.journalProblem { session.warn("calls are not kept: \(problem)") }
    var watch: AdapterWatch?
    if !mocking.doesNotWatch, !served.workspace.systems.isEmpty {
      watch = AdapterWatch(
        workspace: served.workspace, mocks: mocks, session: session, initial: served.files)
    }
    let signal = await signals.first(whileRunning: watch)
    await adminServer?.stop()
    await mocks.stop()
    await log.finish()
    mocks.tellLosses(session)
    session.note("stopped")
    if signal == .interrupt { throw .silent(.interrupted) }
  }

  /// The one port that was asked for, which one system can have.
  private func port(for systems: [LegacySystem]) throws(CommandFailure) -> Int? {
    guard let port, systems.count > 1 else { return port }
    throw .usage(
      "--port is for one system, and these are \(systems.count)",
      hint: "name one: trestle mock \(systems[0].name) --port \(port);"
        + " or take free ports with --ports auto")
  }
}
