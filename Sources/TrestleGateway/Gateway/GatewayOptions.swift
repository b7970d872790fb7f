/// How the gateway serves a workspace.
public struct GatewayOptions: Sendable {
  /// The address it listens on.
  public var host: String
  /// The port it listens on; 0 for any free one.
  public var port: Int
  /// What clients have to show. Where it is nil, nothing on loopback, and a token that is made at random
  /// elsewhere.
  public var token: AccessToken?
  /// Clients with tokens of their own, and what each may do. Where there are any, a token is needed on loopback too.
  public var clients: [ClientToken] = []
  /// Whose tokens are taken beside these; nil for nobody's. Where there is somebody, a token is needed on loopback too.
  public var oauth: OAuthSettings?
  /// Told when the file of that issuer's keys has changed and cannot be used.
  public var onKeyProblem: @Sendable (String) -> Void = { _ in }
  /// How it shows itself over TLS; nil listens in the clear.
  public var tls: ListenerTLS?
  /// Where a line is written for each request that calls, steers or is not let in; nil for nowhere.
  public var audit: AuditDestination?
  /// Told once when lines of the audit cannot be written.
  public var onAuditProblem: @Sendable (String) -> Void = { _ in }
  /// What takes events at `POST /v1/events/{type}`; without any, there is no such route.
  public var events: [EventInlet] = []
  /// Whether operations that change something are refused, and not told of.
  public var isReadOnly = false
  /// The longest a call may take, whatever its client and its system's file say.
  public var longestCall: Duration = .seconds(60)
  /// The largest body of a call, in bytes.
  public var callBodyBytes = 16 << 20
  /// The version that the OpenAPI document tells.
  public var version: String

  /// Where people look for a gateway first.
  public static let defaultPort = 8080

  /// Options for this machine alone.
  public init(
    host: String = "127.0.0.1", port: Int = GatewayOptions.defaultPort, token: AccessToken? = nil,
    version: String = "0.1.0"
  ) {
    self.host = host
    self.port = port
    self.token = token
    self.version = version
  }
}
