package import TrestleCore

extension LegacySystem {
  /// Systems that a file describes among other things, by their names: each in the short form,
  /// `{protocol_adapter: {type, port, responses}}`, or as an adapter file has it.
  ///
  /// `path` is where the systems stand in the file. What is wrong with a system is in its `diagnostics`.
  package static func described(
    in systems: Record, at path: ValuePath, of file: DataFile, root: String,
    registry: ProtocolRegistry
  ) -> [LegacySystem] {
    let reader = AdapterFile(path: file.path, root: root, registry: registry)
    let loader = WorkspaceLoader(directory: root, registry: registry)
    return systems.flatMap { member -> [LegacySystem] in
      let document = YAMLReader.Document(
        value: member.value,
        places: file.places.rerooted(at: path.member(member.name)) { [.member($0)] }, problems: [])
      return ShortForm.expand(member.value.objectValue ?? [:], document).map { _, document in
        let described = reader.describe(document, name: member.name, file: file.shown)
        return loader.system(described, path: file.path)
      }
    }
  }

  /// A system that a file is the contract of, by a name of the caller's own: a description of an API, or a WSDL.
  package static func described(
    byContract path: String, named name: String, registry: ProtocolRegistry
  ) -> LegacySystem {
    let isWSDL = path.lowercased().hasSuffix(".wsdl")
    let document: Record =
      isWSDL
      ? ["protocol": "soap", "wsdl": .string(path)]
      : ["protocol": "rest", "openapi": .string(path)]
    var definition = AdapterDefinition(
      system: name, protocolName: isWSDL ? "soap" : "rest", document: document)
    definition.file = FilePaths.display(path)
    // A bare contract may refer to what lies anywhere beside it: whoever names the file trusts it.
    let context = LoadContext(root: "/", directory: FilePaths.parent(path), file: definition.file)
    return LegacySystem(definition, registry: registry, context: context)
  }
}
