package import TrestleCore

/// `trestle.lock`: the checksums of a contract's files, as they were when it was imported.
///
/// A line a file, as `sha256sum` writes them: `sha256sum -c trestle.lock` holds the files against it.
package enum ContractLock {
  package static let fileName = "trestle.lock"

  /// The lines for some files, by their paths beside the lock.
  static func text(_ files: [(path: String, bytes: [UInt8])]) -> String {
    files.sorted { $0.path < $1.path }
      .map { "\(SHA256.hexadecimal($0.bytes))  \($0.path)\n" }.joined()
  }

  /// Warnings about a system's contract files that are not what was imported; none for a contract
  /// without a lock.
  package static func diagnostics(of system: LegacySystem, in workspace: Workspace) -> [Diagnostic]
  {
    guard let contract = system.definition["wsdl"]?.stringValue, !system.file.isEmpty else {
      return []
    }
    let file = FilePaths.absolute(system.file, base: workspace.directory)
    var folder = FilePaths.parent(FilePaths.absolute(contract, base: FilePaths.parent(file)))
    // A contract whose files lie in several folders has its lock above them.
    while FilePaths.isInside(folder, workspace.directory), folder != workspace.directory {
      let lock = folder + "/" + fileName
      if let bytes = try? FilePaths.read(lock, limit: 1 << 20) {
        return changes(
          String(decoding: bytes, as: UTF8.self), folder: folder, root: workspace.directory)
      }
      folder = FilePaths.parent(folder)
    }
    return []
  }

  private static func changes(_ lock: String, folder: String, root: String) -> [Diagnostic] {
    lock.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let name = String(parts[1].drop { $0 == " " || $0 == "*" })
      let path = FilePaths.absolute(name, base: folder)
      let display = FilePaths.display(path, root: root)
      guard let bytes = try? FilePaths.read(path, limit: 64 << 20) else {
        return Diagnostic(.warning, "the file was imported and is gone", file: display)
      }
      guard SHA256.hexadecimal(bytes) != parts[0] else { return nil }
      return Diagnostic(
        .warning, "the file has changed since it was imported", file: display,
        hint: "if that was meant, write its new checksum: sha256sum \(name) beside \(fileName)")
    }
  }
}
