import Testing
import Trestle

@testable import TrestleGateway

@Suite("What tokens may do over MCP", .timeLimit(.minutes(3)))
struct GrantTests {
  private static let rights: [(name: String, scopes: Set<AccessScope>, systems: Set<String>?)] = [
    ("reader", [.read], nil), ("caller", [.call], nil), ("steerer", [.admin], nil),
    ("narrow", [.call, .admin], ["orders"]), ("lost", [.call], ["no-such"]),
  ]

  private static func secret(_ name: String) -> String { "\(name)-0123456789abcdef" }

  private func served<Result>(
    _ body: (TokenClient) async throws -> Result
  ) async throws -> Result {
    let clients = try Self.rights.map { name, scopes, systems in
      ClientToken(
        name: name, token: try AccessToken(Self.secret(name)), scopes: scopes, systems: systems)
    }
    let options = GatewayOptions.onAnyPort { $0.clients = clients }
    return try await ServedGateway.run(options: options) { served in
      try await body(TokenClient(served: served))
    }
  }

  private static let reading = ["list_systems", "search_operations", "describe_operation"]
  private static let orders = ["orders__place", "orders__count"]
  private static let others = [
    "forms__Draw", "forms__Describe", "boiler__read", "ledger__post", "ledger__join",
    "ledger__keep",
  ]

  private static let toolsTable: [(name: String, has: [String], lacks: [String])] = [
    ("reader", reading, ["call_legacy_system", "set_stub"] + orders + others),
    (
      "caller", reading + ["call_legacy_system"] + orders + others,
      ["set_stub", "reset", "get_calls", "verify_calls"]
    ),
    (
      "steerer", reading + ["set_stub", "reset", "get_calls", "verify_calls"],
      ["call_legacy_system"] + orders + others
    ),
    (
      "narrow", reading + ["call_legacy_system", "set_stub", "reset", "get_calls"] + orders,
      ["verify_calls"] + others
    ),
  ]

  @Test("a list has the tools that the token may call, and no others")
  func tools() async throws {
    try await served { client in
      for (name, has, lacks) in Self.toolsTable {
        let answer = try await client.ask(Self.secret(name), "tools/list")
        let tools = (answer.result["tools"]?.arrayValue ?? []).compactMap {
          $0["name"]?.stringValue
        }
        #expect(Set(has).isSubset(of: tools), "\(name): \(tools)")
        #expect(Set(lacks).isDisjoint(with: tools), "\(name): \(tools)")
      }
    }
  }

  private static let refusedTable: [(name: String, tool: String, Record, scope: String)] = [
    ("reader", "orders__count", [:], "call"),
    ("reader", "call_legacy_system", ["system": "orders", "operation": "count"], "call"),
    ("reader", "set_stub", ["system": "orders", "operation": "count", "reply": 1], "admin"),
    ("caller", "set_stub", ["system": "orders", "operation": "count", "reply": 1], "admin"),
    ("caller", "get_calls", [:], "admin"), ("caller", "reset", [:], "admin"),
    ("steerer", "orders__count", [:], "call"), ("narrow", "boiler__read", [:], "call"),
    ("narrow", "none__read", [:], "call"),
    ("narrow", "call_legacy_system", ["system": "boiler", "operation": "read"], "call"),
    ("narrow", "call_legacy_system", ["system": "none", "operation": "read"], "call"),
    ("narrow", "describe_operation", ["system": "boiler", "operation": "read"], "read"),
    ("narrow", "set_stub", ["system": "boiler", "operation": "read", "reply": 1], "admin"),
    ("narrow", "reset", [:], "admin"), ("narrow", "get_calls", [:], "admin"),
    ("narrow", "get_calls", ["system": "boiler"], "admin"),
    ("narrow", "get_calls", ["id": nil], "admin"),
    ("narrow", "get_calls", ["system": ["orders", "boiler"]], "admin"),
    ("narrow", "verify_calls", ["checks": ["orders count"]], "admin"),
  ]

  @Test("what a token may not do is refused with the scope that it needs, and nothing is done")
  func refuses() async throws {
    try await served { client in
      for (name, tool, arguments, scope) in Self.refusedTable {
        for isStream in [false, true] {
          let answer = try await client.call(
            Self.secret(name), tool, arguments, isStream: isStream)
          let place = "\(name): \(tool) \(arguments)"
          #expect(answer.status == 403, "\(place)")
          let challenge = answer.raw["www-authenticate"] ?? ""
          #expect(challenge.contains("error=\"insufficient_scope\""), "\(place)")
          #expect(challenge.hasSuffix("scope=\"\(scope)\""), "\(place): \(challenge)")
          #expect(answer.value["id"] == 1, "\(place)")
          #expect(answer.value["error"]?["message"] != nil, "\(place)")
        }
      }
      let calls = try await client.served.mocks.calls(JournalQuery(limit: 10))
      #expect(calls.isEmpty)
      let stubs = try await client.served.client.get("/v1/mocks/orders/stubs")
      #expect((stubs.value["stubs"]?.arrayValue ?? []).allSatisfy { $0["live"] != true })
    }
  }

