internal import TrestleCore
internal import TrestleStore
internal import TrestleWorkflow

extension CommandFailure {
  /// What a workflow, its file or a mock behind it could not do.
  init(_ error: WorkflowError) {
    guard error.diagnostics.isEmpty else {
      self = .mistakes(error.diagnostics, else: error.message)
      return
    }
    let code: Code =
      switch error.kind {
      case .notFound, .unsupported, .conflict: .usage
      case .invalid: .configuration
      case .unreachable: .connection
      case .limit, .failed: .fault
      case .cancelled: .interrupted
      }
    self.init(code, error.message, hint: error.hint, facts: ["kind": .string(error.kind.rawValue)])
  }

  /// A file of runs or of calls that cannot be used.
  init(_ error: JournalError) { self.init(.configuration, error.reason, hint: error.hint) }
}
