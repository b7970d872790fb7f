internal import Synchronization
internal import Trestle

/// The gateway's systems for MCP: calls go where the gateway's own go.
final class GatewayHost: MCPHost {
  private let gateway: Gateway
  private let revision = Atomic(1)
  let steering: (any MockSteering)?

  init(_ gateway: Gateway) {
    self.gateway = gateway
    let version = gateway.options.version
    steering = gateway.mocks.map { mocks in
      LocalSteering(version: version) { () async throws(MockError) -> RunningMocks in mocks }
    }
  }

  var time: CallTime { CallTime(longest: gateway.options.longestCall) }

  /// Another workspace is served from now on.
  func workspaceChanged() { revision.add(1, ordering: .releasing) }

  func snapshot() -> WorkspaceSnapshot {
    WorkspaceSnapshot(
      revision: revision.load(ordering: .acquiring), workspace: gateway.catalog.workspace)
  }

  func call(
    _ system: LegacySystem, operation: String, parameters: Value, timeout: Duration?
  ) async throws(BridgeError) -> Reply {
    let catalog = gateway.catalog
    let bridge: Bridge
    do throws(APIError) {
      bridge = try catalog.bridge(for: system, mode: catalog.mode(of: system))
    } catch {
      throw BridgeError(
        stage: .transport, system: system.name, operation: operation, reason: error.message,
        hint: error.hint)
    }
    return try await bridge.call(
      system, operation: operation, parameters: parameters, choices: CallChoices(timeout: timeout))
  }

  var destination: String {
    gateway.mocks == nil
      ? "Calls reach the systems themselves."
      : "Calls reach mocks, but for systems whose file says mode: live."
  }

  func isLive(_ system: LegacySystem) -> Bool { gateway.catalog.mode(of: system) == .live }
}
