internal import Synchronization
internal import TrestleCore
internal import TrestleNet

/// The connections of one bridge: a transport for each system and endpoint, made on first use.
final class TransportPool: Sendable {
  private struct State: Sendable {
    var connections: HTTPConnections?
    var transports: [String: any Transport] = [:]
    var sessions: [String: SessionKeeper] = [:]
    var guardians: [GuardianKey: SystemGuard] = [:]
    /// What runs on when the call that started it is over.
    var running: [Int: Task<Void, Never>] = [:]
    var started = 0
  }

  /// Whose calls a guardian counts: those of one system, live or not.
  private struct GuardianKey: Hashable {
    var system: String
    var file: String
    var isLive: Bool
  }

  private let state = Mutex(State())
  /// The workspace's directory.
  let directory: String

  init(directory: String) { self.directory = directory }

  /// The transport kept under a key, or a new one.
  func transport(
    _ key: String, make: (TransportPool) throws(TransportError) -> any Transport
  ) throws(TransportError) -> any Transport {
    if let known = state.withLock({ $0.transports[key] }) { return known }
    let made = try make(self)
    return state.withLock { state in
      if let known = state.transports[key] { return known }
      state.transports[key] = made
      return made
    }
  }

  /// The session kept under a key, or a new one in which nobody has logged in.
  func session(_ key: String) -> SessionKeeper {
    state.withLock { state in
      if let known = state.sessions[key] { return known }
      let keeper = SessionKeeper()
      state.sessions[key] = keeper
      return keeper
    }
  }

  /// What stands before a system.
  func guardian(of system: LegacySystem, _ options: Bridge.Options) -> SystemGuard {
    let isLive =
      !options.usesMocks && options.endpoints[system.name] == nil && system.endpoint != nil
    let key = GuardianKey(system: system.name, file: system.file, isLive: isLive)
    return state.withLock { state in
      let settings = system.definition.resilience
      if let known = state.guardians[key], known.settings == settings { return known }
      let made = SystemGuard(
        settings, of: system.name, isLive: isLive, clock: options.clock ?? ContinuousClock())
      state.guardians[key] = made
      return made
    }
  }

  /// The HTTP connections that all transports share.
  var connections: HTTPConnections {
    state.withLock { state in
      if let connections = state.connections { return connections }
      let connections = HTTPConnections()
      state.connections = connections
      return connections
    }
  }

  /// Runs something that outlives the call that starts it, but not this pool's shutting down, which
  /// waits for it.
  func runToEnd(_ body: @escaping @Sendable () async -> Void) {
    state.withLock { state in
      let number = state.started
      state.started += 1
      state.running[number] = Task {
        await body()
        self.state.withLock { $0.running[number] = nil }
      }
    }
  }

  func shutdown() async {
    for task in state.withLock({ Array($0.running.values) }) { await task.value }
    // Goodbyes go over the connections that are closed next.
    for keeper in state.withLock({ Array($0.sessions.values) }) { await keeper.close() }
    let state = state.withLock { current in
      defer { current = State() }
      return current
    }
    await Self.close(state)
  }

  deinit {
    // Nobody is left who could wait for it: a bridge may simply be dropped.
    let state = state.withLock { $0 }
    guard state.connections != nil || !state.transports.isEmpty else { return }
    Task { await Self.close(state) }
  }

  private static func close(_ state: State) async {
    for transport in state.transports.values { await transport.shutdown() }
    await state.connections?.shutdown()
  }
}
