internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleGateway

/// `trestle serve`: systems over HTTP, with their mocks beside them, until interrupted.
struct ServeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the systems of the workspace over HTTP and JSON, until Ctrl-C.",
    usage: "trestle serve [SYSTEM …] [--port N] [--no-mocks] [--read-only] [options]",
    discussion: """
      Starts the mocks, and one server at http://127.0.0.1:8080 that calls their
      operations (POST /v1/systems/SYSTEM/operations/OP), tells of them
      (/openapi.json) and steers the mocks (docs/gateway.md).

      Calls go to the mocks unless the system's file says `mode: live`, the call
      says X-Trestle-Mode: live, or --no-mocks is given.

      EXAMPLES
        trestle serve               every system, mocks on the ports of their files
        trestle serve --ports auto  on free ports, the gateway too
        trestle serve --no-mocks    the systems where they are
        trestle serve --read-only   operations that change nothing
        trestle serve --tls-cert gw.pem --tls-key gw.key   at https://127.0.0.1:8080
      """)

  @Argument(
    help: "Systems of the workspace, or files; all when left out.", completion: Completion.systems)
  var systems: [String] = []

  @Option(
    name: .customLong("port"),
    help: ArgumentHelp(
      "The gateway's port; \(GatewayOptions.defaultPort) when left out, 0 for a free one.",
      valueName: "n"))
  var port: Int?

  @Option(
    name: .customLong("host"),
    help: ArgumentHelp(
      "The gateway's address, in place of 127.0.0.1; beyond this machine a token is needed.",
      valueName: "address"))
  var host: String?

  @Flag(name: .customLong("no-mocks"), help: "Start no mocks: every call goes to the live system.")
  var hasNoMocks = false

  @Flag(
    name: .customLong("read-only"),
    help: "Refuse operations that may change something, and do not tell of them.")
  var isReadOnly = false

  @Option(
    name: .customLong("max-timeout"),
    help: ArgumentHelp(
      "The longest any call may take, whatever is asked for; 60s when left out.",
      valueName: "duration"))
  var longestCall: DurationArgument?

  @Option(
    name: .customLong("tokens"),
    help: ArgumentHelp(
      "Who may use the gateway, in place of the workspace's gateway.yaml.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var tokens: String?

  @Option(
    name: .customLong("audit"),
    help: ArgumentHelp(
      "Write a line for each request that calls or steers, or is refused; - for standard error.",
      valueName: "file"),
    completion: .file())
  var audit: String?

  @Option(
    name: .customLong("workflow"),
    help: ArgumentHelp(
      "Run an event-driven workflow beside the gateway: POST /v1/events/TYPE reaches its handlers. May be repeated.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var workflows: [String] = []

  @OptionGroup var listening: ListenerOptions
  @OptionGroup var mocking: MockOptions
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    try PortNumber.check(port)
    if hasNoMocks, mocking.validatesRequests || mocking.journal != nil {
      throw ValidationError("--no-mocks excludes --validate and --journal, which are the mocks'")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let signals = StopSignals()
    let log = MockLog(session: session)
    let served = try await ServedSystems.find(systems, session)
    // Looked at before it is read: what changes from then on is news.
    let tokenFile = FileStamp(tokensPath(served.workspace))
    var options = try gatewayOptions(served.workspace, session)
    let events = try ServedWorkflows(
      workflows, in: served.workspace, usesFreePorts: mocking.ports == .auto, session)
    options.events = events.inlets
    let mocks = try await startMocks(served, session, log)
    do throws(CommandFailure) {
      try await events.start()
    } catch {
      await events.stop()
      await mocks?.stop()
      throw error
    }
    let gateway = try await start(served, mocks, options)
    if let mocks { log.announce(mocks.mocks) }
    announce(gateway, served, mocks?.runFileName, session)
    if let problem = mocks?.journalProblem { session.warn("calls are not kept: \(problem)") }
    var watch: AdapterWatch?
    if !mocking.doesNotWatch {
      watch = AdapterWatch(
        workspace: served.workspace, mocks: mocks, session: session, initial: served.files)
      watch?.current = { gateway.systems }
      watch?.tokens = TokenWatch(
        path: tokensPath(served.workspace), read: tokenFile, gateway: gateway, mocks: mocks,
        workspace: served.workspace, session: session)
      watch?.onChange = { changed, kept in
        let refused = await gateway.takeUp(served.takingUp(changed, keeping: kept))
        session.tellOldContracts(of: refused)
      }
    }
    let signal = await signals.first(whileRunning: watch)
    await gateway.stop()
    await events.stop()
    await mocks?.stop()
    await log.finish()
    mocks?.tellLosses(session)
    session.note("stopped")
    if signal == .interrupt { throw .silent(.interrupted) }
  }

  private func gatewayOptions(
    _ workspace: Workspace, _ session: Session
  ) throws(CommandFailure) -> GatewayOptions {
    var options = GatewayOptions(
      host: host ?? "127.0.0.1",
      port: port ?? (mocking.ports == .auto ? 0 : GatewayOptions.defaultPort),
      token: try AdminOptions.token(session.environment), version: TrestleCommand.version)
    options.isReadOnly = isReadOnly
    if let longestCall { options.longestCall = longestCall.duration }
    let file = try gatewayFile(workspace, session)
    options.clients = file?.tokens ?? []
    options.oauth = file?.oauth
    options.onKeyProblem = { session.warn($0) }
    options.audit = audit.map { $0 == "-" ? .standardError : .file(FilePaths.absolute($0)) }
    if audit == nil { options.audit = file?.audit }
    options.onAuditProblem = { session.warn($0) }
    options.tls = try listening.tls(file?.tls)
    if options.tls?.clientAuthorities == nil,
      let client = options.clients.first(where: \.showsCertificate)
    {
      throw CommandFailure(
        .configuration, "\(client.name) shows a certificate, and no client is asked for one",
        hint: "give --client-ca, or client_ca under tls in gateway.yaml")
    }
    return options
  }

  /// What the workspace says of its gateway. A file with mistakes starts nothing: it may be the one that keeps
  /// others out.
  private func gatewayFile(
    _ workspace: Workspace, _ session: Session
  ) throws(CommandFailure) -> GatewayFile? {
    let path = tokensPath(workspace)
    guard tokens != nil || FilePaths.isFile(path) else { return nil }
    let file = GatewayFile(path: path, workspace: workspace)
    guard !file.isBroken else { throw .mistakes(file.diagnostics, else: "\(path) has mistakes") }
    session.show(file.diagnostics)
    return file
  }

  /// The file that names the clients, whether or not it is there.
  private func tokensPath(_ workspace: Workspace) -> String {
    tokens.map { FilePaths.absolute($0) }
      ?? FilePaths.absolute(GatewayFile.name, base: workspace.directory)
  }

  private func startMocks(
    _ served: ServedSystems, _ session: Session, _ log: MockLog
  ) async throws(CommandFailure) -> RunningMocks? {
    guard !hasNoMocks else { return nil }
    var options = mocking.runnerOptions(of: served.workspace, session, log)
    options.writesRunFileLater = true
    return try await served.startMocks(options, session)
  }

  private func start(
    _ served: ServedSystems, _ mocks: RunningMocks?, _ options: GatewayOptions
  ) async throws(CommandFailure) -> RunningGateway {
    let workspace = served.workspace.with(systems: served.systems)
    do throws(MockError) {
      let gateway = try await GatewayServer(workspace, mocks: mocks, options: options).start()
      let isTold = try mocks?.tell(adminAt: gateway.url, token: gateway.token?.text) ?? false
      if isTold || options.token != nil || gateway.token == nil || !options.clients.isEmpty {
        return gateway
      }
      await gateway.stop()
    } catch {
      await mocks?.stop()
      throw CommandFailure(error)
    }
    await mocks?.stop()
    throw .usage(
      "there is no run file to tell the gateway's token in",
      hint: "set \(AdminOptions.tokenVariable), or leave --host out")
  }

  /// Says where the gateway is, and what to try.
  private func announce(
    _ gateway: RunningGateway, _ served: ServedSystems, _ runFile: String?, _ session: Session
  ) {
    if session.format == .json {
      session.output.data.write(
        JSONWriter.text([
          "event": "gateway", "url": .string(gateway.url), "token": .bool(gateway.token != nil),
        ]) + "\n")
      return
    }
    // Where it is is what it is started for: said also with -q.
    session.output.notes.write(session.notesPalette.bold("gateway") + "  \(gateway.url)\n")
    let token = gateway.token == nil ? "" : " -H \"Authorization: Bearer $TOKEN\""
    if gateway.token != nil {
      session.note(
        "a token is needed: it is in \(runFile ?? ".trestle/run.json"), or what \(AdminOptions.tokenVariable) says"
      )
    }
    if let runFile, runFile != ".trestle/run.json" {
      session.note("another process runs mocks here too; these are told of in \(runFile)")
    }
    var lines = ["curl\(token) \(gateway.url)/v1/systems"]
    if let (system, operation) = Self.example(of: served.systems) {
      let path = gateway.path(of: operation.name, in: system.name)
      let body = JSONWriter.text(gateway.sampleParameters(of: operation))
      // A quote ends a word of the shell: it is put in between two.
      let quoted = body.split(separator: "'", omittingEmptySubsequences: false).joined(
        separator: "'\\''")
      lines.append("curl\(token) --json '\(quoted)' \(gateway.url)\(path)")
    }
    session.note("try:\n" + lines.map { "  " + $0 }.joined(separator: "\n"))
  }

  /// An operation to try: one that changes nothing, where there is such.
  private static func example(
    of systems: [LegacySystem]
  ) -> (LegacySystem, Operation)? {
    var first: (LegacySystem, Operation)?
    for system in systems where system.isUsable {
      for operation in system.contract.operations {
        if operation.effects == .read { return (system, operation) }
        if first == nil { first = (system, operation) }
      }
    }
    return first
  }
}
