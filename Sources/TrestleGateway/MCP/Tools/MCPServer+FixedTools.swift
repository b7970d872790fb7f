internal import Trestle

extension MCPServer {
  /// Runs one of the tools that are always there.
  func run(
    _ tool: FixedTool, _ arguments: Record, in catalog: ToolCatalog, _ exchange: MCPExchange
  ) async -> ToolResult {
    let known = tool.tool(readsOnly: false, isLive: false).inputSchema
    if let mistake = Self.mistake(in: arguments, of: known) { return mistake }
    do throws(Refused) {
      switch tool {
      case .listSystems: return listSystems(catalog)
      case .searchOperations: return search(arguments, in: catalog)
      case .describeOperation:
        return ToolResult(description(of: try operation(arguments, catalog), in: catalog))
      case .callLegacySystem:
        let parameters = arguments["parameters"] ?? [:]
        return await call(
          try operation(arguments, catalog), parameters, exchange, fitting: nil,
          timeout: try Self.timeout(arguments["timeout"]))
      case .setStub: return try await setStub(arguments, catalog)
      case .reset: return try await reset(arguments)
      case .getCalls: return try await getCalls(arguments, exchange)
      case .verifyCalls: return try await verifyCalls(arguments)
      }
    } catch {
      return error.result
    }
  }

  /// Why a tool gives no result: another one that says it.
  struct Refused: Error {
    var result: ToolResult
  }

  /// What is wrong with arguments: unknown names, missing ones, and kinds.
  private static func mistake(in arguments: Record, of schema: Record) -> ToolResult? {
    let properties = schema["properties"]?.objectValue ?? [:]
    for argument in arguments {
      guard let property = properties[argument.name] else {
        return .mistake(
          "there is no argument \"\(argument.name)\""
            + Suggestion.clause(for: argument.name, among: properties.names),
          at: "/" + JSONPointer.escaped(argument.name), known: properties.names)
      }
      if let place = StructuredShape.misfit(
        argument.value, property, at: "/" + JSONPointer.escaped(argument.name))
      {
        return .mistake(
          "\(argument.name) expects \(property["type"]?.stringValue ?? "something else"), found \(argument.value.kindName)",
          at: place)
      }
    }
    for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? []
    where arguments[name] == nil {
      return .mistake(
        "\(name) is missing", at: "/\(name)",
        hint: properties[name]?["description"]?.stringValue)
    }
    return nil
  }

  private static func timeout(_ value: Value?) throws(Refused) -> Duration? {
    guard let text = value?.stringValue else { return nil }
    guard let timeout = Duration(written: text), timeout > .zero else {
      throw Refused(
        result: .mistake(
          "timeout is a number and its unit, found \"\(text.prefix(40))\"", at: "/timeout",
          hint: "write 500ms, 2s or 1m"))
    }
    return timeout
  }

  // MARK: Systems and operations

  /// The system that an argument names.
  func system(_ name: String, _ catalog: ToolCatalog) throws(Refused) -> LegacySystem {
    do throws(BridgeError) {
      return try catalog.snapshot.workspace.system(named: name)
    } catch {
      throw Refused(
        result: .mistake(
          error.reason, at: "/system",
          known: catalog.snapshot.workspace.systems.map(\.name)))
    }
  }

  /// The operation that arguments name.
  private func operation(
    _ arguments: Record, _ catalog: ToolCatalog
  ) throws(Refused) -> OperationTool {
    let system = try system(arguments["system"]?.stringValue ?? "", catalog)
    let name = arguments["operation"]?.stringValue ?? ""
    if let tool = catalog.name(ofTool: name, of: system.name).flatMap(catalog.tool(named:)),
      case .operation(let known) = tool.kind
    {
      return known
    }
    if let operation = system.operation(named: name) { return OperationTool(operation, of: system) }
    if system.contract.isOpen, system.isUsable {
      return OperationTool(
        Operation(name: name) { Operation.Schemas(input: .any, output: .any) }, of: system)
    }
    let names = system.contract.operations.map(\.name)
    let broken = system.diagnostics.first { $0.severity == .error }
    throw Refused(
      result: .mistake(
        "\(system.name) has no operation \"\(name.prefix(100))\""
          + Suggestion.clause(for: name, among: names), at: "/operation",
        hint: names.isEmpty ? broken?.description : nil, known: names))
  }

  private func listSystems(_ catalog: ToolCatalog) -> ToolResult {
    ToolResult([
      "systems": .array(
        catalog.snapshot.workspace.systems.map { .object(description(of: $0)) })
    ])
  }

  /// A system in a few words.
  func description(of system: LegacySystem) -> Record {
    var record: Record = [
      "system": .string(system.name), "protocol": .string(system.protocolName),
      "operations": .integer(Int64(system.contract.operations.count)),
    ]
    if let text = system.contract.documentation { record["documentation"] = .string(text) }
    if system.contract.isOpen { record["any_operation"] = true }
    let errors = system.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty { record["errors"] = .array(errors.map { .string($0.description) }) }
    return record
  }

