internal import Trestle

/// Stubs and responses that are set while mocks run.
struct StubRoutes: Sendable {
  let mocks: RunningMocks

  private static let id = Parameter.path("id", "The stub's id.")
  private static let operation = Parameter.path("operation", "The operation's name.")
  /// Ten thousand stubs as one list.
  private static let stubsLimit = 16 << 20
  private static let example: Value = [
    "name": "sold out", "operation": "GetStock", "when": ["sku": "A-9"], "reply": ["quantity": 0],
  ]

  var routes: [Route] { stubs + single + responses }

  private static func set(_ change: MockChange<String>) -> APIResponse {
    .json([
      "ids": [.string(change.result)], "warnings": .array(change.warnings.map(\.value)),
    ])
  }

  private var stubs: [Route] {
    [
      Route(
        .get, "/v1/mocks/{system}/stubs", "listStubs",
        "All stubs, in the order in which those of the same priority are tried.",
        parameters: [
          .system, .scope,
          .query(
            "origin", "Those of the file, or those set live.",
            as: .oneOf(MockStub.Origin.allCases.map(\.rawValue))),
          .query("operation", "Those of one operation."),
        ],
        answers: [.json(Shape.object(["stubs": Shape.list(Shape.named(.stub))]), "The stubs.")],
        errors: [404]
      ) { [self] request in
        let stubs = try mocks.stubs(of: request.system, scope: request.scope)
        let wanted = stubs.filter { stub in
          (request.query["origin"].map { $0 == stub.origin.rawValue } ?? true)
            && (request.query["operation"].map { $0 == stub.operation } ?? true)
        }
        return .json(["stubs": .array(wanted.map(\.value))])
      },
      Route(
        .post, "/v1/mocks/{system}/stubs", "setStubs",
        "Sets a live stub, or a list of them: all, or with a mistake in any, none.",
        details:
          "One whose id, else its name, is set already replaces that one in its place. The others go before all that were set earlier.",
        parameters: [.system],
        body: Route.Body(
          shape: Shape.either([
            Shape.named(.stubDefinition), Shape.list(Shape.named(.stubDefinition)),
          ]), summary: "A stub as under mock.stubs of an adapter file, or a list of such.",
          limit: Self.stubsLimit, example: Self.example),
        answers: [.json(Shape.named(.stubsSet), "They answer from now on.")], errors: [404, 422]
      ) { [self] request in
        let body = try request.json()
        // Of a single one, places in it are told as they are.
        guard let list = body.arrayValue else {
          return Self.set(try mocks.setStub(body, on: request.system))
        }
        let change = try mocks.setStubs(list, on: request.system)
        return .json([
          "ids": .array(change.result.map { .string($0) }),
          "warnings": .array(change.warnings.map(\.value)),
        ])
      },
      Route(
        .delete, "/v1/mocks/{system}/stubs", "removeLiveStubs",
        "Takes all live stubs away, live responses among them.", parameters: [.system],
        answers: [.json(RemovedShape.count, "They are gone.")], errors: [404]
      ) { [self] request in
        let count = try mocks.removeLiveStubs(on: request.system)
        return .json(["removed": .integer(Int64(count))])
      },
      Route(
        .get, "/v1/mocks/{system}/export", "exportMock",
        "The mock part of the adapter file, with what is live among it, as YAML.",
        parameters: [.system],
        answers: [
          Route.Answer(
            status: 200, summary: "To be put into the adapter file.",
            content: .either([("application/yaml", ["type": "object"])]))
        ], errors: [404]
      ) { [self] request in
        let text = try mocks.exportYAML(of: request.system)
        return APIResponse(body: .text(Array(text.utf8), type: "application/yaml"))
      },
    ]
  }

