internal import Trestle

/// All routes of the gateway: its own, those that steer mocks, and those of its other faces.
struct GatewayRoutes: Sendable {
  let gateway: Gateway
  let faces: [GatewayFace]

  private var routes: [Route] {
    let isReadOnly = gateway.options.isReadOnly
    let all =
      ServiceRoutes(gateway: gateway).routes
      + (gateway.options.oauth.map {
        ResourceRoutes(settings: $0, isSecure: gateway.options.tls != nil).routes
      } ?? [])
      + SystemRoutes(gateway: gateway).routes.map {
        $0.needing($0.method == .get ? [.read] : [.call])
      }
      + EventRoutes(inlets: gateway.options.events).routes
      + (gateway.mocks.map { AdminAPI.routes(of: $0, version: gateway.options.version) } ?? [])
    // What other faces change, they refuse themselves.
    return all.map { isReadOnly && $0.changes ? $0.refused : $0 }
      // What they do is in their bodies: they ask for what it needs themselves.
      + faces.flatMap(\.routes).map { $0.needing([.read]).narrowed }
  }

  /// The document of all that is told: to a token for some systems of those alone, without what is about all.
  func document(for grant: Grant = .whole) -> Value {
    OpenAPIDocument.value(
      of: routes.filter { $0.isDescribed && (grant.systems == nil || !$0.isAboutAll) },
      about: .gateway,
      operations: OperationPaths(
        of: gateway.catalog.systems(for: grant), isReadOnly: gateway.options.isReadOnly),
      version: gateway.options.version)
  }

  var table: RouteTable {
    let documents = DocumentShelf { JSONBody.bytes(of: document(for: $0)) }
    return RouteTable(
      routes.map { route in
        guard route.name == ServiceRoutes.documentRoute else { return route }
        var route = route
        route.handle = { request in
          APIResponse(body: .text(documents.bytes(for: request.grant), type: JSONBody.type))
        }
        return route
      })
  }
}
