extension Workspace {
  /// A workspace without systems: what is left of one whose directory has gone.
  package static func empty(
    in directory: String, registry: ProtocolRegistry = .standard
  ) -> Workspace {
    Workspace(directory: directory, systems: [], diagnostics: [], registry: registry)
  }
}
