internal import Trestle

/// The tools that there are whatever the systems offer.
enum FixedTool: String, Sendable, CaseIterable {
  case listSystems = "list_systems"
  case searchOperations = "search_operations"
  case describeOperation = "describe_operation"
  case callLegacySystem = "call_legacy_system"
  case setStub = "set_stub"
  case reset
  case getCalls = "get_calls"
  case verifyCalls = "verify_calls"

  /// Whether it needs mocks to steer.
  var steersMocks: Bool {
    switch self {
    case .setStub, .reset, .getCalls, .verifyCalls: true
    default: false
    }
  }

  /// Whether nothing changes by it.
  var isReadOnly: Bool {
    switch self {
    case .callLegacySystem, .setStub, .reset: false
    default: true
    }
  }

  /// The tool. With `readsOnly`, calls of operations that write are refused.
  func tool(readsOnly: Bool, isLive: Bool) -> MCPTool {
    let isCall = self == .callLegacySystem
    let isRead = isReadOnly || isCall && readsOnly
    return MCPTool(
      name: rawValue, title: title, description: description, inputSchema: inputSchema,
      outputSchema: outputSchema, isReadOnly: isRead, isDestructive: isCall && !isRead,
      // Setting the same stub again, and beginning again twice, change nothing more.
      isIdempotent: isRead || !isCall, isOpenWorld: isCall && isLive, kind: .fixed(self))
  }

  private var title: String {
    switch self {
    case .listSystems: "List legacy systems"
    case .searchOperations: "Search operations"
    case .describeOperation: "Describe an operation"
    case .callLegacySystem: "Call a legacy system"
    case .setStub: "Set a mock's answer"
    case .reset: "Reset mocks"
    case .getCalls: "Get the calls of mocks"
    case .verifyCalls: "Verify the calls of mocks"
    }
  }

  private var description: String {
    switch self {
    case .listSystems:
      "Lists the legacy systems: protocol, what they are for, how many operations they have, and what is wrong with their files."
    case .searchOperations:
      "Finds operations of the legacy systems by words of their names and summaries. Without words it lists them."
    case .describeOperation:
      "Tells all of an operation: parameters, result and faults as JSON Schema, and an example of a call."
    case .callLegacySystem:
      "Calls any operation of any legacy system. describe_operation tells the parameters; decimals and wide integers are texts, so that no digit is lost."
    case .setStub:
      "Sets what a mock answers from now on to calls of an operation: a reply or a fault, for all calls or for those with certain parameters."
    case .reset:
      "Begins mocks again: scenarios, stores and counters; with everything, live stubs and faults go too."
    case .getCalls:
      "Tells which calls the mocks got, the newest first, and what they answered."
    case .verifyCalls:
      "Checks that the mocks were called as expected; what came instead is told of each check that fails."
    }
  }

  // MARK: Schemas

  private static let system: Value = [
    "type": "string", "description": "The system's name; list_systems tells them.",
  ]
  private static let operation: Value = [
    "type": "string", "description": "The operation's name; search_operations finds it.",
  ]
  private static let since: Value = [
    "type": "string", "description": "Only the last time, such as 30s, 5m or 2h.",
  ]

  private static func object(_ properties: Record, required: [String] = []) -> Record {
    var record: Record = ["type": "object", "properties": .object(properties)]
    if !required.isEmpty { record["required"] = .array(required.map { .string($0) }) }
    record["additionalProperties"] = false
    return record
  }

  private static func text(_ description: String) -> Value {
    ["type": "string", "description": .string(description)]
  }

  private static func flag(_ description: String) -> Value {
    ["type": "boolean", "description": .string(description)]
  }

  private static func count(_ description: String, upTo most: Int64) -> Value {
    [
      "type": "integer", "minimum": 1, "maximum": .integer(most),
      "description": .string(description),
    ]
  }

  private var inputSchema: Record {
    switch self {
    case .listSystems: Self.object([:])
    case .searchOperations:
      Self.object([
        "query": Self.text("Words, such as 'invoice customer'."),
        "system": Self.text("Of one system only."),
        "limit": Self.count("How many; 20 when left out.", upTo: 200),
      ])
    case .describeOperation:
      Self.object(
        ["system": Self.system, "operation": Self.operation], required: ["system", "operation"])
    case .callLegacySystem:
      Self.object(
        [
          "system": Self.system, "operation": Self.operation,
          "parameters": [
            "type": "object",
            "description":
              "As describe_operation tells: attributes are _name, what repeats is an array even with one item, null is nil, derived types say _type.",
          ],
          "timeout": Self.text("The longest it may take, such as 500ms, 2s or 1m."),
        ], required: ["system", "operation"])
    case .setStub:
      Self.object(
        [
          "system": Self.system, "operation": Self.operation,
          "when": [
            "type": "object",
            "description":
              "Parameters that a call must have, such as {\"sku\": \"A-9\"} or {\"amount\": {\"gte\": 100}}; all calls when left out.",
          ],
          "reply": [
            "description":
              "The result that it answers; \"{{request.sku}}\" is filled with a parameter of the call."
          ],
          "fault": [
            "type": "object",
            "description":
              "A fault in place of a reply: {\"code\": …, \"message\": …, \"detail\": …}.",
          ],
          "name": Self.text("What it is called; setting it again replaces it."),
          "more": [
            "type": "object",
            "description":
              "Further keys of a stub as in an adapter file: times, scenario, state, to, priority, misbehave (such as {\"late\": \"2s\"}).",
          ],
        ], required: ["system", "operation"])
    case .reset:
      Self.object([
        "system": Self.text("One system's mock; all when left out."),
        "everything": Self.flag("Whether live stubs, live scenarios and faults go too."),
      ])
    case .getCalls:
      Self.object([
        "system": Self.text("Of one system."), "operation": Self.text("Of one operation."),
        "where": [
          "type": "array", "items": ["type": "string"],
          "description": "Calls with parameters, each as path=value.",
        ],
        "outcome": Self.text("What became of them, such as ok, fault or unmatched."),
        "since": Self.since, "id": ["type": "integer", "description": "One call by its number."],
        "bodies": Self.flag("Whether the messages on the wire are told too."),
        "limit": Self.count("How many; 20 when left out.", upTo: 200),
      ])
    case .verifyCalls:
      Self.object(
        [
          "checks": [
            "type": "array", "items": ["type": "string"],
            "description":
              "Each as SYSTEM [OPERATION] [name=value …] [exactly N | at least N | at most N | once | never]; at least one call when no count is said.",
          ],
          "in_order": Self.flag("Whether one call of each is expected, one after the other."),
          "since": Self.since,
        ], required: ["checks"])
    }
  }

  private var outputSchema: Record {
    switch self {
    case .listSystems:
      [
        "type": "object",
        "properties": ["systems": ["type": "array", "items": ["type": "object"]]],
      ]
    case .searchOperations:
      [
        "type": "object",
        "properties": [
          "operations": ["type": "array", "items": ["type": "object"]],
          "total": ["type": "integer"],
        ],
      ]
    case .callLegacySystem:
      [
        "type": "object",
        "description": "The operation's result; one that is no object is under \"result\".",
      ]
    case .getCalls:
      ["type": "object", "properties": ["calls": ["type": "array", "items": ["type": "object"]]]]
    default: ["type": "object"]
    }
  }
}
