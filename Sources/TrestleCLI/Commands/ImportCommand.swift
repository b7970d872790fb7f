internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleNet

/// `trestle import`: a contract made into a system of the workspace.
struct ImportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add a system to the workspace from a contract or a live service.",
    usage: "trestle import FILE|URL [--name N] [--as KIND] [--force] [options]",
    discussion: """
      A WSDL and what it imports are kept unchanged in wsdl/NAME, with their
      checksums in trestle.lock; adapters/NAME.yaml describes the system. From a URL
      all of it is fetched from the URL's own host; --allow-host names others.
      An XML-RPC service is asked for its methods, their signatures and their help,
      which are written into adapters/NAME.yaml.
      A COBOL copybook is kept in copybooks/NAME; its records are the messages of the
      system, whose file says what to adapt. An OpenAPI or Swagger file is kept in
      openapi/NAME with the files it refers to. KIND is wsdl, xml_rpc, copybook or
      openapi, where the source does not show it.
      What was imported before is compared, and replaced with --force.

      EXAMPLES
        trestle import claims.wsdl
        trestle import ~/Downloads/ClaimsService.wsdl --name claims
        trestle import 'https://claims.example/ws?wsdl' --auth bearer:TOKEN
        trestle import http://127.0.0.1:9001/RPC2 --name supervisor
        trestle import CUSTINQ.cpy
        trestle import petstore.yaml
      """)

  @Argument(
    help: ArgumentHelp(
      "A WSDL file, the URL of one, or that of an XML-RPC service; a copybook; an OpenAPI file.",
      valueName: "source"),
    completion: .file(extensions: ["wsdl", "cpy", "cbl", "cob", "yaml", "yml", "json"]))
  var source: String

  @Option(
    name: .customLong("name"),
    help: ArgumentHelp("The system's name; the file's when left out.", valueName: "name"))
  var name: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "What the source is, where it does not show: wsdl, xml_rpc, copybook or openapi.",
      valueName: "kind"))
  var kind: ImportKind?

  @Flag(name: .customLong("force"), help: "Replace what was imported before.")
  var replaces = false

  @Option(
    name: .customLong("allow-host"),
    help: ArgumentHelp(
      "Another host that imports may be fetched from; may be given again.", valueName: "host"))
  var allowedHosts: [String] = []

  @OptionGroup var connection: ConnectionOptions

  @Option(
    name: .customLong("timeout"),
    help: ArgumentHelp(
      "The longest that one request may take: 500ms, 5s, 2m.", valueName: "duration"))
  var timeout: DurationArgument?

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let source = try ImportSource(source, kind: kind)
    let workspace = try session.anyWorkspace()
    switch source {
    case .contract(let contract):
      try await run(contract, name: try source.systemName(name), workspace, session)
    case .service(let endpoint, let contract):
      let service = ServiceImport(
        endpoint: endpoint, connection: connection, timeout: timeout?.duration,
        replaces: replaces, session: session)
      let isService = try await service.run(
        name: try source.systemName(name), in: workspace, isCertain: contract == nil)
      guard !isService, let contract else { return }
      try await run(
        contract, name: try ImportSource.contract(contract).systemName(name), workspace, session)
    case .copybook(let path):
      // Members of a library are in capitals; systems are not.
      let system = try source.systemName(name)
      let imported = try loading { () throws(LoadError) in
        try CopybookImport(
          file: path, name: name == nil ? system.lowercased() : system,
          mockPort: workspace.nextMockPort)
      }
      try PinnedImportRun(imported: imported, replaces: replaces, session: session)
        .run(in: workspace)
    case .description(let path):
      let system = try source.systemName(name)
      let imported = try loading { () throws(LoadError) in
        try OpenAPIImport(file: path, name: system, mockPort: workspace.nextMockPort)
      }
      try PinnedImportRun(imported: imported, replaces: replaces, session: session)
        .run(in: workspace)
    }
  }

  private func loading<Imported>(
    _ load: () throws(LoadError) -> Imported
  ) throws(CommandFailure) -> Imported {
    do throws(LoadError) {
      return try load()
    } catch {
      throw CommandFailure(error)
    }
  }

  private func run(
    _ source: ContractSource, name: String, _ workspace: Workspace, _ session: Session
  ) async throws(CommandFailure) {
    let known = workspace.systems.first { $0.name == name }
    let earlier = EarlierImport(of: name, in: workspace)
    if let known, earlier?.describes(known) != true {
      throw CommandFailure(
        .configuration, "the system \"\(name)\" is already described in \(known.file)",
        hint: "choose another name with --name")
    }
    let imported = try await self.imported(
      source, name: name, mockPort: workspace.nextMockPort, earlier, session)
    guard !imported.operations.isEmpty else {
      let errors = imported.diagnostics.filter { $0.severity == .error }
      throw errors.isEmpty
        ? CommandFailure(
          .configuration, "\(self.source) offers no operation that can be called",
          hint: "a WSDL 1.1 file with a SOAP binding is needed")
        : .mistakes(errors, else: "")
    }
    session.show(imported.diagnostics)
    let report = ImportReport(
      name: imported.name, operations: imported.operations, session: session)
    var files = NewFiles(in: workspace.directory)
    var added = imported.files
    if let earlier {
      let changes = earlier.changes(to: imported.documents)
      guard !changes.isEmpty else { return report.nothingChanged() }
      guard replaces else { throw Self.changed(name, changes) }
      for path in earlier.files { files.replace(path) }
      if let known {
        try requireMain(of: known, earlier, imported)
        // What was written into it by hand since is worth more than what would be written now.
        added.removeAll { $0.path.hasPrefix("adapters/") }
      }
      report.changes(changes)
    }
    for file in added { files.add(file.path, file.bytes) }
    files.addSupport()
    try files.write()
    report.written(added.map(\.path))
  }

  private func imported(
    _ source: ContractSource, name: String, mockPort: Int, _ earlier: EarlierImport?,
    _ session: Session
  ) async throws(CommandFailure) -> WSDLImport {
    switch source {
    case .file(let path): return WSDLImport(file: path, name: name, mockPort: mockPort)
    case .address(let address):
      var options = ContractFetch.Options()
      options.headers = connection.fields
      options.credentials = connection.credentials
      options.tls = connection.tls() ?? TLSFiles()
      options.allowedHosts = allowedHosts
      options.proxies = .ofProcess
      if let timeout { options.timeout = timeout.duration }
      if session.isVerbose {
        let printer = WirePrinter(sink: session.output.notes, palette: session.notesPalette)
        options.observer = { printer.show($0) }
      }
      do throws(ContractFetch.Failure) {
        let fetched = try await ContractFetch(address, options: options) { session.note($0) }
          .run(keeping: earlier?.lock)
        return WSDLImport(fetched, name: name, mockPort: mockPort)
      } catch {
        throw CommandFailure(error)
      }
    }
  }

  private static func changed(
    _ name: String, _ changes: [EarlierImport.Change]
  ) -> CommandFailure {
    var failure = CommandFailure(
      .configuration,
      "the contract of \"\(name)\" has changed since it was imported; nothing was written",
      facts: ["changes": .array(changes.map { .string($0.description) })])
    failure.hints = changes.map(\.description) + ["--force replaces it"]
    return failure
  }

  /// The adapter file that stays names a file of the contract.
  private func requireMain(
    of system: LegacySystem, _ earlier: EarlierImport, _ imported: WSDLImport
  ) throws(CommandFailure) {
    guard let main = earlier.mainFile(of: system),
      !imported.documents.contains(where: { $0.path == main })
    else { return }
    throw CommandFailure(
      .configuration,
      "\(system.file) names \(earlier.folder)/\(main), which the new contract does not have",
      hint: "import it under another name, or move \(system.file) away")
  }
}

/// The kinds of contracts that can be imported.
enum ImportKind: String, ExpressibleByArgument, CaseIterable, Sendable {
  case wsdl
  case xmlRPC = "xml_rpc"
  case copybook
  case openapi
}

extension Workspace {
  /// A port for the mock of one more system.
  var nextMockPort: Int {
    min(65535, (systems.compactMap(\.definition.mock.port).max() ?? 8100) + 1)
  }
}
