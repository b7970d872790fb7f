internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleGateway

/// `trestle mcp`: the systems as tools for AI agents, over standard input and output.
struct MCPCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Offer the systems to AI agents as MCP tools, over standard input and output.",
    usage: "trestle mcp [--read-only] [--mocks | --live] [--tools auto|all|search]",
    discussion: """
      For editors and agents that start it themselves; docs/agents.md says how.
      Speaks the Model Context Protocol of 2026-07-28 and those before it.

      Calls go to mocks, as those of trestle serve do: mocks that run in the
      workspace, else some that are started here when they are first needed. A
      system whose file says `mode: live` is called itself; with --live all are,
      with --mocks none.

      EXAMPLES
        trestle mcp --dir demo                what an editor starts
        trestle mcp --dir demo --live         the systems where they are
        trestle mcp --read-only               operations that change nothing
        trestle mcp --tools search            few tools, however many operations
      """)

  @Flag(
    name: .customLong("read-only"),
    help: "Hide and refuse what changes something: operations, stubs, resets.")
  var isReadOnly = false

  @Flag(name: .customLong("mocks"), help: "Call mocks, also of systems whose file says mode: live.")
  var usesMocks = false

  @Flag(name: .customLong("live"), help: "Call the systems themselves, all of them.")
  var isLive = false

  @Option(
    name: .customLong("tools"),
    help: ArgumentHelp(
      "A tool for each operation (all), or those that search and call (search); auto goes by their number.",
      valueName: "which"))
  var tools: ToolWord = .auto

  @Option(
    name: .customLong("max-timeout"),
    help: ArgumentHelp(
      "The longest any call may take, whatever is asked for; 60s when left out.",
      valueName: "duration"))
  var longestCall: DurationArgument?

  @Flag(name: .customLong("no-watch"), help: "Do not take up files that change.")
  var doesNotWatch = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if usesMocks, isLive { throw ValidationError("--mocks and --live exclude each other") }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let directory = FilePaths.absolute(session.directory)
    guard FilePaths.isDirectory(directory) else {
      throw CommandFailure(
        .configuration, "no such directory: \(directory)",
        hint: "trestle init DIR makes a workspace; --dir DIR names it")
    }
    var options = WorkspaceHost.Options(directory: directory)
    options.registry = session.registry
    options.mode = isLive ? .live : usesMocks ? .mocks : nil
    options.version = TrestleCommand.version
    if let longestCall { options.time = CallTime(longest: longestCall.duration) }
    options.elsewhere = { Self.running(in: directory) }
    options.report = { session.show($0) }
    options.note = { session.note($0) }
    let files = AdapterFiles(in: directory)
    let host = WorkspaceHost(options)
    var offer = MCPServer.Options()
    offer.readsOnly = isReadOnly
    offer.tools = tools.choice
    offer.version = TrestleCommand.version
    let server = MCPServer(host, options: offer)
    await serve(server, host, session, files)
    await host.shutdown()
  }

  private func serve(
    _ server: MCPServer, _ host: WorkspaceHost, _ session: Session, _ files: AdapterFiles
  ) async {
    let writer = LineWriter(session.output.data)
    let connection = MCPLineConnection(server) { writer.write($0) }
    let watched = doesNotWatch ? nil : session.directory
    // Ends with this scope.
    async let _: Void = Self.watch(watched, files, server, host)
    if session.input.isTerminal {
      session.note(
        "waiting for messages on standard input; docs/agents.md says how editors start this")
    }
    await LineReader(session.input, limit: MCPLineConnection.greatestMessage).forEach { line in
      if let line { connection.take(line) } else { connection.refuseLongLine() }
    }
    await connection.end()
    await writer.finish()
  }

  /// Takes up adapter files and contracts that change; looked at as `trestle mock` does.
  private static func watch(
    _ directory: String?, _ files: AdapterFiles, _ server: MCPServer, _ host: WorkspaceHost
  ) async {
    guard let directory else { return }
    var known = files
    var contracts = ContractWatch()
    while (try? await Task.sleep(for: .milliseconds(500))) != nil {
      let now = AdapterFiles(in: directory)
      let hasNewContract = contracts.findsChange(in: host.systems)
      guard now != known || hasNewContract else { continue }
      known = now
      await host.reload()
      server.workspaceChanged()
    }
  }

  private static func running(in directory: String) -> WorkspaceHost.RunningElsewhere? {
    // Of several, the one with the most mocks: whether it has all is seen where they are needed.
    let running = RunningList.all(in: directory)
    guard let list = running.max(by: { $0.mocks.count < $1.mocks.count }) else { return nil }
    return WorkspaceHost.RunningElsewhere(
      endpoints: Dictionary(
        list.mocks.map { ($0.system, $0.endpoint) }, uniquingKeysWith: { first, _ in first }),
      admin: list.admin)
  }
}

/// The value of `--tools`.
enum ToolWord: String, ExpressibleByArgument, CaseIterable, Sendable {
  case auto, all, search

  var choice: ToolChoice {
    switch self {
    case .auto: .auto
    case .all: .all
    case .search: .search
    }
  }
}
