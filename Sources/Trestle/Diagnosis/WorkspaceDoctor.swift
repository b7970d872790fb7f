internal import TrestleCore
internal import TrestleStore

/// Looks at a workspace, the machine it is on and the systems it names, and says what is wrong and what mends it.
///
/// Nothing is changed, and systems are only asked what cannot do anything.
package struct WorkspaceDoctor: Sendable {
  let workspace: Workspace
  let systems: [LegacySystem]
  /// Whether all systems are looked at, and with them files that gave none.
  private let hasAll: Bool
  private let machine: MachineFacts
  /// The longest each step with a system may take.
  let patience: Duration

  /// A look at a workspace, or at some of its systems only.
  package init(
    _ workspace: Workspace, systems: [LegacySystem]? = nil, machine: MachineFacts? = nil,
    patience: Duration = .seconds(3)
  ) {
    self.workspace = workspace
    self.systems = systems ?? workspace.systems
    self.machine = machine ?? .current(workspace.directory)
    self.patience = patience
    hasAll = systems == nil
  }

  /// Everything that was found, in the order of what depends on what; without the network where `isOffline`.
  package func findings(isOffline: Bool = false) async -> [Finding] {
    var findings = files() + contracts()
    if !isOffline { findings += await endpoints() }
    findings += await ports()
    findings += runFiles() + journal() + machine.findings
    return findings
  }

  // MARK: Files

  private func files() -> [Finding] {
    guard !systems.isEmpty || !workspace.diagnostics.isEmpty else {
      return [
        Finding(
          .problem, .files, "\(workspace.directory) has no adapter files (adapters/NAME.yaml)",
          remedy: "trestle init")
      ]
    }
    let own = hasAll ? workspace.diagnostics.map { (nil as String?, $0) } : []
    let all = own + systems.flatMap { system in system.diagnostics.map { (system.name, $0) } }
    var seen: Set<Diagnostic> = []
    // What another says with its place is not said again without.
    let found = all.filter { _, diagnostic in
      guard seen.insert(diagnostic).inserted else { return false }
      return diagnostic.line != nil
        || !all.contains { $0.1.line != nil && $0.1.message == diagnostic.message }
    }
    .map { Finding($0.1, .files, of: $0.0) }
    let count = "\(systems.count) system\(systems.count == 1 ? "" : "s")"
    return found.isEmpty ? [Finding(.ok, .files, "\(count), without mistakes")] : found
  }

  private func contracts() -> [Finding] {
    systems.flatMap { system in
      ContractLock.diagnostics(of: system, in: workspace).map {
        Finding($0, .contract, of: system.name)
      }
    }
  }

  // MARK: What mocks leave

  private func runFiles() -> [Finding] {
    let file = RunFile(directory: workspace.directory)
    let running = file.records.map { record in
      let names = record["mocks"]?.objectValue?.names ?? []
      return Finding(
        .ok, .runFile,
        "process \(record["pid"]?.integerValue ?? 0) runs mocks here: "
          + (names.isEmpty ? "none" : names.joined(separator: ", ")))
    }
    return running
      + file.leftovers.map { name in
        Finding(
          .warning, .runFile, "\(name) is of a process that is gone",
          remedy: "rm \(shellWord(workspace.directory + "/" + name))")
      }
  }

  private func journal() -> [Finding] {
    let path = workspace.journalPath
    let isKept = systems.contains { $0.definition.mock.journal.durability != .off }
    guard FilePaths.isFile(path) else {
      let folder = FilePaths.parent(path)
      let place = FilePaths.isDirectory(folder) ? folder : workspace.directory
      guard isKept, !FilePaths.isWritable(place) else { return [] }
      return [
        Finding(
          .problem, .journal, "mocks cannot keep calls: \(place) is not writable",
          remedy: "chmod u+w \(shellWord(place))")
      ]
    }
    do throws(JournalError) {
      _ = try JournalFile(path: path).lastID()
    } catch {
      return [
        Finding(
          .problem, .journal, error.reason,
          remedy: "rm \(shellWord(path))   (its calls are lost; mocks begin it anew)")
      ]
    }
    let size = MachineFacts.size(FilePaths.size(path))
    guard !isKept || FilePaths.isWritable(path) else {
      return [
        Finding(
          .problem, .journal,
          "\(FilePaths.display(path, root: workspace.directory)) is not writable",
          remedy: "chmod u+w \(shellWord(path))")
      ]
    }
    return [Finding(.ok, .journal, "readable, \(size)")]
  }

  /// A word as a shell takes it as one.
  func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy {
      (48...57).contains($0) || (64...90).contains($0) || (97...122).contains($0)
        || "/._-+:,%".utf8.contains($0)
    }
    return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
