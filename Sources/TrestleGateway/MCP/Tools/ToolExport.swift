package import Trestle

/// The operations of systems as tools, in the words of those who take them: for programs that call models
/// themselves, and answer a tool's call with `POST /v1/systems/{system}/operations/{operation}`.
package enum ToolExport: String, Sendable, CaseIterable {
  case mcp, openai, anthropic, langchain

  /// The tools of all operations of some systems.
  package func value(of systems: [LegacySystem], readsOnly: Bool) -> Value {
    let tools = ToolCatalog.operations(of: systems, readsOnly: readsOnly) { _ in true }
    let values = tools.map(value(of:))
    return self == .mcp ? ["tools": .array(values)] : .array(values)
  }

  private func value(of tool: MCPTool) -> Value {
    switch self {
    case .mcp: tool.value
    case .openai:
      [
        "type": "function",
        "function": [
          "name": .string(tool.name), "description": .string(tool.description),
          "parameters": .object(tool.inputSchema),
        ],
      ]
    case .anthropic:
      [
        "name": .string(tool.name), "description": .string(tool.description),
        "input_schema": .object(tool.inputSchema),
      ]
    case .langchain:
      // What bind_tools takes: a JSON Schema that says its tool's name and description.
      .object(
        Record(
          [
            .init(name: "title", value: .string(tool.name)),
            .init(name: "description", value: .string(tool.description)),
          ] + tool.inputSchema.members))
    }
  }
}
