internal import Trestle

/// Where mocks listen, and what they offer.
struct MockRoutes: Sendable {
  let mocks: RunningMocks

  var routes: [Route] {
    [
      Route(
        .get, "/v1/mocks", "listMocks", "All mocks: where they listen, and what is set on them.",
        answers: [
          .json(
            Shape.object([
              "mocks": Shape.list(Shape.named(.mock)),
              "skipped": Shape.list(
                Shape.object(["system": Shape.text(), "reason": Shape.text()]),
                "Systems that are left out because they are broken."),
              "journal_problem?": Shape.text("Why calls are not kept, though they should be."),
            ]), "The mocks.")
        ]
      ) { [self] _ in try list() },
      Route(
        .get, "/v1/mocks/{system}", "getMock", "One mock, with its operations.",
        parameters: [.system], answers: [.json(Shape.named(.mock), "The mock.")], errors: [404]
      ) { [self] request in
        .json(.object(try describe(request.system, operations: true)))
      },
      Route(
        .post, "/v1/mocks/{system}/reset", "resetMock",
        "Begins a mock's state again: scenarios, store, counters, times of one scope.",
        parameters: [.system, .scope], body: Self.resetBody, answers: [Self.resetAnswer],
        errors: [404, 422]
      ) { [self] request in try await reset(request, of: request.system) },
      Route(
        .post, "/v1/reset", "resetAll", "The same for all mocks.", parameters: [.scope],
        body: Self.resetBody, answers: [Self.resetAnswer], errors: [422]
      ) { [self] request in try await reset(request, of: nil) },
    ]
  }

  private func list() throws -> APIResponse {
    var listed: [Value] = []
    for mock in mocks.mocks { listed.append(.object(try describe(mock.system.name))) }
    var record: Record = [
      "mocks": .array(listed),
      "skipped": .array(
        mocks.skipped.map {
          ["system": .string($0.system.name), "reason": .string($0.reason.reason)]
        }),
    ]
    if let problem = mocks.journalProblem ?? mocks.journalFailure {
      record["journal_problem"] = .string(problem)
    }
    return .json(.object(record))
  }

  private func describe(
    _ name: String, operations: Bool = false
  ) throws -> Record {
    let stubs = try mocks.stubs(of: name)
    let faults = try mocks.faults(of: name)
    let scopes = try mocks.scopes(of: name)
    let notices = try mocks.notices(of: name)
    guard let mock = mocks.mocks.first(where: { $0.system.name == name }) else { return [:] }
    let contract = mock.system.contract
    let live = stubs.count { $0.origin == .live }
    var record: Record = [
      "system": .string(name), "protocol": .string(mock.system.protocolName),
      "endpoint": .string(mock.endpoint), "host": .string(mock.host),
      "port": .integer(Int64(mock.port)),
      "operation_count": .integer(Int64(contract.operations.count)),
      "takes_any_operation": .bool(contract.isOpen),
      "stubs": ["file": .integer(Int64(stubs.count - live)), "live": .integer(Int64(live))],
      "faults": .integer(Int64(faults.count)), "scopes": .array(scopes.map { .string($0) }),
    ]
    if let counts = mocks.journalCounts[name] {
      record["calls"] = ["seen": .integer(counts.seen), "dropped": .integer(counts.dropped)]
    }
    if !notices.isEmpty { record["notices"] = .array(notices.map { .string($0) }) }
    if operations { record["operations"] = .array(contract.operations.map(Self.describe)) }
    return record
  }

  private static func describe(_ operation: Operation) -> Value {
    var record: Record = [
      "name": .string(operation.name), "effects": .string(operation.effects.rawValue),
    ]
    if let summary = operation.summary { record["summary"] = .string(summary) }
    return .object(record)
  }

  // MARK: Reset

  private static let resetKeys = [
    AdapterKey("all", .flag, "Whether live stubs, live scenarios and faults go too."),
    AdapterKey("all_scopes", .flag, "Whether every scope begins again."),
  ]

  private static let resetBody = Route.Body(
    shape: AdapterSchema.jsonSchema(of: resetKeys), summary: "How much begins again.",
    isRequired: false, example: ["all": true])

  private static let resetAnswer = Route.Answer.json(
    Shape.object(["reset": Shape.list(Shape.text(), "The systems.")]), "It has begun again.")

  private func reset(
    _ request: APIRequest, of system: String?
  ) async throws -> APIResponse {
    let body = try request.object(Self.resetKeys)
    let extent: RunningMocks.ResetExtent =
      body["all"] == true
      ? .everything : body["all_scopes"] == true ? .allScopes : .scope(request.scope)
    try await mocks.reset(extent, of: system)
    let names = system.map { [$0] } ?? mocks.mocks.map(\.system.name)
    return .json(["reset": .array(names.map { .string($0) })])
  }
}

/// The shapes of mocks.
enum MockShapes {
  static let mock = Shape.object(
    [
      "system": Shape.text(), "protocol": Shape.text(),
      "endpoint": Shape.text("What a client calls."), "host": Shape.text(),
      "port": Shape.integer("0 on a socket of this machine.", from: 0),
      "operation_count": Shape.integer(from: 0),
      "takes_any_operation": Shape.flag("Whether operations outside of the contract are answered."),
      "operations?": Shape.list(
        Shape.object([
          "name": Shape.text(), "effects": Shape.oneOf(["read", "write"]),
          "summary?": Shape.text(),
        ])),
      "stubs": Shape.object([
        "file": Shape.integer("How many the file has.", from: 0),
        "live": Shape.integer("How many were set while it runs.", from: 0),
      ]),
      "faults": Shape.integer("How many things it does wrong that were set.", from: 0),
      "scopes": Shape.list(Shape.text(), "Those that have a name."),
      "calls?": Shape.object([
        "seen": Shape.integer("How many calls there were.", from: 0),
        "dropped": Shape.integer("How many of them the journal lacks.", from: 0),
      ]),
      "notices?": Shape.list(
        Shape.text(), "What had to be forgotten lately for want of room, a sentence each."),
    ], "A mock that runs.")
}
