import Testing
import Trestle

/// The same small shop over each protocol: `pay` and `ship`, which take an id and answer a text.
enum ShopSystem: String, CaseIterable, Sendable {
  case soap, xmlRPC, tcp

  /// Its adapter file, with what stands under `mock:`.
  func adapter(_ mock: String = "  fallback: fault") -> String { head + "mock:\n\(mock)\n" }

  /// Its adapter file without a mock.
  var head: String {
    switch self {
    case .soap: "protocol: soap\n"
    case .xmlRPC:
      """
      protocol: xml_rpc
      methods:
        pay: { params: [{ name: id, type: string }], returns: string }
        ship: { params: [{ name: id, type: string }], returns: string }

      """
    case .tcp:
      """
      protocol: custom_tcp
      frame: { lines: lf }
      layout: { kv: { separator: ";", assign: "=" } }
      operations:
        pay:
          request: { set: { op: pay, id: "{{request.id}}" } }
          reply: { map: { result: r } }
          error: { when: "e present", code: e, message: m }
        ship:
          request: { set: { op: ship, id: "{{request.id}}" } }
          reply: { map: { result: r } }
          error: { when: "e present", code: e, message: m }

      """
    }
  }

  /// A reply of one text.
  func reply(_ text: String) -> Value {
    self == .xmlRPC ? .string(text) : ["result": .string(text)]
  }

  /// The same as YAML.
  func yaml(_ text: String) -> String {
    self == .xmlRPC ? "\"\(text)\"" : "{ result: \"\(text)\" }"
  }

  /// A code that each protocol has for a fault of the mock's own.
  var faultCode: Value { self == .soap ? "Server" : 7 }
}

/// A shop whose mock runs, and what calls it.
struct RunningShop {
  let kind: ShopSystem
  let files: TemporaryWorkspace
  let mocks: RunningMocks
  let bridge: Bridge

  /// Calls an operation: the text that was answered, or `fault: ` and its message.
  func call(_ operation: String, id: String = "1", scope: String? = nil) async -> String {
    do throws(BridgeError) {
      let value = try await bridge.callLegacySystem(
        "shop", operation: operation, parameters: ["id": .string(id)])
      return value["result"]?.scalarText ?? value.scalarText ?? value.description
    } catch {
      return "\(error.stage): \(error.fault?.message ?? error.reason)"
    }
  }

  func pay(_ id: String = "1") async -> String { await call("pay", id: id) }

  /// Reads the adapter file again, as it is now.
  func reload(_ mock: String) async throws -> RunningMocks.Reload {
    try files.write(kind.adapter(mock), to: "adapters/shop.yaml")
    return await mocks.reloadAnswers(from: try files.load(.standard))
  }
}

/// Runs a shop's mock for a body.
func withShop<Result>(
  _ kind: ShopSystem, _ mock: String = "  fallback: fault",
  _ change: (inout MockRunner.Options) -> Void = { _ in },
  _ body: (RunningShop) async throws -> Result
) async throws -> Result {
  let files = try TemporaryWorkspace(["adapters/shop.yaml": kind.adapter(mock)])
  let workspace = try files.load(.standard)
  #expect((workspace.diagnostics + workspace.systems.flatMap(\.diagnostics)).map(\.message) == [])
  var options = MockRunner.Options(usesFreePorts: true)
  options.keepsCalls = 1000
  change(&options)
  return try await withMocks(workspace, options: options) { mocks in
    try await withBridge(workspace, options: .init(endpoints: mocks.endpoints)) { bridge in
      try await body(RunningShop(kind: kind, files: files, mocks: mocks, bridge: bridge))
    }
  }
}
