internal import TrestleCore
internal import TrestleNet

/// Starts the mocks of legacy systems on sockets.
public struct MockRunner: Sendable {
  /// How mocks are started.
  public struct Options: Sendable {
    /// The address to listen on, in place of the systems' own (127.0.0.1 where they say nothing).
    public var host: String?
    /// The port to listen on, in place of the system's own; for one system.
    public var port: Int?
    /// Whether every mock takes any free port.
    public var usesFreePorts: Bool
    /// Whether `.trestle/run.json` in the workspace tells where the mocks are while they run.
    public var writesRunFile: Bool
    /// Told of every call; must return quickly.
    public var observe: (@Sendable (MockEvent) -> Void)?

    /// Options that leave everything as the adapter files say.
    public init(
      host: String? = nil, port: Int? = nil, usesFreePorts: Bool = false,
      writesRunFile: Bool = false, observe: (@Sendable (MockEvent) -> Void)? = nil
    ) {
      self.host = host
      self.port = port
      self.usesFreePorts = usesFreePorts
      self.writesRunFile = writesRunFile
      self.observe = observe
    }
  }

  /// The systems to mock.
  public let systems: [LegacySystem]
  /// How to start them.
  public let options: Options
  let directory: String?

  /// Mocks the systems of a workspace: all, or the named ones.
  ///
  /// - Throws: `BridgeError` at stage `lookup` for a name the workspace does not have.
  public init(
    _ workspace: Workspace, systems names: [String] = [], options: Options = Options()
  ) throws(BridgeError) {
    var systems: [LegacySystem] = []
    for name in names { systems.append(try workspace.system(named: name)) }
    self.init(
      names.isEmpty ? workspace.systems : systems, directory: workspace.directory, options: options)
  }

  /// Mocks systems that need not be of one workspace. The run file goes into `directory`.
  public init(_ systems: [LegacySystem], directory: String? = nil, options: Options = Options()) {
    self.systems = systems
    self.directory = directory
    self.options = options
  }

  /// Starts every mock, or none.
  ///
  /// - Throws: `MockError` that names the system, and the port where one is to blame.
  public func start() async throws(MockError) -> RunningMocks {
    throw MockError(system: "", reason: "not yet")
  }
}

/// A call that a mock answered or refused, for its log.
public struct MockEvent: Sendable {
  /// The system that was called.
  public var system: String
  /// The call; nil when the request could not be read as one.
  public var call: Call?
  /// The reply; nil when there was none.
  public var reply: Reply?
  /// What was wrong with the request or with the answer.
  public var error: CodecError?
  /// What made the answer: `stub 'paid invoice'`, `response`, `sample`; nil when nothing did.
  public var origin: String?
  /// How long reading, answering and writing took.
  public var duration: Duration
}

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
