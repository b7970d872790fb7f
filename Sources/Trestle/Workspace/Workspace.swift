internal import TrestleCore

/// A directory of legacy systems: one adapter file for each under `adapters/`.
///
/// Reading it reads the adapter files only; a system's contract is loaded when the system is first
/// used, so that one call does not pay for all.
public struct Workspace: Sendable {
  /// The directory, absolute.
  public let directory: String
  /// In the order of their files' names. Names are unique.
  public let systems: [LegacySystem]
  /// What is wrong with files that gave no system, and between files.
  public let diagnostics: [Diagnostic]
  /// The protocols its files may use.
  public let registry: ProtocolRegistry

  init(
    directory: String, systems: [LegacySystem], diagnostics: [Diagnostic],
    registry: ProtocolRegistry
  ) {
    self.directory = directory
    self.systems = systems
    self.diagnostics = diagnostics
    self.registry = registry
  }

  /// Reads the adapter files of a directory. A broken file is told in `diagnostics` and hides no other.
  ///
  /// - Throws: `LoadError` when the directory itself cannot be read.
  public static func load(
    directory: String = ".", registry: ProtocolRegistry = .standard
  ) throws(LoadError) -> Workspace {
    try WorkspaceLoader(directory: directory, registry: registry).load()
  }

  /// The system of a name.
  ///
  /// - Throws: `BridgeError` at stage `lookup`, with the nearest name.
  public func system(named name: String) throws(BridgeError) -> LegacySystem {
    if let system = systems.first(where: { $0.name == name }) { return system }
    let names = systems.map(\.name)
    let known =
      names.isEmpty
      ? "this workspace (\(directory)) has no systems; trestle init makes an example"
      : "systems: \(names.joined(separator: ", "))"
    throw BridgeError(
      stage: .lookup, system: name,
      reason: "No adapter for system: \(name)" + Suggestion.clause(for: name, among: names),
      hint: known)
  }

  /// The system that a command line's word means: a name of this workspace, else a file (an adapter
  /// file or a WSDL), else a URL.
  ///
  /// - Throws: `BridgeError` at stage `lookup`.
  public func system(for argument: String) async throws(BridgeError) -> LegacySystem {
    if let system = systems.first(where: { $0.name == argument }) { return system }
    let spelled = SystemArgument(
      text: argument, registry: registry, directory: directory)
    if let system = try spelled.load() { return system }
    return try system(named: argument)
  }

  /// The same directory with some systems only, which need not have been read from it.
  package func with(systems: [LegacySystem]) -> Workspace {
    Workspace(
      directory: directory, systems: systems, diagnostics: diagnostics, registry: registry)
  }

  /// Systems that are of no directory.
  package static func of(
    _ systems: [LegacySystem], registry: ProtocolRegistry = .standard
  ) -> Workspace {
    Workspace(
      directory: FilePaths.absolute("."), systems: systems, diagnostics: [], registry: registry)
  }

  /// The XML-RPC service at a URL, of which nothing else is known.
  package func service(at endpoint: String) -> LegacySystem {
    SystemArgument(text: endpoint, registry: registry, directory: directory).service()
  }
}
