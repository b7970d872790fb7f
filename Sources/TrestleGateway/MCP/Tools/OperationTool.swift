internal import Trestle

/// An operation of a legacy system as a tool: what its arguments are called, and how its result is put.
struct OperationTool: Sendable {
  let system: LegacySystem
  let operation: Operation
  let names: ArgumentNames
  /// Whether a result is put under `result`: the contract has it be something else than an object.
  let isWrapped: Bool
  let inputSchema: Record
  let outputSchema: Record

  init(_ operation: Operation, of system: LegacySystem) {
    self.operation = operation
    self.system = system
    let note =
      "describe_operation {\"system\": \"\(system.name)\", \"operation\": \"\(operation.name)\"} tells all of it."
    let input = JSONSchemaWriter.jsonSchema(for: operation.input)
    var record = InlinedSchema.record(of: input, for: .arguments, note: note)
    // Root alternatives, and whatever else is no object, are nothing that models' interfaces take.
    if record["type"] != "object" { record = ["type": "object"] }
    let headers = operation.headers
    if !headers.input.isEmpty {
      var properties = record["properties"]?.objectValue ?? [:]
      properties["_headers"] = .object(Self.headers(headers.input, .arguments, note))
      record["properties"] = .object(properties)
    }
    let properties = record["properties"]?.objectValue ?? [:]
    let names = ArgumentNames(properties.names)
    self.names = names
    if !names.isEmpty {
      record["properties"] = .object(
        Record(
          properties.map { property in
            let alias = names.alias(of: property.name)
            var schema = property.value
            if alias != property.name, case .object(var told) = schema {
              let description = told["description"]?.stringValue.map { " \($0)" } ?? ""
              told["description"] = .string("The member \(property.name).\(description)")
              schema = .object(told)
            }
            return Record.Member(name: alias, value: schema)
          }))
      if let required = record["required"]?.arrayValue {
        record["required"] = .array(
          required.map { .string(names.alias(of: $0.stringValue ?? "")) })
      }
    }
    // Said in the tool's own description, which more clients show.
    record["description"] = nil
    if record["properties"] == nil { record["properties"] = [:] }
    inputSchema = record
    (outputSchema, isWrapped) = Self.output(of: operation, in: system, note)
  }

  private static func headers(
    _ blocks: [Operation.HeaderSchema], _ use: InlinedSchema.Use, _ note: String
  ) -> Record {
    let members = blocks.map { block in
      let schema = JSONSchemaWriter.jsonSchema(for: block.schema)
      return Record.Member(
        name: block.name, value: .object(InlinedSchema.record(of: schema, for: use, note: note)))
    }
    return [
      "type": "object", "description": "SOAP header blocks.",
      "properties": .object(Record(members)),
    ]
  }

  private static func output(
    of operation: Operation, in system: LegacySystem, _ note: String
  ) -> (schema: Record, isWrapped: Bool) {
    guard !operation.isOneWay else {
      return (["type": "object", "description": "Empty: the message has no reply."], false)
    }
    let result = JSONSchemaWriter.jsonSchema(for: operation.output)
    var record = InlinedSchema.record(of: result, for: .results, note: note)
    var isWrapped = false
    switch operation.output.resolved.shape {
    case .object where record["type"] == "object": break
    case .any, .reference:
      record = [
        "type": "object",
        "description": "The result; one that is no object is under \"result\".",
      ]
    case .nothing: record = ["type": "object", "description": "Empty: there is no result."]
    default:
      isWrapped = true
      record = [
        "type": "object", "description": "The result is no object, so it is under \"result\".",
        "properties": ["result": .object(record)],
      ]
    }
    let headers = operation.headers.output
    if !headers.isEmpty {
      var properties = record["properties"]?.objectValue ?? [:]
      properties["_headers"] = .object(Self.headers(headers, .results, note))
      record["properties"] = .object(properties)
    }
    return (record, isWrapped)
  }

  /// The tool.
  func tool(named name: String, isLive: Bool) -> MCPTool {
    let isRead = operation.effects == .read
    return MCPTool(
      name: name, title: "\(system.name) \(operation.name)", description: description,
      inputSchema: inputSchema, outputSchema: outputSchema, isReadOnly: isRead,
      isDestructive: !isRead, isIdempotent: isRead, isOpenWorld: isLive, kind: .operation(self))
  }

  private static let greatestDescription = 1000

  private var description: String {
    var sentences: [String] = []
    if let summary = operation.summary, !summary.isEmpty {
      sentences.append(summary.last.map { ".!?".contains($0) } == true ? summary : summary + ".")
    }
    sentences.append(
      "\(operation.effects == .read ? "Reads from" : "Changes") \(system.name) by its operation \(operation.name) (\(system.protocolName))."
    )
    if case .object(let object) = operation.input.resolved.shape {
      sentences += object.choices.prefix(6).map { choice in
        var choice = choice
        choice.alternatives = choice.alternatives.map { $0.map(names.alias(of:)) }
        return choice.sentence
      }
    }
    if operation.isOneWay { sentences.append("There is no reply.") }
    return String(sentences.joined(separator: " ").prefix(Self.greatestDescription))
  }

  /// A call that the contract allows, by the names of the arguments.
  var example: Value {
    names.arguments(operation.sampleParameters)
  }
}
