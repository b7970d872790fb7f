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
    return Workspace(directory: directory, systems: [], diagnostics: [], registry: registry)
  }
}
