internal import Trestle
internal import TrestleCore
internal import TrestleNet

/// `trestle import` of a live XML-RPC service.
struct ServiceImport {
  let endpoint: String
  let connection: ConnectionOptions
  let timeout: Duration?
  let replaces: Bool
  let session: Session

  /// Asks the service and writes what it tells. False when no XML-RPC is spoken there, and that was
  /// not certain.
  func run(
    name: String, in workspace: Workspace, isCertain: Bool
  ) async throws(CommandFailure) -> Bool {
    let findings: XMLRPCDiscovery.Findings
    do throws(XMLRPCDiscovery.Failure) {
      findings = try await self.findings(of: name, in: workspace)
    } catch {
      // Where nobody answers, nobody answers for a contract either.
      guard isCertain || error.speaksXMLRPC || error.error.stage != .decoding else { return false }
      throw Self.failure(error, endpoint)
    }
    guard !findings.isEmpty else {
      throw CommandFailure(
        .configuration, "\(endpoint) lists no method of its own",
        hint: "declare what it has under methods: in adapters/\(name).yaml")
    }
    let imported = XMLRPCImport(
      findings, name: name, endpoint: endpoint, user: connection.basicUser,
      mockPort: workspace.nextMockPort)
    try write(imported, in: workspace)
    return true
  }

  private func findings(
    of name: String, in workspace: Workspace
  ) async throws(XMLRPCDiscovery.Failure) -> XMLRPCDiscovery.Findings {
    let system = workspace.service(at: endpoint)
    var options = Bridge.Options(headers: connection.fields)
    options.timeout = timeout
    // A system that is imported again has said how it is called.
    let known = workspace.systems.first { $0.name == name }?.definition
    options.credentials = connection.credentials ?? known?.credentials
    options.tls = connection.tls(known?.tls ?? TLSFiles()) ?? known?.tls
    if session.isVerbose {
      let printer = WirePrinter(sink: session.output.notes, palette: session.notesPalette)
      options.observer = { printer.show($0) }
    }
    let session = session
    return try await withBridge(workspace, options: options) {
      bridge throws(XMLRPCDiscovery.Failure) in
      try await XMLRPCDiscovery(system, bridge: bridge) { session.note($0) }.run()
    }
  }

  private static func failure(
    _ failure: XMLRPCDiscovery.Failure, _ endpoint: String
  ) -> CommandFailure {
    guard failure.speaksXMLRPC else { return CommandFailure(failure.error) }
    var told = CommandFailure(
      .configuration, "\(endpoint) does not tell its methods: \(failure.error.reason)",
      hint: "declare them under methods: in an adapter file, or call it as it is:\n"
        + "  trestle call \(endpoint) METHOD params:='[…]'")
    told.facts["kind"] = .string(failure.error.stage.rawValue)
    return told
  }

  // MARK: - Files

  private func write(
    _ imported: XMLRPCImport, in workspace: Workspace
  ) throws(CommandFailure) {
    let report = ImportReport(
      name: imported.name, operations: imported.operations, session: session)
    var files = NewFiles(in: workspace.directory)
    guard let known = workspace.systems.first(where: { $0.name == imported.name }) else {
      files.add(imported.file.path, imported.file.bytes)
      files.addSupport()
      try files.write()
      for note in imported.notes { session.note(note) }
      return report.written([imported.file.path])
    }
    guard let changed = imported.changes(to: known) else {
      throw CommandFailure(
        .configuration, "the system \"\(imported.name)\" is already described in \(known.file)",
        hint: "choose another name with --name")
    }
    guard !changed.isEmpty else { return report.nothingChanged() }
    guard replaces else {
      var failure = CommandFailure(
        .configuration,
        "what \"\(imported.name)\" offers is not what \(known.file) declares; nothing was written",
        facts: ["changes": .array(changed.map { .string($0) })])
      failure.hints = changed + ["--force replaces its methods, and leaves the rest of the file"]
      throw failure
    }
    for change in changed { session.note(change) }
    files.replace(known.file)
    do throws(LoadError) {
      files.add(known.file, try imported.replacingMethods(of: known, in: workspace))
    } catch {
      throw CommandFailure(error)
    }
    try files.write()
    report.written([known.file])
  }
}
