package import TrestleCore
internal import TrestleNet
package import TrestleSOAP

/// `trestle.lock`: the checksums of a contract's files, as they were when it was imported, and where
/// they were fetched from.
///
/// A line a file, as `sha256sum` writes them: `sha256sum -c trestle.lock` holds the files against it. The
/// addresses that gave a file stand before its line, each behind a `#`.
package struct ContractLock: Sendable {
  package static let fileName = "trestle.lock"

  /// A file of a contract as it was imported.
  package struct Pin: Sendable, Hashable {
    /// Its path beside the lock.
    package var path: String
    package var checksum: String
    /// Where it was fetched from; empty for one that was a file.
    package var addresses: [WebAddress]
  }

  package var pins: [Pin]

  /// The lock for some files.
  init(_ files: [ContractCopy]) {
    pins = files.map {
      Pin(path: $0.path, checksum: Checksum.sha256($0.bytes), addresses: $0.addresses)
    }.sorted { $0.path < $1.path }
  }

  /// Reads a lock's text; lines that are none of its own are passed over.
  init(_ text: String) {
    pins = []
    var addresses: [WebAddress] = []
    for line in text.split(whereSeparator: \.isNewline) {
      if line.first == "#" {
        if let address = WebAddress(String(line.dropFirst())) { addresses.append(address) }
        continue
      }
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let path = String(parts[1].drop { $0 == " " || $0 == "*" })
      pins.append(Pin(path: path, checksum: String(parts[0]), addresses: addresses))
      addresses = []
    }
  }

  /// The lock of a folder; nil where there is none.
  package init?(folder: String) {
    guard let bytes = try? FilePaths.read(folder + "/" + Self.fileName, limit: 1 << 20) else {
      return nil
    }
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  package var text: String {
    pins.map { pin in
      pin.addresses.map { "# \($0)\n" }.joined() + "\(pin.checksum)  \(pin.path)\n"
    }.joined()
  }

  /// What the files name each other by; nil where none was fetched.
  package var catalog: ContractCatalog? {
    let fetched = pins.filter { !$0.addresses.isEmpty }
    guard !fetched.isEmpty else { return nil }
    return ContractCatalog(
      fetched.map { ContractCatalog.Entry(file: $0.path, addresses: $0.addresses) })
  }

  /// Warnings about a system's contract files that are not what was imported; none for a contract
  /// without a lock.
  package static func diagnostics(of system: LegacySystem, in workspace: Workspace) -> [Diagnostic]
  {
    guard !system.file.isEmpty else { return [] }
    var found: [Diagnostic] = []
    for contract in contracts(of: system) {
      let new = diagnostics(of: contract, system, in: workspace)
      found += new.filter { !found.contains($0) }
    }
    return found
  }

  /// The files that a system's definition names as its contract.
  private static func contracts(of system: LegacySystem) -> [String] {
    let layout = system.definition["layout"]
    let layouts = (layout?.objectValue ?? [:]).compactMap { $0.value["copybook"]?.stringValue }
    return [system.definition["wsdl"]?.stringValue, layout?["copybook"]?.stringValue]
      .compactMap { $0 } + layouts
  }

  private static func diagnostics(
    of contract: String, _ system: LegacySystem, in workspace: Workspace
  ) -> [Diagnostic] {
    let file = FilePaths.absolute(system.file, base: workspace.directory)
    var folder = FilePaths.parent(FilePaths.absolute(contract, base: FilePaths.parent(file)))
    // A contract whose files lie in several folders has its lock above them.
    while FilePaths.isInside(folder, workspace.directory), folder != workspace.directory {
      if let lock = ContractLock(folder: folder) {
        return lock.changes(folder: folder, root: workspace.directory)
      }
      folder = FilePaths.parent(folder)
    }
    return []
  }

  private func changes(folder: String, root: String) -> [Diagnostic] {
    pins.compactMap { pin in
      let path = FilePaths.absolute(pin.path, base: folder)
      let display = FilePaths.display(path, root: root)
      guard let bytes = try? FilePaths.read(path, limit: 64 << 20) else {
        return Diagnostic(.warning, "the file was imported and is gone", file: display)
      }
      guard Checksum.sha256(bytes) != pin.checksum else { return nil }
      return Diagnostic(
        .warning, "the file has changed since it was imported", file: display,
        hint:
          "if that was meant, write its new checksum: sha256sum \(pin.path) beside \(Self.fileName)"
      )
    }
  }
}

/// A document of a contract on its way into a workspace.
package struct ContractCopy: Sendable, Hashable {
  /// Its path in the contract's folder.
  package var path: String
  package var bytes: [UInt8]
  /// Where it was fetched from, its final address first; empty for one that was a file.
  package var addresses: [WebAddress] = []
}
