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
      Runs the tests of *.test.yaml files: those that are named, those of folders, or all below
      this one. Each test has mocks of its own on free ports. A workflow has a time of its own:
      waiting costs none. A program (command:) finds the mocks in its environment, as
      TRESTLE_NAME_URL, and is judged by what it called.

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

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if parallelism < 1 { throw ValidationError("--parallel takes a number from 1 upwards") }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let workspace = try session.anyWorkspace()
    let files = try TestFiles.find(paths.isEmpty ? [session.directory] : paths)
    let definitions = try load(files, workspace, session)
    if lists {
      for definition in definitions {
        for name in definition.testNames {
          session.print("\(definition.name): \(name)\n", as: .string(name))
        }
      }
      return
    }
    let outcomes = await run(definitions, session)
    guard outcomes.contains(where: { $0.status == .failed }) else { return }
    throw .silent(.fault)
  }

  private func load(
    _ files: [String], _ workspace: Workspace, _ session: Session
  ) throws(CommandFailure) -> [TestDefinition] {
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

  private func run(
    _ definitions: [TestDefinition], _ session: Session
  ) async -> [TestOutcome] {
    let count = definitions.reduce(0) { $0 + $1.count }
    if count > 1 { session.note(session.notesPalette.faint("\(count) tests")) }
    var options = TestRunner.Options(
      filter: filter, parallelism: parallelism, updates: updates, registry: session.registry)
    options.observe = { outcome in
      session.output.data.write("\(outcome.status) \(outcome.name) \(outcome.duration)\n")
      for failure in outcome.failures {
        session.output.data.write(
          "   \(outcome.file):\(failure.line ?? 0):\(failure.column ?? 0) \(failure.message) expected \(failure.expected ?? "") found \(failure.found ?? "")\n"
        )
      }
      if let output = outcome.output { session.output.data.write("   | \(output)\n") }
    }
    let runner = TestRunner(definitions, options: options)
    return await interruptible { await runner.run() }
  }
}