  @Test("what a token may do is done")
  func allows() async throws {
    try await served { client in
      let table: [(name: String, tool: String, Record)] = [
        ("reader", "describe_operation", ["system": "boiler", "operation": "read"]),
        ("caller", "boiler__read", ["sensor": "T1"]),
        ("caller", "call_legacy_system", ["system": "orders", "operation": "count"]),
        ("steerer", "set_stub", ["system": "boiler", "operation": "read", "reply": ["unit": "F"]]),
        ("steerer", "verify_calls", ["checks": ["orders"]]), ("narrow", "orders__count", [:]),
        ("narrow", "set_stub", ["system": "orders", "operation": "count", "reply": 8]),
        ("narrow", "get_calls", ["system": "orders"]), ("narrow", "reset", ["system": "orders"]),
      ]
      for (name, tool, arguments) in table {
        let answer = try await client.call(Self.secret(name), tool, arguments)
        #expect(answer.status == 200, "\(name): \(tool)")
        #expect(answer.result["content"] != nil, "\(name): \(tool): \(answer.value)")
        #expect(answer.result["isError"] != true, "\(name): \(tool): \(answer.value)")
      }
    }
  }

  @Test("a token for some systems sees those alone")
  func narrows() async throws {
    try await served { client in
      let narrow = Self.secret("narrow")
      let systems = try await client.call(narrow, "list_systems").structured["systems"]
      #expect(systems?.arrayValue?.map { $0["system"] } == ["orders"])
      let found = try await client.call(narrow, "search_operations").structured["operations"]
      #expect(found?.arrayValue?.map { $0["operation"] } == ["place", "count"])
      for method in ["resources/list", "prompts/list", "resources/templates/list"] {
        let text = JSONWriter.text(try await client.ask(narrow, method).value)
        for other in ["boiler", "forms", "ledger", "claims"] {
          #expect(!text.contains(other), "\(method)")
        }
      }
      let completion = try await client.ask(
        narrow, "completion/complete",
        [
          "ref": ["type": "ref/prompt", "name": "explore-system"],
          "argument": ["name": "system", "value": ""],
        ])
      #expect(completion.result["completion"]?["values"] == ["orders"])
      // Names of others are in no hint either.
      let lost = try await client.call(
        Self.secret("lost"), "call_legacy_system", ["system": "no-such", "operation": "x"])
      #expect(lost.status == 200)
      #expect(!JSONWriter.text(lost.value).contains("orders"))
      let unknown = try await client.call(narrow, "boiler_read")
      #expect(unknown.value["error"]?["code"] == -32602)
      #expect(!JSONWriter.text(unknown.value).contains("boiler__read"))
    }
  }

