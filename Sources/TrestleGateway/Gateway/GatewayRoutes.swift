internal import Trestle

/// All routes of the gateway: its own, those that steer mocks, and those of its other faces.
struct GatewayRoutes: Sendable {
  let gateway: Gateway
  let faces: [GatewayFace]

  private var routes: [Route] {
    let isReadOnly = gateway.options.isReadOnly
    let all =
      ServiceRoutes(gateway: gateway).routes
      + SystemRoutes(gateway: gateway).routes.map {
        $0.needing($0.method == .get ? [.read] : [.call])
      }
      + (gateway.mocks.map { AdminAPI.routes(of: $0, version: gateway.options.version) } ?? [])
    // What other faces change, they refuse themselves.
    return all.map { isReadOnly && $0.changes ? $0.refused : $0 }
      // What they do is in their bodies: who comes in that way may call any system, and steer its mock.
      + faces.flatMap(\.routes).map { $0.needing([.call, .admin]) }
  }

  /// The document of all that is told.
  func document() -> Value {
    OpenAPIDocument.value(
      of: routes.filter(\.isDescribed), about: .gateway,
      operations: OperationPaths(
        of: gateway.catalog.workspace.systems, isReadOnly: gateway.options.isReadOnly),
      version: gateway.options.version)
  }

  var table: RouteTable {
    // Made once, when it is first asked for: it holds the shapes of all operations.
    let bytes = Lazy { JSONBody.bytes(of: document()) }
    return RouteTable(
      routes.map { route in
        guard route.name == ServiceRoutes.documentRoute else { return route }
        var route = route
        route.handle = { _ in APIResponse(body: .text(bytes.value, type: JSONBody.type)) }
        return route
      })
  }
}
