internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleGateway
internal import TrestleStore

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
    name: .customLong("ports"),
    help: ArgumentHelp("Take free ports, whatever the files say.", valueName: "auto"))
  var ports: PortChoice?

  @Option(
    name: .customLong("host"),
    help: ArgumentHelp("The address to listen on, in place of 127.0.0.1.", valueName: "address"))
  var host: String?

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

  @OptionGroup var admin: AdminOptions
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
    let log = MockLog(session: session)
    let files = AdapterFiles(in: session.directory)
    let workspace = systems.isEmpty ? try session.workspace() : try session.anyWorkspace()
    if systems.isEmpty, workspace.systems.isEmpty {
      throw .mistakes(workspace.diagnostics, else: "no adapter file can be read")
    }
    session.show(workspace.diagnostics)
    let runner = try await runner(of: workspace, session, log)
    let token = try admin.token(session.environment)
    let found = runner.systems.flatMap {
      $0.diagnostics + ContractLock.diagnostics(of: $0, in: workspace)
    }
    if session.isStrict, !found.isEmpty { throw .mistakes(found, else: "there are warnings") }
    let mocks = try await start(runner, session)
    // What trestle list tells of them.
    session.show(found)
    let adminServer = try await admin.start(steering: mocks, token: token)
    log.announce(mocks.mocks)
    if let adminServer { log.announce(adminServer, toldIn: mocks.runFileName) }
    if let problem = mocks.journalProblem { session.warn("calls are not kept: \(problem)") }
    var watch: AdapterWatch?
    if !doesNotWatch, !workspace.systems.isEmpty {
      watch = AdapterWatch(workspace: workspace, mocks: mocks, session: session, initial: files)
    }
    let signal = await Self.untilStopped(signals, watch)
    await adminServer?.stop()
    await mocks.stop()
    await log.finish()
    tellLosses(mocks, session)
    session.note("stopped")
    if signal == .interrupt { throw .silent(.interrupted) }
  }

  private func start(
    _ runner: MockRunner, _ session: Session
  ) async throws(CommandFailure) -> RunningMocks {
    let mocks: RunningMocks
    do throws(MockError) {
      mocks = try await runner.start()
    } catch {
      let blamed = runner.systems.filter { error.system.isEmpty || $0.name == error.system }
      let mistakes = blamed.flatMap(\.diagnostics).filter { $0.severity == .error }
      throw error.isConfiguration && !mistakes.isEmpty
        ? .mistakes(mistakes, else: error.description) : CommandFailure(error)
    }
    for skipped in mocks.skipped {
      session.warn("\(skipped.system.name) has no mock: its file or contract is broken")
    }
    return mocks
  }

  /// Tells which calls are not in the journal.
  private func tellLosses(_ mocks: RunningMocks, _ session: Session) {
    for (name, counts) in mocks.journalCounts.sorted(by: { $0.key < $1.key })
    where counts.dropped > 0 {
      session.warn(
        "\(name): \(counts.dropped) of \(counts.seen) calls are not in the journal: "
          + (mocks.journalFailure ?? "its writer fell behind"))
    }
  }

  private static func untilStopped(
    _ signals: StopSignals, _ watch: AdapterWatch?
  ) async -> StopSignals.Signal {
    // Ends with this scope.
    async let _: Void? = watch?.run()
    return await signals.first()
  }

  private func runner(
    of workspace: Workspace, _ session: Session, _ log: MockLog
  ) async throws(CommandFailure) -> MockRunner {
    // With nothing to show, calls are not observed at all: a mock under load pays for what is shown.
    let isSilent = session.isQuiet && session.format != .json
    let show: @Sendable (MockEvent) -> Void = { log.add($0) }
    let observe = isSilent ? nil : show
    var options = MockRunner.Options(
      host: host, port: port, usesFreePorts: ports == .auto,
      checksRequests: validatesRequests, writesRunFile: !workspace.systems.isEmpty,
      journal: workspace.systems.isEmpty
        ? .none : journal.map { .all($0.durability) } ?? .asFilesSay,
      observe: observe)
    options.writesRunFileLater = !admin.isOff
    options.onNotice = { log.add(notice: $1, of: $0) }
    var named: [LegacySystem] = []
    for name in systems { named.append(try await session.system(name, in: workspace)) }
    let count = systems.isEmpty ? workspace.systems.count : named.count
    if let port, count > 1 {
      throw .usage(
        "--port is for one system, and these are \(count)",
        hint: "name one: trestle mock \((named.first ?? workspace.systems[0]).name) --port \(port);"
          + " or take free ports with --ports auto")
    }
    guard systems.isEmpty else {
      return MockRunner(named, directory: workspace.directory, options: options)
    }
    do throws(BridgeError) {
      return try MockRunner(workspace, options: options)
    } catch {
      throw CommandFailure(error)
    }
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
