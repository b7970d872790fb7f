import Testing
import Trestle

@testable import TrestleGateway

@Suite("How long calls over MCP may take", .timeLimit(.minutes(1)))
struct CallTimeTests {
  private static let files = [
    "adapters/slow.yaml": """
    system: slow
    protocol: xml_rpc
    timeout: 30s
    methods:
      wait: { effects: read, params: [], returns: int }
    mock: { stubs: [ { operation: wait, reply: 7, misbehave: { late: 20s } } ] }
    """
  ]

  private static let call: Value = ["system": "slow", "operation": "wait"]

  @Test(
    "no call takes longer than the longest, whatever its system's file or its caller say",
    arguments: [nil, "10s", "100ms"])
  func caps(timeout: String?) async throws {
    try await MCPWorkspace.run(Self.files) { directory in
      var options = WorkspaceHost.Options(directory: directory)
      options.time = CallTime(longest: .milliseconds(200))
      let host = WorkspaceHost(options)
      let client = LineClient(MCPServer(host))
      var call = Self.call.objectValue ?? [:]
      if let timeout { call["timeout"] = .string(timeout) }
      let result = try await client.call("call_legacy_system", .object(call))
      #expect(result["isError"] == true)
      #expect(result["structuredContent"]?["error"]?["kind"] == "timeout", "\(result)")
      if timeout == nil {
        let own = try await client.call("slow__wait")
        #expect(own["structuredContent"]?["error"]?["kind"] == "timeout", "\(own)")
      }
      await client.connection.end()
      await host.shutdown()
    }
  }

  @Test("a caller's time is held where it is shorter, and told where it is none")
  func own() async throws {
    try await MCPWorkspace.client(Self.files) { client, _, _ in
      var call = Self.call.objectValue ?? [:]
      call["timeout"] = "100ms"
      let result = try await client.call("call_legacy_system", .object(call))
      #expect(result["structuredContent"]?["error"]?["kind"] == "timeout", "\(result)")
      for wrong in ["soon", "-1s", "0s"] {
        call["timeout"] = .string(wrong)
        let refused = try await client.call("call_legacy_system", .object(call))
        #expect(refused["structuredContent"]?["error"]?["path"] == "/timeout", "\(refused)")
      }
    }
  }

  @Test("the gateway's longest time holds over its MCP endpoint too")
  func gateway() async throws {
    let adapters = ["slow.yaml": Self.files["adapters/slow.yaml"] ?? ""]
    let options = GatewayOptions.onAnyPort { $0.longestCall = .milliseconds(200) }
    try await ServedGateway.run(adapters: adapters, options: options) { served in
      let body = JSONWriter.text([
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": ["name": "slow__wait", "arguments": [:]],
      ])
      let answer = try await served.client.send(
        "POST", "/mcp", json: Array(body.utf8), [], false)
      let error = answer.value["result"]?["structuredContent"]?["error"]
      #expect(error?["kind"] == "timeout", "\(answer.value)")
    }
  }
}
