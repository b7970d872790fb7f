internal import TrestleCore

/// A contract that was imported before under a name.
package struct EarlierImport: Sendable {
  /// The contract's folder, relative to the workspace.
  package let folder: String
  package let lock: ContractLock
  private let root: String

  /// The earlier import of a name; nil where there was none.
  package init?(of name: String, in workspace: Workspace) {
    folder = "wsdl/\(name)"
    root = workspace.directory
    guard let lock = ContractLock(folder: root + "/" + folder) else { return nil }
    self.lock = lock
  }

  /// Whether a system is described by this contract.
  package func describes(_ system: LegacySystem) -> Bool {
    guard let file = mainFile(of: system) else { return false }
    return lock.pins.contains { $0.path == file }
  }

  /// The file of this contract that a system names; nil where it names another.
  package func mainFile(of system: LegacySystem) -> String? {
    guard let wsdl = system.definition["wsdl"]?.scalarText else { return nil }
    let adapter = FilePaths.absolute(system.file, base: root)
    let path = FilePaths.absolute(wsdl, base: FilePaths.parent(adapter))
    let own = FilePaths.absolute(folder, base: root)
    guard FilePaths.isInside(path, own), path != own else { return nil }
    return FilePaths.display(path, root: own)
  }

  /// The files it wrote, relative to the workspace; others in its folder are none of its own.
  package var files: [String] {
    let own = FilePaths.absolute(folder, base: root)
    let paths =
      lock.pins.map { FilePaths.absolute($0.path, base: own) } + [own + "/" + ContractLock.fileName]
    return paths.filter { FilePaths.isInside($0, own) }.map {
      FilePaths.display($0, root: FilePaths.absolute(root))
    }
  }

  /// What a new import would change.
  package enum Change: Sendable, Hashable {
    case changed(String), added(String), removed(String)

    /// A line for people.
    package var description: String {
      switch self {
      case .changed(let path): "changed  \(path)"
      case .added(let path): "new      \(path)"
      case .removed(let path): "gone     \(path)"
      }
    }
  }

  /// What other documents in place of these would change, against the files as they are now.
  package func changes(to documents: [ContractCopy]) -> [Change] {
    var changes: [Change] = []
    for document in documents.sorted(by: { $0.path < $1.path }) {
      let path = "\(folder)/\(document.path)"
      let known = try? FilePaths.read(FilePaths.absolute(path, base: root), limit: 64 << 20)
      if known == nil {
        changes.append(.added(path))
      } else if known != document.bytes {
        changes.append(.changed(path))
      }
    }
    let names = Set(documents.map(\.path))
    for pin in lock.pins where !names.contains(pin.path) {
      changes.append(.removed("\(folder)/\(pin.path)"))
    }
    return changes
  }
}
