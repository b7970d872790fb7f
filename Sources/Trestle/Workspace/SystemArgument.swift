internal import TrestleCore

/// A system named on a command line by a file or a URL instead of a name.
struct SystemArgument {
  let text: String
  let registry: ProtocolRegistry
  /// The workspace, absolute.
  let directory: String

  /// The system; nil when the text is neither a file nor a URL.
  func load() throws(BridgeError) -> LegacySystem? {
    if text.contains("://") { return try loadURL() }
    let path = FilePaths.absolute(text)
    let name = FilePaths.name(path)
    let isWSDL = name.lowercased().hasSuffix(".wsdl")
    let isAdapter = [".yaml", ".yml", ".json"].contains { name.lowercased().hasSuffix($0) }
    guard FilePaths.isFile(path) else {
      guard isWSDL || isAdapter || text.contains("/") else { return nil }
      let names = FilePaths.list(FilePaths.parent(path)) ?? []
      let reason =
        FilePaths.isDirectory(path)
        ? "\(text) is a directory; name a file in it"
        : "no such file: \(text)" + Suggestion.clause(for: name, among: names)
      throw failure(reason, cause: MissingFile(path: path))
    }
    let isContract = isWSDL || !isAdapter || OpenAPIFile.isDescription(path)
    return isContract ? loadContract(path) : try loadAdapter(path)
  }

  private func loadContract(_ path: String) -> LegacySystem {
    let name = FilePaths.name(path)
    let base = name.split(separator: ".").first.map(String.init) ?? name
    return .described(byContract: path, named: base, registry: registry)
  }

  private func loadAdapter(_ path: String) throws(BridgeError) -> LegacySystem {
    let root = root(of: path)
    var diagnostics: [Diagnostic] = []
    let described = AdapterFile(path: path, root: root, registry: registry)
      .read(diagnostics: &diagnostics)
    if let first = diagnostics.first(where: { $0.severity == .error }) ?? diagnostics.first,
      described.isEmpty
    {
      throw failure(
        first.description, cause: LoadError(first.message, hint: first.hint))
    }
    guard described.count == 1 else {
      let names = described.map(\.definition.system).joined(separator: ", ")
      throw failure(
        "\(text) describes \(described.count) systems: \(names)",
        hint: "put it under adapters/ and name one of them")
    }
    return WorkspaceLoader(directory: root, registry: registry).system(described[0], path: path)
  }

  /// The workspace that an adapter file belongs to, which its paths stay within.
  private func root(of path: String) -> String {
    if FilePaths.isInside(path, directory) { return directory }
    let parent = FilePaths.parent(path)
    return FilePaths.name(parent) == "adapters" ? FilePaths.parent(parent) : parent
  }

  /// A bare URL: nothing says what is spoken there but that it is HTTP, and only XML-RPC can be called
  /// without knowing more.
  private func loadURL() throws(BridgeError) -> LegacySystem {
    let lowercased = text.lowercased()
    let schemes = ["http://", "https://", "http+unix://", "scgi://", "scgi+unix://"]
    guard schemes.contains(where: lowercased.hasPrefix) else {
      throw failure(
        "\(text) does not say which protocol is spoken there",
        hint: "describe the system in adapters/NAME.yaml, with endpoint: \(text)")
    }
    if lowercased.hasSuffix("?wsdl") || lowercased.hasSuffix(".wsdl") {
      throw failure(
        "a WSDL is not fetched for a call",
        hint: "import it, which pins it here: trestle import '\(text)'")
    }
    return service()
  }

  /// The XML-RPC service at the text, a URL: any method may be called there.
  func service() -> LegacySystem {
    let authority = text.split(separator: "/").dropFirst().first.map(String.init) ?? text
    let document: Record = ["protocol": "xml_rpc", "endpoint": .string(text)]
    let definition = AdapterDefinition(
      system: authority, protocolName: "xml_rpc", document: document)
    return LegacySystem(
      definition, registry: registry, context: LoadContext(root: directory, directory: directory))
  }

  private func failure(
    _ reason: String, hint: String? = nil, cause: (any Error)? = nil
  ) -> BridgeError {
    BridgeError(stage: .lookup, system: text, reason: reason, hint: hint, cause: cause)
  }
}

/// A file that was named and is not there: a slip of the one who calls, not a broken workspace.
package struct MissingFile: Error {
  package var path: String
}
