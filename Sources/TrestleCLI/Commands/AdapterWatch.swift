internal import Trestle
internal import TrestleCore

/// Takes up changed answers while mocks run: what `trestle mock` does unless `--no-watch`.
///
/// It looks at the sizes and times of the files, and of those that contracts were read from, twice a second. That costs less than it takes to explain
/// which of the systems' own watching services sees an editor's rename and which does not.
struct AdapterWatch: Sendable {
  let workspace: Workspace
  /// The mocks that answer by the files; nil where none run.
  let mocks: RunningMocks?
  let session: Session
  /// The files as they were before they were read: what changes from then on is news.
  let initial: AdapterFiles
  /// The systems that are served now, whose contracts are looked at too.
  var current: (@Sendable () -> [LegacySystem])?
  /// Told of the workspace as it is now, and of the names of those systems that stay as they were.
  var onChange: (@Sendable (Workspace, Set<String>) async -> Void)?

  /// Looked at as often, beside the systems' files.
  var tokens: TokenWatch?

  /// Looks until the task is cancelled.
  func run(every interval: Duration = .milliseconds(500)) async {
    var known = initial
    var contracts = ContractWatch()
    while (try? await Task.sleep(for: interval)) != nil {
      await tokens?.look()
      let now = AdapterFiles(in: workspace.directory)
      let hasNewContract = contracts.findsChange(in: systems())
      guard now != known || hasNewContract else { continue }
      known = now
      await takeUp(tellsContracts: hasNewContract)
    }
  }

  private func systems() -> [LegacySystem] {
    (current?() ?? workspace.systems) + (mocks?.mocks.map(\.system) ?? [])
  }

  /// Reads the adapter files again, and has the mocks answer by them.
  func takeUp(tellsContracts: Bool = false) async {
    guard
      let changed = try? Workspace.load(
        directory: workspace.directory, registry: workspace.registry)
    else { return }
    guard let mocks else {
      session.show(changed.diagnostics)
      session.note("\(timeOfDay()) files have changed")
      await onChange?(changed, [])
      return
    }
    let reload = await mocks.reloadAnswers(from: changed)
    // A mock reads and writes messages as its contract was when it began: calls of it do so too.
    let old = mocks.mocks.map(\.system).filter(\.hasOldContract).map(\.name)
    await onChange?(changed, Set(reload.unchanged + old))
    session.show(reload.diagnostics)
    // Mocks of bare files are of no workspace, and never change.
    let names = Set(workspace.systems.map(\.name))
    let updated = reload.updated.filter(names.contains)
    if !updated.isEmpty {
      session.note(
        "\(timeOfDay()) files have changed; answers are new: \(updated.joined(separator: ", "))")
    }
    for name in old where tellsContracts && names.contains(name) {
      session.warn(
        "\(name): the mock keeps to the contract that it began with; start it anew to take up the new one"
      )
    }
    for (name, reason) in reload.reasons.sorted(by: { $0.key < $1.key })
    where names.contains(name) {
      session.warn("\(name) answers as before: \(reason); start the mock anew to take that up")
    }
  }
}

/// The adapter files of a directory by their sizes and times: equal as long as nothing was written.
struct AdapterFiles: Sendable, Hashable {
  private let files: [String: FileStamp]

  init(in directory: String) {
    let adapters = FilePaths.absolute("adapters", base: FilePaths.absolute(directory))
    // Editors write beside a file first, and put that in its place: the half is no news.
    let names = (FilePaths.list(adapters) ?? []).filter { name in
      [".yaml", ".yml", ".json"].contains { name.lowercased().hasSuffix($0) }
        && !name.hasPrefix(".")
    }
    files = Dictionary(
      names.compactMap { name in FileStamp(adapters + "/" + name).map { (name, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}
