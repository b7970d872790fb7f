internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Trestle
internal import TrestleCore
internal import TrestleNet

/// Routes on a port: what the admin API and the gateway have in common.
struct RouteServer: Sendable {
  let table: Published<RouteTable>
  let host: String
  let port: Int
  /// What clients have to show. Where it is nil, nothing on loopback, and a token that is made at random
  /// elsewhere.
  let token: AccessToken?
  /// Further clients with tokens of their own. Where there are any, one is needed on loopback too.
  var clients: [ClientToken] = []
  /// Who else issues tokens. Where there is somebody, one is needed on loopback too.
  var issuer: TokenIssuer?
  /// How it shows itself; nil in the clear.
  var tls: ListenerTLS?
  /// Where requests are told of that call or steer.
  var audit: AuditLog?
  let limits: ServerLimits
  /// Who is let in while it runs, for whoever changes that.
  var registry = Published(ClientRegistry.open)

  /// Begins to listen.
  ///
  /// - Throws: `ListenError` that says what is in the way.
  func start() async throws(ListenError) -> (task: ServerTask, token: AccessToken?) {
    let context = try context()
    let token =
      token ?? (AccessRule.isWide(host) || !clients.isEmpty || issuer != nil ? .random() : nil)
    registry.publish(ClientRegistry(token: token, clients: clients))
    let rule = HeadRule(
      access: AccessRule(
        host: host, clients: { [registry] in registry.value.all }, issuer: issuer,
        isSecure: tls != nil,
        demand: { [table] in table.value.demand(method: $0, target: $1) }), limits: limits,
      routeLimit: { [table] in table.value.bodyLimit(method: $0, target: $1) },
      bodyRefusal: { [table] in table.value.bodyRefusal(method: $0, target: $1) },
      registry: registry, audit: audit)
    let responder = RouteResponder(
      table: table, registry: registry, audit: audit, hasIssuer: issuer != nil)
    let channel = GatewayChannel(limits: limits, rule: rule, tls: context) {
      request, writer, channel in
      try await responder.respond(to: request, writer, over: channel)
    }
    let task = try await ServerTask.start(channel, host: host, port: port, limits: limits)
    return (task, token)
  }

  /// What the files for TLS say.
  private func context() throws(ListenError) -> NIOSSLContext? {
    do throws(TransportError) {
      return try tls?.server.context()
    } catch {
      throw ListenError(kind: .tls, host: host, port: port, reason: error.reason, hint: error.hint)
    }
  }

  /// The URL of what listens on a port.
  static func url(host: String, port: Int, isSecure: Bool = false) -> String {
    // What listens on every address is called on this machine's own.
    let called = ["0.0.0.0", "::"].contains(host) ? "127.0.0.1" : host
    return (isSecure ? "https" : "http")
      + "://\(called.contains(":") ? "[\(called)]" : called):\(port)"
  }
}
