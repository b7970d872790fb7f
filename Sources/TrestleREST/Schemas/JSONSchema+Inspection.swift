package import TrestleCore

extension JSONSchema {
  private var blend: SchemaBlend { SchemaBlend(of: [node], in: library) }

  /// The kinds of value that the schema takes; several where it is open.
  package var kinds: Set<Kind> { blend.openKinds.kinds }

  /// The schema of a property; nil where the schema names none so.
  package func property(_ name: String) -> JSONSchema? {
    blend.everyBranch.nodes(ofProperty: name).first { !$0.rules(in: library).isNever }
      .map { JSONSchema(library: library, node: $0) }
  }

  /// The properties that the schema names, in its order.
  package var propertyNames: [String] { blend.everyBranch.propertyNames }

  /// The schema of an item; nil where the schema says nothing of items.
  package var item: JSONSchema? {
    blend.everyBranch.nodes(ofItem: .max).first.map { JSONSchema(library: library, node: $0) }
  }

  /// Whether the value is bytes rather than JSON.
  package var isBinary: Bool { blend.parts.contains { $0.rules.notes.isBinary } }

  /// The value that stands where none is given.
  package var defaultValue: Value? {
    blend.parts.lazy.compactMap { $0.rules.notes.defaultValue }.first
  }

  package func isRequired(_ property: String) -> Bool { blend.required.contains(property) }

  /// The first line of what the document says of the schema.
  package var summary: String? { blend.parts.lazy.compactMap { $0.rules.notes.summary }.first }

  package var isDeprecated: Bool { node.rules(in: library).notes.isDeprecated }
}
