internal import TrestleCore

/// One field of a record: a scalar, or fields within.
struct RecordField: Sendable {
  indirect enum Kind: Sendable {
    case scalar(any FieldCodec)
    case group([RecordField])
    case list(Kind, count: Count, maximum: Int)
    /// The fields that another field's text chooses.
    case choice(on: String, cases: [String: [RecordField]], otherwise: [RecordField]?)
  }

  /// How many items a list has.
  enum Count: Sendable {
    case fixed(Int)
    /// As many as a field before it says.
    case field(String)
    case untilEnd
  }

  /// Where the value comes from, when callers do not give it.
  enum Source: Sendable {
    case caller
    /// From callers, or this.
    case defaults(Value)
    /// Always this; verified when reading.
    case constant(Value)
    /// Computed from the fields beside it; verified when reading.
    case computed(Expression)
    /// The number of items of a list.
    case count(of: String)
    /// Bytes that mean nothing.
    case filler
  }

  var name: String
  var kind: Kind
  /// The type as it was written, for people.
  var type = ""
  var source = Source.caller
  /// Whether the field is there at all, by the fields before it.
  var condition: Expression?
  /// Whether the message may end before the field.
  var isOptional = false

  /// Whether callers see the field: what writes itself is not theirs.
  var isVisible: Bool {
    switch source {
    case .caller, .defaults: true
    case .constant, .computed, .count, .filler: false
    }
  }

  /// Whether callers must give the field.
  var isRequired: Bool {
    guard case .caller = source else { return false }
    return condition == nil && !isOptional
  }

  var schema: Schema { Self.schema(of: kind) }

  private static func schema(of kind: Kind) -> Schema {
    switch kind {
    case .scalar(let codec): return codec.schema
    case .group(let fields): return schema(of: fields)
    case .list(let item, let count, let maximum):
      var array = ArraySchema(item: schema(of: item), maximumCount: maximum)
      if case .fixed(let count) = count {
        array.minimumCount = count
        array.maximumCount = count
      }
      return Schema(.array(array))
    case .choice: return .any
    }
  }

  /// The schema of a record.
  static func schema(of fields: [RecordField]) -> Schema {
    Schema(
      .object(
        ObjectSchema(
          members: fields.filter(\.isVisible).map {
            ObjectSchema.Member(name: $0.name, schema: $0.schema, isRequired: $0.isRequired)
          })))
  }
}
