import Testing
import Trestle

@testable import TrestleGateway

@Suite("The Model Context Protocol over lines", .timeLimit(.minutes(3)))
struct ProtocolTests {
  private static let quick = [
    "adapters/orders.yaml": """
    system: orders
    protocol: xml_rpc
    methods:
      count: { effects: read, params: [], returns: int }
    mock: { responses: { count: 7 } }
    """
  ]

  private static let wrong: [(String, code: Value)] = [
    ("{broken", -32700), ("\u{1}", -32700), ("[]", -32600),
    (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600), ("7", -32600), ("{}", -32600),
    (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#, -32602),
    (#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, -32601),
    (#"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#, -32602),
    (
      #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"1900-01-01","io.modelcontextprotocol/clientCapabilities":{}}}}"#,
      -32022
    ),
    (
      #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#,
      -32602
    ),
    (
      #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":7}}}"#,
      -32602
    ),
  ]

  @Test("what is no request is told by its code, and the next is answered")
  func wrongMessages() async throws {
    try await MCPWorkspace.client(Self.quick) { client, _, _ in
      for (text, code) in Self.wrong {
        client.connection.take(Array(text.utf8))
        let answer = try await client.message { $0["error"] != nil }
        #expect(answer["error"]?["code"] == code, "\(text): \(answer)")
        #expect(answer["jsonrpc"] == "2.0")
      }
      client.connection.take([])
      client.connection.take(Array("  \t".utf8))
      client.connection.refuseLongLine()
      #expect(try await client.message { $0["id"] == .null }["error"]?["code"] == -32600)
      #expect(try await client.rest().isEmpty)
    }
  }

  @Test("a modern request gets a result that says it is whole and who made it")
  func modern() async throws {
    try await MCPWorkspace.client(Self.quick) { client, _, _ in
      let found = try await client.ask("server/discover")["result"]
      #expect(found?["supportedVersions"]?[0] == "2026-07-28")
      #expect(found?["resultType"] == "complete")
      #expect(found?["capabilities"]?["tools"]?["listChanged"] == true)
      #expect(found?["ttlMs"]?.integerValue != nil)
      #expect(found?["cacheScope"] == "private")
      let list = try await client.ask("tools/list")["result"]
      #expect(list?["resultType"] == "complete")
      #expect(list?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "trestle")
      // Removed with the handshake.
      for method in ["ping", "initialize", "logging/setLevel", "resources/subscribe"] {
        #expect(try await client.ask(method)["error"]?["code"] == -32601)
      }
      let text = Value.string("a \u{2028} \u{1F600}")
      client.send([
        "jsonrpc": "2.0", "id": text, "method": "tools/list", "params": ["_meta": LineClient.meta],
      ])
      #expect(try await client.response(to: text)["result"] != nil)
    }
  }

  @Test(
    "a handshake agrees on the revision that was asked for, or offers another",
    arguments: [
      ("2025-11-25", "2025-11-25"), ("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25"),
    ])
  func handshake(asked: String, agreed: String) async throws {
    try await MCPWorkspace.client(Self.quick) { client, _, _ in
      let answer = try await client.ask(
        "initialize",
        [
          "protocolVersion": .string(asked), "capabilities": [:],
          "clientInfo": ["name": "t", "version": "1"],
        ], meta: nil)
      #expect(answer["result"]?["protocolVersion"] == .string(agreed))
      #expect(answer["result"]?["serverInfo"]?["name"] == "trestle")
      #expect(answer["result"]?["resultType"] == nil)
      client.send(["jsonrpc": "2.0", "method": "notifications/initialized"])
      #expect(try await client.ask("ping", meta: nil)["result"] == [:])
      let gone = try await client.ask("resources/read", ["uri": "trestle://nope"], meta: nil)
      #expect(gone["error"]?["code"] == -32002)
      let found = try await client.ask("no/such", meta: nil)
      #expect(found["error"]?["code"] == -32601)
    }
  }

  @Test("long lists come in pages, in an order that stays; another's cursor is refused")
  func pages() async throws {
    let methods = (0..<120).map { "  m\($0): { effects: read, params: [], returns: string }" }
    let many = "system: many\nprotocol: xml_rpc\nmethods:\n" + methods.joined(separator: "\n")
    var options = MCPServer.Options()
    options.tools = .all
    try await MCPWorkspace.client(["adapters/many.yaml": many], options: options) { client, _, _ in
      func all() async throws -> [Value] {
        var names: [Value] = []
        var cursor: Value?
        repeat {
          let page = try await client.ask("tools/list", cursor.map { ["cursor": $0] } ?? [:])
          names += (page["result"]?["tools"]?.arrayValue ?? []).compactMap { $0["name"] }
          cursor = page["result"]?["nextCursor"]
        } while cursor != nil
        return names
      }
      let names = try await all()
      #expect(names.count == 128)
      #expect(Set(names).count == 128)
      #expect(try await all() == names)
      for cursor: Value in ["!!bogus!!", "", 7, "bm9zdWNo"] {
        for method in ["tools/list", "resources/list", "prompts/list", "resources/templates/list"] {
          #expect(try await client.ask(method, ["cursor": cursor])["error"]?["code"] == -32602)
        }
      }
    }
  }

  @Test("an unknown tool, prompt or resource is an error of the protocol")
  func unknown() async throws {
    try await MCPWorkspace.client { client, _, _ in
      for (method, parameters): (String, Record) in [
        ("tools/call", ["name": "shop__Plaec"]), ("tools/call", [:]),
        ("prompts/get", ["name": "nope"]), ("prompts/get", ["name": "explore-system"]),
        ("resources/read", ["uri": "trestle://systems/nope"]), ("resources/read", [:]),
        ("resources/read", ["uri": "file:///etc/passwd"]),
        ("resources/read", ["uri": "trestle://systems/shop/wsdl/.."]),
        ("resources/read", ["uri": "trestle://calls/x"]),
        ("completion/complete", [:]), ("subscriptions/listen", [:]),
      ] {
        let answer = try await client.ask(method, parameters)
        #expect(answer["error"]?["code"] == -32602, "\(method) \(parameters): \(answer)")
      }
      let near = try await client.ask("tools/call", ["name": "shop__Plaec"])
      #expect(near["error"]?["message"]?.stringValue?.contains("shop__Place") == true)
    }
  }

  @Test("systems, operations, contracts and calls are resources")
  func resources() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let listed = try await client.ask("resources/list")["result"]?["resources"]?.arrayValue ?? []
      let uris = listed.compactMap { $0["uri"]?.stringValue }
      #expect(uris.contains("trestle://systems/shop/wsdl"))
      #expect(uris.contains("trestle://systems/meter"))
      func text(_ uri: String) async throws -> String {
        let read = try await client.ask("resources/read", ["uri": .string(uri)])
        return read["result"]?["contents"]?[0]?["text"]?.stringValue ?? "\(read)"
      }
      for uri in uris { #expect(!(try await text(uri)).isEmpty) }
      #expect(try await text("trestle://systems/shop/wsdl").contains("urn:shop"))
      #expect(try await text("trestle://systems/shop/operations/Place").contains("_currency"))
      _ = try await client.call("store__names")
      let calls = try await client.call("get_calls")
      let id = try #require(calls["structuredContent"]?["calls"]?[0]?["id"]?.scalarText)
      #expect(try await text("trestle://calls/\(id)").contains("names"))
    }
  }

  @Test("prompts are made from their arguments, which are completed")
  func prompts() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let listed = try await client.ask("prompts/list")["result"]?["prompts"]?.arrayValue ?? []
      #expect(listed.compactMap { $0["name"] } == ["explore-system", "debug-call", "write-stub"])
      let prompt = try await client.ask(
        "prompts/get", ["name": "explore-system", "arguments": ["system": "shop"]])
      let text = prompt["result"]?["messages"]?[0]?["content"]?["text"]?.stringValue ?? ""
      #expect(text.contains("\"shop\""))
      func complete(_ name: String, _ begun: String, _ context: Value = [:]) async throws -> Value?
      {
        try await client.ask(
          "completion/complete",
          [
            "ref": ["type": "ref/prompt", "name": "write-stub"],
            "argument": ["name": .string(name), "value": .string(begun)],
            "context": ["arguments": context],
          ])["result"]?["completion"]?["values"]
      }
      #expect(try await complete("system", "s") == ["shop", "store"])
      #expect(try await complete("operation", "", ["system": "meter"]) == ["read"])
      #expect(try await complete("operation", "p") == ["Place", "Peek", "keep"])
      #expect(try await complete("system", "zz") == [])
    }
  }

