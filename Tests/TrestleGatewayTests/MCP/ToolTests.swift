import Testing
import Trestle

@testable import TrestleGateway

@Suite("Tools", .timeLimit(.minutes(3)))
struct ToolTests {
  private func tools(_ client: LineClient) async throws -> [Value] {
    try await client.ask("tools/list")["result"]?["tools"]?.arrayValue ?? []
  }

  private func names(_ client: LineClient) async throws -> [String] {
    try await tools(client).compactMap { $0["name"]?.stringValue }
  }

  @Test(
    "names are cut to forty characters, each to another one, the same each time",
    arguments: [
      ("claims", "GetClaim"), ("claims", String(repeating: "VeryLong", count: 9)),
      ("claims", String(repeating: "VeryLong", count: 9) + "2"), ("a.b", "c"), ("a_b", "c"),
      ("größe", "x"), ("supervisor", "system.multicall"),
    ])
  func toolNames(system: String, operation: String) {
    let name = ToolName.tool(system, operation)
    #expect(name.utf8.count <= 40)
    #expect(name.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil)
    #expect(ToolName.tool(system, operation) == name)
    #expect(ToolName.tool(system, operation + "3") != name)
  }

  @Test("names that can stay do, and those that are cut to the same head differ")
  func distinctNames() {
    #expect(ToolName.tool("claims", "GetClaim") == "claims__GetClaim")
    #expect(ToolName.tool("a.b", "c") != ToolName.tool("a_b", "c"))
    #expect(ToolName.argument("größe") != ToolName.argument("gräße"))
    #expect(ToolName.argument("a.b-c_d") == "a.b-c_d")
    #expect(ToolName.argument(String(repeating: "x", count: 65)).utf8.count == 64)
  }

  /// What clients and models' interfaces bear.
  private func expectBearable(_ tool: Value) throws {
    let name = tool["name"]?.stringValue ?? ""
    #expect(name.wholeMatch(of: /[A-Za-z0-9_-]{1,40}/) != nil, "\(name)")
    for key in ["inputSchema", "outputSchema"] {
      let schema = try #require(tool[key], "\(name)")
      #expect(schema["type"] == "object", "\(name)")
      #expect(schema["oneOf"] == nil && schema["anyOf"] == nil && schema["allOf"] == nil)
      let text = JSONWriter.text(schema)
      #expect(!text.contains("$ref") && !text.contains("$defs"), "\(name)")
    }
    for property in tool["inputSchema"]?["properties"]?.objectValue ?? [:] {
      #expect(property.name.wholeMatch(of: /[A-Za-z0-9_.-]{1,64}/) != nil, "\(property.name)")
    }
    #expect(tool["description"]?.stringValue?.isEmpty == false)
    #expect(tool["annotations"]?["readOnlyHint"]?.boolValue != nil)
  }

