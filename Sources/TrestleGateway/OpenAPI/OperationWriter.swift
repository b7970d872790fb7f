internal import Trestle

/// Writes the operations of one system for an OpenAPI document.
struct OperationWriter {
  private let system: LegacySystem
  private let prefix: String
  private var writer: JSONSchemaWriter
  /// What goes into and comes out of operations, by name.
  private var messages = Record()
  /// What operations may be refused with whose contract declares faults.
  private(set) var faults = Record()

  init(system: LegacySystem, prefix: String) {
    self.system = system
    self.prefix = prefix
    writer = JSONSchemaWriter(
      .init(references: "#/components/schemas/", prefix: prefix + ".", isExact: true))
  }

  /// Every shape that the operations written so far refer to.
  var schemas: Record { Record(messages.members + writer.definitions.members) }

  /// The description of the operation, which is at the same path.
  func get(_ operation: Operation) -> Value {
    [
      "operationId": .string("\(system.name).\(operation.name).description"),
      "tags": [.string(system.name)], "summary": .string("Tells of \(operation.name)."),
      "responses": [
        "200": [
          "description": "The operation.",
          "content": [JSONBody.type: ["schema": Shape.named(.operation)]],
        ], "default": Self.reference("responses", Self.refusalName),
      ],
    ]
  }

  /// The operation as a path's `post`.
  mutating func post(_ operation: Operation) -> Value {
    var record: Record = [
      "operationId": .string("\(system.name).\(operation.name)"),
      "tags": [.string(system.name)],
      "x-trestle-effects": .string(operation.effects.rawValue),
    ]
    if let summary = operation.summary { record["summary"] = .string(summary) }
    let notes = operation.notes.joined(separator: ". ")
    if !notes.isEmpty { record["description"] = .string(notes + ".") }
    record["parameters"] = .array(
      CallRequest.parameters.map { Self.reference("parameters", $0.name) })
    record["requestBody"] = [
      "required": .bool(operation.needsParameters),
      "content": [
        JSONBody.type: [
          "schema": named("parameters", of: operation, parameters(of: operation)),
          "example": operation.sampleParameters,
        ]
      ],
    ]
    record["responses"] = .object(responses(of: operation))
    return .object(record)
  }

  /// Puts a schema under a name of its own, and gives a reference to it.
  private mutating func named(_ kind: String, of operation: Operation, _ schema: Value) -> Value {
    let base = "\(prefix).\(OperationPaths.componentName(of: operation.name)).\(kind)"
    var name = base
    var number = 2
    while messages[name] != nil || writer.definitions[name] != nil {
      name = "\(base)_\(number)"
      number += 1
    }
    messages[name] = schema
    return Self.reference("schemas", name)
  }

  // MARK: What goes in

  /// The shape of the parameters: an object, whatever the contract says of them.
  private mutating func parameters(of operation: Operation) -> Value {
    var input = operation.input.resolved
    switch input.shape {
    case .object:
      input.isNullable = false
      let blocks = operation.headers.input
      guard !blocks.isEmpty, case .object(var object) = input.shape,
        object.member(named: "_headers") == nil
      else { return writer.schema(input) }
      object.members.append(Self.headersMember(blocks))
      input.shape = .object(object)
      return writer.schema(input)
    case .nothing: return ["type": "object", "additionalProperties": false]
    default: return ["type": "object"]
    }
  }

  /// Header blocks as a member; others than the declared ones may stand there too.
  private static func headersMember(_ blocks: [Operation.HeaderSchema]) -> ObjectSchema.Member {
    let members = blocks.map {
      ObjectSchema.Member(name: $0.name, schema: $0.schema, isRequired: false)
    }
    return ObjectSchema.Member(
      name: "_headers",
      schema: Schema(
        .object(ObjectSchema(members: members, isOpen: true)),
        summary: "Header blocks beside the message."),
      isRequired: false)
  }

  // MARK: What comes out

  private mutating func responses(of operation: Operation) -> Record {
    let value: Value =
      operation.isOneWay
      ? ["type": "null"] : named("value", of: operation, writer.schema(operation.output))
    var envelope: Record = [
      "value": value, "warnings": Shape.list(Shape.text(), "What a lenient reading let pass."),
      "call_id": Shape.text("The call's identity."),
    ]
    envelope["_headers"] = writer.schema(Self.headersMember(operation.headers.output).schema)
    var content = Record()
    if !operation.isOneWay {
      let sample = SampleMaker.sample(for: operation.output, named: operation.name)
      content[JSONBody.type] = ["schema": value, "example": sample]
    }
    content[OperationCall.envelopeType] = [
      "schema": [
        "type": "object", "properties": .object(envelope), "required": ["value", "call_id"],
      ]
    ]
    var responses: Record = [
      "200": [
        "description": "What the operation answered.", "headers": Self.told,
        "content": .object(content),
      ]
    ]
    if operation.isOneWay {
      responses["202"] = ["description": "Sent; nothing answers it.", "headers": Self.told]
    }
    let fault = fault(of: operation)
    for status in [400, 403, 404, 409, 422, 502, 503, 504] {
      responses["\(status)"] =
        [422, 502].contains(status) ? fault : Self.reference("responses", Self.refusalName)
    }
    responses["default"] = Self.reference("responses", Self.refusalName)
    return responses
  }

  /// What is refused for its parameters, and a fault that the system answered with, by what its contract says.
  private mutating func fault(of operation: Operation) -> Value {
    guard !operation.faults.isEmpty else { return Self.reference("responses", Self.refusalName) }
    var details: [Value] = []
    for fault in operation.faults {
      details.append(["title": .string(fault.name), "allOf": [writer.schema(fault.detail)]])
    }
    // A system may say what its contract does not.
    details.append(["title": "anything else"])
    let name = "\(prefix).\(OperationPaths.componentName(of: operation.name)).fault"
    faults[name] = [
      "description": "The parameters break the contract, or the system answered with a fault.",
      "headers": Self.told,
      "content": [
        JSONBody.type: [
          "schema": [
            "allOf": [Shape.named(.error)],
            "properties": [
              "error": ["properties": ["detail": ["anyOf": .array(details)]]]
            ],
          ]
        ]
      ],
    ]
    return Self.reference("responses", name)
  }

  // MARK: What all operations have

  static let refusalName = "Refusal"

  static let refusal: Value = [
    "description": "There is no value; the error says why.", "headers": told,
    "content": [JSONBody.type: ["schema": Shape.named(.error)]],
  ]

  static let headers: Record = [
    CallRequest.callField: [
      "description": "The call's identity.", "schema": Shape.text(),
    ],
    CallRequest.modeField: [
      "description": "Where the call went.",
      "schema": Shape.oneOf(CallMode.allCases.map(\.rawValue)),
    ],
    CallRequest.replayedField: [
      "description": "That this is the answer to an earlier request with the same key.",
      "schema": ["const": "true"],
    ],
  ]

  private static let told: Value = .object(
    Record(headers.map { .init(name: $0.name, value: reference("headers", $0.name)) }))

  private static func reference(_ kind: String, _ name: String) -> Value {
    ["$ref": .string("#/components/\(kind)/\(name)")]
  }
}

extension Operation {
  /// Whether it cannot be called without parameters.
  fileprivate var needsParameters: Bool {
    guard case .object(let object) = input.resolved.shape else { return false }
    return object.members.contains(where: \.isRequired)
      || object.choices.contains(where: \.isRequired)
  }
}
