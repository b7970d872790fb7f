/// Where the lines of the audit go.
public enum AuditDestination: Sendable, Hashable {
  /// The standard error of the process.
  case standardError
  /// At the end of a file, which is made where there is none, for its owner alone.
  case file(String)

  /// As it is told of.
  var text: String {
    switch self {
    case .standardError: "standard error"
    case .file(let path): path
    }
  }
}