  @Test("every tool is one that clients bear")
  func bearable() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let tools = try await tools(client)
      for tool in tools { try expectBearable(tool) }
      let find = try #require(tools.first { $0["name"] == "shop__Find" })
      // Recursive: unrolled, then cut with a word on where to read on.
      #expect(JSONWriter.text(find).contains("cut here: describe_operation"))
      #expect(find["description"]?.stringValue?.contains("Exactly one of byId, ") == true)
      let place = try #require(tools.first { $0["name"] == "shop__Place" })
      let order = place["inputSchema"]?["properties"]?["order"]
      #expect(order?["required"]?.arrayValue?.contains("_currency") == true)
      #expect(order?["description"]?.stringValue?.contains("byId, byName") == true)
      let shapes = order?["properties"]?["shape"]?["anyOf"]?.arrayValue ?? []
      #expect(shapes.contains { $0["properties"]?["_type"]?["enum"] == ["Circle"] })
      #expect(place["annotations"]?["readOnlyHint"] == false)
      #expect(place["annotations"]?["destructiveHint"] == true)
      let peek = try #require(tools.first { $0["name"] == "shop__Peek" })
      #expect(peek["annotations"]?["readOnlyHint"] == true)
    }
  }

  @Test("a member that no model can say has another name, which means the member")
  func aliases() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let find = try #require(try await tools(client).first { $0["name"] == "shop__Find" })
      let alias = try #require(
        find["inputSchema"]?["properties"]?.objectValue?.names.first { $0 != "byId" })
      #expect(
        find["inputSchema"]?["properties"]?[alias]?["description"]?.stringValue?.contains("größe")
          == true)
      let result = try await client.call("shop__Find", [:])
      #expect(result["structuredContent"]?["error"]?["kind"] == "validation")
      #expect(try await client.call("shop__Find", .object([alias: "12"]))["isError"] == false)
      let calls = try await client.call("get_calls", ["operation": "Find"])
      #expect(
        calls["structuredContent"]?["calls"]?[0]?["parameters"] == .object(["größe": "12"]))
      let wrong = try await client.call("shop__Find", .object([alias: ["x": 1]]))
      #expect(wrong["structuredContent"]?["error"]?["path"] == .string("/" + alias))
    }
  }

  @Test("many operations, or the wish for it, leave the tools that search and call")
  func choices() async throws {
    let methods = (0..<41).map { "  m\($0): { effects: read, params: [], returns: string }" }
    let many = "system: many\nprotocol: xml_rpc\nmethods:\n" + methods.joined(separator: "\n")
    let fixed = [
      "list_systems", "search_operations", "describe_operation", "call_legacy_system", "set_stub",
      "reset", "get_calls", "verify_calls",
    ]
    try await MCPWorkspace.client(["adapters/many.yaml": many]) { client, _, _ in
      #expect(try await names(client) == fixed)
      let found = try await client.call("search_operations", ["query": "m17"])
      #expect(found["structuredContent"]?["operations"]?[0]?["operation"] == "m17")
      let call = try await client.call(
        "call_legacy_system", ["system": "many", "operation": "m17"])
      #expect(call["isError"] == false)
      #expect(call["structuredContent"]?["result"]?.stringValue != nil)
    }
    var options = MCPServer.Options()
    options.tools = .all
    try await MCPWorkspace.client(["adapters/many.yaml": many], options: options) { client, _, _ in
      let first = try await client.ask("tools/list")["result"]
      #expect(first?["tools"]?.arrayValue?.count == 49)
    }
    options.tools = .search
    try await MCPWorkspace.client(options: options) { client, _, _ in
      #expect(try await names(client) == fixed)
      let result = try await client.call(
        "call_legacy_system",
        ["system": "shop", "operation": "Place", "parameters": ["order": LosslessSystems.order]])
      #expect(result["structuredContent"] == ["order": LosslessSystems.order])
      let told = try await client.call(
        "describe_operation", ["system": "shop", "operation": "Find"])
      #expect(told["structuredContent"]?["parameters"]?["type"] == "object")
      #expect(told["structuredContent"]?["returns"]?["$defs"]?["Part"] != nil)
    }
  }

  @Test("with reads only, what changes something is neither offered nor done")
  func readOnly() async throws {
    var options = MCPServer.Options()
    options.readsOnly = true
    try await MCPWorkspace.client(options: options) { client, _, _ in
      let offered = try await names(client)
      for hidden in ["shop__Place", "shop__Find", "set_stub", "reset"] {
        #expect(!offered.contains(hidden))
        let answer = try await client.ask("tools/call", ["name": .string(hidden)])
        #expect(answer["error"]?["code"] == -32602)
      }
      #expect(offered.contains("shop__Peek"))
      let call = try await client.call(
        "call_legacy_system",
        ["system": "shop", "operation": "Place", "parameters": ["order": LosslessSystems.order]])
      #expect(call["isError"] == true)
      #expect(call["structuredContent"]?["error"]?["kind"] == "read_only")
      let calls = try await client.call("get_calls")
      #expect(calls["structuredContent"]?["calls"]?.arrayValue?.isEmpty == true)
    }
  }

  @Test("mocks are steered: a stub answers, calls are told and verified, a reset takes it away")
  func steering() async throws {
    try await MCPWorkspace.client { client, _, _ in
      let set = try await client.call(
        "set_stub",
        [
          "system": "meter", "operation": "read", "name": "hot", "when": ["sensor": "T1"],
          "reply": ["value": "99.5", "unit": "C"],
        ])
      #expect(set["isError"] == false, "\(set)")
      let hot = try await client.call("meter__read", ["sensor": "T1", "limit": "1"])
      #expect(hot["structuredContent"]?["value"] == "99.5")
      let verified = try await client.call(
        "verify_calls", ["checks": ["meter read sensor=T1 exactly 1", "shop never"]])
      #expect(verified["structuredContent"]?["failed"] == 0, "\(verified)")
      let failed = try await client.call("verify_calls", ["checks": ["meter read exactly 5"]])
      #expect(failed["structuredContent"]?["failed"] == 1)
      _ = try await client.call("reset", ["everything": true])
      let cold = try await client.call("meter__read", ["sensor": "T1", "limit": "1"])
      #expect(cold["structuredContent"]?["value"] == "1")
      let wrong = try await client.call(
        "set_stub", ["system": "meter", "operation": "raed", "reply": [:]])
      #expect(wrong["isError"] == true)
      #expect(JSONWriter.text(wrong).contains("read"))
    }
  }

  @Test("fixed tools tell which argument is wrong, and the nearest right word")
  func fixedMistakes() async throws {
    let table: [(String, Value, path: String, word: String)] = [
      ("describe_operation", ["system": "shop"], "/operation", "missing"),
      ("describe_operation", ["system": "shp", "operation": "Place"], "/system", "shop"),
      ("describe_operation", ["system": "shop", "operation": "Plaec"], "/operation", "Place"),
      ("search_operations", ["qurey": "x"], "/qurey", "query"),
      ("search_operations", ["query": 7], "/query", "string"),
      ("verify_calls", ["checks": ["x", 7]], "/checks/1", "checks"),
    ]
    try await MCPWorkspace.client { client, _, _ in
      for (tool, arguments, path, word) in table {
        let result = try await client.call(tool, arguments)
        #expect(result["isError"] == true)
        let error = result["structuredContent"]?["error"]
        #expect(error?["path"] == .string(path), "\(result)")
        #expect(error?["message"]?.stringValue?.contains(word) == true, "\(result)")
      }
    }
  }

  @Test("a live system that is not there is an error that says so, and mocks are not offered")
  func live() async throws {
    try await MCPWorkspace.client(mode: .live) { client, _, _ in
      let offered = try await names(client)
      #expect(!offered.contains("set_stub") && !offered.contains("get_calls"))
      let result = try await client.call("shop__Place", ["order": LosslessSystems.order])
      #expect(result["isError"] == true)
      #expect(result["structuredContent"]?["error"]?["kind"] == "transport")
    }
  }

  @Test("large bytes are a link to a resource")
  func blobs() async throws {
    let adapter = """
      system: files
      protocol: xml_rpc
      methods: { get: { effects: read, params: [{ name: data, type: base64 }], returns: base64 } }
      mock: { responses: { get: "{{request.data}}" } }
      """
    try await MCPWorkspace.client(["adapters/files.yaml": adapter]) { client, _, _ in
      let small = Base64.encode([UInt8](repeating: 7, count: 1000))
      let inline = try await client.call("files__get", ["data": .string(small)])
      #expect(inline["structuredContent"]?["result"] == .string(small))
      let large = Base64.encode([UInt8](repeating: 7, count: 300 << 10))
      let result = try await client.call("files__get", ["data": .string(large)])
      let link = try #require(result["content"]?.arrayValue?.last)
      #expect(link["type"] == "resource_link")
      #expect(link["size"] == 307200)
      let uri = try #require(link["uri"])
      #expect(result["structuredContent"]?["result"] == uri)
      let read = try await client.ask("resources/read", ["uri": uri])
      #expect(read["result"]?["contents"]?[0]?["blob"] == .string(large))
    }
  }

  @Test("a result that is not made as its schema says is told as an error, with all of it")
  func misfits() {
    let schema: Value = [
      "type": "object",
      "properties": [
        "n": ["type": "integer"], "list": ["type": "array", "items": ["type": "string"]],
        "a/b": ["anyOf": [["type": "null"], ["type": "object"]]],
      ],
    ]
    let fitting: [Value] = [
      [:], ["n": 1, "more": true], ["list": []], ["list": ["x"]], ["a/b": .null],
    ]
    for value in fitting { #expect(StructuredShape.misfit(value, schema) == nil, "\(value)") }
    let others: [(Value, String)] = [
      ("x", ""), (["n": "1"], "/n"), (["n": 1.5], "/n"), (["list": "x"], "/list"),
      (["list": ["x", 1]], "/list/1"), (["a/b": 1], "/a~1b"),
    ]
    for (value, place) in others { #expect(StructuredShape.misfit(value, schema) == place) }
  }

  @Test("exports are made of the same tools", arguments: ToolExport.allCases)
  func export(taker: ToolExport) async throws {
    try await MCPWorkspace.run { directory in
      let workspace = try Workspace.load(directory: directory)
      let value = taker.value(of: workspace.systems, readsOnly: false)
      let tools = try #require(value.arrayValue ?? value["tools"]?.arrayValue)
      #expect(tools.count == 6)
      let names = tools.compactMap { $0["name"] ?? $0["function"]?["name"] ?? $0["title"] }
      #expect(names.contains("shop__Place"))
      let reading = taker.value(of: workspace.systems, readsOnly: true)
      #expect((reading.arrayValue ?? reading["tools"]?.arrayValue)?.count == 4)
    }
  }
}
