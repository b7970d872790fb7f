internal import TrestleCore
internal import TrestleNet

/// Mocks that listen, until they are stopped.
public final class RunningMocks: Sendable {
  /// One mock and where it listens.
  public struct Mock: Sendable {
    /// The system it stands in for.
    public let system: LegacySystem
    /// What a client calls: `http://127.0.0.1:8101/claims`, `tcp://127.0.0.1:8103`.
    public let endpoint: String
    /// The address it listens on.
    public let host: String
    /// The port it listens on.
    public let port: Int
  }

  /// A system that is not mocked because it is broken.
  public struct Skipped: Sendable {
    /// The broken system.
    public let system: LegacySystem
    /// What is wrong with it.
    public let reason: MockError
  }

  /// The mocks, in the order of their systems.
  public let mocks: [Mock]
  /// The systems that are left out because they are broken.
  public let skipped: [Skipped]
  private let stopping: @Sendable () async -> Void

  init(_ mocks: [Mock], skipped: [Skipped], stopping: @escaping @Sendable () async -> Void) {
    self.mocks = mocks
    self.skipped = skipped
    self.stopping = stopping
  }

  /// Where each system's mock is, by the system's name: what `Bridge.Options.endpoints` takes.
  public var endpoints: [String: String] {
    Dictionary(mocks.map { ($0.system.name, $0.endpoint) }, uniquingKeysWith: { $1 })
  }

  /// Stops listening, lets the answers under way finish, and removes the run file.
  public func stop() async { await stopping() }
}

/// Starts the mocks of a workspace on free ports, gives them to a body, and stops them after it.
///
///     try await withMocks(workspace) { mocks in
///       let bridge = Bridge(workspace, options: .init(endpoints: mocks.endpoints))
///       …
///     }
///
/// - Throws: what the body throws, and what starting the mocks throws.
public func withMocks<Result>(
  _ workspace: Workspace, systems: [String] = [],
  options: MockRunner.Options = MockRunner.Options(usesFreePorts: true),
  _ body: (RunningMocks) async throws -> Result
) async throws -> Result {
  let mocks = try await MockRunner(workspace, systems: systems, options: options).start()
  do {
    let result = try await body(mocks)
    await mocks.stop()
    return result
  } catch {
    await mocks.stop()
    throw error
  }
}
