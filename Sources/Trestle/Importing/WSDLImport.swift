package import TrestleCore
internal import TrestleSOAP

/// A WSDL with all it imports, made into files of a workspace.
package struct WSDLImport: Sendable {
  /// The name of the system.
  package let name: String
  /// Paths below the workspace, and contents: the contract unchanged, its lock, the adapter file.
  package let files: [(path: String, bytes: [UInt8])]
  /// The operations that can be called.
  package let operations: [String]
  /// What is wrong with the contract; it may have operations that work all the same.
  package let diagnostics: [Diagnostic]

  /// The contract's documents by their paths in its folder, the main one first.
  package let documents: [ContractCopy]

  /// Reads a WSDL file. It may import what lies anywhere beside it: whoever names the file trusts it.
  package init(file: String, name: String, mockPort: Int) {
    let folder = FilePaths.parent(file)
    let lock = ContractLock(folder: folder)
    let definitions = WSDLLoader.load(file: file, root: "/", catalog: lock?.catalog)
    let documents = definitions.documents.filter { document in
      // Schemas that Trestle brings along are on no disk, and need no copy.
      FilePaths.isFile(FilePaths.absolute(document.path, base: folder))
    }
    self.init(
      definitions, copies: Self.copies(documents, folder: folder, lock: lock), name: name,
      mockPort: mockPort)
  }

  /// Takes a contract that was fetched.
  package init(_ fetched: ContractFetch.Result, name: String, mockPort: Int) {
    let catalog = ContractCatalog(
      fetched.documents.map { ContractCatalog.Entry(file: $0.path, addresses: $0.addresses) })
    let bytes = Dictionary(
      fetched.documents.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    let definitions = WSDLLoader.load(
      mainPath: fetched.documents.first?.path ?? "", catalog: catalog
    ) { path in
      guard let bytes = bytes[path] else { throw LoadError("it was not fetched") }
      return bytes
    }
    self.init(
      definitions, copies: fetched.documents, name: name, mockPort: mockPort,
      diagnostics: fetched.diagnostics)
  }

  private init(
    _ definitions: WSDLDefinitions, copies: [ContractCopy], name: String, mockPort: Int,
    diagnostics before: [Diagnostic] = []
  ) {
    let codec = SOAPCodec(definitions)
    self.name = name
    documents = copies
    operations = codec.contract.operations.map(\.name)
    let found = before + definitions.diagnostics + codec.contract.diagnostics
    diagnostics = found.reduce(into: []) {
      var diagnostic = $1
      if !diagnostic.file.isEmpty { diagnostic.file = FilePaths.display(diagnostic.file) }
      if !$0.contains(diagnostic) { $0.append(diagnostic) }
    }
    let contract = "wsdl/\(name)"
    var files = copies.map { (path: "\(contract)/\($0.path)", bytes: $0.bytes) }
    let main = copies.first?.path ?? ""
    files.append(("\(contract)/\(ContractLock.fileName)", Array(ContractLock(copies).text.utf8)))
    let address = definitions.services.lazy.flatMap(\.ports).first { port in
      [.soap11, .soap12].contains(port.binding.kind) && port.address != nil
    }?.address
    let adapter = Self.adapter(
      name: name, contract: "../\(contract)/\(main)", address: address, mockPort: mockPort)
    files.append(("adapters/\(name).yaml", Array(adapter.utf8)))
    self.files = files
  }

  /// The documents by paths below one folder, so that what they say of each other stays true.
  private static func copies(
    _ documents: [WSDLDocument], folder: String, lock: ContractLock?
  ) -> [ContractCopy] {
    let levels = documents.map { $0.path.split(separator: "/").prefix { $0 == ".." }.count }.max()
    let below = folder.split(separator: "/").suffix(levels ?? 0)
    let root = folder.split(separator: "/").dropLast(below.count).joined(separator: "/")
    return documents.map { document in
      let path = FilePaths.absolute(document.path, base: folder)
      return ContractCopy(
        path: FilePaths.display(path, root: "/" + root), bytes: document.bytes,
        addresses: lock?.pins.first { $0.path == document.path }?.addresses ?? [])
    }
  }

  private static func adapter(
    name: String, contract: String, address: String?, mockPort: Int
  ) -> String {
    var lines = [
      AdapterText.schemaComment, "system: \(AdapterText.quoted(name))", "protocol: soap",
      "wsdl: \(AdapterText.quoted(contract))",
    ]
    if let endpoint = address.flatMap({ AdapterText.endpoint($0, of: name) }) {
      lines.append(endpoint)
    }
    lines += ["", "mock:", "  port: \(mockPort)", "  fallback: sample", ""]
    return lines.joined(separator: "\n")
  }
}
