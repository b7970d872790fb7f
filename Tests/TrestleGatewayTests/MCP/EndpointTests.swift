import HTTPTypes
import Testing
import Trestle

@testable import TrestleGateway

@Suite("The Model Context Protocol over HTTP", .timeLimit(.minutes(3)))
struct EndpointTests {
  private static let orders = [
    "adapters/orders.yaml": """
    system: orders
    protocol: xml_rpc
    methods:
      count: { effects: read, params: [], returns: int }
    mock: { responses: { count: 7 } }
    """
  ]

  private static func message(
    _ method: String, _ parameters: Record = [:], id: Value? = 1, meta: Value? = LineClient.meta
  ) -> Value {
    var parameters = parameters
    if let meta { parameters["_meta"] = meta }
    var message: Record = [
      "jsonrpc": "2.0", "method": .string(method), "params": .object(parameters),
    ]
    if let id { message["id"] = id }
    return .object(message)
  }

  /// The fields that a modern client sends with a message.
  private static func fields(
    _ message: Value, _ changes: [(String, String?)] = []
  ) -> HTTPFields {
    var fields = HTTPFields()
    let name = message["params"]?["name"] ?? message["params"]?["uri"]
    let own: [(String, String?)] = [
      ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"),
      ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", message["method"]?.stringValue),
      ("Mcp-Name", name?.stringValue),
    ]
    for (name, value) in own + changes {
      if let name = HTTPField.Name(name) { fields[name] = value }
    }
    return fields
  }

  private struct Answer {
    var status: Int
    var value: Value = .null
    var parts: AsyncStream<[UInt8]>?

    var code: Value? { value["error"]?["code"] }
  }

  private static func post(
    _ endpoint: MCPEndpoint, _ message: Value, _ changes: [(String, String?)] = []
  ) async -> Answer {
    await post(endpoint, JSONWriter.bytes(message), fields(message, changes))
  }

  private static func post(
    _ endpoint: MCPEndpoint, _ body: [UInt8], _ fields: HTTPFields
  ) async -> Answer {
    let response = await endpoint.respond(
      to: APIRequest(body: body, fields: fields, method: "POST"))
    switch response.body {
    case .json(let value): return Answer(status: response.status, value: value)
    case .stream(_, let parts): return Answer(status: response.status, parts: parts)
    default: return Answer(status: response.status)
    }
  }

  private func endpoint<Result>(
    _ body: (MCPEndpoint) async throws -> Result
  ) async throws -> Result {
    try await MCPWorkspace.run(Self.orders) { directory in
      let host = WorkspaceHost(WorkspaceHost.Options(directory: directory))
      let result = try await body(MCPEndpoint(server: MCPServer(host)))
      await host.shutdown()
      return result
    }
  }

  private static let headersTable: [([(String, String?)], status: Int, code: Value?)] = [
    ([], 200, nil), ([("Mcp-Method", nil)], 400, -32020),
    ([("Mcp-Method", "tools/list")], 400, -32020), ([("Mcp-Name", "other")], 400, -32020),
    ([("Mcp-Name", nil)], 400, -32020), ([("MCP-Protocol-Version", nil)], 400, -32020),
    ([("MCP-Protocol-Version", "2025-11-25")], 400, -32020),
    ([("Mcp-Name", "=?base64?b3JkZXJzX19jb3VudA==?=")], 200, nil),
    ([("Mcp-Name", "=?base64?!!?=")], 400, -32020), ([("Mcp-Name", "=?base64??=")], 400, -32020),
    ([("Content-Type", "text/plain")], 415, -32600), ([("Content-Type", nil)], 415, -32600),
    ([("Content-Type", "application/json; charset=utf-8")], 200, nil),
    ([("Accept", "text/html")], 406, -32600), ([("Accept", nil)], 200, nil),
    ([("Accept", "*/*")], 200, nil), ([("Accept", "application/json;q=0.9")], 200, nil),
  ]

  @Test("headers have to be those of the message")
  func headers() async throws {
    try await endpoint { endpoint in
      let call = Self.message("tools/call", ["name": "orders__count"])
      for (changes, status, code) in Self.headersTable {
        let answer = await Self.post(endpoint, call, changes)
        #expect(answer.status == status, "\(changes)")
        #expect(answer.code == code, "\(changes)")
      }
    }
  }

