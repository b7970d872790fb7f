public import Trestle

/// The gateway while it listens.
public final class RunningGateway: Sendable {
  /// Where it is: `http://127.0.0.1:8080`, with TLS `https://127.0.0.1:8080`.
  public let url: String
  /// The port it listens on.
  public let port: Int
  /// What clients have to show; nil where everybody on this machine may use it.
  public var token: AccessToken? { registry.value.token }

  private let gateway: Gateway
  private let faces: [GatewayFace]
  private let table: Published<RouteTable>
  private let task: ServerTask
  private let registry: Published<ClientRegistry>
  private let audit: AuditLog?
  private let keyWatch: Task<Void, Never>?

  init(
    _ gateway: Gateway, faces: [GatewayFace], table: Published<RouteTable>, task: ServerTask,
    registry: Published<ClientRegistry>, audit: AuditLog?, issuer: TokenIssuer?
  ) {
    self.gateway = gateway
    self.faces = faces
    self.table = table
    self.task = task
    self.registry = registry
    self.audit = audit
    let tell = gateway.options.onKeyProblem
    keyWatch = issuer.map { issuer in Task { await issuer.keys.watch(tell: tell) } }
    port = task.port
    url = RouteServer.url(
      host: gateway.options.host, port: task.port, isSecure: gateway.options.tls != nil)
  }

  /// Where an operation is called: `/v1/systems/stock/operations/GetStock`.
  public func path(of operation: String, in system: String) -> String {
    OperationPaths.path(of: operation, in: system)
  }

  /// Parameters that an operation takes.
  public func sampleParameters(of operation: Operation) -> Value { operation.sampleParameters }

  /// The systems that are served now.
  package var systems: [LegacySystem] { gateway.catalog.workspace.systems }

  /// Serves a workspace that was read again; calls under way finish with the one before. A system whose contract has
  /// changed and cannot be used goes on with the one before, and is given back as it was read.
  @discardableResult
  public func takeUp(_ workspace: Workspace) async -> [LegacySystem] {
    let refused = gateway.takeUp(workspace)
    table.publish(GatewayRoutes(gateway: gateway, faces: faces).table)
    for face in faces { await face.workspaceChanged() }
    return refused
  }

  /// Lets these clients in from now on, and none that were let in before and are not among them: their requests under
  /// way are answered, their streams of changes end. Where there were none before, a token is made for `token`.
  public func letIn(_ clients: [ClientToken]) async {
    let before = registry.value
    let now = ClientRegistry(
      token: before.token ?? (clients.isEmpty ? nil : .random()), clients: clients, after: before)
    registry.publish(now)
    let gone = before.gone(in: now)
    guard !gone.isEmpty else { return }
    for face in faces { await face.clientsGone(gone) }
  }

  /// Stops listening, lets the answers under way finish, for ten seconds at most, and closes every connection.
  public func stop() async {
    keyWatch?.cancel()
    for face in faces { await face.stop() }
    await task.stop()
    await gateway.shutdown()
    await audit?.shutdown()
  }
}
