internal import Trestle

/// What mocks do wrong on purpose.
struct FaultRoutes: Sendable {
  let mocks: RunningMocks

  private static let id = Parameter.path("id", "The fault's name.")
  private static let body = Route.Body(
    shape: Shape.named(.faultSettings), summary: "What is done wrong, as under mock.misbehave.",
    example: ["status": 503, "operation": "GetStock", "times": 3])
  private static let set = Route.Answer.json(
    Shape.object(["id": Shape.text("What it is replaced and cleared by.")]),
    "It holds from now on.")

  var routes: [Route] {
    [
      Route(
        .get, "/v1/mocks/{system}/faults", "listFaults",
        "What a mock does wrong beside what its file says, the latest first.",
        parameters: [.system],
        answers: [.json(Shape.object(["faults": Shape.list(Shape.named(.fault))]), "The faults.")],
        errors: [404]
      ) { [self] request in
        let faults = try faults(request)
        return .json(["faults": .array(faults.map(\.value))])
      },
      Route(
        .post, "/v1/mocks/{system}/faults", "addFault",
        "Makes a mock do something wrong from now on, under a name that is made.",
        parameters: [.system], body: Self.body, answers: [Self.set], errors: [404, 422]
      ) { [self] request in try await set(request, id: nil) },
      Route(
        .delete, "/v1/mocks/{system}/faults", "clearFaults",
        "Takes all faults away that were set, or those of an operation.",
        parameters: [.system, .query("operation", "Those of one operation alone.")],
        answers: [.json(RemovedShape.count, "They are gone.")], errors: [404, 409]
      ) { [self] request in
        let count = try await mocks.clearFaults(
          of: request.system, operation: request.query["operation"])
        return .json(["removed": .integer(Int64(count))])
      },
      Route(
        .put, "/v1/mocks/{system}/faults/{id}", "setFault",
        "The same under a name of one's own, in place of what was set under it.",
        parameters: [.system, Self.id], body: Self.body, answers: [Self.set], errors: [404, 422]
      ) { [self] request in try await set(request, id: request.name("id")) },
      Route(
        .delete, "/v1/mocks/{system}/faults/{id}", "clearFault", "Takes one fault away.",
        parameters: [.system, Self.id], answers: [.done("It is gone.")], errors: [404, 409]
      ) { [self] request in try await clear(request) },
    ]
  }

  private func faults(_ request: APIRequest) throws -> [MockFault] {
    try mocks.faults(of: request.system)
  }

  private func set(_ request: APIRequest, id: String?) async throws -> APIResponse {
    let settings = Value.object(try request.object(AdapterSchema.systemMisbehaviour))
    let made = try await mocks.setFault(settings, on: request.system, id: id)
    return .json(["id": .string(made)])
  }

  private func clear(_ request: APIRequest) async throws -> APIResponse {
    let known = try faults(request).map(\.id)
    let id = request.name("id")
    let count = try await mocks.clearFaults(of: request.system, id: id)
    guard count > 0 else {
      throw APIError(
        404, .notFound,
        "\(request.system): there is no fault \"\(id)\"" + Suggestion.clause(for: id, among: known),
        known: known)
    }
    return .done
  }
}

extension MockFault {
  var value: Value {
    var record: Record = [
      "id": .string(id), "settings": settings, "times": .integer(Int64(times)),
      "is_over": .bool(isOver),
    ]
    if let operation { record["operation"] = .string(operation) }
    return .object(record)
  }
}

/// The shapes of faults.
enum FaultShapes {
  static let settings = AdapterSchema.jsonSchema(of: AdapterSchema.systemMisbehaviour)

  static let fault = Shape.object(
    [
      "id": Shape.text("What it is replaced and cleared by."),
      "settings": Shape.any("What was asked for."),
      "operation?": Shape.text("The operation it concerns; all when it is left out."),
      "times": Shape.integer("How often it has happened.", from: 0),
      "is_over": Shape.flag("Whether it will not happen again."),
    ], "Something that a mock does wrong on purpose.")
}
