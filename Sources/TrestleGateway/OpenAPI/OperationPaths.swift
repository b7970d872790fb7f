internal import Trestle

/// The operations of systems as parts of an OpenAPI document: a path for each, with the shapes that it has.
struct OperationPaths {
  private(set) var paths = Record()
  /// The named types of all contracts, and what goes into and comes out of operations, each under its system's name.
  private(set) var schemas = Record()
  private(set) var tags: [Value] = []
  private var faults = Record()

  /// The operations of some systems; those that only read, where only they are served.
  init(of systems: [LegacySystem], isReadOnly: Bool) {
    var prefixes: Set<String> = []
    for system in systems {
      let contract = system.contract
      let operations = contract.operations.filter { !isReadOnly || $0.effects == .read }
      guard !operations.isEmpty else { continue }
      var tag: Record = ["name": .string(system.name)]
      if let text = system.definition["summary"]?.scalarText ?? contract.documentation {
        tag["description"] = .string(text)
      }
      tags.append(.object(tag))
      var prefix = Self.componentName(of: system.name)
      while !prefixes.insert(prefix).inserted { prefix += "_" }
      var writer = OperationWriter(system: system, prefix: prefix)
      for operation in operations {
        paths[Self.path(of: operation.name, in: system.name)] = [
          "get": writer.get(operation), "post": writer.post(operation),
        ]
      }
      for member in writer.schemas { schemas[member.name] = member.value }
      for member in writer.faults { faults[member.name] = member.value }
    }
  }

  /// What operations refer to beside shapes: how calls are asked for, and what they may be refused with.
  var shared: Record {
    [
      "parameters": .object(
        Record(
          CallRequest.parameters.map {
            .init(name: $0.name, value: OpenAPIDocument.parameter($0))
          })),
      "headers": .object(OperationWriter.headers),
      "responses": .object(
        Record(
          [.init(name: OperationWriter.refusalName, value: OperationWriter.refusal)]
            + faults.members)),
    ]
  }

  /// Where an operation is called.
  static func path(of operation: String, in system: String) -> String {
    "/v1/systems/\(PercentEncoding.encoded(system))/operations/\(PercentEncoding.encoded(operation))"
  }

  /// A name as components may have it: `^[a-zA-Z0-9.\-_]+$`.
  static func componentName(of name: String) -> String {
    String(
      name.unicodeScalars.map { scalar -> Character in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "-_".unicodeScalars.contains(scalar))
          ? Character(scalar) : "_"
      })
  }
}
