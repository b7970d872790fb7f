internal import Trestle
internal import TrestleNet

/// The systems that the gateway serves, and how each is reached: made when a workspace is read.
struct SystemCatalog: Sendable {
  let workspace: Workspace
  private let systems: [String: LegacySystem]
  /// Calls the systems where they are.
  let live: Bridge
  /// Calls the mocks over their own wire, so that stubs, faults and the journal apply; nil where none run.
  let mock: Bridge?
  /// The names of the systems whose mocks run.
  let mocked: Set<String>

  init(_ workspace: Workspace, mocks: RunningMocks?) {
    self.workspace = workspace
    systems = Dictionary(
      workspace.systems.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    live = Bridge(workspace)
    mock = mocks.map { Bridge(workspace, options: Bridge.Options(endpoints: $0.endpoints)) }
    mocked = Set(mocks?.mocks.map(\.system.name) ?? [])
  }

  func shutdown() async {
    await live.shutdown()
    await mock?.shutdown()
  }

  /// The systems that a grant is for, in order.
  func systems(for grant: Grant) -> [LegacySystem] {
    workspace.systems.filter { grant.covers($0.name) }
  }

  /// The system of a name, among those that a grant is for.
  ///
  /// - Throws: `APIError` with the nearest name.
  func system(_ name: String, for grant: Grant) throws(APIError) -> LegacySystem {
    if let system = systems[name], grant.covers(name) { return system }
    let visible = workspace.with(systems: systems(for: grant))
    do throws(BridgeError) {
      return try visible.system(named: name)
    } catch {
      var refusal = APIError(error)
      refusal.known = visible.systems.map(\.name)
      throw refusal
    }
  }

  /// Where a system's calls go that do not say it: as its file says, else to its mock where mocks run.
  func mode(of system: LegacySystem) -> CallMode {
    system.definition.mode ?? (mock == nil ? .live : .mock)
  }

  /// What makes calls of a system, live or of its mock.
  ///
  /// - Throws: `APIError` where its mock is meant and does not run.
  func bridge(for system: LegacySystem, mode: CallMode) throws(APIError) -> Bridge {
    guard mode == .mock else { return live }
    if let mock, mocked.contains(system.name) { return mock }
    var refusal = APIError(
      409, .conflict, "no mock of \(system.name) runs, and calls of it go to the mock",
      hint: mock == nil
        ? "start trestle serve without --no-mocks, or send X-Trestle-Mode: live"
        : "its file is new or broken: start trestle serve anew, or send X-Trestle-Mode: live")
    refusal.facts["system"] = .string(system.name)
    throw refusal
  }
}
