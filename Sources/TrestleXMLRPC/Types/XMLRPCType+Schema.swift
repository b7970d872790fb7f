package import TrestleCore

extension XMLRPCType {
  /// The shape of the type's values in Trestle JSON.
  package var schema: Schema {
    switch self {
    case .any: .any
    case .nil: Schema(.nothing, isNullable: true)
    case .array(let item): Schema(.array(ArraySchema(item: item.schema)))
    case .record: Schema(.object(ObjectSchema(members: [], isOpen: true)))
    case .structure(let structure):
      Schema(.object(ObjectSchema(members: structure.members.map(\.schemaMember))))
    default: Schema(.scalar(scalarSchema))
    }
  }

  private var scalarSchema: ScalarSchema {
    var facets = Facets()
    let kind: ScalarSchema.Kind
    var form = ScalarSchema.JSONForm.string
    switch self {
    case .int, .i4:
      (kind, form) = (.integer, .number)
      facets.minimum = "-2147483648"
      facets.maximum = "2147483647"
    case .i8:
      kind = .integer
      facets.minimum = "-9223372036854775808"
      facets.maximum = "9223372036854775807"
    case .boolean: (kind, form) = (.boolean, .boolean)
    case .double: (kind, form) = (.double, .number)
    case .dateTime:
      kind = .dateTime
      // The spec's form, or the extended one, which is written as it: no fraction, and "don't assume
      // a timezone".
      facets.patterns = [#"[0-9]{4}-?[0-9]{2}-?[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"#]
    case .base64: kind = .base64
    default: kind = .string
    }
    return ScalarSchema(kind: kind, form: form, typeName: wireName, facets: facets)
  }
}

extension XMLRPCStructure.Member {
  var schemaMember: ObjectSchema.Member {
    var schema = type.schema
    if isOptional { schema.isNullable = true }
    return ObjectSchema.Member(name: name, schema: schema, isRequired: !isOptional)
  }
}
