/// Writes schemas as JSON Schema 2020-12.
///
/// The shape is what tool-calling models and editors take: an object at the root without `oneOf`,
/// named types under `$defs`. A choice is told in the description and in `x-trestle-choice`, since
/// alternatives at the root are refused by many readers. In the exact form they are schemas too, for
/// documents that are held against messages.
package struct JSONSchemaWriter {
  /// Where named types stand, and how much is said.
  package struct Form: Sendable {
    /// What a reference to a named type begins with.
    package var references = "#/$defs/"
    /// What every name of a type begins with: it keeps contracts apart in one document.
    package var prefix = ""
    /// Whether every rule that JSON Schema has words for is said in them, and what the wire does not tell from
    /// absence need not be present.
    package var isExact = false

    package init(references: String = "#/$defs/", prefix: String = "", isExact: Bool = false) {
      self.references = references
      self.prefix = prefix
      self.isExact = isExact
    }
  }

  /// The named types that schemas written so far refer to.
  package private(set) var definitions = Record()
  private let form: Form
  /// The definitions' names by the types' own names, which may hold what a JSON Pointer cannot.
  private var names: [String: String] = [:]

  /// The JSON Schema of a value's schema.
  package static func jsonSchema(for schema: Schema, title: String? = nil) -> Value {
    var writer = JSONSchemaWriter(Form())
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

  /// Writes schemas of one contract, which share their named types.
  package init(_ form: Form) { self.form = form }

  /// The JSON Schema of a part; the types that it names are in `definitions`.
  package mutating func schema(_ schema: Schema) -> Value { .object(subschema(schema)) }

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
    var record: Record = ["$ref": .string(form.references + name)]
    if target.isNullable {
      record = ["anyOf": .array([.object(record), ["type": "null"]] + nilForm(of: target))]
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
    var name = form.prefix + plain
    var number = 2
    while definitions[name] != nil {
      name = "\(form.prefix)\(plain)_\(number)"
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
      if form.isExact { ScalarJSONSchema.addWords(of: scalar, to: &record) }
      if let limits = ScalarJSONSchema.limits(of: scalar) { description.append(limits) }
    case .array(let array):
      record["type"] = "array"
      record["items"] = .object(subschema(array.item))
      if array.minimumCount > 0 { record["minItems"] = .integer(Int64(array.minimumCount)) }
      if let maximum = array.maximumCount { record["maxItems"] = .integer(Int64(maximum)) }
    case .object(let object):
      record = isRoot ? rootObject(object) : nestedObject(object)
      description += object.choices.map(\.sentence)
      if schema.isNullable, form.isExact, !nilForm(of: schema).isEmpty {
        record = ["anyOf": .array([.object(record), ["type": "null"]] + nilForm(of: schema))]
        if !description.isEmpty {
          record["description"] = .string(description.joined(separator: " "))
        }
        return record
      }
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
      if isRequired(member) { required.append(.string(member.name)) }
    }
    var record: Record = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { record["required"] = .array(required) }
    if !object.isOpen { record["additionalProperties"] = false }
    if !object.choices.isEmpty {
      record["x-trestle-choice"] = .array(object.choices.map(\.jsonValue))
      if form.isExact {
        let rules = object.choices.compactMap(\.rule)
        if !rules.isEmpty { record["allOf"] = .array(rules) }
      }
    }
    return record
  }

  private func isRequired(_ member: ObjectSchema.Member) -> Bool {
    guard member.isRequired else { return false }
    guard form.isExact else { return true }
    // What the validator lets be absent: an empty list, which is the same on the wire, and what can have one
    // value only.
    if case .array(let array) = member.schema.resolved.shape, array.minimumCount == 0 {
      return false
    }
    return member.schema.fixedText == nil
  }

  /// What is nil and has attributes; nothing where there is no such.
  private mutating func nilForm(of schema: Schema) -> [Value] {
    guard form.isExact, case .object(let object) = schema.resolved.shape else { return [] }
    let attributes = object.members.filter {
      $0.name.hasPrefix("_") && !$0.name.hasPrefix("__") && !Self.plumbing.contains($0.name)
    }
    guard !attributes.isEmpty || !object.variants.isEmpty else { return [] }
    var properties: Record = ["_nil": ["const": true], "_type": ["type": "string"]]
    for attribute in attributes {
      properties[attribute.name] = .object(subschema(attribute.schema))
    }
    return [
      [
        "type": "object", "properties": .object(properties), "required": ["_nil"],
        "additionalProperties": false,
      ]
    ]
  }

  /// Members that begin as attributes do and are none.
  private static let plumbing: Set<String> = ["_text", "_type", "_any", "_xml", "_seq", "_nil"]

  private mutating func nestedObject(_ object: ObjectSchema) -> Record {
    guard !object.variants.isEmpty else { return plainObject(object) }
    var schemas: [Value] = []
    if !object.isAbstract {
      var plain = plainObject(object)
      if form.isExact, let name = object.typeName,
        var properties = plain["properties"]?.objectValue, properties["_type"] == nil
      {
        // The declared type may be named too.
        properties["_type"] = ["const": .string(name)]
        plain["properties"] = .object(properties)
      }
      schemas.append(.object(plain))
    }
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
      schemas.append(["$ref": .string(form.references + name)])
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

  /// The rule as a schema; nil where the validator does not hold values against it either.
  fileprivate var rule: Value? {
    guard alternatives.count < 64 else { return nil }
    let governed = Set(alternatives.joined())
    let mayBeEmpty = !isRequired || alternatives.contains(where: \.isEmpty)
    // Members of one alternative exclude all that are not of it.
    var rules: [Value] = alternatives.filter { !$0.isEmpty }.map { names in
      let others = governed.subtracting(names).sorted()
      var rule: Record = [:]
      if !mayBeEmpty {
        rule["anyOf"] = .array(names.map { ["required": [.string($0)]] })
      }
      if !others.isEmpty {
        rule["not"] = ["anyOf": .array(others.map { ["required": [.string($0)]] })]
      }
      return .object(rule)
    }
    if rules.allSatisfy({ $0 == .emptyObject }) { return nil }
    if rules.count == 1 { return rules[0] }
    rules = rules.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    return ["anyOf": .array(rules)]
  }

  fileprivate var jsonValue: Value {
    [
      "alternatives": .array(alternatives.map { .array($0.map { .string($0) }) }),
      "required": .bool(isRequired),
    ]
  }
}
