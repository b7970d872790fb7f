internal import Trestle
internal import TrestleCore

/// One run of a command: its surroundings, and what all commands do the same way.
struct Session: Sendable {
  let output: Output
  let input: Input
  let registry: ProtocolRegistry
  /// Environment variables, by name.
  let environment: @Sendable (String) -> String?
  /// The workspace's directory, as given.
  let directory: String
  /// The format asked for; nil leaves it to the command.
  let format: OutputFormat?
  let isQuiet: Bool
  let isVerbose: Bool
  let isStrict: Bool
  /// Colours for data.
  let palette: Palette
  /// Colours for everything else.
  let notesPalette: Palette

  init(
    _ options: GlobalOptions, output: Output, input: Input, registry: ProtocolRegistry,
    environment: @escaping @Sendable (String) -> String?
  ) {
    self.environment = environment
    self.output = output
    self.input = input
    self.registry = registry
    directory = options.directory
    format = options.format
    isQuiet = options.isQuiet
    isVerbose = options.isVerbose
    isStrict = options.isStrict
    // no-color.org: any value but an empty one turns colours off.
    let isUnwanted =
      !(environment("NO_COLOR") ?? "").isEmpty || environment("TERM") == "dumb"
    func palette(_ sink: Output.Sink) -> Palette {
      switch options.color {
      case .always: Palette(isOn: true)
      case .never: Palette(isOn: false)
      case .auto: Palette(isOn: sink.isTerminal && !isUnwanted)
      }
    }
    self.palette = palette(output.data)
    notesPalette = palette(output.notes)
  }

  // MARK: - Writing

  /// Writes a value as data: as asked, else as JSON, indented for people.
  func print(_ value: Value) {
    switch format ?? .json {
    case .json:
      let style: JSONWriter.Style = output.data.isTerminal ? .pretty : .compact
      output.data.write(palette.json(JSONWriter.text(value, style: style)) + "\n")
    case .yaml: output.data.write(YAMLWriter.text(value))
    case .table: output.data.write(Table(value).text(palette))
    }
  }

  /// Writes text as data, for people; a value instead where a format for programs was asked for.
  func print(_ text: @autoclosure () -> String, as value: @autoclosure () -> Value) {
    switch format {
    case .json, .yaml: print(value())
    case .table, nil: output.data.write(text())
    }
  }

  /// Writes bytes as data, as they are; on a terminal with a line break behind them.
  func print(bytes: [UInt8]) {
    output.data.write(output.data.isTerminal && bytes.last != 0x0A ? bytes + [0x0A] : bytes)
  }

  /// Writes a line beside the data, unless `-q`.
  func note(_ text: String) {
    if !isQuiet { output.notes.write(text + "\n") }
  }

  /// Writes a warning, unless `-q`.
  func warn(_ text: String) { note(notesPalette.yellow("warning: ") + text) }

  /// Writes what a file or a contract has wrong with it.
  func show(_ diagnostics: [Diagnostic]) {
    for diagnostic in Self.distinct(diagnostics) where diagnostic.severity == .error || !isQuiet {
      output.notes.write(Self.line(diagnostic, notesPalette) + "\n")
    }
  }

  /// The diagnostics without those that say again, less precisely, what another says with its place.
  static func distinct(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return diagnostics.filter { diagnostic in
      guard seen.insert(diagnostic).inserted else { return false }
      return diagnostic.line != nil
        || !diagnostics.contains { $0.line != nil && $0.message == diagnostic.message }
    }
  }

  private static func line(_ diagnostic: Diagnostic, _ palette: Palette) -> String {
    var text = diagnostic.file
    if let line = diagnostic.line { text += ":\(line)" }
    if let column = diagnostic.column { text += ":\(column)" }
    if !text.isEmpty { text = palette.bold(text + ":") + " " }
    let label = diagnostic.severity.rawValue + ":"
    text += diagnostic.severity == .error ? palette.red(label) : palette.yellow(label)
    text += " " + diagnostic.message
    if let hint = diagnostic.hint { text += "\n  " + palette.faint(hint) }
    return text
  }

