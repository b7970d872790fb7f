package import TrestleCore

extension LegacySystem {
  /// All that is known of an operation: what it does, and the JSON Schemas of what goes in and comes out.
  package func description(of operation: Operation) -> Record {
    var record: Record = [
      "system": .string(name), "operation": .string(operation.name),
      "effects": .string(operation.effects.rawValue), "one_way": .bool(operation.isOneWay),
      "notes": .array(operation.notes.map { .string($0) }),
    ]
    if let summary = operation.summary { record["summary"] = .string(summary) }
    record["parameters"] = JSONSchemaWriter.jsonSchema(for: operation.input)
    if !operation.isOneWay {
      record["returns"] = JSONSchemaWriter.jsonSchema(for: operation.output)
    }
    let headers = operation.headers
    for (key, blocks) in [("headers", headers.input), ("returned_headers", headers.output)]
    where !blocks.isEmpty {
      record[key] = Self.schemas(blocks.map { ($0.name, $0.schema) })
    }
    record["faults"] = Self.schemas(operation.faults.map { ($0.name, $0.detail) })
    return record
  }

  private static func schemas(_ named: [(name: String, schema: Schema)]) -> Value {
    .object(
      Record(
        named.map {
          Record.Member(name: $0.name, value: JSONSchemaWriter.jsonSchema(for: $0.schema))
        }))
  }
}
