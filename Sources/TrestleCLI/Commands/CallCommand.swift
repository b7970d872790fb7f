internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleNet

/// `trestle call`: one operation of one system.
struct CallCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "Call an operation of a system.",
    usage: "trestle call SYSTEM OP [name=value …] [-d JSON|@FILE|-] [options]",
    discussion: """
      The result is written as JSON. A fault that the system answers with is an error, exit code 1.

      EXAMPLES
        trestle call claims GetClaim id=42
        trestle call claims GetClaim id=42 -v      with what goes over the wire
        trestle call claims GetClaim id=42 --mock  answered in this process
        trestle call claims FileClaim claimant.name=Ada 'lines:=[{"sum":"10.50"}]'
        trestle call claims FileClaim -d @claim.json --timeout 10s
        trestle call claims GetClaim id=42 _headers.session=abc  with a SOAP header
        trestle call claims FileClaim --xml @claim.xml
        trestle call some.wsdl GetClaim id=42 --endpoint https://claims.example/ws
      """)

  @Argument(help: Words.system, completion: Completion.systems) var system: String
  @Argument(help: Words.operation, completion: Completion.operations) var operation: String
  @Argument(help: Words.parameters, completion: Completion.parameters) var parameters: [String] = []

  @Option(name: .customShort("d"), parsing: .unconditional, help: Words.data, completion: .file())
  var data: String?

  @Option(
    name: .customLong("xml"),
    help: ArgumentHelp(
      "Send this XML instead of parameters: an envelope, or what goes into its body; @FILE or -.",
      valueName: "xml"),
    completion: .file())
  var xml: String?

  @Option(
    name: .customLong("raw"),
    help: ArgumentHelp(
      "Send these bytes untouched, and write the answer untouched; @FILE or -.",
      valueName: "bytes"),
    completion: .file())
  var raw: String?

  @Option(
    name: .customLong("endpoint"),
    help: ArgumentHelp("Where the system is, in place of what its file says.", valueName: "url"))
  var endpoint: String?

  @Flag(name: .customLong("mock"), help: "Let the system's mock answer, without a socket.")
  var usesMock = false

  @OptionGroup var connection: ConnectionOptions

  @Option(
    name: .customLong("timeout"),
    help: ArgumentHelp("The longest the call may take: 500ms, 5s, 2m.", valueName: "duration"))
  var timeout: DurationArgument?

  @Flag(
    name: .customLong("validate"),
    help: "Hold request and reply against the contract; exit code 5 where the reply breaks it.")
  var validatesReply = false

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Call so many times, one reply a line, and say how long it took.", valueName: "n"))
  var repetitions = 1

  @Option(
    name: .customLong("parallel"),
    help: ArgumentHelp("With --repeat, so many calls at a time.", valueName: "n"))
  var parallelism = 1

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if repetitions < 1 { throw ValidationError("--repeat takes a number from 1 upwards") }
    if parallelism < 1 { throw ValidationError("--parallel takes a number from 1 upwards") }
    if parallelism > 1, repetitions == 1 {
      throw ValidationError("--parallel goes with --repeat: how many calls there shall be")
    }
    if xml != nil, raw != nil { throw ValidationError("--xml and --raw exclude each other") }
    if xml != nil || raw != nil, data != nil || !parameters.isEmpty {
      throw ValidationError("--xml and --raw are the whole request: there are no parameters beside")
    }
    if usesMock, endpoint != nil {
      throw ValidationError(
        "--mock and --endpoint exclude each other: a mock in this process has no endpoint")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let (system, workspace) = try await session.system(self.system)
    let operation = try session.operation(self.operation, of: system)
    let wire = try session.codec(of: system).wire
    if case .framed = wire { try requireNoHTTP(of: system) }
    if let endpoint { try require(endpoint, for: wire) }
    let request: CallRun.Request
    if let xml {
      request = .xml(try session.bytes(ofArgument: xml))
    } else if let raw {
      request = .raw(try session.bytes(ofArgument: raw))
    } else {
      request = .parameters(
        try session.parameters(
          self.parameters, data: data, operation: operation, system: system))
    }
    let bridge = Bridge(workspace, options: options(for: system, session))
    do throws(CommandFailure) {
      try await CallRun(
        system: system, operation: operation, bridge: bridge, session: session,
        validatesReply: validatesReply
      ).run(request, times: repetitions, atOnce: parallelism)
      await bridge.shutdown()
    } catch {
      await bridge.shutdown()
      throw error
    }
  }

  /// An address that cannot be one is a slip of the one who calls, unlike one in a file.
  private func require(_ endpoint: String, for wire: Wire) throws(CommandFailure) {
    do throws(TransportError) {
      switch wire {
      case .http: _ = try Endpoint(http: endpoint)
      case .framed: _ = try Endpoint(tcp: endpoint)
      }
    } catch {
      throw .usage(error.reason, hint: error.hint)
    }
  }

  /// What a protocol without HTTP and XML would pass over is a slip of the one who calls.
  private func requireNoHTTP(of system: LegacySystem) throws(CommandFailure) {
    if xml != nil {
      throw .usage(
        "\(system.name) speaks no XML: --xml is for SOAP and XML-RPC",
        hint: "--raw sends bytes as they are")
    }
    if connection.credentials != nil || !connection.fields.fields.isEmpty {
      throw .usage(
        "\(system.name) does not speak HTTP: --auth and -H are for systems that do",
        hint: "who calls is shown with --cert and --key there, or in the parameters")
    }
  }

  private func options(for system: LegacySystem, _ session: Session) -> Bridge.Options {
    var options = Bridge.Options(
      timeout: timeout?.duration, usesMocks: usesMock, isStrict: session.isStrict,
      checksSchemas: validatesReply,
      headers: connection.fields)
    if let endpoint { options.endpoints[system.name] = endpoint }
    options.credentials = connection.credentials
    options.tls = connection.tls(system.definition.tls)
    options.onCompensation = { outcome in
      let fate = outcome.failure.map { "failed: \($0)" } ?? "was answered"
      session.note("\(outcome.operation), which follows \(outcome.undone), \(fate)")
    }
    options.onWarning = { system, text in session.warn("\(system): \(text)") }
    if session.isVerbose {
      let printer = WirePrinter(sink: session.output.notes, palette: session.notesPalette)
      options.observer = { printer.show($0) }
    }
    return options
  }
}