  /// Writes a failure.
  func show(_ failure: CommandFailure) {
    guard !failure.message.isEmpty else { return }
    if format == .json {
      output.notes.write(JSONWriter.text(failure.jsonValue) + "\n")
      return
    }
    // The mistakes in files are the message, each with its place.
    guard failure.diagnostics.isEmpty else { return show(failure.diagnostics) }
    var text = notesPalette.red("error:") + " " + failure.message + "\n"
    for hint in failure.hints {
      for line in hint.split(separator: "\n") { text += "  \(line)\n" }
    }
    output.notes.write(text)
  }

  // MARK: - The workspace

  /// The workspace, with or without systems.
  func anyWorkspace() throws(CommandFailure) -> Workspace {
    do throws(LoadError) {
      return try Workspace.load(directory: directory, registry: registry)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The workspace, which has at least an adapter file.
  func workspace() throws(CommandFailure) -> Workspace {
    let workspace = try anyWorkspace()
    guard !workspace.systems.isEmpty || !workspace.diagnostics.isEmpty else {
      throw CommandFailure(
        .configuration,
        "no workspace here: \(workspace.directory) has no adapter files (adapters/NAME.yaml)",
        hint:
          "trestle init makes an example here; trestle import FILE.wsdl makes one of a contract;\n"
          + "--dir DIR names another directory; or name a file instead of a system")
    }
    return workspace
  }

  /// The system that a word of the command line means, and the workspace it was looked up in.
  func system(
    _ argument: String
  ) async throws(CommandFailure) -> (system: LegacySystem, workspace: Workspace) {
    let workspace = try anyWorkspace()
    return (try await system(argument, in: workspace), workspace)
  }

  /// The system that a word of the command line means.
  func system(
    _ argument: String, in workspace: Workspace
  ) async throws(CommandFailure) -> LegacySystem {
    let found: LegacySystem
    do throws(BridgeError) {
      found = try await workspace.system(for: argument)
    } catch {
      // A plain name, and no workspace it could be of: that is what is missing.
      if error.system == argument, !argument.contains("/"), !argument.contains(".") {
        _ = try self.workspace()
      }
      var failure = CommandFailure(error)
      let errors = workspace.diagnostics.filter { $0.severity == .error }
      if !errors.isEmpty {
        // Its file may be there, but broken.
        show(errors)
        failure.code = .configuration
        failure.hints = ["its file may be one of those"]
      }
      throw failure
    }
    if isStrict, !found.diagnostics.isEmpty {
      throw .mistakes(found.diagnostics, else: "\(found.name) has warnings")
    }
    return found
  }

  /// The codec of a system, with what is wrong with it said.
  func codec(of system: LegacySystem) throws(CommandFailure) -> any Codec {
    do throws(LoadError) {
      return try system.codec()
    } catch {
      throw unusable(system, error)
    }
  }

  private func unusable(_ system: LegacySystem, _ error: LoadError) -> CommandFailure {
    let errors = system.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else { return .mistakes(errors, else: error.message) }
    return CommandFailure(
      .configuration, "\(system.name) cannot be used: \(error.message)", hint: error.hint)
  }

  /// An operation of a system.
  func operation(
    _ name: String, of system: LegacySystem
  ) throws(CommandFailure) -> Operation {
    _ = try codec(of: system)
    let contract = system.contract
    if let operation = system.operation(named: name) { return operation }
    if contract.isOpen {
      return Operation(name: name) { Operation.Schemas(input: .any, output: .any) }
    }
    if let broken = system.diagnostics.first(where: { $0.operations.contains(name) }) {
      throw .mistakes([broken], else: "\(system.name) cannot offer \(name)")
    }
    let names = contract.operations.map(\.name)
    let listed = names.prefix(6).joined(separator: ", ")
    throw CommandFailure.usage(
      "\(system.name) has no operation \"\(name)\"" + Suggestion.clause(for: name, among: names),
      hint: names.isEmpty
        ? "its contract has none"
        : "operations: \(listed)"
          + (names.count > 6
            ? " and \(names.count - 6) more: trestle describe \(system.name)" : ""))
  }
}