  @Test("errors have the status that goes with them")
  func statuses() async throws {
    try await endpoint { endpoint in
      let table: [(Value, [(String, String?)], status: Int, code: Value?)] = [
        (Self.message("no/such"), [], 404, -32601), (Self.message("ping"), [], 404, -32601),
        (Self.message("tools/list", ["cursor": "x"]), [], 200, -32602),
        (Self.message("tools/call", ["name": "x"]), [], 200, -32602),
        (Self.message("notifications/cancelled", id: nil), [], 202, nil),
        ([Self.message("tools/list")], [], 400, -32600), (7, [], 400, -32600),
        // Before the handshake was gone.
        (
          Self.message("initialize", ["protocolVersion": "1999-01-01"], meta: nil),
          [("MCP-Protocol-Version", nil)], 200, nil
        ),
        (Self.message("no/such", meta: nil), [("MCP-Protocol-Version", nil)], 200, -32601),
        (Self.message("tools/list", meta: nil), [("MCP-Protocol-Version", "2025-06-18")], 200, nil),
        (
          Self.message("tools/list", meta: nil), [("MCP-Protocol-Version", "1999-01-01")], 400,
          -32022
        ),
        (Self.message("tools/list", meta: nil), [], 400, -32602),
        (Self.message("server/discover", meta: nil), [("MCP-Protocol-Version", nil)], 400, -32602),
        (
          Self.message("subscriptions/listen", ["notifications": [:]]),
          [("Accept", "application/json")], 406, -32600
        ),
      ]
      for (message, changes, status, code) in table {
        let answer = await Self.post(endpoint, message, changes)
        #expect(answer.status == status, "\(message)")
        #expect(answer.code == code, "\(message): \(answer.value)")
      }
      let broken = await Self.post(endpoint, Array("{".utf8), Self.fields([:]))
      #expect(broken.status == 400)
      #expect(broken.code == -32700)
    }
  }

