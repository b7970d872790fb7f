internal import Trestle

/// What speaks another protocol on the gateway's port, beside its own routes.
struct GatewayFace: Sendable {
  /// Its routes, which every token is let into: what is asked for in their bodies they hold against the request's
  /// grant themselves. One that reads its own body has `body.isJSON = false`, and one that is no part of the HTTP API
  /// `isDescribed = false`.
  var routes: [Route]
  /// Told when the workspace was read again.
  var workspaceChanged: @Sendable () async -> Void = {}
  /// Told of the names of clients whose streams are to end; nil for those who came without a token.
  var clientsGone: @Sendable (Set<String?>) async -> Void = { _ in }
  /// Ends streams that would stay open, before the server stops.
  var stop: @Sendable () async -> Void = {}
}
