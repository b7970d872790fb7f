internal import HTTPTypes
internal import Trestle

/// Who issues tokens for the gateway (RFC 9728): asked by clients that have none yet.
struct ResourceRoutes: Sendable {
  let settings: OAuthSettings
  let isSecure: Bool

  /// For the gateway as a whole and for its MCP endpoint.
  var routes: [Route] {
    [
      route("", "resourceMetadata", "Who issues tokens for the gateway; needs no token."),
      route("/mcp", "mcpResourceMetadata", "Who issues tokens for /mcp; needs no token."),
    ]
  }

  private static let shape = Shape.object([
    "resource": Shape.text(), "authorization_servers": Shape.list(Shape.text()),
    "scopes_supported": Shape.list(Shape.text()),
    "bearer_methods_supported": Shape.list(Shape.text()),
  ])

  private func route(_ suffix: String, _ name: String, _ summary: String) -> Route {
    Route(
      .get, OAuthSettings.metadataPath + suffix, name, summary,
      answers: [.json(Self.shape, "The metadata, RFC 9728.")]
    ) { [self] request in
      // The gate has let in none whose Host is not ours.
      let host = request.field(RouteResponder.hostField)
      let base = OAuthSettings.base(of: host, isSecure: isSecure) ?? ""
      return .json(settings.metadata(base: base, suffix: suffix))
    }.needing([])
  }
}
