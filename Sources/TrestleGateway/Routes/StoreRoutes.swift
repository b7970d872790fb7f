internal import Trestle

/// The keys and values that stubs keep from call to call.
struct StoreRoutes: Sendable {
  let mocks: RunningMocks

  private static let key = Parameter.path("key", "The key.")
  private static let previous = Shape.object([
    "key": Shape.text(), "previous": Shape.any("What was there before; null for nothing."),
  ])

  var routes: [Route] {
    [
      Route(
        .get, "/v1/mocks/{system}/store", "getStore", "The keys and values of a scope's store.",
        parameters: [.system, .scope],
        answers: [.json(Shape.object(["store": Shape.map(Shape.anything)]), "The store.")],
        errors: [404]
      ) { [self] request in
        let store = try mocks.store(of: request.system, scope: request.scope)
        return .json(["store": .object(store)])
      },
      Route(
        .delete, "/v1/mocks/{system}/store", "clearStore", "Empties a scope's store.",
        parameters: [.system, .scope], answers: [.json(RemovedShape.count, "It is empty.")],
        errors: [404]
      ) { [self] request in
        let count = try mocks.clearStore(of: request.system, scope: request.scope)
        return .json(["removed": .integer(Int64(count))])
      },
      Route(
        .put, "/v1/mocks/{system}/store/{key}", "setStored",
        "Puts a value under a key; null takes the key away.",
        parameters: [.system, Self.key, .scope],
        body: Route.Body(
          shape: Shape.any("Any value."), summary: "The value.", limit: 1 << 20, example: 100),
        answers: [.json(Self.previous, "What was there before.")], errors: [404, 409]
      ) { [self] request in
        let value = try request.json()
        let before = try mocks.setStored(
          value, under: request.name("key"), on: request.system, scope: request.scope)
        return .json(["key": .string(request.name("key")), "previous": before ?? .null])
      },
      Route(
        .delete, "/v1/mocks/{system}/store/{key}", "removeStored", "Takes a key away.",
        parameters: [.system, Self.key, .scope],
        answers: [.json(Self.previous, "What was there.")], errors: [404]
      ) { [self] request in
        let before = try mocks.removeStored(
          request.name("key"), on: request.system, scope: request.scope)
        return .json(["key": .string(request.name("key")), "previous": before])
      },
    ]
  }
}
