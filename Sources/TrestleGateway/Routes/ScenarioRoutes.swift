internal import Trestle

/// Scenarios: named states that stubs ask for, and sets of responses.
struct ScenarioRoutes: Sendable {
  let mocks: RunningMocks

  private static let name = Parameter.path("name", "The scenario's name.")
  private static let switchKeys = [
    AdapterKey("state", .text, "The state of a machine; a set of responses is switched on.")
  ]
  private static let switched = Route.Answer.json(
    Shape.object([
      "previous": Shape.orNull(
        Shape.text(),
        "A machine's state before, or the set of responses that was on; null where none was."),
      "scenario": Shape.named(.scenario),
    ]), "What was before, and what is now.")

  var routes: [Route] { list + steps }

  private var list: [Route] {
    [
      Route(
        .get, "/v1/mocks/{system}/scenarios", "listScenarios",
        "All scenarios, as they stand in a scope.", parameters: [.system, .scope],
        answers: [
          .json(Shape.object(["scenarios": Shape.list(Shape.named(.scenario))]), "The scenarios.")
        ], errors: [404]
      ) { [self] request in
        let scenarios = try mocks.scenarios(of: request.system, scope: request.scope)
        return .json(["scenarios": .array(scenarios.map(\.value))])
      },
      Route(
        .get, "/v1/mocks/{system}/scenarios/{name}", "getScenario",
        "One scenario, as it stands in a scope.", parameters: [.system, Self.name, .scope],
        answers: [.json(Shape.named(.scenario), "The scenario.")], errors: [404]
      ) { [self] request in .json(try scenario(request).value) },
      Route(
        .put, "/v1/mocks/{system}/scenarios/{name}", "setScenario",
        "Creates a scenario, or replaces it.",
        details:
          "With start it is a machine, with responses a set of answers that hold while it is on; of a scope's sets at most one is.",
        parameters: [.system, Self.name],
        body: Route.Body(
          shape: AdapterSchema.jsonSchema(of: AdapterSchema.scenario),
          summary: "What it is made of: start, or responses.", limit: 16 << 20,
          example: ["responses": ["GetStock": ["quantity": 0]]]),
        answers: [
          .json(
            Shape.object([
              "scenario": Shape.named(.scenario),
              "warnings": Shape.list(Shape.named(.problem)),
            ]), "The scenario.")
        ], errors: [404, 422]
      ) { [self] request in
        let body = try request.json()
        let change = try mocks.setScenario(request.name("name"), to: body, on: request.system)
        return .json([
          "scenario": change.result.value, "warnings": .array(change.warnings.map(\.value)),
        ])
      },
      Route(
        .delete, "/v1/mocks/{system}/scenarios/{name}", "removeScenario",
        "Takes a live scenario away; one of the file that it had replaced is there again.",
        parameters: [.system, Self.name], answers: [.done("It is gone.")], errors: [404, 409]
      ) { [self] request in
        try mocks.removeScenario(request.name("name"), on: request.system)
        return .done
      },
    ]
  }

  private var steps: [Route] {
    [
      Route(
        .post, "/v1/mocks/{system}/scenarios/{name}/switch", "switchScenario",
        "Moves a machine to a state, or turns a set of responses on and the one before off.",
        parameters: [.system, Self.name, .scope],
        body: Route.Body(
          shape: AdapterSchema.jsonSchema(of: Self.switchKeys), summary: "Which state.",
          isRequired: false, example: [:]),
        answers: [Self.switched], errors: [404, 422]
      ) { [self] request in
        let state = try request.object(Self.switchKeys)["state"]?.scalarText
        let before = try mocks.switchScenario(
          request.name("name"), to: state, on: request.system, scope: request.scope)
        return try answer(before, request)
      },
      Route(
        .post, "/v1/mocks/{system}/scenarios/{name}/reset", "resetScenario",
        "Puts a machine back to its start, or a set of responses off.",
        parameters: [.system, Self.name, .scope], answers: [Self.switched], errors: [404]
      ) { [self] request in
        let before = try mocks.resetScenario(
          request.name("name"), on: request.system, scope: request.scope)
        return try answer(before, request)
      },
    ]
  }

  private func answer(
    _ before: String?, _ request: APIRequest
  ) throws -> APIResponse {
    .json([
      "previous": before.map { .string($0) } ?? .null,
      "scenario": try scenario(request).value,
    ])
  }

  private func scenario(_ request: APIRequest) throws -> MockScenario {
    try mocks.scenario(request.name("name"), of: request.system, scope: request.scope)
  }
}

extension MockScenario {
  var value: Value {
    var record: Record = [
      "name": .string(name), "kind": .string(kind.rawValue), "origin": .string(origin.rawValue),
      "state": .string(state), "start": .string(start),
      "states": .array(states.map { .string($0) }),
    ]
    if let definition { record["definition"] = definition }
    return .object(record)
  }
}

/// The shapes of scenarios.
enum ScenarioShapes {
  static let scenario = Shape.object(
    [
      "name": Shape.text(),
      "kind": Shape.oneOf(MockScenario.Kind.allCases.map(\.rawValue), "What it is made of."),
      "origin": Shape.oneOf(MockStub.Origin.allCases.map(\.rawValue), "Where it comes from."),
      "state": Shape.text("A machine's state; on or off for a set of responses."),
      "start": Shape.text("The state it starts in."),
      "states": Shape.list(Shape.text(), "All that are named, the start first."),
      "definition?": Shape.any("What it was created from, as it was written."),
    ], "A scenario, as it stands in a scope.")
}
