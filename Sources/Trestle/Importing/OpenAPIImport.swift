package import TrestleCore
internal import TrestleREST

/// The description of an API made into files of a workspace: the description unchanged with the files it
/// refers to, pinned, and a system of it.
package struct OpenAPIImport: PinnedImport {
  package let name: String
  package let files: [(path: String, bytes: [UInt8])]
  package let operations: [String]
  package let diagnostics: [Diagnostic]
  package let documents: [ContractCopy]

  package var folder: String { Self.folder(of: name) }
  package var noun: String { "description" }

  private static func folder(of name: String) -> String { "openapi/\(name)" }

  /// Reads a description, which may refer to what lies anywhere beside it: whoever names the file trusts it.
  ///
  /// - Throws: `LoadError` for a file that is not there, is neither YAML nor JSON, or describes no API.
  package init(file: String, name: String, mockPort: Int) throws(LoadError) {
    let context = LoadContext(root: "/", directory: FilePaths.parent(file))
    let description = try OpenAPIFile(context: context).description(file)
    self.name = name
    diagnostics = description.diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.file = FilePaths.display(file)
      return diagnostic
    }
    let broken = Set(description.diagnostics.filter { $0.severity == .error }.flatMap(\.operations))
    operations = description.operations.map(\.name).filter { !broken.contains($0) }
    // References stay true where the files keep their places to each other.
    let paths = [file] + description.documents.names.filter { $0 != file }
    let common = Self.commonFolder(of: paths)
    var copies: [ContractCopy] = []
    for path in paths {
      copies.append(
        ContractCopy(
          path: FilePaths.display(path, root: common),
          bytes: try FilePaths.read(path, limit: 64 << 20)))
    }
    documents = copies
    let folder = Self.folder(of: name)
    var files = copies.map { (path: "\(folder)/\($0.path)", bytes: $0.bytes) }
    files.append(("\(folder)/\(ContractLock.fileName)", Array(ContractLock(copies).text.utf8)))
    let adapter = Self.adapter(
      name: name, file: "../\(folder)/\(copies[0].path)",
      address: RESTCodec(description).address ?? "", mockPort: mockPort)
    files.append(("adapters/\(name).yaml", Array(adapter.utf8)))
    self.files = files
  }

  private static func commonFolder(of paths: [String]) -> String {
    paths.dropFirst().reduce(FilePaths.parent(paths[0])) { common, path in
      var common = common
      while !FilePaths.isInside(path, common) { common = FilePaths.parent(common) }
      return common
    }
  }

  private static func adapter(
    name: String, file: String, address: String, mockPort: Int
  ) -> String {
    var lines = [
      AdapterText.schemaComment, "system: \(AdapterText.scalar(name))", "protocol: rest",
      "openapi: \(AdapterText.scalar(file) == file ? file : AdapterText.quoted(file))",
    ]
    if let endpoint = AdapterText.endpoint(address, of: name) { lines.append(endpoint) }
    lines += [
      "timeout: 10s", "", "mock:", "  port: \(mockPort)",
      "  fallback: sample  # what the description shows, or a sample of its schemas", "",
    ]
    return lines.joined(separator: "\n")
  }
}
