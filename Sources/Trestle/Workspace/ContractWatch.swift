/// Tells when a file has changed that a system's contract was read from: WSDL and schemas, copybooks and descriptions.
///
/// What nobody has used yet was not read, and is read as it is then.
package struct ContractWatch: Sendable {
  /// The files as they were when they were last looked at.
  private var seen: [String: FileStamp?] = [:]

  package init() {}

  /// Whether any file of these systems is another than was read, and than it was the last time.
  package mutating func findsChange(in systems: [LegacySystem]) -> Bool {
    var found = false
    for system in systems {
      for (path, read) in system.contractFiles {
        let now = FileStamp(path)
        // A change that could not be taken up is told once.
        if now != read, seen[path] != .some(now) { found = true }
        seen[path] = .some(now)
      }
    }
    return found
  }
}

extension LegacySystem {
  /// Whether a file of its contract is another than was read.
  package var hasOldContract: Bool {
    contractFiles.contains { path, read in FileStamp(path) != read }
  }
}

extension Workspace {
  /// This reading with the systems of an earlier one in place of those whose contract has changed and cannot be used
  /// any more, though their adapter files say what they said; and those that were left out.
  package func keepingContracts(
    of earlier: Workspace
  ) -> (workspace: Workspace, refused: [LegacySystem]) {
    var refused: [LegacySystem] = []
    let old = Dictionary(
      earlier.systems.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let kept = systems.map { system in
      guard let before = old[system.name], before.hasOldContract, before.isUsable,
        before.definition.document == system.definition.document, !system.isUsable
      else { return system }
      refused.append(system)
      return before
    }
    return (with(systems: kept), refused)
  }
}
