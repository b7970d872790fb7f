internal import Trestle
internal import TrestleCore
internal import TrestleWorkflow

extension Session {
  /// The workflow of a file, with the systems of a workspace.
  func workflow(
    _ file: String, in workspace: Workspace, inputs: [String] = []
  ) throws(CommandFailure) -> WorkflowDefinition {
    var path = file
    // Without a folder, a name means one under workflows/ too.
    let candidates = [
      file, FilePaths.absolute(file, base: workspace.directory),
      "\(workspace.directory)/workflows/\(file)", "\(workspace.directory)/workflows/\(file).yaml",
    ]
    if let found = candidates.first(where: { FilePaths.isFile(FilePaths.absolute($0)) }) {
      path = found
    }
    do throws(WorkflowError) {
      return try WorkflowDefinition.load(
        path, workspace: workspace, registry: registry, inputs: inputs, isStrict: isStrict)
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension CommandFailure {
  /// What kept a workflow from being run.
  init(_ error: WorkflowError) {
    guard error.diagnostics.isEmpty else {
      self = .mistakes(error.diagnostics, else: error.message)
      return
    }
    let code: Code =
      switch error.kind {
      case .notFound: .usage
      case .unsupported, .invalid: .configuration
      case .unreachable, .conflict: .connection
      case .limit, .failed: .fault
      case .cancelled: .interrupted
      }
    self.init(
      code, error.message, hint: error.hint, facts: ["kind": .string(error.kind.rawValue)])
  }
}

/// What a body gives, or what it gives after it was cancelled by a signal that means to.
///
/// `onSignal` is told of each signal, whether it is the first, and says whether the body is to be cancelled.
func interruptible<Result: Sendable>(
  _ body: @escaping @Sendable () async -> Result,
  onSignal: @escaping @Sendable (_ isFirst: Bool) -> Bool = { _ in true }
) async -> Result {
  let signals = StopSignals()
  let task = Task { await body() }
  let watcher = Task {
    var isFirst = true
    for await _ in signals.all {
      if onSignal(isFirst) { task.cancel() }
      isFirst = false
    }
  }
  let result = await task.value
  watcher.cancel()
  return result
}
