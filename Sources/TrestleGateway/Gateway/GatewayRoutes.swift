internal import Trestle

/// All routes of the gateway: its own, those that steer mocks, and those of its other faces.
struct GatewayRoutes: Sendable {
  let gateway: Gateway
  let faces: [GatewayFace]

  var table: RouteTable {
    let isReadOnly = gateway.options.isReadOnly
    let all =
      ServiceRoutes(gateway: gateway).routes + SystemRoutes(gateway: gateway).routes
      + (gateway.mocks.map { AdminAPI.routes(of: $0, version: gateway.options.version) } ?? [])
    // What other faces change, they refuse themselves.
    let routes = all.map { isReadOnly && $0.changes ? $0.refused : $0 } + faces.flatMap(\.routes)
    let options = gateway.options
    let systems = gateway.catalog.workspace.systems
    // Made once, when it is first asked for: it holds the shapes of all operations.
    let document = Lazy {
      JSONBody.bytes(
        of: OpenAPIDocument.value(
          of: routes.filter(\.isDescribed), about: .gateway,
          operations: OperationPaths(of: systems, isReadOnly: options.isReadOnly),
          version: options.version))
    }
    return RouteTable(
      routes.map { route in
        guard route.name == ServiceRoutes.documentRoute else { return route }
        var route = route
        route.handle = { _ in APIResponse(body: .text(document.value, type: JSONBody.type)) }
        return route
      })
  }
}
