internal import Trestle

/// All routes of the gateway: its own, those that steer mocks, and those of its other faces.
struct GatewayRoutes: Sendable {
  let gateway: Gateway
  let faces: [GatewayFace]

  var table: RouteTable {
    let routes =
      ServiceRoutes(gateway: gateway).routes + SystemRoutes(gateway: gateway).routes
      + (gateway.mocks.map { AdminAPI.routes(of: $0, version: gateway.options.version) } ?? [])
      + faces.flatMap(\.routes)
    let version = gateway.options.version
    let document = Lazy {
      JSONBody.bytes(of: OpenAPIDocument.value(of: routes.filter(\.isDescribed), version: version))
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
