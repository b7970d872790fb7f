import TrestleCore

/// Rules for arrays.
final class ArrayRules: Sendable {
  let first: [SchemaNode]
  let rest: SchemaNode?
  let contained: SchemaNode?
  let minimumContained: Int
  let maximumContained: Int?
  let minimumCount: Int
  let maximumCount: Int?
  let areUnique: Bool
  let unevaluated: SchemaNode?

  init(
    first: [SchemaNode], rest: SchemaNode?, contained: SchemaNode?, minimumContained: Int,
    maximumContained: Int?, minimumCount: Int, maximumCount: Int?, areUnique: Bool,
    unevaluated: SchemaNode?
  ) {
    self.first = first
    self.rest = rest
    self.contained = contained
    self.minimumContained = minimumContained
    self.maximumContained = maximumContained
    self.minimumCount = minimumCount
    self.maximumCount = maximumCount
    self.areUnique = areUnique
    self.unevaluated = unevaluated
  }

  /// Whether only the items' own schema and their number matter.
  var isPlain: Bool { contained == nil && !areUnique && unevaluated == nil && first.isEmpty }
}

/// Rules for objects.
final class ObjectRules: Sendable {
  struct Property: Sendable {
    var name: String
    var node: SchemaNode
    var isRequired = false
  }

  /// The rules while they are read.
  struct Parts {
    var properties: [Property] = []
    var patterns: [(pattern: SchemaPattern?, node: SchemaNode)] = []
    var additional: SchemaNode?
    var names: SchemaNode?
    var unevaluated: SchemaNode?
    var required: [String] = []
    var minimumCount = 0
    var maximumCount: Int?
    var dependentNames: [(name: String, others: [String])] = []
    var dependentSchemas: [(name: String, node: SchemaNode)] = []
  }

  let properties: [Property]
  let patterns: [(pattern: SchemaPattern?, node: SchemaNode)]
  let additional: SchemaNode?
  let names: SchemaNode?
  let unevaluated: SchemaNode?
  let required: [String]
  /// How many of the properties are required; the others that are stand in `requiredOthers`.
  let requiredCount: Int
  let requiredOthers: [String]
  let minimumCount: Int
  let maximumCount: Int?
  let dependentNames: [(name: String, others: [String])]
  let dependentSchemas: [(name: String, node: SchemaNode)]
  /// Made only where scanning would be slow.
  private let positions: [String: Int]?

  init(_ parts: Parts) {
    let required = Set(parts.required)
    properties = parts.properties.map {
      Property(name: $0.name, node: $0.node, isRequired: required.contains($0.name))
    }
    let names = Set(parts.properties.map(\.name))
    self.required = parts.required
    requiredCount = properties.count { $0.isRequired }
    requiredOthers = parts.required.filter { !names.contains($0) }
    patterns = parts.patterns
    additional = parts.additional
    self.names = parts.names
    unevaluated = parts.unevaluated
    minimumCount = parts.minimumCount
    maximumCount = parts.maximumCount
    dependentNames = parts.dependentNames
    dependentSchemas = parts.dependentSchemas
    positions =
      properties.count > 8
      ? Dictionary(
        properties.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { $1 })
      : nil
  }

  /// Whether only the members' own schemas, and what must be there, matter.
  var isPlain: Bool {
    names == nil && unevaluated == nil && minimumCount == 0 && maximumCount == nil
      && patterns.isEmpty && dependentNames.isEmpty && dependentSchemas.isEmpty
  }

  /// Members nearly always come in the schema's order.
  func position(of name: String, expected: Int = 0) -> Int? {
    if expected < properties.count, properties[expected].name == name { return expected }
    if let positions { return positions[name] }
    return properties.firstIndex { $0.name == name }
  }

  func property(_ name: String) -> SchemaNode? { position(of: name).map { properties[$0].node } }
}
