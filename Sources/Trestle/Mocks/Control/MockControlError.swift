package import TrestleCore

/// Why a running mock cannot be asked or changed as wanted. Nothing was changed.
public struct MockControlError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of mistake it is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// What was asked cannot be read: a check that is none, a scope that is none.
    case unreadable
    /// No such system, stub, operation, scenario, store key or call.
    case notFound
    /// The mock's state, or the journal, does not allow it now.
    case conflict
    /// What was to be set has mistakes, all of them under `problems`.
    case invalid
  }

  /// What kind of mistake it is.
  public var kind: Kind
  /// The system; empty where none is to blame.
  public var system: String
  /// What happened, as a clause.
  public var message: String
  /// What to do about it, as a sentence.
  public var hint: String?
  /// The names that there are, where one was not found.
  public var known: [String]
  /// Everything that is wrong with what was to be set, errors before warnings.
  public var problems: [MockProblem]

  /// Says what happened.
  public init(
    _ kind: Kind, system: String = "", _ message: String, hint: String? = nil, known: [String] = [],
    problems: [MockProblem] = []
  ) {
    self.kind = kind
    self.system = system
    self.message = message
    self.hint = hint
    self.known = known
    self.problems = problems
  }

  /// Whose mock, what happened and what to do.
  public var description: String {
    var text = system.isEmpty ? message : "\(system): \(message)"
    for problem in problems { text += "\n  \(problem)" }
    if let hint { text += "\n  \(hint)" }
    return text
  }
}

/// One thing that is wrong, or merely odd, in what was to be set.
public struct MockProblem: Sendable, Hashable, CustomStringConvertible {
  /// Whether it works all the same.
  public var severity: Diagnostic.Severity
  /// Where it stands: `[2].when.amount`; empty for the whole.
  public var path: String
  /// The same place as a JSON Pointer (RFC 6901): `/2/when/amount`.
  public var pointer: String
  /// What is wrong, as a clause, with the nearest right word where one is near.
  public var message: String
  /// How to mend it, as a sentence.
  public var hint: String?

  package init(_ problem: ValueProblem, below root: ValuePath = ValuePath()) {
    let steps = problem.path.steps
    let path =
      steps.starts(with: root.steps)
      ? ValuePath(Array(steps.dropFirst(root.steps.count))) : problem.path
    severity = problem.severity
    self.path = path.description
    pointer = path.pointer
    message = problem.message
    hint = problem.hint
  }

  /// `[2].when.amount: error: what is wrong (how to mend it)`.
  public var description: String { withoutHint + (hint.map { " (\($0))" } ?? "") }

  /// Where, and what is wrong.
  var withoutHint: String {
    // Most messages about a value begin with its place.
    path.isEmpty || message.hasPrefix(path) ? message : "\(path): \(message)"
  }
}

extension ValuePath {
  /// The path as a JSON Pointer.
  package var pointer: String {
    steps.map { step in
      switch step {
      case .item(let position): "/\(position)"
      case .member(let name):
        "/"
          + String(name.flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) })
      }
    }.joined()
  }
}
