internal import HTTPTypes
internal import Trestle

/// MCP over HTTP: one message a request, answered with JSON, or with a stream of events where there is more to
/// tell than the result. No sessions, so that any replica can answer any request.
struct MCPEndpoint: Sendable {
  /// The largest message, in bytes.
  private static let bodyLimit = 4 << 20

  let server: MCPServer

  /// The systems of a gateway as tools.
  static func face(of gateway: Gateway) -> GatewayFace {
    var options = MCPServer.Options()
    options.readsOnly = gateway.options.isReadOnly
    options.version = gateway.options.version
    let host = GatewayHost(gateway)
    let server = MCPServer(host, options: options)
    return MCPEndpoint(server: server).face {
      host.workspaceChanged()
      server.workspaceChanged()
    }
  }

  /// The endpoint on a gateway's port. Another method than POST is refused with 405: there are no sessions to end
  /// and no streams to come back to, and none that another token could take over.
  func face(_ workspaceChanged: @escaping @Sendable () -> Void = {}) -> GatewayFace {
    var route = Route(
      .post, "/mcp", "mcp", "The Model Context Protocol: the systems as tools for AI agents.",
      body: Route.Body(
        shape: ["type": "object"], summary: "A JSON-RPC message.", isJSON: false,
        limit: Self.bodyLimit),
      answers: [.json(["type": "object"], "A JSON-RPC response.")]
    ) { [self] request in await respond(to: request) }
    route.isDescribed = false
    let server = server
    return GatewayFace(
      routes: [route], workspaceChanged: { workspaceChanged() },
      clientsGone: { server.changes.end(of: $0) }, stop: { server.end() })
  }

  /// Answers a request whose host, origin, token and size are right already.
  func respond(to request: APIRequest) async -> APIResponse {
    let field = { (name: String) -> String? in
      HTTPField.Name(name).flatMap { request.fields[$0] }
    }
    let type = field("Content-Type")?.lowercased() ?? ""
    guard type.prefix(while: { $0 != ";" }).filter({ !$0.isWhitespace }) == JSONBody.type else {
      return Self.refusal(.noRequest("a message is sent as Content-Type: application/json"), 415)
    }
    let accepted = Accepted(field("Accept"))
    guard accepted.json || accepted.events else {
      return Self.refusal(
        .noRequest("Accept names application/json and text/event-stream"), 406)
    }
    do throws(RPCMessage.Mistake) {
      let message = try RPCMessage(request.body)
      guard case .request(let id) = message.kind else {
        return APIResponse(status: 202, body: .nothing)
      }
      return await answer(message, id, request.grant, field, accepted)
    } catch {
      return .json(error.error.response(to: error.id), status: error.error.status)
    }
  }

  private func answer(
    _ message: RPCMessage, _ id: RPCID, _ grant: Grant, _ field: (String) -> String?,
    _ accepted: Accepted
  ) async -> APIResponse {
    let era: MCPEra
    do throws(MCPError) {
      era = try Self.era(of: message, field)
    } catch {
      return .json(error.response(to: id), status: error.status)
    }
    let listens = message.method == "subscriptions/listen"
    guard !listens || accepted.events else {
      return Self.refusal(
        .noRequest("subscriptions/listen is answered as text/event-stream"), 406)
    }
    // Before a stream begins, whose status is 200.
    if let refusal = server.refusal(of: message, to: grant) {
      return APIResponse(
        status: refusal.status, fields: refusal.fields,
        body: .json(MCPError.notGranted(refusal).response(to: id)))
    }
    let tells = message.method == "tools/call" && message.progressToken != nil
    let server = server
    let answer = { @Sendable (notify: @escaping @Sendable (Value) -> Void) async -> MCPAnswer in
      await server.answer(
        message,
        in: MCPExchange(
          id: id, era: era, progressToken: message.progressToken, grant: grant, notify: notify))
    }
    guard accepted.events, listens || tells || !accepted.json else {
      let whole = await answer { _ in }
      return .json(whole.message, status: whole.status)
    }
    return .events(EventStream.parts(answer))
  }

  private static func refusal(_ error: MCPError, _ status: Int) -> APIResponse {
    .json(error.response(to: nil), status: status)
  }

  // MARK: Headers

  /// By which rules a request is answered: what it says of itself, and whether its headers say the same.
  private static func era(
    of message: RPCMessage, _ field: (String) -> String?
  ) throws(MCPError) -> MCPEra {
    let said = field("MCP-Protocol-Version")
    if let version = message.version {
      try checkHeaders(of: message, version.stringValue, field)
      try MCPServer.checkMeta(of: message)
      return .modern
    }
    if said == MCPVersion.modern || message.method == "server/discover" {
      try MCPServer.checkMeta(of: message)
    }
    if message.method == "initialize" {
      return .legacy(MCPVersion.negotiated(message.parameters["protocolVersion"]?.stringValue))
    }
    guard let said else { return .legacy(MCPVersion.unsaid) }
    guard MCPVersion.legacy.contains(said) else { throw .unsupportedVersion(said) }
    return .legacy(said)
  }

  /// What is between here and the client goes by the headers, so they have to be those of the message.
  private static func checkHeaders(
    of message: RPCMessage, _ version: String?, _ field: (String) -> String?
  ) throws(MCPError) {
    var expected: [(name: String, value: String?)] = [
      ("MCP-Protocol-Version", version), ("Mcp-Method", message.method),
    ]
    switch message.method {
    case "tools/call", "prompts/get":
      expected.append(("Mcp-Name", message.parameters["name"]?.stringValue))
    case "resources/read": expected.append(("Mcp-Name", message.parameters["uri"]?.stringValue))
    default: break
    }
    for (name, value) in expected {
      // What the message lacks is its own mistake, and told as such.
      guard let value else { continue }
      guard let said = field(name) else { throw .headerMismatch("the header \(name) is missing") }
      guard decoded(said) == value else {
        throw .headerMismatch(
          "the header \(name) says \"\(said.prefix(80))\", and the message \"\(value.prefix(80))\"")
      }
    }
  }

  /// Values that no header can carry come as `=?base64?…?=`.
  private static func decoded(_ value: String) -> String? {
    let (start, end) = ("=?base64?", "?=")
    guard value.hasPrefix(start), value.hasSuffix(end), value.count >= start.count + end.count
    else { return value }
    let text = value.dropFirst(start.count).dropLast(end.count)
    return Base64.decode(text.utf8, strict: true).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// The kinds of answer that a client takes.
  private struct Accepted {
    var json = false
    var events = false

    init(_ header: String?) {
      guard let header else {
        json = true
        return
      }
      for part in header.lowercased().split(separator: ",") {
        let type = part.prefix { $0 != ";" }.filter { !$0.isWhitespace }
        json = json || ["application/json", "application/*", "*/*"].contains(type)
        events = events || ["text/event-stream", "text/*", "*/*"].contains(type)
      }
    }
  }
}