  private var single: [Route] {
    [
      Route(
        .get, "/v1/mocks/{system}/stubs/{id}", "getStub", "One stub.",
        parameters: [.system, Self.id, .scope],
        answers: [.json(Shape.named(.stub), "The stub.")], errors: [404]
      ) { [self] request in
        let stub = try mocks.stub(request.name("id"), of: request.system, scope: request.scope)
        return .json(stub.value)
      },
      Route(
        .put, "/v1/mocks/{system}/stubs/{id}", "setStub",
        "Sets a live stub under an id, in place of what was set under it.",
        parameters: [.system, Self.id],
        body: Route.Body(
          shape: Shape.named(.stubDefinition), summary: "A stub as under mock.stubs.",
          limit: Self.stubsLimit, example: Self.example),
        answers: [.json(Shape.named(.stubsSet), "It answers from now on.")], errors: [404, 422]
      ) { [self] request in
        let body = try request.json()
        let change = try mocks.setStub(body, id: request.name("id"), on: request.system)
        return Self.set(change)
      },
      Route(
        .delete, "/v1/mocks/{system}/stubs/{id}", "removeStub",
        "Takes a live stub away, and gives it as it was.", parameters: [.system, Self.id],
        answers: [.json(Shape.named(.stub), "The stub as it was.")], errors: [404, 409]
      ) { [self] request in
        let stub = try mocks.removeStub(request.name("id"), on: request.system)
        return .json(stub.value)
      },
    ]
  }

  private var responses: [Route] {
    [
      Route(
        .put, "/v1/mocks/{system}/responses/{operation}", "updateResponse",
        "What an operation answers from now on, whatever stubs say.",
        details: "Doing it again changes nothing.", parameters: [.system, Self.operation],
        body: Route.Body(
          shape: Shape.any("A value, or an object of one of reply, fault and raw as in a stub."),
          summary: "The value that it answers.", limit: Self.stubsLimit,
          example: ["quantity": 7]),
        answers: [
          .json(
            Shape.object([
              "operation": Shape.text(), "previous": Shape.any("What it was; null for nothing."),
              "warnings": Shape.list(Shape.named(.problem)),
            ]), "The next call gets exactly that.")
        ], errors: [404, 422]
      ) { [self] request in
        let body = try request.json()
        let operation = request.name("operation")
        let change = try mocks.setResponse(body, to: operation, on: request.system)
        return .json([
          "operation": .string(operation), "previous": change.result ?? .null,
          "warnings": .array(change.warnings.map(\.value)),
        ])
      },
      Route(
        .delete, "/v1/mocks/{system}/responses/{operation}", "removeResponse",
        "Lets an operation answer as the file says again.",
        parameters: [.system, Self.operation],
        answers: [
          .json(
            Shape.object([
              "operation": Shape.text(),
              "previous": Shape.any("What was set; null for nothing."),
            ]), "It answers as the file says.")
        ], errors: [404]
      ) { [self] request in
        let operation = request.name("operation")
        let before = try mocks.removeResponse(to: operation, on: request.system)
        return .json(["operation": .string(operation), "previous": before ?? .null])
      },
    ]
  }
}

extension MockStub {
  var value: Value {
    var record: Record = [
      "id": .string(id), "name": .string(name), "origin": .string(origin.rawValue),
      "operation": .string(operation), "priority": .integer(Int64(priority)),
      "answered": .integer(Int64(answered)), "answered_in_scope": .integer(Int64(answeredInScope)),
      "definition": definition,
    ]
    if let place { record["place"] = .string(place) }
    return .object(record)
  }
}

/// The shapes of stubs.
enum StubShapes {
  static let definition = AdapterSchema.jsonSchema(
    of: AdapterSchema.stub.filter { $0.name != "id" }
      + [AdapterKey("id", .text, "What it is replaced and taken away by; its name when left out.")])

  static let stub = Shape.object(
    [
      "id": Shape.text("What it is got, replaced and taken away by."),
      "name": Shape.text("What lists and logs call it."),
      "origin": Shape.oneOf(MockStub.Origin.allCases.map(\.rawValue), "Where it comes from."),
      "operation": Shape.text(), "priority": Shape.integer("1 goes before 5.", from: 0),
      "answered": Shape.integer("How often it has answered, in all scopes together.", from: 0),
      "answered_in_scope": Shape.integer(
        "How often in the scope that was asked for; counted where it has to do with state.",
        from: 0),
      "definition": Shape.any("The stub as it was written."),
      "place?": Shape.text("Where it stands in its file, with the line."),
    ], "A stub of a mock that runs.")

  static let set = Shape.object(
    [
      "ids": Shape.list(Shape.text(), "What they are replaced and taken away by, in their order."),
      "warnings": Shape.list(Shape.named(.problem), "What is odd about them, though it works."),
    ], "Stubs that were set.")
}

/// The shapes of what was taken away.
enum RemovedShape {
  static let count = Shape.object(["removed": Shape.integer("How many.", from: 0)])
}
