internal import Synchronization
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
  private let lastReload = Mutex<Reload?>(nil)
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
    /// Why systems answer as before, as clauses, by their names; what was told the last time is left out.
    public var reasons: [String: String]
    /// What is wrong with the files and the new answers; what was told the last time is left out.
    public var diagnostics: [Diagnostic]
  }

  /// Takes up the answers of a workspace that was read again. Calls under way finish with the old ones; systems whose
  /// files are as they were go on as they are.
  public func reloadAnswers(from workspace: Workspace) async -> Reload {
    var diagnostics = workspace.diagnostics
    var reasons: [String: String] = [:]
    var updated: [String] = []
    for mock in mocks {
      let name = mock.system.name
      guard let control = controls[name] else { continue }
      guard let now = workspace.systems.first(where: { $0.name == name }) else {
        let isBroken = workspace.diagnostics.contains { $0.file == mock.system.file }
        reasons[name] = "its file is \(isBroken ? "broken" : "gone")"
        continue
      }
      let changes = mock.system.fixedChanges(to: now)
      guard changes.isEmpty else {
        reasons[name] = "more than its answers has changed: \(changes.joined(separator: ", "))"
        continue
      }
      if control.knows(now.definition) { continue }
      diagnostics += now.fileDiagnostics + control.takeUp(now.definition)
      await heedReloaded(name)
      updated.append(name)
    }
    let reload = Reload(
      updated: updated, unchanged: mocks.map(\.system.name).filter { reasons[$0] != nil },
      reasons: reasons, diagnostics: diagnostics)
    return lastReload.withLock { last in
      defer { last = reload }
      return reload.news(since: last)
    }
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

extension RunningMocks.Reload {
  /// It without what was told before.
  fileprivate func news(since last: Self?) -> Self {
    guard let last else { return self }
    var news = self
    news.reasons = reasons.filter { last.reasons[$0.key] != $0.value }
    let told = Set(last.diagnostics)
    news.diagnostics = diagnostics.filter { !told.contains($0) }
    return news
  }
}

extension LegacySystem {
  /// What of `mock` is settled when a mock starts.
  private static let fixedKeys = [
    "port", "host", "socket", "tls", "sends", "journal", "secret", "seed",
  ]

  /// The keys of another description of the system that are not as here, but for its mock's answers.
  fileprivate func fixedChanges(to other: LegacySystem) -> [String] {
    let (mine, others) = (definition.document, other.definition.document)
    var names = mine.names
    names += others.names.filter { mine[$0] == nil }
    let top = names.filter { $0 != "mock" && mine[$0] != others[$0] }
    let inside = Self.fixedKeys.filter { mine["mock"]?[$0] != others["mock"]?[$0] }
    return top + inside.map { "mock.\($0)" }
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
