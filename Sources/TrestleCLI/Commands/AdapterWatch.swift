internal import Trestle
internal import TrestleCore

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Takes up changed answers while mocks run: what `trestle mock` does unless `--no-watch`.
///
/// It looks at the files' sizes and times twice a second. That costs less than it takes to explain
/// which of the systems' own watching services sees an editor's rename and which does not.
struct AdapterWatch: Sendable {
  let workspace: Workspace
  /// The mocks that answer by the files; nil where none run.
  let mocks: RunningMocks?
  let session: Session
  /// The files as they were before they were read: what changes from then on is news.
  let initial: AdapterFiles
  /// Told of the workspace as it is now, and of the names of those systems that stay as they were.
  var onChange: (@Sendable (Workspace, Set<String>) async -> Void)?

  /// Looks until the task is cancelled.
  func run(every interval: Duration = .milliseconds(500)) async {
    var known = initial
    while (try? await Task.sleep(for: interval)) != nil {
      let now = AdapterFiles(in: workspace.directory)
      guard now != known else { continue }
      known = now
      await takeUp()
    }
  }

  /// Reads the adapter files again, and has the mocks answer by them.
  func takeUp() async {
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
    await onChange?(changed, Set(reload.unchanged))
    session.show(reload.diagnostics)
    // Mocks of bare files are of no workspace, and never change.
    let names = Set(workspace.systems.map(\.name))
    let updated = reload.updated.filter(names.contains)
    if !updated.isEmpty {
      session.note(
        "\(timeOfDay()) files have changed; answers are new: \(updated.joined(separator: ", "))")
    }
    for (name, reason) in reload.reasons.sorted(by: { $0.key < $1.key })
    where names.contains(name) {
      session.warn("\(name) answers as before: \(reason); start the mock anew to take that up")
    }
  }
}

/// The adapter files of a directory by their sizes and times: equal as long as nothing was written.
struct AdapterFiles: Sendable, Hashable {
  private struct File: Sendable, Hashable {
    let name: String
    let size: Int64
    let seconds: Int
    let nanoseconds: Int
  }

  private let files: [File]

  init(in directory: String) {
    let adapters = FilePaths.absolute("adapters", base: FilePaths.absolute(directory))
    files = (FilePaths.list(adapters) ?? []).compactMap { name in
      // Editors write beside a file first, and put that in its place: the half is no news.
      let isAdapter = [".yaml", ".yml", ".json"].contains { name.lowercased().hasSuffix($0) }
      guard isAdapter, !name.hasPrefix(".") else { return nil }
      var status = stat()
      guard stat(adapters + "/" + name, &status) == 0 else { return nil }
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      return File(
        name: name, size: Int64(status.st_size), seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }
  }
}
