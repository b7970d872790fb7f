internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleStore
internal import TrestleWorkflow

/// `trestle run`: one workflow, once.
struct RunCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a workflow: its services as mocks, its steps for real.",
    usage: "trestle run WORKFLOW [-i key=value …] [--events FILE] [options]",
    discussion: """
      Shows what it does as it does it, on standard error; the result is JSON. Each
      step is kept in .trestle/runs.sqlite before the next begins: a run that was
      stopped or killed goes on with --resume, and does nothing a second time.

      The exit code is 1 where the workflow failed.

      EXAMPLES
        trestle run workflows/ml_pipeline_workflow.yaml
        trestle run pipeline.yaml -i batch_size:=64 -i data_batch=batch_7
        trestle run monitoring.yaml --events events.json
        trestle run pipeline.yaml --ports auto --seed 1 --virtual-clock
        trestle run --list                 the latest runs
        trestle run --resume k3f9x2ab      goes on with one of them
        trestle run --compare k3f9x2ab     with the run of its workflow before it
        trestle run --compare k3f9x2ab p7w2c9de
      """)

  @Argument(help: "The workflow's file.", completion: .file(extensions: ["yaml", "yml", "json"]))
  var workflow: String?

  @Option(
    name: [.customShort("i"), .customLong("input")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A value of the context: key=text, or key:=JSON.", valueName: "key=value"))
  var inputs: [String] = []

  @Option(
    name: .customLong("events"),
    help: ArgumentHelp(
      "The events of an event-driven workflow, a JSON or YAML list of {type, data}; - for standard input's.",
      valueName: "file"),
    completion: .file())
  var events: String?

  @Flag(
    name: .customLong("follow"),
    help: "Have an event-driven run take events at its webhooks until Ctrl-C.")
  var follows = false

  @Option(
    name: .customLong("resume"), help: ArgumentHelp("Go on with a run.", valueName: "run"))
  var resume: String?

  @Flag(name: .customLong("list"), help: "List the latest runs.")
  var lists = false

  @Option(
    name: .customLong("compare"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Show what two runs did differently; of one alone, it and the run of its workflow before it.",
      valueName: "run"))
  var compared: [String] = []

  @Flag(name: .customLong("steps"), help: "Put every step into the result.")
  var showsSteps = false

  @Option(
    name: .customLong("ports"),
    help: ArgumentHelp("Take free ports, whatever the file says.", valueName: "auto"))
  var ports: PortChoice?

  @Flag(name: .customLong("live"), help: "Call systems where they are, not at mocks of them.")
  var isLive = false

  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp("Fixes everything random.", valueName: "number"))
  var seed: UInt64?

  @Flag(
    name: .customLong("virtual-clock"),
    help: "Give the run a time of its own: waiting costs none, and it begins at 2030-01-01.")
  var usesVirtualClock = false

  @Flag(name: .customLong("no-keep"), help: "Keep nothing of the run.")
  var keepsNothing = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if compared.count > 2 { throw ValidationError("--compare takes one run, or two") }
    guard workflow == nil else { return }
    if !lists, compared.isEmpty, resume == nil { throw ValidationError("name a workflow's file") }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let workspace = try session.anyWorkspace()
    if lists { return try list(session, workspace) }
    if !compared.isEmpty { return try compare(session, workspace) }
    var options = WorkflowOptions(registry: session.registry)
    options.usesFreePorts = ports == .auto
    options.isStrict = session.isStrict
    options.callsLiveSystems = isLive
    options.seed = seed
    options.usesVirtualClock = usesVirtualClock
    options.waitsForEvents = follows
    if !keepsNothing || resume != nil { options.store = try store(workspace) }
    var file = workflow ?? ""
    if let resume { file = try takeUp(resume, &options) ?? file }
    let definition = try session.workflow(
      file, in: workspace,
      inputs: inputs.compactMap {
        $0.split(separator: "=").first.map { String($0.prefix { $0 != ":" }) }
      } + options.inputs.names)
    if resume == nil {
      options.inputs = try InputReader(context: definition.context).record(inputs)
    } else if !inputs.isEmpty {
      throw .usage("a run that is resumed keeps its inputs", hint: "leave -i out")
    }
    if let events {
      options.events = try session.events(in: events)
    }
    if events != nil || follows, definition.form != .eventDriven {
      throw .usage(
        "\(definition.name) takes no events",
        hint: "--events and --follow are for workflows with handlers")
    }
    if definition.form != .orchestrated, resume == nil {
      let known = definition.knownInputs
      for name in options.inputs.names where !known.contains(name) {
        session.warn(
          "nothing in \(definition.name) asks for \(name)"
            + Suggestion.clause(for: name, among: known.sorted()))
      }
    }
    if !definition.diagnostics.isEmpty { session.show(definition.diagnostics) }
    if session.isStrict, !definition.diagnostics.isEmpty {
      throw .mistakes(definition.diagnostics, else: "\(definition.name) has warnings")
    }
    try await run(definition, options, session)
  }

  private func run(
    _ definition: WorkflowDefinition, _ given: WorkflowOptions, _ session: Session
  ) async throws(CommandFailure) {
    let progress = RunProgress(session: session)
    var options = given
    options.observe = { progress.show($0) }
    options.onListening = { progress.showMocks($0) }
    let run = WorkflowRun(definition, options: options)
    if options.store != nil { progress.begin(run.id, definition) }
    let outcome = await interruptible { () async -> Result<WorkflowResult, WorkflowError> in
      do throws(WorkflowError) {
        return .success(try await run.run())
      } catch {
        return .failure(error)
      }
    } onSignal: { isFirst in
      // Who waits for events is told to end; whoever asks again means at once.
      if follows, isFirst {
        run.finish()
        return false
      }
      return true
    }
    progress.end()
    let result: WorkflowResult
    do throws(WorkflowError) {
      result = try outcome.get()
    } catch {
      throw CommandFailure(error)
    }
    var value = result.jsonValue
    if showsSteps, case .object(var record) = value {
      record["steps"] = .array(result.steps.map(\.jsonValue))
      value = .object(record)
    }
    session.print(value)
    switch result.status {
    case .cancelled:
      session.note("go on with it: trestle run --resume \(run.id)")
      throw .silent(.interrupted)
    case .failed:
      throw CommandFailure(
        .fault, "\(definition.name) failed: \(result.error ?? "")",
        hint: options.store == nil
          ? nil : "its steps: trestle diagram \(definition.file) --run \(run.id)")
    case .completed, .running: return
    }
  }

  // MARK: Runs that are kept

  private func store(_ workspace: Workspace) throws(CommandFailure) -> RunStore {
    do throws(JournalError) {
      return try RunStore(path: workspace.directory + "/.trestle/runs.sqlite")
    } catch {
      throw CommandFailure(
        .configuration, error.description, hint: "--no-keep runs without keeping anything")
    }
  }

  private func takeUp(
    _ id: String, _ options: inout WorkflowOptions
  ) throws(CommandFailure) -> String? {
    guard let store = options.store else { return nil }
    let found = try find(id, in: store)
    guard found.status != .completed else {
      throw .usage("the run \(id) is completed: there is nothing to go on with")
    }
    options.resume(found)
    return found.file
  }

  private func find(_ id: String, in store: RunStore) throws(CommandFailure) -> RunSummary {
    let known: [String]
    do throws(JournalError) {
      if let found = try store.run(id) { return found }
      known = try store.runs(limit: 50).map(\.id)
    } catch {
      throw CommandFailure(.configuration, error.description)
    }
    throw .usage(
      "there is no run \(id)" + Suggestion.clause(for: id, among: known),
      hint: known.isEmpty ? "no run has been kept here" : "trestle run --list lists them")
  }

  private func compare(_ session: Session, _ workspace: Workspace) throws(CommandFailure) {
    let store = try store(workspace)
    let second = try find(compared[compared.count - 1], in: store)
    var first = compared.count > 1 ? try find(compared[0], in: store) : nil
    let comparison: RunComparison
    do throws(JournalError) {
      if first == nil { first = try store.run(before: second) }
      guard let first else {
        throw JournalError(
          path: second.id, reason: "\(second.workflow) has no run before it",
          hint: "name the run to compare it with too")
      }
      comparison = RunComparison(
        first, try store.steps(of: first.id), second, try store.steps(of: second.id))
    } catch {
      throw CommandFailure(.configuration, error.description, hint: error.hint)
    }
    session.print(
      RunComparisonText(comparison, session.palette).text, as: comparison.jsonValue)
  }

  private func list(_ session: Session, _ workspace: Workspace) throws(CommandFailure) {
    let runs: [RunSummary]
    do throws(JournalError) {
      runs = try store(workspace: workspace).runs()
    } catch {
      throw CommandFailure(.configuration, error.description)
    }
    let rows = runs.map { run -> Value in
      [
        "run": .string(run.id), "workflow": .string(run.workflow),
        "status": .string(run.status.rawValue),
        "began": .string(WallTime(milliseconds: run.began / 1000).iso8601),
        "file": .string(run.file),
      ]
    }
    if rows.isEmpty { session.note("no run has been kept here") }
    session.print(Table(.array(rows)).text(session.palette), as: .array(rows))
  }

  private func store(workspace: Workspace) throws(JournalError) -> RunStore {
    try RunStore(path: workspace.directory + "/.trestle/runs.sqlite")
  }
}

/// Reads `key=value` words, each value by the type that the context has it in.
struct InputReader {
  let context: Record

  func record(_ words: [String]) throws(CommandFailure) -> Record {
    var record = Record()
    for word in words {
      let assignment = try Assignment(word)
      guard assignment.isJSON else {
        record[assignment.name] = value(of: assignment)
        continue
      }
      do throws(JSONError) {
        record[assignment.name] = try JSONParser.parse(assignment.text)
      } catch {
        throw .usage("\(word): this is no JSON: \(error.reason)", hint: "key=text takes any text")
      }
    }
    return record
  }

  private func value(of assignment: Assignment) -> Value {
    let text = assignment.text
    switch context[assignment.name] {
    case .integer?, .number?, .double?, .bool?:
      return (try? JSONParser.parse(text)) ?? .string(text)
    default: return .string(text)
    }
  }
}
