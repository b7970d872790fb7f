internal import NIOCore
internal import NIOHTTP1

extension HeadRule {
  /// What will be told of a request that is let in; nil for one that only reads, or where nothing is told.
  func entry(
    of head: HTTPRequestHead, _ client: ClientToken?, _ peer: SocketAddress?
  ) -> AuditEntry? {
    guard audit != nil else { return nil }
    let demand = access.need(of: head)
    // What an MCP message wants stands in its body, whatever its route asks of a token.
    guard demand.scopes.subtracting([.read]) != [] || Self.isMCP(head.uri) else { return nil }
    return entry(head, client, peer, demand)
  }

  /// What is told of a request that is refused: for who sent it, or for how many.
  func entry(
    ofRefused head: HTTPRequestHead, _ error: APIError, _ client: ClientToken?,
    _ peer: SocketAddress?
  ) -> AuditEntry? {
    guard audit != nil, [401, 403, 429].contains(error.status) else { return nil }
    return entry(head, client, peer, access.need(of: head))
  }

  /// Whether a request's body is a message of MCP.
  static func isMCP(_ target: some StringProtocol) -> Bool {
    target == "/mcp" || target.hasPrefix("/mcp?")
  }

  private func entry(
    _ head: HTTPRequestHead, _ client: ClientToken?, _ peer: SocketAddress?,
    _ demand: AccessDemand
  ) -> AuditEntry {
    let address = peer.flatMap { peer in
      peer.ipAddress.map { ($0.contains(":") ? "[\($0)]" : $0) + ":\(peer.port ?? 0)" }
    }
    return AuditEntry(
      method: head.method.rawValue, target: head.uri, client: client?.name, peer: address,
      demand: demand)
  }
}
