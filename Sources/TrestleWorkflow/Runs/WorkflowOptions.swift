public import TrestleCore
public import TrestleStore

/// What differs from what a workflow's file says.
public struct WorkflowOptions: Sendable {
  /// What is put into the context before a run begins.
  public var inputs: Record
  /// Whether what is odd is an error: a name that nothing is known of, a path that a specification lacks.
  public var isStrict: Bool
  /// Whether mocks take any free ports.
  public var usesFreePorts: Bool
  /// Whether systems are called where they are, rather than at mocks of them.
  public var callsLiveSystems: Bool
  /// Fixes everything random; nil for what the file says.
  public var seed: UInt64?
  /// Whether the run has a time of its own: pauses and late answers cost none, and it begins at 2030-01-01.
  public var usesVirtualClock: Bool
  /// The events of an event-driven run, in place of the file's: `{type, data, after}` each.
  public var events: [Value]?
  /// Whether an event-driven run goes on when its events are consumed, until it is stopped.
  public var waitsForEvents: Bool
  /// Told what happens.
  public var observe: (@Sendable (RunEvent) -> Void)?
  /// What keeps the run; nothing where left out.
  public var store: RunStore?
  /// The protocols that systems may speak.
  public var registry: ProtocolRegistry

  /// Told where the mocks are, as soon as they listen.
  package var onListening: (@Sendable ([MockLoopClient.Mock]) -> Void)?
  package var keepsCalls = 10_000
  /// Called before the first step, when the mocks listen.
  var prepare: (@Sendable (WorkflowStage) async throws(WorkflowError) -> Void)?
  /// Called behind the last step, while the mocks still listen.
  var inspect: (@Sendable (WorkflowStage) async -> Void)?
  /// Mocks that the run shares with others, which are told apart by their scopes; nil for its own.
  var shared: SharedMocks?
  /// The run to go on with.
  package var resumed: RunSummary?

  /// Options that leave everything as the file says.
  public init(
    inputs: Record = [:], isStrict: Bool = false, usesFreePorts: Bool = false,
    callsLiveSystems: Bool = false, seed: UInt64? = nil, usesVirtualClock: Bool = false,
    events: [Value]? = nil, waitsForEvents: Bool = false,
    observe: (@Sendable (RunEvent) -> Void)? = nil, store: RunStore? = nil,
    registry: ProtocolRegistry = .standard
  ) {
    self.inputs = inputs
    self.isStrict = isStrict
    self.usesFreePorts = usesFreePorts
    self.callsLiveSystems = callsLiveSystems
    self.seed = seed
    self.usesVirtualClock = usesVirtualClock
    self.events = events
    self.waitsForEvents = waitsForEvents
    self.observe = observe
    self.store = store
    self.registry = registry
  }
}
