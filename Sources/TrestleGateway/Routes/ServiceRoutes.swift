internal import Trestle

/// What whoever keeps the gateway running asks it.
struct ServiceRoutes: Sendable {
  let gateway: Gateway

  static let documentRoute = "openapi"

  var routes: [Route] {
    [
      Route(
        .get, "/healthz", "health", "Says that the process is there; needs no token.",
        answers: [.json(Shape.object(["status": Shape.oneOf(["ok"])]), "It is there.")]
      ) { _ in .json(["status": "ok"]) },
      Route(
        .get, "/openapi.json", Self.documentRoute, "Tells all routes, and every operation.",
        answers: [.json(["type": "object"], "This document.")]
      ) { _ in .json([:]) },
    ]
  }
}
