internal import Synchronization
package import Trestle

/// A workspace for MCP in a process of its own. Nothing is read, started or connected before something needs it:
/// editors start such a process each time they are opened, and wait for its first answer.
package final class WorkspaceHost: MCPHost {
  /// Mocks of the workspace that run in another process.
  package struct RunningElsewhere: Sendable {
    package var endpoints: [String: String]
    package var admin: (url: String, token: String?)?

    package init(endpoints: [String: String], admin: (url: String, token: String?)?) {
      self.endpoints = endpoints
      self.admin = admin
    }
  }

  /// Where calls go.
  package enum Mode: Sendable {
    case mocks, live
  }

  /// What it speaks for.
  package struct Options: Sendable {
    package var directory: String
    package var registry = ProtocolRegistry.standard
    /// Where calls go, whatever the systems' files say; nil leaves it to them, and to mocks where they say nothing.
    package var mode: Mode?
    package var version = "0.1.0"
    /// How long calls may take.
    package var time = CallTime.standard
    /// What runs elsewhere when it is first asked for.
    package var elsewhere: @Sendable () -> RunningElsewhere? = { nil }
    /// Told what is wrong with the workspace, and what is done about it.
    package var report: @Sendable ([Diagnostic]) -> Void = { _ in }
    package var note: @Sendable (String) -> Void = { _ in }

    package init(directory: String) { self.directory = directory }
  }

  /// Where the mocks are.
  private enum Place: Sendable {
    case here(RunningMocks)
    case elsewhere(RunningElsewhere)

    var endpoints: [String: String] {
      switch self {
      case .here(let mocks): mocks.endpoints
      case .elsewhere(let running): running.endpoints
      }
    }
  }

  private struct State {
    var snapshot: WorkspaceSnapshot?
    var live: SharedBridge?
    var mock: SharedBridge?
    /// The mocks while they start and run. Owned here: `shutdown` awaits and stops them.
    var place: Task<Result<Place, MockError>, Never>?
  }

  private let options: Options
  private let state = Mutex(State())
  private let isSteeredElsewhere: Bool

  package init(_ options: Options) {
    self.options = options
    // Decided once: a live server has the tools for mocks only where mocks run when it starts.
    isSteeredElsewhere = options.mode == .live && options.elsewhere()?.admin != nil
  }

  // MARK: The workspace

  package func snapshot() -> WorkspaceSnapshot {
    state.withLock { state in
      if let snapshot = state.snapshot { return snapshot }
      let snapshot = WorkspaceSnapshot(revision: 1, workspace: read())
      state.snapshot = snapshot
      return snapshot
    }
  }

  private func read() -> Workspace {
    let workspace: Workspace
    do throws(LoadError) {
      workspace = try Workspace.load(directory: options.directory, registry: options.registry)
    } catch {
      options.report([Diagnostic(.error, error.message, hint: error.hint)])
      return .empty(in: options.directory, registry: options.registry)
    }
    options.report(workspace.diagnostics)
    return workspace
  }

  /// The systems as they were last read; none before that.
  package var systems: [LegacySystem] {
    state.withLock { $0.snapshot?.workspace.systems ?? [] }
  }

  /// Reads the workspace again. Calls under way end as they began.
  package func reload() async {
    // What nobody has asked for yet is read when somebody does.
    guard state.withLock({ $0.snapshot != nil }) else { return }
    let earlier = snapshot().workspace
    let renewed = earlier.systems.filter(\.hasOldContract).map(\.name)
    let (workspace, refused) = read().keepingContracts(of: earlier)
    for system in refused {
      options.report(system.diagnostics)
      options.note("\(system.name) keeps the contract of before")
    }
    let (bridges, place) = state.withLock { state in
      state.snapshot = WorkspaceSnapshot(
        revision: (state.snapshot?.revision ?? 0) + 1, workspace: workspace)
      defer { (state.live, state.mock) = (nil, nil) }
      return ([state.live, state.mock], state.place)
    }
    for bridge in bridges { await bridge?.retire() }
    let refusedNames = refused.map(\.name)
    let hasNewContract = renewed.contains { !refusedNames.contains($0) }
    guard case .success(let found)? = await place?.value else { return }
    guard case .here(let mocks) = found else {
      if hasNewContract {
        options.note("the mocks that run in this workspace keep to the contracts they began with")
      }
      return
    }
    let reload = await mocks.reloadAnswers(from: workspace)
    options.report(reload.diagnostics.filter { !workspace.diagnostics.contains($0) })
    let running = Set(mocks.mocks.map(\.system.name))
    let isWhole = workspace.systems.allSatisfy { !$0.isUsable || running.contains($0.name) }
    guard reload.unchanged.isEmpty, isWhole, !hasNewContract else {
      options.note("more than answers has changed: the mocks begin anew")
      let bridge = state.withLock { state in
        defer { (state.place, state.mock) = (nil, nil) }
        return state.mock
      }
      await bridge?.retire()
      return await mocks.stop()
    }
  }

  /// Closes connections and stops mocks.
  package func shutdown() async {
    let (bridges, place) = state.withLock { state in
      defer { (state.live, state.mock, state.place) = (nil, nil, nil) }
      return ([state.live, state.mock], state.place)
    }
    for bridge in bridges { await bridge?.retire() }
    if case .success(.here(let mocks))? = await place?.value { await mocks.stop() }
  }

  // MARK: Calls

  package var time: CallTime { options.time }

  package func call(
    _ system: LegacySystem, operation: String, parameters: Value, timeout: Duration?
  ) async throws(BridgeError) -> Reply {
    let bridge = try await bridge(for: system, operation)
    return try await bridge.call(
      system, operation: operation, parameters: parameters, timeout: timeout)
  }

  /// Where the calls of a system go.
  package func isLive(_ system: LegacySystem) -> Bool {
    options.mode.map { $0 == .live } ?? (system.definition.mode == .live)
  }

  private func bridge(
    for system: LegacySystem, _ operation: String
  ) async throws(BridgeError) -> SharedBridge {
    if isLive(system) { return shared(\.live, Bridge.Options()) }
    let place: Place
    do throws(MockError) {
      place = try await self.place()
    } catch {
      throw BridgeError(
        stage: .transport, system: system.name, operation: operation,
        reason: "the mocks cannot be started: \(error.reason)", hint: error.hint)
    }
    // Never to the live system instead.
    guard place.endpoints[system.name] != nil else {
      throw BridgeError(
        stage: .transport, system: system.name, operation: operation,
        reason: "there is no mock of \(system.name)", hint: "its file or contract is broken")
    }
    return shared(\.mock, Bridge.Options(endpoints: place.endpoints))
  }

  private func shared(
    _ kind: WritableKeyPath<State, SharedBridge?>, _ options: Bridge.Options
  ) -> SharedBridge {
    let workspace = snapshot().workspace
    return state.withLock { state in
      if let bridge = state[keyPath: kind] { return bridge }
      let bridge = SharedBridge(Bridge(workspace, options: options))
      state[keyPath: kind] = bridge
      return bridge
    }
  }

  // MARK: Mocks

  private func place() async throws(MockError) -> Place {
    let workspace = snapshot().workspace
    let task = state.withLock { state in
      if let place = state.place { return place }
      let task = Task { await self.find(workspace) }
      state.place = task
      return task
    }
    let result = await task.value
    if case .failure = result {
      // A port that was taken may be free the next time.
      state.withLock { if $0.place == task { $0.place = nil } }
    }
    return try result.get()
  }

  private func find(_ workspace: Workspace) async -> Result<Place, MockError> {
    // Mocks of the same systems twice would have stubs set on the one and calls sent to the other.
    if let running = options.elsewhere(),
      workspace.systems.allSatisfy({ !$0.isUsable || running.endpoints[$0.name] != nil })
    {
      options.note("calls go to the mocks that run in this workspace")
      return .success(.elsewhere(running))
    }
    var runner = MockRunner.Options(usesFreePorts: true, journal: .asFilesSay)
    runner.keepsCalls = 1000
    do {
      let mocks = try await MockRunner(workspace, options: runner).start()
      if let problem = mocks.journalProblem { options.note("calls are not kept: \(problem)") }
      return .success(.here(mocks))
    } catch let error as MockError {
      return .failure(error)
    } catch {
      return .failure(MockError(system: "", reason: "\(error)"))
    }
  }

  package var steering: (any MockSteering)? {
    if options.mode == .live {
      guard isSteeredElsewhere, let admin = options.elsewhere()?.admin else { return nil }
      return RemoteSteering(url: admin.url, token: admin.token)
    }
    return PlacedSteering { () async throws(SteeringRefusal) -> any MockSteering in
      let place: Place
      do throws(MockError) {
        place = try await self.place()
      } catch {
        throw SteeringRefusal(error.reason, hint: error.hint)
      }
      switch place {
      case .here(let mocks):
        return LocalSteering(version: self.options.version) {
          () async throws(MockError) -> RunningMocks in mocks
        }
      case .elsewhere(let running):
        guard let admin = running.admin else {
          throw SteeringRefusal(
            "the mocks that run in this workspace have no admin API",
            hint: "start them without --no-admin")
        }
        return RemoteSteering(url: admin.url, token: admin.token)
      }
    }
  }

  package var destination: String {
    switch options.mode {
    case .live: "Calls reach the systems themselves."
    case .mocks: "Calls reach mocks of the systems."
    case nil: "Calls reach mocks, but for systems whose file says mode: live."
    }
  }
}

/// Steers mocks whose place is found when it is first needed.
private struct PlacedSteering: MockSteering {
  let find: @Sendable () async throws(SteeringRefusal) -> any MockSteering

  func steer(
    _ method: String, _ target: String, _ body: Value?
  ) async throws(SteeringRefusal) -> Value {
    try await find().steer(method, target, body)
  }
}
