internal import ArgumentParser
internal import Synchronization
internal import Trestle
internal import TrestleCore
internal import TrestleWorkflow

/// `trestle test`: tests of workflows and programs.
struct TestCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Test workflows, and programs in any language, against mocks.",
    usage: "trestle test [PATH…] [--filter TEXT] [--update] [--watch] [options]",
    discussion: """
      Runs the tests of *.test.yaml files: those that are named, those of folders,
      or all below this one. Each test has mocks of its own on free ports. A
      workflow has a time of its own: waiting costs none. A program (command:)
      finds the mocks in its environment, as TRESTLE_NAME_URL, and is judged by
      what it called.

      The exit code is 1 where a test failed.

      EXAMPLES
        trestle test                         all tests below this folder
        trestle test workflows               those of a folder
        trestle test orders.test.yaml --filter outage
        trestle test --update                writes what was observed into the files
        trestle test --watch                 again whenever a file changes
      """)

  @Argument(help: "Test files or folders; this folder when left out.", completion: .file())
  var paths: [String] = []

  @Option(
    name: .customLong("filter"),
    help: ArgumentHelp("Only tests whose name or file has this text.", valueName: "text"))
  var filter: String?

  @Option(
    name: .customLong("parallel"),
    help: ArgumentHelp("How many tests run at a time.", valueName: "n"))
  var parallelism = 4

  @Flag(
    name: .customLong("update"),
    help: "Write what was observed in place of expectations that fail.")
  var updates = false

  @Flag(name: .customLong("watch"), help: "Run again whenever a file changes, until Ctrl-C.")
  var watches = false

  @Flag(name: .customLong("list"), help: "List the tests, run none.")
  var lists = false

  @Option(
    name: .customLong("report"),
    help: ArgumentHelp(
      "Write reports: junit=FILE for CI systems, html=FILE for people, separated by commas.",
      valueName: "kind=file"))
  var reports: [ReportFile] = []

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if parallelism < 1 { throw ValidationError("--parallel takes a number from 1 upwards") }
    if watches, lists || updates {
      throw ValidationError("--watch excludes --list and --update")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let files = try TestFiles.find(paths.isEmpty ? [session.directory] : paths)
    guard watches else {
      let outcomes = try await run(try load(files, session), session)
      if outcomes.contains(where: \.wasInterrupted) { throw .silent(.interrupted) }
      guard outcomes.contains(where: { $0.status == .failed }) else { return }
      throw .silent(.fault)
    }
    try await watch(session)
  }

  private func load(
    _ files: [String], _ session: Session
  ) throws(CommandFailure) -> [TestDefinition] {
    let workspace = try session.anyWorkspace()
    var definitions: [TestDefinition] = []
    var mistakes: [Diagnostic] = []
    for file in files {
      do throws(WorkflowError) {
        let definition = try TestDefinition.load(
          file, workspace: workspace, registry: session.registry)
        session.show(definition.diagnostics)
        definitions.append(definition)
      } catch {
        guard !error.diagnostics.isEmpty else { throw CommandFailure(error) }
        mistakes += error.diagnostics
      }
    }
    // What cannot be read is told before anything starts.
    guard mistakes.isEmpty else { throw .mistakes(mistakes, else: "a test file has mistakes") }
    return definitions
  }

  // MARK: Running

  private func run(
    _ definitions: [TestDefinition], _ session: Session
  ) async throws(CommandFailure) -> [TestOutcome] {
    if lists {
      for definition in definitions {
        for name in definition.testNames {
          session.print(
            "\(definition.name): \(name)\n",
            as: ["file": .string(definition.name), "test": .string(name)])
        }
      }
      return []
    }
    let writer = TestText { session.palette.paint($0, as: $1) }
    let isText = session.format == nil || session.format == .table
    var options = TestRunner.Options(
      filter: filter, parallelism: parallelism, updates: updates, registry: session.registry)
    options.onUpdate = { file, count in
      session.note("\(file): \(count) expectation\(count == 1 ? "" : "s") written anew")
    }
    let began = WallTime.now.milliseconds * 1000
    options.observe = { outcome in
      guard isText, !session.isQuiet || outcome.status == .failed else { return }
      session.output.data.write(writer.text(outcome))
    }
    let runner = TestRunner(definitions, options: options)
    // Who watches has taken the signals already.
    let outcomes = watches ? await runner.run() : await interruptible { await runner.run() }
    let texts = definitions.map { ($0.name, $0.text) }
    let report = TestReport(
      began: began, outcomes: outcomes,
      texts: Dictionary(texts, uniquingKeysWith: { first, _ in first }))
    for file in reports { try file.write(report) }
    if isText {
      session.output.data.write(writer.totals(report) + "\n")
    } else {
      session.print(report.jsonValue)
    }
    if outcomes.isEmpty, let filter { session.warn("no test has \"\(filter)\" in its name") }
    return outcomes
  }

  // MARK: Watching

  /// Runs the tests whenever a file beside them changes, until the process is stopped.
  private func watch(_ session: Session) async throws(CommandFailure) {
    let paths = paths.isEmpty ? [session.directory] : paths
    let signals = StopSignals()
    let watching = Task {
      var known: [String: FileStamp]?
      while !Task.isCancelled {
        let now = TestFiles.stamps(of: paths)
        if now != known {
          known = now
          do throws(CommandFailure) {
            _ = try await run(try load(try TestFiles.find(paths), session), session)
          } catch {
            session.show(error)
          }
          session.note(session.notesPalette.faint("waiting for changes; Ctrl-C ends"))
        }
        try? await Task.sleep(for: .milliseconds(300))
      }
    }
    let signal = await signals.first()
    watching.cancel()
    await watching.value
    if signal == .interrupt { throw .silent(.interrupted) }
  }
}

/// One value of `--report`: a kind of report and its file.
struct ReportFile: ExpressibleByArgument, Sendable {
  enum Kind: String, CaseIterable, Sendable { case junit, html }

  var files: [(kind: Kind, path: String)]

  init?(argument: String) {
    files = []
    for part in argument.split(separator: ",") {
      let words = part.split(separator: "=", maxSplits: 1)
      guard words.count == 2, let kind = Kind(rawValue: String(words[0])) else { return nil }
      files.append((kind, String(words[1])))
    }
    if files.isEmpty { return nil }
  }

  func write(_ report: TestReport) throws(CommandFailure) {
    for (kind, path) in files {
      let text = kind == .junit ? report.junit : report.html
      do throws(LoadError) {
        try FilePaths.write(Array(text.utf8), to: FilePaths.absolute(path))
      } catch {
        throw CommandFailure(error)
      }
    }
  }
}

extension Palette {
  /// A part of a report, in its colour.
  func paint(_ text: String, as style: TestText.Style) -> String {
    switch style {
    case .passed, .expected: green(text)
    case .failed, .found: red(text)
    case .skipped: yellow(text)
    case .faint: faint(text)
    case .strong: bold(text)
    }
  }
}
