internal import Trestle

/// The routes of the admin API over some mocks: one for each thing that `RunningMocks` can do.
struct AdminAPI: Sendable {
  let mocks: RunningMocks
  let version: String
  let table: RouteTable

  init(_ mocks: RunningMocks, version: String) {
    self.mocks = mocks
    self.version = version
    let described = Self.service + Self.routes(of: mocks, version: version)
    // Written once: it is the same for every request.
    let document = Lazy {
      JSONBody.bytes(of: OpenAPIDocument.value(of: described, version: version))
    }
    table = RouteTable(
      described.map { route in
        guard route.name == Self.documentRoute else { return route }
        var route = route
        route.handle = { _ in
          APIResponse(body: .text(document.value, type: JSONBody.type))
        }
        return route
      })
  }

  /// The routes that steer mocks.
  static func routes(of mocks: RunningMocks, version: String) -> [Route] {
    let groups: [[Route]] = [
      MockRoutes(mocks: mocks).routes, StubRoutes(mocks: mocks).routes,
      ScenarioRoutes(mocks: mocks).routes, StoreRoutes(mocks: mocks).routes,
      FaultRoutes(mocks: mocks).routes, CallRoutes(mocks: mocks, version: version).routes,
      VerifyRoutes(mocks: mocks).routes,
    ]
    return groups.flatMap(\.self)
  }

  private static let documentRoute = "openapi"

  private static let service: [Route] = [
    Route(
      .get, "/healthz", "health", "Says that it is there; needs no token.",
      answers: [.json(Shape.object(["status": Shape.oneOf(["ok"])]), "It is there.")]
    ) { _ in .json(["status": "ok"]) },
    Route(
      .get, "/openapi.json", documentRoute, "Tells these routes.",
      answers: [.json(["type": "object"], "This document.")]
    ) { _ in .json([:]) },
  ]
}
