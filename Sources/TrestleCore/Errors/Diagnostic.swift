/// What loading a contract or a workspace file found: errors, and what is merely odd.
///
/// Loading collects diagnostics rather than stopping at the first.
public struct Diagnostic: Sendable, Hashable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// Something the contract or file asks for does not work.
    case error
    /// Everything works, but something is probably not as meant.
    case warning
  }

  /// How bad it is.
  public var severity: Severity
  /// The file as the reader knows it (relative to the workspace where possible); empty when there is none.
  public var file: String
  /// Line and column, from 1; nil when unknown.
  public var line: Int?
  /// The column, from 1, where `line` is known.
  public var column: Int?
  /// What is wrong, naming the construct, as a clause.
  public var message: String
  /// How to mend it, as a sentence; nil when nothing sensible can be said.
  public var hint: String?
  /// The operations that do not work because of it; empty when it concerns none or all.
  public var operations: [String]

  /// Makes a diagnostic with as much as is known of its place.
  public init(
    _ severity: Severity, _ message: String, file: String = "", line: Int? = nil,
    column: Int? = nil, hint: String? = nil, operations: [String] = []
  ) {
    self.severity = severity
    self.message = message
    self.file = file
    self.line = line
    self.column = column
    self.hint = hint
    self.operations = operations
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: error: what is wrong (how to mend it)`.
  public var description: String {
    var text = file
    if let line { text += ":\(line)" }
    if let column { text += ":\(column)" }
    if !text.isEmpty { text += ": " }
    text += "\(severity.rawValue): \(message)"
    if let hint { text += " (\(hint))" }
    return text
  }
}
