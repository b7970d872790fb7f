internal import TrestleCore

extension AdapterSchema {
  /// The JSON Schema (draft 2020-12) of an adapter file, for editors.
  public static func jsonSchema() -> Value {
    var schema: Record = [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Trestle adapter file",
      "type": "object",
    ]
    let rules: [Value] = protocols.map { name, _ in
      [
        "if": ["properties": ["protocol": ["const": .string(name)]]],
        "then": ["properties": properties(keys(of: name)), "additionalProperties": false],
      ]
    }
    var described = common
    if let index = described.firstIndex(where: { $0.name == "protocol" }) {
      described[index].kind = .oneOf(protocols.map(\.name))
    }
    schema["anyOf"] = [
      [
        "title": "one system",
        "properties": properties(described.filter { $0.name != "operations" }),
        "required": ["protocol"], "allOf": .array(rules),
      ],
      [
        "title": "systems in the short form",
        "additionalProperties": [
          "type": "object", "required": ["protocol_adapter"],
          "properties": ["protocol_adapter": shortForm],
        ],
      ],
    ]
    return .object(schema)
  }

  /// The JSON Schema of an object with such keys.
  package static func jsonSchema(of keys: [AdapterKey]) -> Value {
    var schema = schema(of: .object(keys))
    // Null is how YAML writes an empty part, and no object of its own.
    schema["type"] = "object"
    return .object(schema)
  }

  /// The JSON Schema (draft 2020-12) of a file with such keys.
  package static func jsonSchema(of keys: [AdapterKey], titled title: String) -> Value {
    var schema = jsonSchema(of: keys).objectValue ?? [:]
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = .string(title)
    return .object(schema)
  }

  private static var shortForm: Value {
    [
      "type": "object", "required": ["type"],
      "properties": [
        "type": ["enum": .array(protocols.map { .string($0.name) })],
        "port": ["type": "integer"], "responses": ["type": "object"],
      ],
    ]
  }

  private static func properties(_ keys: [AdapterKey]) -> Value {
    .object(
      Record(
        keys.map { key in
          var schema = Self.schema(of: key.kind)
          schema["description"] = .string(key.summary)
          return Record.Member(name: key.name, value: .object(schema))
        }))
  }

  private static func schema(of kind: AdapterKey.Kind) -> Record {
    switch kind {
    case .anything: return [:]
    case .text: return ["type": ["string", "number", "boolean"]]
    case .flag: return ["type": "boolean"]
    case .integer(let range):
      return [
        "type": ["integer", "string"], "minimum": .integer(range.lowerBound),
        "maximum": .integer(range.upperBound),
      ]
    case .duration:
      return ["type": ["string", "number"], "pattern": "^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?$|\\$\\{"]
    case .oneOf(let words): return ["enum": .array(words.map { .string($0) })]
    case .list(let item): return ["type": "array", "items": .object(schema(of: item))]
    case .map(let item):
      return ["type": ["object", "null"], "additionalProperties": .object(schema(of: item))]
    case .object(let keys):
      var schema: Record = [
        "type": ["object", "null"], "properties": properties(keys), "additionalProperties": false,
      ]
      let required = keys.filter(\.isRequired).map { Value.string($0.name) }
      if !required.isEmpty { schema["required"] = .array(required) }
      return schema
    case .either(let kinds):
      return ["anyOf": .array(kinds.map { .object(schema(of: $0)) })]
    }
  }
}
