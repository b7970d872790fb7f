internal import Trestle
internal import TrestleCore

/// `trestle import` of a file that is kept as it is: a COBOL copybook, the description of an API.
struct PinnedImportRun {
  let imported: any PinnedImport
  let replaces: Bool
  let session: Session

  func run(in workspace: Workspace) throws(CommandFailure) {
    let name = imported.name
    guard !imported.operations.isEmpty else {
      throw .mistakes(
        imported.diagnostics.filter { $0.severity == .error },
        else: "the \(imported.noun) has no operation")
    }
    session.show(imported.diagnostics)
    let report = ImportReport(name: name, operations: imported.operations, session: session)
    var files = NewFiles(in: workspace.directory)
    var added = imported.files
    let folder = imported.folder
    if let known = workspace.systems.first(where: { $0.name == name }) {
      guard ContractLock(folder: "\(workspace.directory)/\(folder)") != nil else {
        throw CommandFailure(
          .configuration, "the system \"\(name)\" is already described in \(known.file)",
          hint: "choose another name with --name")
      }
      let changed = changed(in: workspace, folder)
      guard !changed.isEmpty else { return report.nothingChanged() }
      guard replaces else { throw refusal(changed) }
      // What was adapted by hand stays.
      added.removeAll { $0.path.hasPrefix("adapters/") }
      for file in added { files.replace(file.path) }
      for change in changed { session.note(change) }
    }
    for file in added { files.add(file.path, file.bytes) }
    files.addSupport()
    try files.write()
    report.written(added.map(\.path))
  }

  private func changed(in workspace: Workspace, _ folder: String) -> [String] {
    imported.documents.compactMap { document in
      let path = "\(folder)/\(document.path)"
      let known = try? FilePaths.read(
        FilePaths.absolute(path, base: workspace.directory), limit: 64 << 20)
      guard known != document.bytes else { return nil }
      return (known == nil ? "new      " : "changed  ") + path
    }
  }

  private func refusal(_ changed: [String]) -> CommandFailure {
    var failure = CommandFailure(
      .configuration,
      "the \(imported.noun) of \"\(imported.name)\" has changed since it was imported; nothing was written",
      facts: ["changes": .array(changed.map { .string($0) })])
    failure.hints =
      changed + ["--force replaces it, and leaves adapters/\(imported.name).yaml as it is"]
    return failure
  }
}
