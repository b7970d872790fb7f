internal import Trestle
internal import TrestleCore

/// The systems that a command which goes on running was asked for: those of the workspace, or the named ones.
struct ServedSystems: Sendable {
  /// The workspace that names were looked up in; one without systems where all are bare files.
  let workspace: Workspace
  /// The named ones; empty where all of the workspace are meant.
  let named: [LegacySystem]
  /// The adapter files as they were before they were read.
  let files: AdapterFiles

  /// Looks them up, and tells the mistakes of the workspace.
  static func find(
    _ names: [String], _ session: Session
  ) async throws(CommandFailure) -> ServedSystems {
    let files = AdapterFiles(in: session.directory)
    let workspace = names.isEmpty ? try session.workspace() : try session.anyWorkspace()
    if names.isEmpty, workspace.systems.isEmpty {
      throw .mistakes(workspace.diagnostics, else: "no adapter file can be read")
    }
    session.show(workspace.diagnostics)
    var named: [LegacySystem] = []
    for name in names { named.append(try await session.system(name, in: workspace)) }
    return ServedSystems(workspace: workspace, named: named, files: files)
  }

  /// What is served, in order.
  var systems: [LegacySystem] { named.isEmpty ? workspace.systems : named }

  /// What is served when files have changed: what was asked for, as it is now. A mock that goes on as before is
  /// called as before; what is called live is not kept for its mock's sake.
  func takingUp(_ changed: Workspace, keeping kept: Set<String>) -> Workspace {
    let old = Dictionary(systems.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    func current(_ system: LegacySystem) -> LegacySystem {
      kept.contains(system.name) && system.definition.mode != .live
        ? old[system.name] ?? system : system
    }
    guard named.isEmpty else {
      return changed.with(
        systems: named.map { system in
          current(changed.systems.first { $0.name == system.name } ?? system)
        })
    }
    return changed.with(systems: changed.systems.map(current))
  }

  /// What starts their mocks.
  func runner(_ options: MockRunner.Options) throws(CommandFailure) -> MockRunner {
    guard named.isEmpty else {
      return MockRunner(named, directory: workspace.directory, options: options)
    }
    do throws(BridgeError) {
      return try MockRunner(workspace, options: options)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// Starts their mocks, and tells which have none.
  func startMocks(
    _ options: MockRunner.Options, _ session: Session
  ) async throws(CommandFailure) -> RunningMocks {
    let runner = try runner(options)
    let found = runner.systems.flatMap {
      $0.diagnostics + ContractLock.diagnostics(of: $0, in: workspace)
    }
    if session.isStrict, !found.isEmpty { throw .mistakes(found, else: "there are warnings") }
    let mocks: RunningMocks
    do throws(MockError) {
      mocks = try await runner.start()
    } catch {
      let blamed = runner.systems.filter { error.system.isEmpty || $0.name == error.system }
      let mistakes = blamed.flatMap(\.diagnostics).filter { $0.severity == .error }
      throw error.isConfiguration && !mistakes.isEmpty
        ? .mistakes(mistakes, else: error.description) : CommandFailure(error)
    }
    for skipped in mocks.skipped {
      session.warn("\(skipped.system.name) has no mock: its file or contract is broken")
    }
    // What trestle list tells of them.
    session.show(found)
    return mocks
  }
}

extension RunningMocks {
  /// Tells which calls are not in the journal.
  func tellLosses(_ session: Session) {
    for (name, counts) in journalCounts.sorted(by: { $0.key < $1.key }) where counts.dropped > 0 {
      session.warn(
        "\(name): \(counts.dropped) of \(counts.seen) calls are not in the journal: "
          + (journalFailure ?? "its writer fell behind"))
    }
  }
}

extension Session {
  /// Says which systems go on with the contract of before, and what is wrong with the new one.
  func tellOldContracts(of refused: [LegacySystem]) {
    for system in refused {
      show(system.diagnostics)
      warn("\(system.name) keeps the contract of before: the new one cannot be used")
    }
  }
}