  private func search(_ arguments: Record, in catalog: ToolCatalog) -> ToolResult {
    let words = SearchWords(arguments["query"]?.stringValue ?? "")
    let limit = Int(arguments["limit"]?.integerValue ?? 20)
    let wanted = arguments["system"]?.stringValue
    var found: [(score: Int, system: LegacySystem, operation: Operation)] = []
    for system in catalog.snapshot.workspace.systems
    where wanted == nil || system.name == wanted {
      for operation in system.contract.operations
      where !options.readsOnly || operation.effects == .read {
        let score = words.score(of: operation, in: system)
        if score > 0 { found.append((score, system, operation)) }
      }
    }
    // Equal ones stay in the order of the contracts.
    let best = found.enumerated().sorted {
      ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
    }.prefix(limit).map(\.element)
    return ToolResult([
      "operations": .array(
        best.map { entry in
          var record: Record = [
            "system": .string(entry.system.name), "operation": .string(entry.operation.name),
            "effects": .string(entry.operation.effects.rawValue),
          ]
          if let summary = entry.operation.summary { record["summary"] = .string(summary) }
          if let tool = catalog.name(ofTool: entry.operation.name, of: entry.system.name) {
            record["tool"] = .string(tool)
          }
          return .object(record)
        }), "total": .integer(Int64(found.count)),
    ])
  }

  /// All of an operation.
  func description(of tool: OperationTool, in catalog: ToolCatalog) -> Record {
    let (system, operation) = (tool.system, tool.operation)
    var record = system.description(of: operation)
    if let name = catalog.name(ofTool: operation.name, of: system.name) {
      record["tool"] = .string(name)
    }
    record["example"] = [
      "system": .string(system.name), "operation": .string(operation.name),
      "parameters": operation.sampleParameters,
    ]
    return record
  }

  // MARK: Mocks

  private func steer(
    _ method: String, _ path: [String], query: [(String, Value?)] = [], _ body: Value? = nil
  ) async throws(Refused) -> Value {
    guard let steering = host.steering else {
      throw Refused(result: .refusal(SteeringRefusal("there are no mocks here to steer")))
    }
    let parts = query.flatMap { name, value -> [String] in
      let values = value?.arrayValue ?? (value.map { [$0] } ?? [])
      return values.compactMap { value in
        value.scalarText.map { "\(name)=\(PercentEncoding.encoded($0))" }
      }
    }
    let target =
      "/v1/" + path.map { PercentEncoding.encoded($0) }.joined(separator: "/")
      + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    do throws(SteeringRefusal) {
      return try await steering.steer(method, target, body)
    } catch {
      throw Refused(result: .refusal(error))
    }
  }

  private func setStub(
    _ arguments: Record, _ catalog: ToolCatalog
  ) async throws(Refused) -> ToolResult {
    let system = try system(arguments["system"]?.stringValue ?? "", catalog)
    var stub = arguments["more"]?.objectValue ?? [:]
    for name in ["name", "operation", "when", "reply", "fault"] {
      if let value = arguments[name] { stub[name] = value }
    }
    let set = try await steer("POST", ["mocks", system.name, "stubs"], .object(stub))
    return ToolResult(set.objectValue ?? [:])
  }

  private func reset(_ arguments: Record) async throws(Refused) -> ToolResult {
    let path = arguments["system"]?.stringValue.map { ["mocks", $0, "reset"] } ?? ["reset"]
    let everything = arguments["everything"]?.boolValue ?? false
    let answer = try await steer(
      "POST", path, everything ? ["all": true] : nil)
    return ToolResult(answer.objectValue ?? ["reset": true])
  }

  private func getCalls(
    _ arguments: Record, _ exchange: MCPExchange
  ) async throws(Refused) -> ToolResult {
    if let id = arguments["id"]?.scalarText {
      let call = try await journalEntry(id, exchange)
      return ToolResult(["calls": [call]])
    }
    var query = ["system", "operation", "where", "outcome", "since", "bodies"].map {
      ($0, arguments[$0])
    }
    query.append(("limit", arguments["limit"] ?? 20))
    return ToolResult(try await steer("GET", ["calls"], query: query).objectValue ?? [:])
  }

  private func verifyCalls(_ arguments: Record) async throws(Refused) -> ToolResult {
    ToolResult(try await steer("POST", ["verify"], .object(arguments)).objectValue ?? [:])
  }

  /// One call of the mocks, with its messages.
  func journalEntry(_ id: String, _ exchange: MCPExchange) async throws(Refused) -> Value {
    let entry = try await steer("GET", ["calls", id])
    // One of another system is as unknown as one that never was.
    guard exchange.grant.covers(entry["system"]?.stringValue ?? "") else {
      throw Refused(result: .refusal(SteeringRefusal("there is no call \(id)")))
    }
    return entry
  }
}

/// The words that operations are looked for by.
private struct SearchWords {
  private let words: [String]

  init(_ query: String) { words = Self.words(of: query) }

  /// How well an operation fits; 0 where a search finds nothing of it.
  func score(of operation: Operation, in system: LegacySystem) -> Int {
    guard !words.isEmpty else { return 1 }
    let name = operation.name.lowercased()
    let parts = Self.words(of: operation.name)
    let text = ((operation.summary ?? "") + " " + system.name).lowercased()
    var score = 0
    for word in words {
      if parts.contains(word) || name == word {
        score += 4
      } else if name.contains(word) {
        score += 3
      } else if text.contains(word) {
        score += 1
      }
    }
    return score
  }

  /// A text in words, those of one written together (`GetInvoice`, `get_invoice`) apart.
  private static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in text {
      if !character.isLetter, !character.isNumber || character.isUppercase && wasLower {
        if !word.isEmpty { words.append(word.lowercased()) }
        word = ""
      } else if character.isUppercase, wasLower {
        if !word.isEmpty { words.append(word.lowercased()) }
        word = ""
      }
      if character.isLetter || character.isNumber { word.append(character) }
      wasLower = character.isLowercase
    }
    if !word.isEmpty { words.append(word.lowercased()) }
    return words
  }
}
