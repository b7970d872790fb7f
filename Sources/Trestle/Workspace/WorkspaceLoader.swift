internal import TrestleCore

/// Reads the adapter files of a workspace.
struct WorkspaceLoader {
  let directory: String
  let registry: ProtocolRegistry

  init(directory: String, registry: ProtocolRegistry) {
    self.directory = FilePaths.absolute(directory)
    self.registry = registry
  }

  func load() throws(LoadError) -> Workspace {
    guard FilePaths.isDirectory(directory) else {
      throw LoadError("no such directory: \(directory)", hint: "trestle init DIR makes a workspace")
    }
    let adapters = directory == "/" ? "/adapters" : directory + "/adapters"
    let files = (FilePaths.list(adapters) ?? []).filter { name in
      !name.hasPrefix(".") && Self.extensions.contains { name.hasSuffix($0) }
    }
    var systems: [LegacySystem] = []
    var diagnostics: [Diagnostic] = []
    var owners: [String: Diagnostic] = [:]
    for file in files {
      let path = adapters + "/" + file
      let reader = AdapterFile(path: path, root: directory, registry: registry)
      for described in reader.read(diagnostics: &diagnostics) {
        let name = described.definition.system
        let place = Self.placeOfName(described.definition)
        if let owner = owners[name] {
          diagnostics.append(
            Diagnostic(
              .error, "the system \"\(name)\" is already described in \(Self.place(owner))",
              file: place.file, line: place.line, column: place.column,
              hint: "give one of them another name with system:"))
          continue
        }
        owners[name] = place
        systems.append(system(described, path: path))
      }
    }
    return Workspace(
      directory: directory, systems: systems, diagnostics: diagnostics, registry: registry)
  }

  private static let extensions = [".yaml", ".yml", ".json"]

  func system(_ described: AdapterFile.Described, path: String) -> LegacySystem {
    let definition = described.definition
    let context = LoadContext(
      root: directory, directory: FilePaths.parent(path), file: definition.file,
      places: definition.places)
    return LegacySystem(
      definition, registry: registry, context: context, diagnostics: described.diagnostics,
      failure: described.failure)
  }

  private static func placeOfName(_ definition: AdapterDefinition) -> Diagnostic {
    definition.places.diagnostic(
      ValueProblem(.error, "", at: ValuePath([.member("system")])), file: definition.file)
  }

  private static func place(_ diagnostic: Diagnostic) -> String {
    diagnostic.line.map { "\(diagnostic.file):\($0)" } ?? diagnostic.file
  }
}
