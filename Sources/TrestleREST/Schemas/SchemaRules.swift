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
  /// Whether what is made part by part is valid as a whole.
  let isPlain: Bool

  init(_ parts: Parts) {
    isPlain =
      !parts.isNever && parts.choice == nil && parts.beside == nil
      && parts.object?.isPlain ?? true && parts.array?.isPlain ?? true
      && parts.branches?.isPlain ?? true
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

  /// Whether a value of all bases and of one of the alternatives is a value of the whole.
  var isPlain: Bool {
    one.isEmpty && refused == nil && condition == nil && discriminator == nil
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
