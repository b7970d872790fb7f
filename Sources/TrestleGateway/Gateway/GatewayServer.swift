public import Trestle
internal import TrestleNet

/// The gateway: calls of all systems of a workspace, and the steering of their mocks, over HTTP on one port.
///
///     let gateway = try await GatewayServer(workspace, mocks: mocks).start()
///     print(gateway.url)                     // http://127.0.0.1:8080
///     …
///     await gateway.stop()
public struct GatewayServer: Sendable {
  private let gateway: Gateway
  private let limits: ServerLimits

  /// Serves a workspace, with the mocks that run of it.
  public init(
    _ workspace: Workspace, mocks: RunningMocks? = nil, options: GatewayOptions = GatewayOptions()
  ) {
    self.init(workspace, mocks: mocks, options: options, limits: ServerLimits())
  }

  init(
    _ workspace: Workspace, mocks: RunningMocks?, options: GatewayOptions, limits: ServerLimits
  ) {
    gateway = Gateway(workspace, mocks: mocks, options: options)
    var limits = limits
    // A call has its own limit, and is told of when it is over.
    limits.answerTime = max(limits.answerTime, options.longestCall + .seconds(10))
    limits.stopTime = .seconds(10)
    limits.connections = 1024
    self.limits = limits
  }

  /// Begins to listen.
  ///
  /// - Throws: `MockError` that names the port and what to do about it.
  public func start() async throws(MockError) -> RunningGateway {
    let faces = [MCPEndpoint.face(of: gateway)]
    let table = Published(GatewayRoutes(gateway: gateway, faces: faces).table)
    let options = gateway.options
    let registry = Published(ClientRegistry.open)
    let issuer = try await issuer()
    let audit = try audit()
    do throws(ListenError) {
      let (task, _) = try await RouteServer(
        table: table, host: options.host, port: options.port, token: options.token,
        clients: options.clients, issuer: issuer, tls: options.tls, audit: audit, limits: limits,
        registry: registry
      ).start()
      return RunningGateway(
        gateway, faces: faces, table: table, task: task, registry: registry, audit: audit,
        issuer: issuer)
    } catch {
      await audit?.shutdown()
      throw MockError(
        system: "", port: options.port, reason: "the gateway cannot listen: \(error.reason)",
        hint: error.kind == .portInUse
          ? "stop what listens there, or choose another port with --port; --port 0 takes a free one"
          : error.hint, isConfiguration: error.kind == .tls)
    }
  }

  private func issuer() async throws(MockError) -> TokenIssuer? {
    guard let settings = gateway.options.oauth else { return nil }
    return TokenIssuer(settings: settings, keys: try await KeyFile(settings.keys))
  }

  private func audit() throws(MockError) -> AuditLog? {
    guard let destination = gateway.options.audit else { return nil }
    return try AuditLog(destination, tell: gateway.options.onAuditProblem)
  }
}
