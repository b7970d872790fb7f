internal import ArgumentParser
internal import Trestle
internal import TrestleCore

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
        trestle call some.wsdl GetClaim id=42 --endpoint https://claims.example/ws
      """)

  @Argument(help: Words.system, completion: Completion.systems) var system: String
  @Argument(help: Words.operation, completion: Completion.operations) var operation: String
  @Argument(help: Words.parameters, completion: Completion.parameters) var parameters: [String] = []

  @Option(name: .customShort("d"), help: Words.data, completion: .file()) var data: String?

  @Option(
    name: .customLong("endpoint"),
    help: ArgumentHelp("Where the system is, in place of what its file says.", valueName: "url"))
  var endpoint: String?

  @Flag(name: .customLong("mock"), help: "Let the system's mock answer, without a socket.")
  var usesMock = false

  @Option(
    name: .customLong("auth"),
    help: ArgumentHelp(
      "Credentials: basic:USER:PASSWORD, bearer:TOKEN or header:NAME:VALUE.", valueName: "kind:…"))
  var authentication: CredentialsArgument?

  @Option(
    name: .customShort("H"),
    help: ArgumentHelp("An HTTP header field; may be given again.", valueName: "name:value"))
  var headers: [HeaderArgument] = []

  @Option(
    name: .customLong("headers"),
    help: ArgumentHelp(
      "Header blocks that go along, by name, as JSON, @FILE or - (SOAP).", valueName: "json"),
    completion: .file())
  var headerBlocks: String?

  @Flag(
    name: .customLong("with-headers"),
    help: "Write the reply's header blocks beside its value: {\"value\": …, \"headers\": …}.")
  var showsHeaders = false

  @Option(
    name: .customLong("ca"), help: ArgumentHelp("Certificates to trust, PEM.", valueName: "file"),
    completion: .file())
  var authorities: String?

  @Option(
    name: .customLong("cert"),
    help: ArgumentHelp("The client's certificate, PEM; with --key.", valueName: "file"),
    completion: .file())
  var certificate: String?

  @Option(
    name: .customLong("key"), help: ArgumentHelp("Its private key, PEM.", valueName: "file"),
    completion: .file())
  var key: String?

  @Option(
    name: .customLong("timeout"),
    help: ArgumentHelp("The longest the call may take: 500ms, 5s, 2m.", valueName: "duration"))
  var timeout: DurationArgument?

  @Flag(
    name: .customLong("validate"),
    help: "Hold the reply against the contract too; exit code 5 where it breaks it.")
  var validatesReply = false

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Call so many times, one reply a line, and say how long it took.", valueName: "n"))
  var repetitions = 1

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if repetitions < 1 { throw ValidationError("--repeat takes a number from 1 upwards") }
    if usesMock, endpoint != nil {
      throw ValidationError(
        "--mock and --endpoint exclude each other: a mock in this process has no endpoint")
    }
    if data == "-", headerBlocks == "-" {
      throw ValidationError("-d and --headers cannot both read standard input")
    }
    if (certificate == nil) != (key == nil) {
      throw ValidationError("--cert and --key go together")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let (system, workspace) = try await session.system(self.system)
    let operation = try session.operation(self.operation, of: system)
    let parameters = try session.parameters(
      self.parameters, data: data, operation: operation, system: system)
    let blocks = try headerBlocks.map { text throws(CommandFailure) in
      try session.headerBlocks(ofData: text)
    }
    let bridge = Bridge(workspace, options: options(for: system, session))
    do throws(CommandFailure) {
      try await CallRun(
        system: system, operation: operation, bridge: bridge, session: session,
        validatesReply: validatesReply, headers: blocks ?? [:], showsHeaders: showsHeaders
      ).run(parameters, times: repetitions)
      await bridge.shutdown()
    } catch {
      await bridge.shutdown()
      throw error
    }
  }

  private func options(for system: LegacySystem, _ session: Session) -> Bridge.Options {
    var options = Bridge.Options(
      timeout: timeout?.duration, usesMocks: usesMock, isStrict: session.isStrict,
      checksSchemas: validatesReply,
      headers: Headers(headers.map(\.field)))
    if let endpoint { options.endpoints[system.name] = endpoint }
    options.authentication = authentication?.authentication
    if authorities != nil || certificate != nil {
      var files = system.definition.tls
      if let authorities { files.authorities = FilePaths.absolute(authorities) }
      if let certificate { files.certificate = FilePaths.absolute(certificate) }
      if let key { files.key = FilePaths.absolute(key) }
      options.tls = files
    }
    if session.isVerbose {
      let printer = WirePrinter(sink: session.output.notes, palette: session.notesPalette)
      options.observer = { printer.show($0) }
    }
    return options
  }
}
