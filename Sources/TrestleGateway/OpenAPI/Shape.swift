internal import Trestle

/// JSON Schemas (draft 2020-12) in few words.
enum Shape {
  static let anything: Value = [:]

  /// An object of these members and no others; a name that ends in `?` may be left out.
  static func object(_ members: KeyValuePairs<String, Value>, _ summary: String? = nil) -> Value {
    var properties = Record()
    var required: [Value] = []
    for (name, shape) in members {
      let isOptional = name.hasSuffix("?")
      let plain = isOptional ? String(name.dropLast()) : name
      properties[plain] = shape
      if !isOptional { required.append(.string(plain)) }
    }
    var record: Record = [
      "type": "object", "properties": .object(properties), "additionalProperties": false,
    ]
    if !required.isEmpty { record["required"] = .array(required) }
    if let summary { record["description"] = .string(summary) }
    return .object(record)
  }

  /// Names of the writer's own choosing, each with a value of a kind.
  static func map(_ item: Value, _ summary: String? = nil) -> Value {
    described(["type": "object", "additionalProperties": item], summary)
  }

  static func list(_ item: Value, _ summary: String? = nil) -> Value {
    described(["type": "array", "items": item], summary)
  }

  static func text(_ summary: String? = nil) -> Value { described(["type": "string"], summary) }

  static func integer(_ summary: String? = nil, from least: Int64? = nil) -> Value {
    var record: Record = ["type": "integer"]
    if let least { record["minimum"] = .integer(least) }
    return described(record, summary)
  }

  static func number(_ summary: String? = nil) -> Value { described(["type": "number"], summary) }

  static func flag(_ summary: String? = nil) -> Value { described(["type": "boolean"], summary) }

  static func any(_ summary: String) -> Value { described([:], summary) }

  static func oneOf(_ words: [String], _ summary: String? = nil) -> Value {
    described(["type": "string", "enum": .array(words.map { .string($0) })], summary)
  }

  static func either(_ shapes: [Value], _ summary: String? = nil) -> Value {
    described(["anyOf": .array(shapes)], summary)
  }

  static func orNull(_ shape: Value, _ summary: String? = nil) -> Value {
    either([shape, ["type": "null"]], summary)
  }

  /// A shape that has a name in the document.
  static func named(_ name: SharedShape) -> Value {
    ["$ref": .string("#/components/schemas/\(name.rawValue)")]
  }

  private static func described(_ record: Record, _ summary: String?) -> Value {
    guard let summary else { return .object(record) }
    var record = record
    record["description"] = .string(summary)
    return .object(record)
  }
}