  @Test("with a progress token the answer is a stream: progress, then the result")
  func progress() async throws {
    try await endpoint { endpoint in
      var meta = LineClient.meta.objectValue ?? [:]
      meta["progressToken"] = 5
      let call = Self.message("tools/call", ["name": "orders__count"], meta: .object(meta))
      let answer = await Self.post(endpoint, call)
      var messages: [Value] = []
      for await part in try #require(answer.parts) {
        let text = String(decoding: part, as: UTF8.self)
        #expect(text.hasSuffix("\n\n"))
        if text.hasPrefix("data: ") {
          messages.append(try JSONParser.parse(String(text.dropFirst(6))))
        }
      }
      #expect(messages.first?["params"]?["progressToken"] == 5)
      #expect(messages.last?["result"]?["structuredContent"] == ["result": 7])
      // A client that takes no stream gets the result alone.
      let alone = await Self.post(endpoint, call, [("Accept", "application/json")])
      #expect(alone.value["result"]?["structuredContent"] == ["result": 7])
    }
  }

  @Test("a stream that is given up cancels its call")
  func cancellation() async throws {
    try await MCPWorkspace.run(Self.orders) { directory in
      let host = try WaitingHost(directory)
      let endpoint = MCPEndpoint(server: MCPServer(host))
      var meta = LineClient.meta.objectValue ?? [:]
      meta["progressToken"] = 5
      let call = Self.message("tools/call", ["name": "orders__count"], meta: .object(meta))
      let answer = await Self.post(endpoint, call)
      let parts = try #require(answer.parts)
      let reading = Task { for await _ in parts {} }
      for await _ in host.begun { break }
      reading.cancel()
      for await _ in host.cancelled { break }
      host.letGo()
    }
  }

  @Test("a stream on which nothing happens says so now and then")
  func keepAlive() async throws {
    let (never, _) = AsyncStream.makeStream(of: Void.self)
    let parts = EventStream.parts(keepAlive: .milliseconds(1)) { _ in
      for await _ in never {}
      return MCPAnswer(message: .null)
    }
    for await part in parts {
      #expect(String(decoding: part, as: UTF8.self) == ":\n\n")
      break
    }
  }

  // MARK: On a port

  private func served<Result>(
    _ body: (RunningGateway) async throws -> Result
  ) async throws -> Result {
    try await MCPWorkspace.run(Self.orders) { directory in
      let workspace = try Workspace.load(directory: directory)
      return try await withMocks(workspace) { mocks in
        let gateway = try await GatewayServer(
          workspace, mocks: mocks, options: GatewayOptions(port: 0)
        ).start()
        do {
          let result = try await body(gateway)
          await gateway.stop()
          return result
        } catch {
          await gateway.stop()
          throw error
        }
      }
    }
  }

  private static func request(
    _ verb: String, _ message: Value?, port: Int, _ lines: [String] = [], isLast: Bool = true
  ) -> [UInt8] {
    let body = message.map { JSONWriter.bytes($0) } ?? []
    var head = ["\(verb) /mcp HTTP/1.1", "Content-Length: \(body.count)"]
    if !lines.contains(where: { $0.hasPrefix("Host:") }) { head.append("Host: 127.0.0.1:\(port)") }
    if isLast { head.append("Connection: close") }
    if let message {
      for field in fields(message) { head.append("\(field.name): \(field.value)") }
    }
    return Array(((head + lines).joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  @Test(
    "on the gateway's port, pages of others are refused, and other methods, and what is too large")
  func port() async throws {
    try await served { gateway in
      let list = Self.message("tools/list")
      let large = Self.message(
        "tools/list", ["pad": .string(String(repeating: "x", count: 5 << 20))])
      let table: [(String, Value?, [String], Int)] = [
        ("POST", list, [], 200), ("GET", nil, [], 405), ("DELETE", nil, [], 405),
        ("PUT", nil, [], 405), ("POST", list, ["Origin: http://evil.example"], 403),
        ("POST", list, ["Origin: null"], 403),
        ("POST", list, ["Origin: http://127.0.0.1:\(gateway.port)"], 200),
        ("POST", list, ["Host: evil.example"], 403), ("POST", large, [], 413),
        ("POST", Self.message("notifications/initialized", id: nil), [], 202),
      ]
      for (verb, message, lines, status) in table {
        let bytes = Self.request(verb, message, port: gateway.port, lines)
        let raw = RawResponse(try await RawClient.exchange(bytes, port: gateway.port))
        #expect(raw?.status == status, "\(verb) \(lines)")
        if status == 405 { #expect(raw?["allow"]?.contains("POST") == true) }
        #expect(raw?["mcp-session-id"] == nil)
      }
    }
  }

  @Test("a call goes to the mock that runs beside it, and a stream is one that nobody gathers")
  func call() async throws {
    try await served { gateway in
      var meta = LineClient.meta.objectValue ?? [:]
      meta["progressToken"] = "p"
      let call = Self.message("tools/call", ["name": "orders__count"], meta: .object(meta))
      let bytes = Self.request("POST", call, port: gateway.port)
      let raw = try #require(RawResponse(try await RawClient.exchange(bytes, port: gateway.port)))
      #expect(raw["content-type"] == "text/event-stream")
      #expect(raw["x-accel-buffering"] == "no")
      let text = String(decoding: raw.body, as: UTF8.self)
      #expect(text.contains("notifications/progress"))
      #expect(text.contains(#""structuredContent":{"result":7}"#))
    }
  }

  @Test("a stream of changes begins at once, and ends with a result when the server stops")
  func listen() async throws {
    let text = try await MCPWorkspace.run(Self.orders) { directory in
      let workspace = try Workspace.load(directory: directory)
      return try await withMocks(workspace) { mocks in
        let gateway = try await GatewayServer(
          workspace, mocks: mocks, options: GatewayOptions(port: 0)
        ).start()
        let listen = Self.message(
          "subscriptions/listen", ["notifications": ["toolsListChanged": true]])
        let bytes = Self.request("POST", listen, port: gateway.port)
        async let received = RawClient.exchange(bytes, port: gateway.port)
        // Answered only once a client listens: whoever changes the workspace then is heard.
        let more = "system: more\nprotocol: xml_rpc\nmethods: { x: { params: [], returns: int } }\n"
        try MCPWorkspace.write(more, to: "adapters/more.yaml", in: directory)
        let changed = try Workspace.load(directory: directory)
        let list = Self.request("POST", Self.message("tools/list"), port: gateway.port)
        _ = try await RawClient.exchange(list, port: gateway.port)
        await gateway.takeUp(changed)
        await gateway.stop()
        return String(decoding: try await received, as: UTF8.self)
      }
    }
    #expect(text.contains("notifications/subscriptions/acknowledged"))
    #expect(text.contains(#""resultType":"complete""#))
  }
}
