internal import Trestle

extension MCPServer {
  /// `subscriptions/listen`: what the client asked to hear of, until it hears enough or the server ends.
  func listen(
    _ parameters: Record, _ exchange: MCPExchange
  ) async throws(MCPError) -> Record {
    guard case .object(let asked)? = parameters["notifications"] else {
      throw .wrongParameters("subscriptions/listen says under notifications what to tell")
    }
    let wantsTools = asked["toolsListChanged"] == true
    let wantsResources = asked["resourcesListChanged"] == true
    let addresses = (asked["resourceSubscriptions"]?.arrayValue ?? []).compactMap(\.stringValue)
      .filter { ResourceAddress($0)?.system.map(exchange.grant.covers) ?? false }
    var honoured = Record()
    if wantsTools { honoured["toolsListChanged"] = true }
    if wantsResources { honoured["resourcesListChanged"] = true }
    if !addresses.isEmpty {
      honoured["resourceSubscriptions"] = .array(addresses.map { .string($0) })
    }
    // What changes from here on is told; made first, so that nothing falls between.
    guard let changes = changes.changes(for: exchange.grant.name) else {
      throw MCPError(
        -32603,
        "the token has \(ChangeHub.mostOfOneToken) streams of changes open, which is all it may have"
      )
    }
    _ = catalog
    let tell = { (method: String, parameters: Record) in
      var parameters = parameters
      parameters["_meta"] = [MCPMeta.subscriptionID: exchange.id.value]
      exchange.notify(RPCMessage.notification(method, parameters))
    }
    tell("notifications/subscriptions/acknowledged", ["notifications": .object(honoured)])
    for await change in changes {
      if wantsTools, change.concernsTools { tell("notifications/tools/list_changed", [:]) }
      if wantsResources, change.concernsResources {
        tell("notifications/resources/list_changed", [:])
      }
      for uri in addresses {
        guard let system = ResourceAddress(uri)?.system, change.systems.contains(system)
        else { continue }
        tell("notifications/resources/updated", ["uri": .string(uri)])
      }
    }
    return ["_meta": [MCPMeta.subscriptionID: exchange.id.value]]
  }
}
