internal import Trestle

extension MCPServer {
  /// Prompts that need what is not there are not offered.
  private func prompts(for grant: Grant) -> [MCPPrompt] {
    MCPPrompt.allCases.filter {
      guard grant.allows(.ofOwnSystems($0.scopes)) else { return false }
      return switch $0 {
      case .exploreSystem: true
      case .debugCall: host.steering != nil
      case .writeStub: host.steering != nil && !options.readsOnly
      }
    }
  }

  func listPrompts(
    _ parameters: Record, _ exchange: MCPExchange
  ) throws(MCPError) -> Record {
    let page = try Page(prompts(for: exchange.grant), after: parameters["cursor"]) { $0.rawValue }
    return cacheable(page.record("prompts") { $0.value }, for: .seconds(60))
  }

  func getPrompt(
    _ parameters: Record, _ exchange: MCPExchange
  ) async throws(MCPError) -> Record {
    let prompt = try prompt(named: parameters["name"], exchange)
    var values: [String: String] = [:]
    for argument in prompt.arguments {
      guard let text = parameters["arguments"]?[argument.name]?.scalarText, !text.isEmpty else {
        throw .wrongParameters("\(prompt.rawValue) needs the argument \"\(argument.name)\"")
      }
      values[argument.name] = text
    }
    var text = prompt.text(values)
    let systems = catalog(for: exchange.grant).snapshot.workspace.systems.map(\.name)
    if let system = values["system"], !systems.contains(system) {
      text +=
        " (There is no system \"\(system)\" here; there are: \(systems.joined(separator: ", ")).)"
    }
    return [
      "description": .string(prompt.description),
      "messages": [["role": "user", "content": ["type": "text", "text": .string(text)]]],
    ]
  }

  private func prompt(
    named name: Value?, _ exchange: MCPExchange
  ) throws(MCPError) -> MCPPrompt {
    let prompts = prompts(for: exchange.grant)
    let text = name?.stringValue ?? ""
    guard let prompt = prompts.first(where: { $0.rawValue == text }) else {
      throw .wrongParameters(
        "there is no prompt \"\(text.prefix(100))\""
          + Suggestion.clause(for: text, among: prompts.map(\.rawValue)))
    }
    return prompt
  }

  // MARK: Completion

  private static let mostValues = 100

  /// `completion/complete`: what an argument of a prompt or of a resource's address may be.
  func complete(
    _ parameters: Record, _ exchange: MCPExchange
  ) throws(MCPError) -> Record {
    let names: [String]
    switch parameters["ref"]?["type"] {
    case "ref/prompt":
      names = try prompt(named: parameters["ref"]?["name"], exchange).arguments.map(\.name)
    case "ref/resource":
      let uri = parameters["ref"]?["uri"]?.stringValue ?? ""
      guard uri.hasPrefix("trestle://") else {
        throw .wrongParameters("there is no resource template \(uri.prefix(200))")
      }
      names = ["system", "operation", "id"].filter { uri.contains("{\($0)}") }
    default: throw .wrongParameters("ref is of type ref/prompt or ref/resource")
    }
    guard case .string(let name)? = parameters["argument"]?["name"], names.contains(name),
      case .string(let begun)? = parameters["argument"]?["value"]
    else {
      throw .wrongParameters(
        "argument names one of \(names.joined(separator: ", ")) and its value so far")
    }
    let systems = catalog(for: exchange.grant).snapshot.workspace.systems
    let chosen = parameters["context"]?["arguments"]?["system"]?.stringValue
    let all: [String] =
      switch name {
      case "system": systems.map(\.name)
      case "operation":
        systems.filter { chosen == nil || $0.name == chosen }
          .flatMap { $0.contract.operations.map(\.name) }
      default: []
      }
    let lowered = begun.lowercased()
    // Names that begin so go before those that hold it somewhere.
    let beginning = all.filter { $0.lowercased().hasPrefix(lowered) }
    let holding = all.filter {
      let text = $0.lowercased()
      return !text.hasPrefix(lowered) && text.contains(lowered)
    }
    let found = (beginning + holding).reduce(into: [String]()) { list, name in
      if list.count <= 1000, !list.contains(name) { list.append(name) }
    }
    return [
      "completion": [
        "values": .array(found.prefix(Self.mostValues).map { .string($0) }),
        "total": .integer(Int64(found.count)), "hasMore": .bool(found.count > Self.mostValues),
      ]
    ]
  }
}
