public import TrestleCore

/// Why a workflow, a step of it or a mock behind it could not do what was asked.
public struct WorkflowError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// No such service, system, state, scenario or run.
    case notFound
    /// An action, a method or a protocol that there is none of.
    case unsupported
    /// A definition with mistakes, all of them under `diagnostics`.
    case invalid
    /// A service or a system that gave no answer.
    case unreachable
    /// More steps than the workflow may take.
    case limit
    /// A step that failed and that nothing follows up.
    case failed
    /// Somebody stopped it.
    case cancelled
    /// It cannot be done now: it runs already, or it has ended.
    case conflict
  }

  /// What kind of failure it is.
  public var kind: Kind
  /// What happened, as a clause.
  public var message: String
  /// What to do about it, as a sentence.
  public var hint: String?
  /// What is wrong with the file, with its places.
  public var diagnostics: [Diagnostic]

  /// Says what happened.
  public init(
    _ kind: Kind, _ message: String, hint: String? = nil, diagnostics: [Diagnostic] = []
  ) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.diagnostics = diagnostics
  }

  /// What happened and what to do.
  public var description: String {
    var text = message
    for diagnostic in diagnostics { text += "\n  \(diagnostic)" }
    if let hint { text += "\n  \(hint)" }
    return text
  }
}

// The words that the first description of these workflows has for them.
extension WorkflowError {
  static func unknownService(_ name: String, among known: [String]) -> WorkflowError {
    .missing("Service \(name) not registered", name, among: known, plural: "services")
  }

  static func unknownState(_ name: String, among known: [String]) -> WorkflowError {
    .missing("Unknown state: \(name)", name, among: known, plural: "states")
  }

  static func unknownScenario(_ name: String, among known: [String]) -> WorkflowError {
    .missing("Scenario \(name) not found", name, among: known, plural: "scenarios")
  }

  static func unknownAction(_ type: String) -> WorkflowError {
    var error = missing(
      "Unknown action type: \(type)", type, among: StepDefinition.types, plural: "types")
    error.kind = .unsupported
    return error
  }

  static func unsupportedMethod(_ method: String) -> WorkflowError {
    WorkflowError(
      .unsupported, "Unsupported method: \(method)",
      hint: "methods: \(ServiceCall.methods.joined(separator: ", "))")
  }

  private static func missing(
    _ message: String, _ name: String, among known: [String], plural: String
  ) -> WorkflowError {
    WorkflowError(
      .notFound, message + Suggestion.clause(for: name, among: known),
      hint: known.isEmpty ? "there are no \(plural)" : "\(plural): \(known.joined(separator: ", "))"
    )
  }
}
