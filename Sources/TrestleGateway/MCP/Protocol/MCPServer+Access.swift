internal import Trestle

extension MCPServer {
  /// Why a request is not for whoever sent it; nil where it is. Known before anything is done for it.
  func refusal(of message: RPCMessage, to grant: Grant) -> APIError? {
    guard grant.client != nil else { return nil }
    return grant.refusal(of: demand(of: message, from: grant))
  }

  private func demand(of message: RPCMessage, from grant: Grant) -> AccessDemand {
    let parameters = message.parameters
    switch message.method {
    case "tools/call":
      let name = parameters["name"]?.stringValue ?? ""
      return demand(
        ofTool: name, parameters["arguments"]?.objectValue ?? [:], from: grant)
    case "resources/read", "resources/subscribe":
      return ResourceAddress(parameters["uri"]?.stringValue ?? "")?.demand ?? .ofOwnSystems([.read])
    case "prompts/get":
      let prompt = MCPPrompt(rawValue: parameters["name"]?.stringValue ?? "")
      return .ofOwnSystems(prompt?.scopes ?? [.read])
    default: return .ofOwnSystems([.read])
    }
  }

  private func demand(
    ofTool name: String, _ arguments: Record, from grant: Grant
  ) -> AccessDemand {
    // Those that only its own systems leave room for are not in the list of all.
    let tool = catalog(for: grant).tool(named: name) ?? catalog.tool(named: name)
    switch tool?.kind {
    case .operation?: return tool?.demand ?? .ofOwnSystems([.call])
    case .fixed(let fixed)?: return fixed.demand(by: arguments)
    case nil:
      // Whether another system has an operation is not told by refusing one name and not knowing another.
      let parts = name.split(separator: "_", omittingEmptySubsequences: false)
      guard grant.systems != nil, let cut = parts.firstIndex(of: ""), cut > 0 else {
        return .ofOwnSystems([.read])
      }
      return AccessDemand(scopes: [.call], system: parts[..<cut].joined(separator: "_"))
    }
  }
}

extension AccessDemand {
  /// These scopes, for whatever systems its client's token is for.
  static func ofOwnSystems(_ scopes: Set<AccessScope>) -> AccessDemand {
    AccessDemand(scopes: scopes, isNarrowed: true)
  }
}

extension MCPTool {
  /// What a call of it needs, whatever its arguments: who has not got it is not told of it.
  var demand: AccessDemand {
    switch kind {
    case .operation(let tool): AccessDemand(scopes: [.call], system: tool.system.name)
    case .fixed(let tool): tool.demand
    }
  }
}

extension FixedTool {
  fileprivate var demand: AccessDemand {
    switch self {
    case .listSystems, .searchOperations, .describeOperation: .ofOwnSystems([.read])
    case .callLegacySystem: .ofOwnSystems([.call])
    case .setStub, .reset, .getCalls: .ofOwnSystems([.admin])
    // Whatever came in place of what was expected is told, of any system.
    case .verifyCalls: AccessDemand(scopes: [.admin])
    }
  }

  fileprivate func demand(by arguments: Record) -> AccessDemand {
    var demand = demand
    demand.system = arguments["system"]?.stringValue
    switch self {
    case .reset: demand.isNarrowed = false
    // What one call is of is known when it is there.
    case .getCalls: demand.isNarrowed = arguments["id"]?.integerValue != nil
    default: break
    }
    return demand
  }
}

extension MCPPrompt {
  /// What the tools need that it speaks of.
  var scopes: Set<AccessScope> {
    switch self {
    case .exploreSystem: [.read]
    case .debugCall, .writeStub: [.admin]
    }
  }
}

extension ResourceAddress {
  fileprivate var demand: AccessDemand {
    switch self {
    case .system(let system), .operation(let system, _), .contract(let system):
      AccessDemand(scopes: [.read], system: system)
    case .call: .ofOwnSystems([.admin])
    case .blob: .ofOwnSystems([.call])
    }
  }
}
