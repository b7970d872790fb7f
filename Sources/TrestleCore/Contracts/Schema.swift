/// The shape of a value in Trestle JSON: what a parameter or result may be.
///
/// Protocol-neutral: a codec builds it from its contract, and samples, validation, `describe` and
/// JSON Schema are made from it.
public struct Schema: Sendable {
  /// What kind of value it is, with what that kind needs.
  public indirect enum Shape: Sendable {
    /// Any value.
    case any
    /// No value at all: the result of a one-way operation or a void method.
    case nothing
    case scalar(ScalarSchema)
    case array(ArraySchema)
    case object(ObjectSchema)
    /// A named type, resolved on use: this is how recursive types end.
    case reference(SchemaReference)
  }

  /// The kind of value.
  public var shape: Shape
  /// What the contract says about it, for people.
  public var summary: String?
  /// Whether `null` is allowed besides the shape.
  public var isNullable: Bool
  /// The text that stands where the value is left out; nil when there is none.
  public var defaultText: String?
  /// The only text allowed; nil when there is no such rule.
  public var fixedText: String?
  /// The value that samples show, where the shape alone makes none that could be sent.
  package var example: Value?

  /// Makes a schema of a shape; a required place of exactly that shape unless said otherwise.
  public init(
    _ shape: Shape, summary: String? = nil, isNullable: Bool = false, defaultText: String? = nil,
    fixedText: String? = nil
  ) {
    self.shape = shape
    self.summary = summary
    self.isNullable = isNullable
    self.defaultText = defaultText
    self.fixedText = fixedText
  }

  /// Any value: for what a contract leaves open.
  public static let any = Schema(.any)
  /// No value: for operations that answer nothing.
  public static let nothing = Schema(.nothing)

  /// The schema behind any chain of references.
  public var resolved: Schema {
    var schema = self
    // A chain of names that never reaches a shape is a broken contract; the bound ends it.
    for _ in 0..<64 {
      guard case .reference(let reference) = schema.shape else { return schema }
      var target = reference.schema
      target.isNullable = target.isNullable || schema.isNullable
      target.summary = schema.summary ?? target.summary
      target.defaultText = schema.defaultText ?? target.defaultText
      target.fixedText = schema.fixedText ?? target.fixedText
      schema = target
    }
    return .any
  }
}

/// A named type of a contract.
public final class SchemaReference: Sendable {
  /// The type's name for people and for JSON Schema's `$defs`; unique within the contract.
  public let name: String
  private let target: Lazy<Schema>

  /// Makes a named type whose schema is made on first use, so that it may name itself.
  public init(name: String, _ schema: @escaping @Sendable () -> Schema) {
    self.name = name
    target = Lazy(schema)
  }

  /// What the name stands for.
  public var schema: Schema { target.value }
}

/// A list of values of one shape.
public struct ArraySchema: Sendable {
  /// The shape of every item.
  public var item: Schema
  /// The fewest items.
  public var minimumCount: Int
  /// Nil when unbounded.
  public var maximumCount: Int?

  /// Makes a list of any length unless said otherwise.
  public init(item: Schema, minimumCount: Int = 0, maximumCount: Int? = nil) {
    self.item = item
    self.minimumCount = minimumCount
    self.maximumCount = maximumCount
  }
}

/// An object with named members.
public struct ObjectSchema: Sendable {
  /// One member.
  public struct Member: Sendable {
    /// The JSON key.
    public var name: String
    /// The shape of the member's value.
    public var schema: Schema
    /// Whether the member must be present.
    public var isRequired: Bool
    /// Whether samples fill it in; false for members that only a caller can give sense to (raw XML).
    public var isSampled: Bool

    /// Makes a member; required and sampled unless said otherwise.
    public init(
      name: String, schema: Schema, isRequired: Bool = true, isSampled: Bool = true
    ) {
      self.name = name
      self.schema = schema
      self.isRequired = isRequired
      self.isSampled = isSampled
    }
  }

  /// A rule over members: those of exactly one alternative may be present.
  ///
  /// Members of a choice are not `isRequired` themselves.
  public struct Choice: Sendable {
    /// Member names, alternative by alternative; an alternative's names go together.
    public var alternatives: [[String]]
    /// Whether one alternative must be present.
    public var isRequired: Bool

    /// Makes a choice between groups of members; one must be made unless said otherwise.
    public init(alternatives: [[String]], isRequired: Bool = true) {
      self.alternatives = alternatives
      self.isRequired = isRequired
    }
  }

  /// A derived type that may stand in for this one, named by the member `_type`.
  public struct Variant: Sendable {
    /// What `_type` holds.
    public var name: String
    /// The derived type, with all its members, inherited ones too.
    public var schema: Schema

    /// Makes a variant.
    public init(name: String, schema: Schema) {
      self.name = name
      self.schema = schema
    }
  }

  /// In wire order.
  public var members: [Member]
  /// The rules over members that exclude each other.
  public var choices: [Choice]
  /// The derived types that may stand in for this one.
  public var variants: [Variant]
  /// Whether only a variant may be used, so that `_type` is required.
  public var isAbstract: Bool
  /// Whether members outside the list are allowed.
  public var isOpen: Bool
  /// The type's name for people; nil when it has none.
  public var typeName: String?

  /// Makes an object of members; closed and concrete unless said otherwise.
  public init(
    members: [Member], choices: [Choice] = [], variants: [Variant] = [], isAbstract: Bool = false,
    isOpen: Bool = false, typeName: String? = nil
  ) {
    self.members = members
    self.choices = choices
    self.variants = variants
    self.isAbstract = isAbstract
    self.isOpen = isOpen
    self.typeName = typeName
  }

  /// The member of a name, or nil.
  public func member(named name: String) -> Member? { members.first { $0.name == name } }
}
