public import Trestle

/// The gateway while it listens.
public final class RunningGateway: Sendable {
  /// Where it is: `http://127.0.0.1:8080`, with TLS `https://127.0.0.1:8080`.
  public let url: String
  /// The port it listens on.
  public let port: Int
  /// What clients have to show; nil where everybody on this machine may use it.
  public let token: AccessToken?

  private let gateway: Gateway
  private let faces: [GatewayFace]
  private let table: Published<RouteTable>
  private let task: ServerTask
  private let audit: AuditLog?

  init(
    _ gateway: Gateway, faces: [GatewayFace], table: Published<RouteTable>, task: ServerTask,
    audit: AuditLog?, token: AccessToken?
  ) {
    self.gateway = gateway
    self.faces = faces
    self.table = table
    self.task = task
    self.audit = audit
    self.token = token
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

  /// Serves a workspace that was read again; calls under way finish with the one before.
  public func takeUp(_ workspace: Workspace) async {
    gateway.takeUp(workspace)
    table.publish(GatewayRoutes(gateway: gateway, faces: faces).table)
    for face in faces { await face.workspaceChanged() }
  }

  /// Stops listening, lets the answers under way finish, for ten seconds at most, and closes every connection.
  public func stop() async {
    for face in faces { await face.stop() }
    await task.stop()
    await gateway.shutdown()
    await audit?.shutdown()
  }
}
