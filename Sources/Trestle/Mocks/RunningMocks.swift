internal import TrestleCore
internal import TrestleMock
internal import TrestleNet
internal import TrestleStore

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
  /// What keeps their calls, and why nothing does where something should.
  let journal: MockJournal
  /// What keeps their latest calls in memory, where that was asked for.
  let ring: CallRing?
  /// By the system's name.
  let controls: [String: MockControl]
  private let runFile: RunFile?
  private let stopping: @Sendable () async -> Void

  init(
    _ controls: [MockControl], skipped: [Skipped], journal: MockJournal, ring: CallRing?,
    runFile: RunFile?, stopping: @escaping @Sendable () async -> Void
  ) {
    self.runFile = runFile
    self.controls = Dictionary(
      controls.map { ($0.system.name, $0) }, uniquingKeysWith: { $1 })
    self.journal = journal
    self.ring = ring
    mocks = controls.map(\.mock)
    self.skipped = skipped
    self.stopping = stopping
  }

  /// Where each system's mock is, by the system's name: what `Bridge.Options.endpoints` takes.
  public var endpoints: [String: String] {
    Dictionary(mocks.map { ($0.system.name, $0.endpoint) }, uniquingKeysWith: { $1 })
  }

  /// What taking up changed files came to.
  public struct Reload: Sendable {
    /// The systems that answer by their new files from now on.
    public var updated: [String]
    /// The systems whose files have changed in more than their answers, or are gone or broken: they
    /// answer as before until the mocks are started anew.
    public var unchanged: [String]
    /// What is wrong with the new answers.
    public var diagnostics: [Diagnostic]
  }

  /// Takes up the answers of a workspace that was read again. Calls under way finish with the old ones.
  public func reloadAnswers(from workspace: Workspace) async -> Reload {
    var reload = Reload(updated: [], unchanged: [], diagnostics: workspace.diagnostics)
    for mock in mocks {
      let name = mock.system.name
      guard let now = workspace.systems.first(where: { $0.name == name }),
        let control = controls[name], mock.system.isAlike(now)
      else {
        reload.unchanged.append(name)
        continue
      }
      reload.diagnostics += now.fileDiagnostics + control.takeUp(now.definition)
      await heedReloaded(name)
      reload.updated.append(name)
    }
    return reload
  }

  /// Where other processes are told of the mocks: `.trestle/run.json`, or another file beside it where that is
  /// another process's. Nil where they are not told.
  package var runFileName: String? { runFile?.ownName }

  /// Tells other processes where the mocks are steered, in the run file; false where there is none.
  ///
  /// - Throws: `MockError` when the file cannot be written.
  package func tell(adminAt url: String, token: String?) throws(MockError) -> Bool {
    guard let runFile else { return false }
    do throws(LoadError) {
      try runFile.write(mocks, admin: (url, token))
      return true
    } catch {
      throw MockError(system: "", reason: error.message, hint: error.hint, isConfiguration: true)
    }
  }

  /// Stops listening, lets the answers under way finish, and removes the run file.
  public func stop() async { await stopping() }
}

extension LegacySystem {
  /// Whether two descriptions differ in their mock's answers at most.
  fileprivate func isAlike(_ other: LegacySystem) -> Bool {
    func rest(_ system: LegacySystem) -> Record {
      var record = system.definition.document
      record["mock"] = nil
      return record
    }
    return rest(self) == rest(other)
      && definition.mock.port == other.definition.mock.port
      && definition.mock.host == other.definition.mock.host
      && definition.mock.tls == other.definition.mock.tls
      && definition.mock.sends == other.definition.mock.sends
      && definition.mock.journal == other.definition.mock.journal
      && definition.mock.secrets == other.definition.mock.secrets
      && definition.mock.answers.seed == other.definition.mock.answers.seed
  }
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

extension RunningMocks {
  /// What a running mock is steered by.
  func control(of system: String) throws(MockControlError) -> MockControl {
    guard let control = controls[system] else {
      let names = mocks.map(\.system.name)
      throw MockControlError(
        .notFound, system: system,
        "no mock of it runs" + Suggestion.clause(for: system, among: names),
        hint: "running: \(names.joined(separator: ", "))", known: names)
    }
    return control
  }
}
