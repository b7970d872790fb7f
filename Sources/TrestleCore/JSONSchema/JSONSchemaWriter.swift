/// Writes schemas as JSON Schema 2020-12.
///
/// The shape is what tool-calling models and editors take: an object at the root without `oneOf`,
/// named types under `$defs`. A choice is told in the description and in `x-trestle-choice`, since
/// alternatives at the root are refused by many readers.
package struct JSONSchemaWriter {
  private var definitions = Record()
  /// The definitions' names by the types' own names, which may hold what a JSON Pointer cannot.
  private var names: [String: String] = [:]

  /// The JSON Schema of a value's schema.
  package static func jsonSchema(for schema: Schema, title: String? = nil) -> Value {
    var writer = JSONSchemaWriter()
    var root: Record = ["$schema": "https://json-schema.org/draft/2020-12/schema"]
    if let title { root["title"] = .string(title) }
    for member in writer.inlined(schema.resolved, isRoot: true) {
      root[member.name] = member.value
    }
    if !writer.definitions.isEmpty {
      let sorted = writer.definitions.members.sorted { $0.name < $1.name }
      root["$defs"] = .object(Record(sorted))
    }
    return .object(root)
  }

  private mutating func subschema(_ schema: Schema) -> Record {
    guard case .reference(let reference) = schema.shape else {
      return inlined(schema, isRoot: false)
    }
    let target = schema.resolved
    // Simple types read better in place, and types that may be null need `null` beside them.
    if case .scalar = target.shape { return inlined(target, isRoot: false) }
    let isNew = names[reference.name] == nil
    let name = definitionName(for: reference.name)
    if isNew {
      // Taken first: the type may hold itself.
      definitions[name] = .null
      var plain = reference.schema.resolved
      plain.isNullable = false
      definitions[name] = .object(inlined(plain, isRoot: false))
    }
    var record: Record = ["$ref": .string("#/$defs/" + name)]
    if target.isNullable {
      record = ["anyOf": [.object(record), ["type": "null"]]]
    }
    if let summary = schema.summary { record["description"] = .string(summary) }
    return record
  }

  /// A name of its own that needs no escaping in a JSON Pointer or a URI fragment.
  private mutating func definitionName(for typeName: String) -> String {
    if let known = names[typeName] { return known }
    let plain = String(
      typeName.unicodeScalars.map { scalar -> Character in
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
          || scalar == "_" || scalar == "-" || scalar == "." ? Character(scalar) : "_"
      })
    var name = plain
    var number = 2
    while definitions[name] != nil {
      name = "\(plain)_\(number)"
      number += 1
    }
    names[typeName] = name
    return name
  }

  private mutating func inlined(_ schema: Schema, isRoot: Bool) -> Record {
    var record = Record()
    var description = schema.summary.map { [$0] } ?? []
    switch schema.shape {
    case .any, .reference: break
    case .nothing: record["type"] = "null"
    case .scalar(let scalar):
      record = ScalarJSONSchema.record(for: scalar, in: schema)
      if let limits = ScalarJSONSchema.limits(of: scalar) { description.append(limits) }
    case .array(let array):
      record["type"] = "array"
      record["items"] = .object(subschema(array.item))
      if array.minimumCount > 0 { record["minItems"] = .integer(Int64(array.minimumCount)) }
      if let maximum = array.maximumCount { record["maxItems"] = .integer(Int64(maximum)) }
    case .object(let object):
      record = isRoot ? rootObject(object) : nestedObject(object)
      description += object.choices.map(\.sentence)
    }
    if schema.isNullable { Self.allowNull(&record) }
    if !description.isEmpty {
      record["description"] = .string(description.joined(separator: " "))
    }
    return record
  }

  private static func allowNull(_ record: inout Record) {
    if case .string(let type)? = record["type"], type != "null" {
      record["type"] = .array([.string(type), "null"])
    }
    if case .array(let words)? = record["enum"] { record["enum"] = .array(words + [.null]) }
    if let fixed = record["const"] {
      record["const"] = nil
      record["enum"] = .array([fixed, .null])
    }
    if case .array(let schemas)? = record["anyOf"] {
      record["anyOf"] = .array(schemas + [["type": "null"]])
    }
  }

  // MARK: Objects

  private mutating func plainObject(_ object: ObjectSchema, typeName: String? = nil) -> Record {
    var properties = Record()
    var required: [Value] = []
    if let typeName {
      properties["_type"] = ["const": .string(typeName)]
      required.append("_type")
    }
    for member in object.members {
      properties[member.name] = .object(subschema(member.schema))
      if member.isRequired { required.append(.string(member.name)) }
    }
    var record: Record = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { record["required"] = .array(required) }
    if !object.isOpen { record["additionalProperties"] = false }
    if !object.choices.isEmpty {
      record["x-trestle-choice"] = .array(object.choices.map(\.jsonValue))
    }
    return record
  }

  private mutating func nestedObject(_ object: ObjectSchema) -> Record {
    guard !object.variants.isEmpty else { return plainObject(object) }
    var schemas: [Value] = []
    if !object.isAbstract { schemas.append(.object(plainObject(object))) }
    for variant in object.variants {
      guard case .object(let concrete) = variant.schema.resolved.shape, !concrete.isAbstract
      else { continue }
      guard case .reference(let reference) = variant.schema.shape else {
        schemas.append(.object(plainObject(concrete, typeName: variant.name)))
        continue
      }
      // Beside the plain type: this one must say which it is.
      let typed = "\(reference.name) as \(variant.name)"
      let isNew = names[typed] == nil
      let name = definitionName(for: typed)
      if isNew {
        definitions[name] = .null
        definitions[name] = .object(plainObject(concrete, typeName: variant.name))
      }
      schemas.append(["$ref": .string("#/$defs/" + name)])
    }
    return ["anyOf": .array(schemas)]
  }

  /// At the root the variants' members are laid side by side: no alternatives are allowed there.
  private mutating func rootObject(_ object: ObjectSchema) -> Record {
    guard !object.variants.isEmpty else { return plainObject(object) }
    var merged = object
    var names: [Value] = object.isAbstract ? [] : object.typeName.map { [.string($0)] } ?? []
    for variant in object.variants {
      guard case .object(let concrete) = variant.schema.resolved.shape, !concrete.isAbstract
      else { continue }
      names.append(.string(variant.name))
      for var member in concrete.members where merged.member(named: member.name) == nil {
        member.isRequired = false
        merged.members.append(member)
      }
    }
    var record = plainObject(merged)
    var properties: Record = ["_type": ["type": "string", "enum": .array(names)]]
    for member in record["properties"]?.objectValue ?? [:] {
      properties[member.name] = member.value
    }
    record["properties"] = .object(properties)
    if object.isAbstract {
      record["required"] = .array(["_type"] + (record["required"]?.arrayValue ?? []))
    }
    return record
  }
}

extension ObjectSchema.Choice {
  /// The rule for people: `Exactly one of byId, byName.`
  package var sentence: String {
    let names = alternatives.filter { !$0.isEmpty }.map { $0.joined(separator: " with ") }
    let list = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    let mayBeEmpty = !isRequired || alternatives.contains(where: \.isEmpty)
    if names.count == 1 { return mayBeEmpty ? "Together: \(list)." : "Needs \(list)." }
    return (mayBeEmpty ? "At most one of " : "Exactly one of ") + list + "."
  }

  fileprivate var jsonValue: Value {
    [
      "alternatives": .array(alternatives.map { .array($0.map { .string($0) }) }),
      "required": .bool(isRequired),
    ]
  }
}
