internal import TrestleCore

/// One field of a record: a scalar, or fields within.
struct RecordField: Sendable {
  indirect enum Kind: Sendable {
    case scalar(any FieldCodec)
    case group([RecordField])
    case list(Kind, count: Count, maximum: Int)
    /// The fields that another field's text chooses.
    case choice(on: String, cases: [String: [RecordField]], otherwise: [RecordField]?)
    /// Fields within bytes whose number is known before they are read.
    case within(RecordExtent, Kind)
  }

  /// How many items a list has.
  enum Count: Sendable {
    case fixed(Int)
    /// As many as a field before it says.
    case field(String)
    case untilEnd
    /// Until bytes that are no item, which are passed.
    case terminated([UInt8])
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
    /// Computed from the bytes of fields; verified when reading.
    case measured(Computation)
    /// From callers, or from a clock or a counter, of which readers know nothing.
    case generated(Expression)
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
  /// Where the field's place is kept while a message is read or written; below 0 where nobody asks.
  var slot = -1

  /// Whether callers see the field: what writes itself is not theirs.
  var isVisible: Bool {
    switch source {
    case .caller, .defaults, .generated: true
    case .constant, .computed, .measured, .count, .filler: false
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
    case .within(_, let inner): return schema(of: inner)
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

/// How many bytes the fields within may have.
enum RecordExtent: Sendable {
  /// As an extent of text says. A fixed one is filled with the pad, where there is one.
  case known(FieldExtent, pad: UInt8?)
  /// As many as an expression over fields before it says. `writes` where a field writes itself by it.
  case computed(Expression, writes: Bool)
  /// All that is left but for so many bytes, which belong to the fields behind.
  case reserving(Int)
}

extension RecordField.Kind {
  /// How many bytes stand before the content and after it: a length, a delimiter.
  var margins: (before: Int, after: Int) {
    switch self {
    case .scalar(let codec): codec.margins
    case .within(.known(let extent, _), _): extent.margins
    case .list(_, .terminated(let end), _): (0, end.count)
    case .within, .list, .group, .choice: (0, 0)
    }
  }
}
