internal import Trestle

/// A tool as a client lists it, and what is behind it.
struct MCPTool: Sendable {
  enum Kind: Sendable {
    case operation(OperationTool)
    case fixed(FixedTool)
  }

  var name: String
  var title: String
  var description: String
  var inputSchema: Record
  var outputSchema: Record
  var isReadOnly: Bool
  var isDestructive: Bool
  var isIdempotent: Bool
  var isOpenWorld: Bool
  var kind: Kind

  /// The tool in `tools/list`.
  var value: Value {
    [
      "name": .string(name), "title": .string(title), "description": .string(description),
      "inputSchema": .object(inputSchema), "outputSchema": .object(outputSchema),
      "annotations": [
        "title": .string(title), "readOnlyHint": .bool(isReadOnly),
        "destructiveHint": .bool(isDestructive), "idempotentHint": .bool(isIdempotent),
        "openWorldHint": .bool(isOpenWorld),
      ],
    ]
  }
}
