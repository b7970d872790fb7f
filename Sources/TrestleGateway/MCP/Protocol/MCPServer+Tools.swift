internal import Trestle

extension MCPServer {
  /// `tools/call`.
  func callTool(
    _ parameters: Record, _ exchange: MCPExchange
  ) async throws(MCPError) -> Record {
    guard case .string(let name)? = parameters["name"] else {
      throw .wrongParameters("tools/call names a tool")
    }
    let catalog = catalog(for: exchange.grant)
    guard let tool = catalog.tool(named: name) else {
      throw .wrongParameters(
        "there is no tool \"\(name.prefix(100))\""
          + Suggestion.clause(
            for: name,
            among: catalog.tools.filter { exchange.grant.allows($0.demand) }.map(\.name)))
    }
    let arguments: Record
    switch parameters["arguments"] {
    case nil, .null?: arguments = [:]
    case .object(let record)?: arguments = record
    case let other?:
      return ToolResult.mistake(
        "arguments are an object, found \(other.kindName)", at: ""
      ).record(exchange.era)
    }
    let result: ToolResult
    switch tool.kind {
    case .operation(let operation):
      let call = operation.names.parameters(arguments)
      result = await self.call(operation, .object(call), exchange, fitting: tool.outputSchema)
    case .fixed(let fixed):
      result = await run(fixed, arguments, in: catalog, exchange)
    }
    return result.record(exchange.era)
  }

  /// Calls an operation, and tells how long it waits for the answer where somebody wants to know.
  func call(
    _ tool: OperationTool, _ parameters: Value, _ exchange: MCPExchange, fitting schema: Record?,
    timeout asked: Duration? = nil
  ) async -> ToolResult {
    let (system, operation) = (tool.system, tool.operation)
    guard !options.readsOnly || operation.effects == .read else {
      return ToolResult(
        [
          "error": [
            "kind": "read_only", "system": .string(system.name),
            "operation": .string(operation.name),
            "message": "\(operation.name) changes something, and this server only reads",
          ]
        ], isError: true)
    }
    let title = "\(system.name) \(operation.name)"
    do throws(BridgeError) {
      let host = host
      let timeout = host.time.timeout(of: operation, of: system, asked: asked)
      let reply = try await waiting(title, exchange) { () async throws(BridgeError) -> Reply in
        try await host.call(
          system, operation: operation.name, parameters: parameters, timeout: timeout)
      }
      switch reply.outcome {
      case .fault(let fault):
        var result = ToolResult.fault(fault, system.name, operation.name)
        result.warnings = reply.warnings
        return result
      case .value(let value):
        return result(of: value, reply, tool, exchange, fitting: schema)
      }
    } catch {
      return .failure(error, of: tool, parameters: parameters)
    }
  }

  private func result(
    of value: Value, _ reply: Reply, _ tool: OperationTool, _ exchange: MCPExchange,
    fitting schema: Record?
  ) -> ToolResult {
    var result = ToolResult([:], warnings: reply.warnings)
    let value = blobs.shelve(value, of: exchange.grant.name, links: &result.links)
    switch value {
    case .object(let record) where !tool.isWrapped: result.structured = record
    case .null where tool.operation.isOneWay || tool.operation.output.resolved.isNothing: break
    default: result.structured = ["result": value]
    }
    if !reply.headers.isEmpty, result.structured["_headers"] == nil {
      result.structured["_headers"] = .object(reply.headers)
    }
    guard let schema,
      let place = StructuredShape.misfit(.object(result.structured), .object(schema))
    else { return result }
    // Clients throw away what is not made as it was promised: as an error it comes through.
    return ToolResult(
      [
        "error": [
          "kind": "reply", "system": .string(tool.system.name),
          "operation": .string(tool.operation.name), "path": .string(place),
          "message":
            "the reply is not made as the contract says; it is under \"reply\" as it came",
          "reply": .object(result.structured),
        ]
      ], isError: true, warnings: reply.warnings)
  }

  /// Does something, with progress told twice a second.
  private func waiting<Result: Sendable>(
    _ title: String, _ exchange: MCPExchange,
    _ body: @escaping @Sendable () async throws(BridgeError) -> Result
  ) async throws(BridgeError) -> Result {
    guard exchange.progressToken != nil else { return try await body() }
    exchange.progress(0, "calling \(title)")
    let outcome = await withTaskGroup(of: Swift.Result<Result, BridgeError>?.self) { group in
      group.addTask {
        do throws(BridgeError) {
          return .success(try await body())
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        var count: Int64 = 0
        while (try? await Task.sleep(for: .milliseconds(500))) != nil {
          count += 1
          exchange.progress(count, "\(title) has not answered for \(count / 2) s")
        }
        return nil
      }
      defer { group.cancelAll() }
      for await outcome in group { if let outcome { return outcome } }
      return .failure(
        BridgeError(stage: .timeout, system: "", reason: "the call was cancelled"))
    }
    return try outcome.get()
  }
}

extension Schema {
  fileprivate var isNothing: Bool {
    if case .nothing = shape { return true }
    return false
  }
}
