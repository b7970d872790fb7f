/// Why a mock could not be started.
public struct MockError: Error, Sendable, CustomStringConvertible {
  /// The system whose mock it is.
  public var system: String
  /// The port it wanted; nil when none is to blame.
  public var port: Int?
  /// What happened, as a clause.
  public var reason: String
  /// What to do about it, as a sentence.
  public var hint: String?
  /// Whether the workspace, not the network, is to blame: exit code 3 rather than 4.
  public var isConfiguration: Bool

  /// Says whose mock could not be started and why.
  public init(
    system: String, port: Int? = nil, reason: String, hint: String? = nil,
    isConfiguration: Bool = false
  ) {
    self.system = system
    self.port = port
    self.reason = reason
    self.hint = hint
    self.isConfiguration = isConfiguration
  }

  /// Whose mock, what happened and what to do.
  public var description: String {
    let text = system.isEmpty ? reason : "\(system): \(reason)"
    return hint.map { text + "\n  " + $0 } ?? text
  }
}