  @Test("resources are read by those who may, and calls of other systems are unknown")
  func resources() async throws {
    try await served { client in
      _ = try await client.served.call("boiler", "read", #"{"sensor":"T1"}"#)
      _ = try await client.served.call("orders", "count")
      let calls = try await client.served.mocks.calls(JournalQuery(limit: 10))
      let boiler = try #require(calls.first { $0.system == "boiler" })
      let orders = try #require(calls.first { $0.system == "orders" })
      let table: [(name: String, uri: String, status: Int, isThere: Bool)] = [
        ("reader", "trestle://systems/boiler", 200, true),
        ("narrow", "trestle://systems/orders", 200, true),
        ("narrow", "trestle://systems/boiler", 403, false),
        ("narrow", "trestle://systems/boiler/operations/read", 403, false),
        ("narrow", "trestle://systems/forms/wsdl", 403, false),
        ("narrow", "trestle://systems/none", 403, false),
        ("reader", "trestle://calls/\(orders.id)", 403, false),
        ("caller", "trestle://calls/\(orders.id)", 403, false),
        ("steerer", "trestle://calls/\(boiler.id)", 200, true),
        ("narrow", "trestle://calls/\(orders.id)", 200, true),
        ("narrow", "trestle://calls/\(boiler.id)", 200, false),
        ("reader", "trestle://blobs/1", 403, false),
      ]
      for (name, uri, status, isThere) in table {
        let answer = try await client.ask(
          Self.secret(name), "resources/read", ["uri": .string(uri)])
        #expect(answer.status == status, "\(name): \(uri)")
        #expect((answer.result["contents"] != nil) == isThere, "\(name): \(uri): \(answer.value)")
      }
      let hidden = try await client.call(
        Self.secret("narrow"), "get_calls", ["id": .integer(boiler.id)])
      #expect(hidden.result["isError"] == true)
      #expect(!JSONWriter.text(hidden.value).contains("71.5"))
    }
  }

  @Test("prompts that speak of tools which the token may not call are not offered")
  func prompts() async throws {
    try await served { client in
      let offered = { (name: String) in
        try await client.ask(Self.secret(name), "prompts/list").result["prompts"]?.arrayValue?
          .compactMap { $0["name"]?.stringValue } ?? []
      }
      #expect(try await offered("reader") == ["explore-system"])
      #expect(try await offered("steerer") == ["explore-system", "debug-call", "write-stub"])
      let refused = try await client.ask(
        Self.secret("reader"), "prompts/get",
        ["name": "debug-call", "arguments": ["call_id": "1"]])
      #expect(refused.status == 403)
    }
  }

  @Test("bytes that were too large for a result are read by whoever got the result")
  func blobs() throws {
    let shelf = BlobShelf()
    var links: [(uri: String, name: String, size: Int)] = []
    let bytes = [UInt8](repeating: 7, count: BlobShelf.greatestInline + 1)
    _ = shelf.shelve(.bytes(bytes), of: "a", links: &links)
    let uri = try #require(links.first?.uri)
    #expect(shelf.bytes(at: uri, of: "a") == bytes)
    #expect(shelf.bytes(at: uri, of: "b") == nil)
    #expect(shelf.bytes(at: uri, of: nil) == nil)
  }

  @Test("the streams of changes of a token end when it is let in no more, and others go on")
  func endsStreams() async throws {
    let hub = ChangeHub()
    let (ann, open) = (try #require(hub.changes(for: "ann")), try #require(hub.changes()))
    let bob = try #require(hub.changes(for: "bob"))
    hub.end(of: ["ann", nil])
    for await _ in ann {}
    for await _ in open {}
    var change = ChangeHub.Change()
    change.concernsTools = true
    hub.tell(change)
    for await told in bob {
      #expect(told == change)
      break
    }
  }

  @Test("over HTTP a stream ends with its result when its token is taken away")
  func endsServedStreams() async throws {
    try await served { client in
      let request = try client.request(
        Self.secret("reader"), "subscriptions/listen",
        ["notifications": ["toolsListChanged": true]])
      let bytes = try await RawClient.exchange(
        request, port: client.served.gateway.port, once: "acknowledged"
      ) {
        await client.served.gateway.letIn([])
      }
      #expect(String(decoding: bytes, as: UTF8.self).contains(#""resultType":"complete""#))
      let status = try await client.ask(Self.secret("reader"), "tools/list").status
      #expect(status == 401)
    }
  }

  @Test("a token has so many streams of changes and no more, and one that ends makes room")
  func streams() async {
    let hub = ChangeHub()
    var streams = (0..<ChangeHub.mostOfOneToken).map { _ in hub.changes(for: "a") }
    #expect(streams.allSatisfy { $0 != nil })
    #expect(hub.changes(for: "a") == nil)
    #expect(hub.changes(for: "b") != nil)
    // Dropped streams are ended by nobody who reads them.
    streams.removeLast()
    #expect(hub.changes(for: "a") != nil)
  }
}

/// A client of `/mcp` with tokens.
private struct TokenClient {
  let served: ServedGateway

  struct Answer {
    var status: Int
    var raw: RawResponse
    var value: Value

    var result: Value { value["result"] ?? .null }
    var structured: Value { result["structuredContent"] ?? .null }
  }

  func call(
    _ token: String, _ tool: String, _ arguments: Record = [:], isStream: Bool = false
  ) async throws -> Answer {
    try await ask(
      token, "tools/call", ["name": .string(tool), "arguments": .object(arguments)],
      isStream: isStream)
  }

  func ask(
    _ token: String, _ method: String, _ parameters: Record = [:], isStream: Bool = false
  ) async throws -> Answer {
    let bytes = try await RawClient.exchange(
      try request(token, method, parameters, isStream: isStream), port: served.gateway.port)
    let raw = try #require(RawResponse(bytes))
    let isJSON = raw["content-type"] == "application/json"
    return Answer(
      status: raw.status, raw: raw, value: isJSON ? try JSONParser.parse(raw.body) : .null)
  }

  func request(
    _ token: String, _ method: String, _ parameters: Record = [:], isStream: Bool = false
  ) throws -> [UInt8] {
    var parameters = parameters
    var meta = LineClient.meta.objectValue ?? [:]
    if isStream { meta["progressToken"] = 1 }
    parameters["_meta"] = .object(meta)
    let message: Value = [
      "jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(parameters),
    ]
    let body = JSONWriter.bytes(message)
    let name = parameters["name"] ?? parameters["uri"]
    let lines = [
      "POST /mcp HTTP/1.1", "Host: 127.0.0.1:\(served.gateway.port)", "Connection: close",
      "Authorization: Bearer \(token)", "Content-Type: application/json",
      "Accept: application/json, text/event-stream", "MCP-Protocol-Version: 2026-07-28",
      "Mcp-Method: \(method)", "Content-Length: \(body.count)",
    ]
    let named = name?.stringValue.map { ["Mcp-Name: \($0)"] } ?? []
    let head = (lines + named).map { $0 + "\r\n" }.joined() + "\r\n"
    return Array(head.utf8) + body
  }
}
