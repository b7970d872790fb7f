internal import Synchronization
internal import Trestle
internal import TrestleCore
internal import TrestleGateway
internal import TrestleStore
internal import TrestleWorkflow

/// Event-driven workflows that run beside the gateway, until they are stopped.
final class ServedWorkflows: Sendable {
  private let runs: [WorkflowRun]
  private let tasks = Mutex<[Task<Void, Never>]>([])
  private let session: Session

  /// Reads the files of workflows.
  ///
  /// - Throws: `CommandFailure` for a file with mistakes, and one that handles no events.
  init(
    _ files: [String], in workspace: Workspace, usesFreePorts: Bool, _ session: Session
  ) throws(CommandFailure) {
    self.session = session
    var runs: [WorkflowRun] = []
    for file in files {
      let definition = try session.workflow(file, in: workspace)
      guard definition.form == .eventDriven else {
        throw .usage(
          "\(definition.name) handles no events, so nothing would start it here",
          hint: "run it with trestle run \(file)")
      }
      session.show(definition.diagnostics)
      var options = WorkflowOptions(
        isStrict: session.isStrict, usesFreePorts: usesFreePorts, events: [],
        waitsForEvents: true, registry: session.registry)
      let progress = RunProgress(session: session)
      options.observe = { progress.show($0) }
      options.onListening = { progress.showMocks($0) }
      do throws(JournalError) {
        options.store = try RunStore(path: workspace.directory + "/.trestle/runs.sqlite")
      } catch {
        throw CommandFailure(.configuration, error.description, hint: error.hint)
      }
      runs.append(WorkflowRun(definition, options: options))
    }
    self.runs = runs
  }

  /// What takes events for them.
  var inlets: [EventInlet] {
    runs.map { run in
      EventInlet(name: run.definition.name, types: run.definition.eventTypes) { type, data in
        run.post(["type": .string(type), "data": data], from: "gateway")
      }
    }
  }

  /// Starts them; when this returns, they take events.
  ///
  /// - Throws: `CommandFailure` for one that cannot begin: a port that is taken.
  func start() async throws(CommandFailure) {
    for run in runs {
      let (beginnings, beginning) = AsyncStream<WorkflowError?>.makeStream()
      let session = session
      let task = Task {
        do throws(WorkflowError) {
          let result = try await run.run { beginning.yield(nil) }
          beginning.finish()
          if let error = result.error { session.warn("\(run.definition.name): \(error)") }
        } catch {
          beginning.yield(error)
          beginning.finish()
        }
      }
      tasks.withLock { $0.append(task) }
      for await failure in beginnings {
        if let failure { throw CommandFailure(failure) }
        break
      }
    }
  }

  /// Has them process what waits, and end.
  func stop() async {
    for run in runs { run.finish() }
    for task in tasks.withLock({ $0 }) { await task.value }
  }
}
