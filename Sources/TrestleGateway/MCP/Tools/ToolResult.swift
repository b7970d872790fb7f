internal import Trestle

/// What a tool answers.
struct ToolResult: Sendable {
  var structured: Record
  var isError = false
  /// What is odd about it, though it is a result.
  var warnings: [String] = []
  /// What is too large to be in it, each to be read as a resource.
  var links: [(uri: String, name: String, size: Int)] = []

  init(_ structured: Record, isError: Bool = false, warnings: [String] = []) {
    self.structured = structured
    self.isError = isError
    self.warnings = warnings
  }

  /// The result in `tools/call`: the structure, and the same as text for clients that know no other.
  func record(_ era: MCPEra) -> Record {
    var content: [Value] = [
      ["type": "text", "text": .string(JSONWriter.text(.object(structured)))]
    ]
    for warning in warnings {
      content.append(["type": "text", "text": .string("warning: \(warning)")])
    }
    for link in links {
      content.append(
        era.knowsResourceLinks
          ? [
            "type": "resource_link", "uri": .string(link.uri), "name": .string(link.name),
            "mimeType": "application/octet-stream", "size": .integer(Int64(link.size)),
          ]
          : [
            "type": "text",
            "text": .string("\(link.name) has \(link.size) bytes: read the resource \(link.uri)"),
          ])
    }
    var record: Record = [
      "content": .array(content), "structuredContent": .object(structured),
    ]
    record["isError"] = .bool(isError)
    return record
  }

  // MARK: Failures

  /// Something is wrong with the arguments: where, what was expected, and arguments that are right.
  static func mistake(
    _ message: String, at path: String? = nil, hint: String? = nil, known: [String] = [],
    example: Value? = nil
  ) -> ToolResult {
    var error: Record = ["kind": "validation", "message": .string(message)]
    if let path { error["path"] = .string(path) }
    if let hint { error["hint"] = .string(hint) }
    if !known.isEmpty { error["known"] = .array(known.prefix(100).map { .string($0) }) }
    if let example { error["example"] = example }
    return ToolResult(["error": .object(error)], isError: true)
  }

  /// A call that gave no value, as the HTTP API tells it too; places are by the names of the arguments.
  static func failure(
    _ error: BridgeError, of tool: OperationTool, parameters: Value
  ) -> ToolResult {
    var refusal = APIError(error, parameters: parameters)
    refusal.path = refusal.path.map(tool.names.pointer)
    for position in refusal.problems.indices {
      refusal.problems[position].pointer = tool.names.pointer(
        refusal.problems[position].pointer)
    }
    if [.validation, .encoding].contains(error.stage) { refusal.facts["example"] = tool.example }
    return ToolResult(refusal.value.objectValue ?? [:], isError: true)
  }

  /// The system answered with a fault.
  static func fault(_ fault: Fault, _ system: String, _ operation: String) -> ToolResult {
    let refusal = APIError(fault, system: system, operation: operation, callID: nil)
    return ToolResult(refusal.value.objectValue ?? [:], isError: true)
  }

  /// What steering mocks refuses.
  static func refusal(_ refusal: SteeringRefusal) -> ToolResult {
    ToolResult(refusal.value.objectValue ?? ["error": refusal.value], isError: true)
  }
}
