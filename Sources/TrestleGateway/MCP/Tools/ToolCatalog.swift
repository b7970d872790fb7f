internal import Trestle

/// Which tools there are of a workspace.
package enum ToolChoice: String, Sendable, CaseIterable {
  /// A tool for each operation as long as they are few; else those that search and call.
  case auto
  /// A tool for each operation, however many.
  case all
  /// Only the tools that search and call.
  case search
}

/// The tools of a workspace, in an order that stays the same.
struct ToolCatalog: Sendable {
  /// With more, models choose badly, and each costs room in their context.
  static let mostOperations = 40
  /// What a list of tools may take of a model's context, in bytes of JSON.
  static let greatestSize = 56 << 10

  let snapshot: WorkspaceSnapshot
  let tools: [MCPTool]
  private let positions: [String: Int]
  /// The names of the tools of operations, by system and operation.
  private let operationNames: [String: String]

  init(
    _ snapshot: WorkspaceSnapshot, choice: ToolChoice, readsOnly: Bool, hasMocks: Bool,
    isLive: (LegacySystem) -> Bool
  ) {
    let reachesLive = snapshot.workspace.systems.contains(where: isLive)
    self.snapshot = snapshot
    var tools = FixedTool.allCases.filter { tool in
      (!tool.steersMocks || hasMocks)
        && (!readsOnly || tool.isReadOnly || tool == .callLegacySystem)
    }.map { $0.tool(readsOnly: readsOnly, isLive: reachesLive) }
    let systems = snapshot.workspace.systems.filter(\.isUsable)
    // Counted before any is made: a contract of thousands need not be compiled to be called too large.
    let count = systems.reduce(0) { $0 + $1.contract.operations.count }
    var operations: [MCPTool] = []
    if choice == .all || choice == .auto && count <= Self.mostOperations {
      operations = Self.operations(of: systems, readsOnly: readsOnly, isLive: isLive)
      let size = operations.reduce(0) { $0 + JSONWriter.bytes($1.value).count }
      if choice == .auto, size > Self.greatestSize - (12 << 10) { operations = [] }
    }
    tools += operations
    self.tools = tools
    positions = Dictionary(
      tools.enumerated().map { ($0.element.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    operationNames = Dictionary(
      operations.compactMap { tool in
        guard case .operation(let operation) = tool.kind else { return nil }
        return (Self.key(operation.system.name, operation.operation.name), tool.name)
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The tools of operations alone.
  static func operations(
    of systems: [LegacySystem], readsOnly: Bool, isLive: (LegacySystem) -> Bool
  ) -> [MCPTool] {
    var names: Set<String> = []
    return systems.flatMap { system in
      system.contract.operations.compactMap { operation -> MCPTool? in
        guard !readsOnly || operation.effects == .read else { return nil }
        let name = ToolName.tool(system.name, operation.name)
        guard names.insert(name).inserted else { return nil }
        return OperationTool(operation, of: system).tool(
          named: name, isLive: isLive(system))
      }
    }
  }

  func tool(named name: String) -> MCPTool? { positions[name].map { tools[$0] } }

  /// The tool of an operation; nil where it has none of its own.
  func name(ofTool operation: String, of system: String) -> String? {
    operationNames[Self.key(system, operation)]
  }

  private static func key(_ system: String, _ operation: String) -> String {
    system + "\0" + operation
  }
}
