import Foundation
import Testing
import Trestle

@testable import TrestleGateway

/// One system of each protocol as mocks, an admin API over them, and a bridge that calls them.
struct SteeredMocks {
  let mocks: RunningMocks
  let admin: RunningAdminServer
  let client: AdminClient
  let bridge: Bridge

  static let adapters = [
    "claims.yaml": """
    protocol: soap
    namespace: urn:claims
    mock:
      responses: { GetClaim: { status: open } }
      stubs:
        - { name: unknown claim, operation: GetClaim, when: { id: X-1 }, fault: { code: Client, message: "no claim {{request.id}}" } }
        - { operation: Approve, scenario: claim, state: started, to: approved, reply: { ok: "true" } }
    """,
    "orders.yaml": """
    protocol: xml_rpc
    methods:
      place: { params: [{ name: sku, type: string }, { name: amount, type: int }], returns: string }
      count: { params: [], returns: int }
    mock:
      responses: { place: "placed {{request.sku}}", count: 7 }
    """,
    "boiler.yaml": """
    protocol: custom_tcp
    frame: { lines: crlf, max: 8k }
    layout: { kv: { separator: ";", assign: "=" } }
    operations:
      read:
        request: { set: { CMD: READ, ID: "{{request.sensor}}" } }
        reply: { map: { value: V as decimal, unit: U } }
        error: { when: ERR present, code: ERR, message: MSG }
    conversation: { correlate: { key: ID } }
    mock: { responses: { read: { value: "71.5", unit: C } } }
    """,
  ]

  /// One call of each protocol, and what its mock answers by the file.
  static let calls: [(system: String, operation: String, parameters: Value, reply: Value)] = [
    ("claims", "GetClaim", ["id": "C-7"], ["status": "open"]),
    ("orders", "place", ["sku": "A-1", "amount": 2], "placed A-1"),
    ("boiler", "read", ["sensor": "T1"], ["value": "71.5", "unit": "C"]),
  ]

  func call(_ system: String, _ operation: String, _ parameters: Value = [:]) async throws -> Value
  {
    try await bridge.callLegacySystem(system, operation: operation, parameters: parameters)
  }

  /// Calls each system once.
  func callAll() async throws {
    for call in Self.calls { _ = try await self.call(call.system, call.operation, call.parameters) }
  }

  /// Runs a body against fresh mocks.
  static func run<Result>(
    options: AdminServer.Options = AdminServer.Options(), adapters: [String: String] = adapters,
    _ body: (SteeredMocks) async throws -> Result
  ) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let folder = directory.appendingPathComponent("adapters")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in adapters {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let workspace = try Workspace.load(directory: directory.path)
    try #require(workspace.diagnostics.isEmpty)
    let mockOptions = MockRunner.Options(usesFreePorts: true, journal: .all(.batched))
    return try await withMocks(workspace, options: mockOptions) { mocks in
      let admin = try await AdminServer(mocks, options: options).start()
      do {
        let client = try await AdminClient(port: admin.port, token: admin.token?.text)
        let result = try await withBridge(
          workspace, options: .init(endpoints: mocks.endpoints)
        ) { bridge in
          try await body(
            SteeredMocks(mocks: mocks, admin: admin, client: client, bridge: bridge))
        }
        await admin.stop()
        return result
      } catch {
        await admin.stop()
        throw error
      }
    }
  }
}