  @Test("a call that was cancelled is not answered, and what waits for it ends")
  func cancellation() async throws {
    try await MCPWorkspace.run(Self.quick) { directory in
      let host = try WaitingHost(directory)
      let client = LineClient(MCPServer(host))
      let id = client.begin("tools/call", ["name": "orders__count"])
      for await _ in host.begun { break }
      // Nothing waits for the one that waits.
      #expect(try await client.ask("tools/list")["result"] != nil)
      client.send([
        "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": id],
      ])
      for await _ in host.cancelled { break }
      host.letGo()
      #expect(try await client.rest().isEmpty)
      // Its id can be used again.
      let other = client.begin("tools/call", ["name": "orders__count"])
      let answer = try await client.response(to: other)
      #expect(
        answer["result"]?["structuredContent"] == ["result": "done"]
          || answer["result"]?["isError"] == true)
      await client.connection.end()
    }
  }

  @Test("at the end calls under way are answered, and streams of changes end with a result")
  func end() async throws {
    try await MCPWorkspace.run(Self.quick) { directory in
      let host = try WaitingHost(directory)
      let client = LineClient(MCPServer(host))
      let call = client.begin("tools/call", ["name": "orders__count"])
      for await _ in host.begun { break }
      let listen = client.begin(
        "subscriptions/listen", ["notifications": ["toolsListChanged": true]])
      _ = try await client.notification("notifications/subscriptions/acknowledged")
      host.letGo()
      await client.connection.end(grace: .seconds(60))
      let ended = try await client.response(to: listen)
      #expect(ended["result"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == listen)
      #expect(try await client.response(to: call)["result"] != nil)
    }
  }

  @Test("a call that never ends does not hold up the end")
  func grace() async throws {
    try await MCPWorkspace.run(Self.quick) { directory in
      let host = try WaitingHost(directory)
      let client = LineClient(MCPServer(host))
      client.begin("tools/call", ["name": "orders__count"])
      for await _ in host.begun { break }
      await client.connection.end(grace: .milliseconds(1))
      for await _ in host.cancelled { break }
    }
  }

  @Test("who wants progress is told of it, each value larger than the one before")
  func progress() async throws {
    try await MCPWorkspace.run(Self.quick) { directory in
      let host = try WaitingHost(directory)
      let client = LineClient(MCPServer(host))
      var meta = LineClient.meta.objectValue ?? [:]
      meta["progressToken"] = "p"
      let id = client.begin(
        "tools/call", ["name": "orders__count"], meta: .object(meta))
      var last: Int64 = -1
      for _ in 0..<2 {
        let note = try await client.notification("notifications/progress")
        #expect(note["params"]?["progressToken"] == "p")
        let value = try #require(note["params"]?["progress"]?.integerValue)
        #expect(value > last)
        last = value
      }
      host.letGo()
      _ = try await client.response(to: id)
      await client.connection.end()
    }
  }

  @Test("who listens is told when the workspace's tools change, and of nothing else")
  func changes() async throws {
    try await MCPWorkspace.client(Self.quick) { client, host, directory in
      let server = client.server
      let listen = client.begin(
        "subscriptions/listen",
        [
          "notifications": [
            "toolsListChanged": true, "promptsListChanged": true,
            "resourceSubscriptions": ["trestle://systems/orders", "https://elsewhere"],
          ]
        ])
      let acknowledged = try await client.notification("notifications/subscriptions/acknowledged")
      #expect(
        acknowledged["params"]?["notifications"] == [
          "toolsListChanged": true, "resourceSubscriptions": ["trestle://systems/orders"],
        ])
      #expect(acknowledged["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == listen)
      let text = try #require(Self.quick["adapters/orders.yaml"])
      try MCPWorkspace.write(
        text.replacing("  count:", with: "  total: { params: [], returns: int }\n  count:"),
        to: "adapters/orders.yaml", in: directory)
      await host.reload()
      server.workspaceChanged()
      let changed = try await client.notification("notifications/tools/list_changed")
      #expect(changed["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == listen)
      let updated = try await client.notification("notifications/resources/updated")
      #expect(updated["params"]?["uri"] == "trestle://systems/orders")
      let tools = try await client.ask("tools/list")["result"]?["tools"]?.arrayValue ?? []
      #expect(tools.contains { $0["name"] == "orders__total" })
      // Read again without a change: nothing to tell.
      await host.reload()
      server.workspaceChanged()
      #expect(try await client.rest().isEmpty)
      #expect(try await client.call("orders__total")["isError"] == false)
    }
  }

  @Test("a client of the handshake is told of changes without asking")
  func legacyChanges() async throws {
    try await MCPWorkspace.client(Self.quick) { client, host, directory in
      _ = try await client.ask("initialize", ["protocolVersion": "2025-06-18"], meta: nil)
      _ = try await client.ask("tools/list", meta: nil)
      try MCPWorkspace.write(
        "system: more\nprotocol: xml_rpc\nmethods: { x: { params: [], returns: int } }\n",
        to: "adapters/more.yaml", in: directory)
      await host.reload()
      client.server.workspaceChanged()
      _ = try await client.notification("notifications/tools/list_changed")
      _ = try await client.notification("notifications/resources/list_changed")
      #expect(try await client.call("more__x")["isError"] == false)
    }
  }
}
