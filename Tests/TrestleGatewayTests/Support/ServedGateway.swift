import Foundation
import Testing
import Trestle

@testable import TrestleGateway

/// One system of each protocol with its mock, a gateway over them, and a client of it.
struct ServedGateway {
  let mocks: RunningMocks
  let gateway: RunningGateway
  let client: AdminClient
  /// The workspace's directory.
  let directory: String

  /// Calls an operation with a body of these bytes.
  func call(
    _ system: String, _ operation: String, _ json: String? = nil, query: String = "",
    headers: [String] = []
  ) async throws -> AdminClient.Answer {
    try await client.send(
      "POST", "/v1/systems/\(system)/operations/\(operation)\(query)",
      json: json.map { Array($0.utf8) }, headers)
  }

  /// What went over the legacy wire in the latest call of a system.
  func wire(of system: String) async throws -> (request: String, response: String) {
    let calls = try await mocks.calls(JournalQuery(system: system, limit: 1))
    let call = try #require(calls.first)
    return (
      String(decoding: call.request?.body ?? [], as: UTF8.self),
      String(decoding: call.response?.body ?? [], as: UTF8.self)
    )
  }

  /// Runs a body against a fresh gateway.
  static func run<Result>(
    adapters: [String: String] = adapters, files: [String: String] = [:],
    hasMocks: Bool = true, options: GatewayOptions = .onAnyPort(),
    _ body: (ServedGateway) async throws -> Result
  ) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("trestle-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let folder = directory.appendingPathComponent("adapters")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in adapters {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    for (name, text) in [("forms.wsdl", FormsContract.wsdl)] + files.map({ ($0.key, $0.value) }) {
      try text.write(to: directory.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let workspace = try Workspace.load(directory: directory.path)
    try #require(workspace.diagnostics.isEmpty)
    let mockOptions = MockRunner.Options(usesFreePorts: true, journal: .all(.batched))
    return try await withMocks(workspace, options: mockOptions) { mocks in
      let gateway = try await GatewayServer(
        workspace, mocks: hasMocks ? mocks : nil, options: options
      ).start()
      do {
        let client = try await AdminClient(port: gateway.port, token: gateway.token?.text)
        let result = try await body(
          ServedGateway(mocks: mocks, gateway: gateway, client: client, directory: directory.path))
        await gateway.stop()
        return result
      } catch {
        await gateway.stop()
        throw error
      }
    }
  }

  static let adapters = SteeredMocks.adapters.merging([
    "forms.yaml": """
    protocol: soap
    wsdl: ../forms.wsdl
    timeout: 10s
    operations: { Describe: { effects: read } }
    mock:
      stubs:
        - { operation: Draw, when: { canvas: { title: broken } }, fault: { code: Client, message: "no", detail: { Spoiled: { why: torn } } } }
        - { operation: Draw, when: { canvas: { title: crash } }, fault: { code: Server, message: down } }
        - { operation: Draw, reply: { canvas: "{{request.canvas}}" } }
        - { operation: Describe, reply: { text: fine }, headers: { Session: { _until: "2026-11-28", _text: abc } } }
    """,
    "ledger.yaml": """
    protocol: xml_rpc
    methods:
      post:
        params:
          - { name: entry, type: { struct: { amount: string, count: i8, tags: [string], at: dateTime.iso8601, raw: base64 } } }
        returns: { struct: { amount: string, count: i8, tags: [string], at: dateTime.iso8601, raw: base64 } }
      join: { params: [{ name: left, type: string }, { name: right, type: string }], returns: string, effects: read }
      keep: { params: [{ name: what, type: string }], returns: nil }
    mock: { responses: { post: "{{request.entry}}", join: "{{request.left}}{{request.right}}" } }
    """,
  ]) { $1 }
}

extension GatewayOptions {
  /// Options for a free port, with something changed.
  static func onAnyPort(_ change: (inout GatewayOptions) -> Void = { _ in }) -> GatewayOptions {
    var options = GatewayOptions(port: 0)
    change(&options)
    return options
  }
}
