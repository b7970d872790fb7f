import TrestleCore

/// What a schema demands, ready to be held against values.
final class SchemaRules: Sendable {
  /// The schema `false`.
  let isNever: Bool
  let reference: SchemaEdge?
  let dynamicReference: DynamicReference?
  /// What stands beside a reference where that says nothing.
  let beside: SchemaNode?
  /// Whether the reference is all there is.
  let isPureReference: Bool
  /// The kinds that `type` allows.
  let kinds: SchemaKinds
  /// The kinds in the order in which `type` lists them; empty where it lists none.
  let listedKinds: [SchemaKinds]
  /// OpenAPI 3.0's `nullable`: null is fine whatever else is said.
  let isNullable: Bool
  let choice: ValueChoice?
  let number: NumberRules?
  let text: TextRules?
  let array: ArrayRules?
  let object: ObjectRules?
  let branches: BranchRules?
  let notes: SchemaNotes

  init(_ parts: Parts) {
    isNever = parts.isNever
    reference = parts.reference
    dynamicReference = parts.dynamicReference
    beside = parts.beside
    kinds = parts.kinds
    listedKinds = parts.listedKinds
    isNullable = parts.isNullable
    choice = parts.choice
    number = parts.number
    text = parts.text
    array = parts.array
    object = parts.object
    branches = parts.branches
    notes = parts.notes
    isPureReference =
      parts.reference != nil && parts.dynamicReference == nil && !parts.isNever
      && parts.kinds == .all && !parts.isNullable && parts.choice == nil && parts.number == nil
      && parts.text == nil && parts.array == nil && parts.object == nil && parts.branches == nil
  }

  /// The rules while they are read.
  struct Parts {
    var isNever = false
    var reference: SchemaEdge?
    var dynamicReference: DynamicReference?
    var beside: SchemaNode?
    var kinds = SchemaKinds.all
    var listedKinds: [SchemaKinds] = []
    var isNullable = false
    var choice: ValueChoice?
    var number: NumberRules?
    var text: TextRules?
    var array: ArrayRules?
    var object: ObjectRules?
    var branches: BranchRules?
    var notes = SchemaNotes()
  }

  /// Whether other schemas speak of the same value.
  var hasOthers: Bool { branches != nil || reference != nil || dynamicReference != nil }
}

/// `$dynamicRef`: the anchor that it names, wherever values came from, and what it leads to otherwise.
struct DynamicReference: Sendable {
  var name: String
  var fallback: SchemaEdge
  /// Whether the fallback is a dynamic anchor itself; only then do others count.
  var isDynamic: Bool
}

/// `enum` and `const`: the values there are to choose from.
final class ValueChoice: Sendable {
  let values: [Value]
  /// Made only where scanning would be slow.
  private let texts: Set<String>?

  init(_ values: [Value]) {
    self.values = values
    let texts = values.compactMap(\.stringValue)
    self.texts = texts.count > 8 && texts.count == values.count ? Set(texts) : nil
  }

  func contains(_ value: Value) -> Bool {
    if let texts, case .string(let text) = value { return texts.contains(text) }
    return values.contains { $0.isSameJSON(as: value) }
  }
}

/// Rules for numbers; for other values they say nothing.
final class NumberRules: Sendable {
  /// One end of a range.
  struct Bound: Sendable {
    enum Side: Sendable { case minimum, exclusiveMinimum, maximum, exclusiveMaximum }
    var side: Side
    var text: String
    var decimal: DecimalText
    var integer: Int64?
  }

  let bounds: [Bound]
  let divisors: [(text: String, decimal: DecimalText)]
  let format: NumberFormat?

  init(bounds: [Bound], divisors: [(text: String, decimal: DecimalText)], format: NumberFormat?) {
    self.bounds = bounds
    self.divisors = divisors
    self.format = format
  }
}

/// Rules for texts.
final class TextRules: Sendable {
  let minimumLength: Int
  let maximumLength: Int?
  let pattern: SchemaPattern?
  let format: TextFormat?
  /// The format that samples have.
  let shownFormat: TextFormat?
  /// The format as written, also where it is not known.
  let formatName: String?

  init(
    minimumLength: Int, maximumLength: Int?, pattern: SchemaPattern?, format: TextFormat?,
    shownFormat: TextFormat?, formatName: String?
  ) {
    self.minimumLength = minimumLength
    self.maximumLength = maximumLength
    self.pattern = pattern
    self.format = format
    self.shownFormat = shownFormat
    self.formatName = formatName
  }
}

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

  /// Members nearly always come in the schema's order.
  func position(of name: String, expected: Int = 0) -> Int? {
    if expected < properties.count, properties[expected].name == name { return expected }
    if let positions { return positions[name] }
    return properties.firstIndex { $0.name == name }
  }

  func property(_ name: String) -> SchemaNode? { position(of: name).map { properties[$0].node } }
}

/// Schemas that speak of the same value.
final class BranchRules: Sendable {
  /// The rules while they are read.
  struct Parts {
    var all: [SchemaNode] = []
    var any: [SchemaNode] = []
    var one: [SchemaNode] = []
    var refused: SchemaNode?
    var condition: SchemaNode?
    var consequence: SchemaNode?
    var alternative: SchemaNode?
    var discriminator: SchemaDiscriminator?
  }

  let all: [SchemaNode]
  let any: [SchemaNode]
  let one: [SchemaNode]
  let refused: SchemaNode?
  let condition: SchemaNode?
  let consequence: SchemaNode?
  let alternative: SchemaNode?
  let discriminator: SchemaDiscriminator?

  init(_ parts: Parts) {
    all = parts.all
    any = parts.any
    one = parts.one
    refused = parts.refused
    condition = parts.condition
    consequence = parts.consequence
    alternative = parts.alternative
    discriminator = parts.discriminator
  }
}

/// What a schema says for people, and the values that it shows.
struct SchemaNotes: Sendable {
  var summary: String?
  var isReadOnly = false
  var isWriteOnly = false
  var isDeprecated = false
  var isBinary = false
  var defaultValue: Value?
  /// `example`, and `examples` of JSON Schema, each with the word it stands under.
  var examples: [(place: String, value: Value)] = []
}
