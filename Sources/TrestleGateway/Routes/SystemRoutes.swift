internal import Trestle

/// The systems: what each offers, and calls of its operations.
struct SystemRoutes: Sendable {
  let gateway: Gateway

  var routes: [Route] { listing + description + [call] }

  private static let page = 100
  private static let paging: [Parameter] = [
    .query("limit", "How many; \(page) when left out.", as: .integer(1...1000)),
    .query("after", "The name that the page before ended with."),
  ]
  private static let next = Shape.text("What after is for the next page; left out at the end.")

  private var listing: [Route] {
    [
      Route(
        .get, "/v1/systems", "listSystems", "The systems, a page at a time.",
        parameters: Self.paging,
        answers: [
          .json(
            Shape.object([
              "systems": Shape.list(Shape.named(.system)), "next?": Self.next,
            ]), "A page of systems.")
        ], errors: [400]
      ) { [self] request in
        let catalog = gateway.catalog
        let (systems, next) = try Self.page(
          catalog.systems(for: request.grant), request, name: \.name)
        var record: Record = [
          "systems": .array(systems.map { .object(Self.describe($0, in: catalog)) })
        ]
        if let next { record["next"] = .string(next) }
        return .json(.object(record))
      }.narrowed,
      Route(
        .get, "/v1/systems/{system}", "getSystem",
        "One system, and what is wrong with its file and contract.", parameters: [.system],
        answers: [.json(Shape.named(.system), "The system.")], errors: [404]
      ) { [self] request in
        let catalog = gateway.catalog
        let system = try catalog.system(request.system, for: request.grant)
        var record = Self.describe(system, in: catalog)
        if let text = system.contract.documentation { record["documentation"] = .string(text) }
        if let session = system.sessionSummary { record["session"] = .string(session) }
        record["problems"] = .array(system.diagnostics.map(Self.value))
        return .json(.object(record))
      },
      Route(
        .get, "/v1/systems/{system}/operations", "listOperations",
        "A system's operations, a page at a time.", parameters: [.system] + Self.paging,
        answers: [
          .json(
            Shape.object([
              "operations": Shape.list(Shape.named(.operation)), "next?": Self.next,
            ]), "A page of operations.")
        ], errors: [400, 404]
      ) { [self] request in
        let system = try gateway.catalog.system(request.system, for: request.grant)
        let (operations, next) = try Self.page(
          system.contract.operations, request, name: \.name)
        var record: Record = [
          "operations": .array(operations.map { .object(Self.describe($0, of: system)) })
        ]
        if let next { record["next"] = .string(next) }
        return .json(.object(record))
      },
    ]
  }

  private var description: [Route] {
    [
      Route(
        .get, "/v1/systems/{system}/operations/{operation}", "getOperation", "One operation.",
        parameters: [.system, .operation],
        answers: [.json(Shape.named(.operation), "The operation.")], errors: [404, 503]
      ) { [self] request in
        let (system, operation) = try find(request)
        var record = Self.describe(operation, of: system)
        record["notes"] = .array(operation.notes.map { .string($0) })
        return .json(.object(record))
      },
      Route(
        .get, "/v1/systems/{system}/operations/{operation}/schema", "getSchema",
        "What goes into an operation and what comes out, as JSON Schema.",
        parameters: [.system, .operation],
        answers: [
          .json(
            Shape.object([
              "input": Shape.map(.emptyObject, "The schema of the parameters."),
              "output?": Shape.map(.emptyObject, "The schema of the value."),
              "faults": Shape.map(.emptyObject, "The schemas of faults' details, by name."),
              "headers": Shape.map(.emptyObject, "Those of header blocks beside the parameters."),
              "returned_headers": Shape.map(
                .emptyObject, "Those of header blocks beside the value."),
            ]), "The schemas.")
        ], errors: [404, 503]
      ) { [self] request in .json(.object(Self.schemas(of: try find(request).operation))) },
      Route(
        .get, "/v1/systems/{system}/operations/{operation}/sample", "getSample",
        "Parameters that an operation takes, and a value of the kind that it answers.",
        parameters: [.system, .operation],
        answers: [
          .json(
            Shape.object([
              "request": Shape.any("Parameters."),
              "reply?": Shape.any("A value; left out where nothing answers."),
            ]), "The samples.")
        ], errors: [404, 503]
      ) { [self] request in
        let operation = try find(request).operation
        var record: Record = ["request": operation.sampleParameters]
        if !operation.isOneWay {
          record["reply"] = SampleMaker.sample(for: operation.output, named: operation.name)
        }
        return .json(.object(record))
      },
      ContractRoute(gateway: gateway).route,
    ]
  }

  private var call: Route {
    Route(
      .post, "/v1/systems/{system}/operations/{operation}", "callOperation", "Calls an operation.",
      details: "The body is the parameters, and nothing where there are none. Each operation of a"
        + " contract has a path of its own in this document, with its own shapes.",
      parameters: [.system, .operation] + CallRequest.parameters,
      body: Route.Body(
        shape: ["type": "object"], summary: "The parameters.", isRequired: false,
        limit: gateway.options.callBodyBytes),
      answers: [
        .init(
          status: 200, summary: "What the operation answered.",
          content: .either([
            (JSONBody.type, Shape.anything), (OperationCall.envelopeType, Shape.anything),
          ])), .init(status: 202, summary: "Sent; nothing answers it.", content: .nothing),
      ], errors: [400, 403, 404, 409, 422, 502, 503, 504]
    ) { [gateway] request in
      try await OperationCall(gateway: gateway, request: CallRequest(request)).answer(request)
    }.changingNothing.brief
  }

  /// The operation that a path names.
  private func find(
    _ request: APIRequest
  ) throws(APIError) -> (system: LegacySystem, operation: Operation) {
    let catalog = gateway.catalog
    let system = try catalog.system(request.system, for: request.grant)
    let name = request.name("operation")
    do throws(BridgeError) {
      return (system, try catalog.live.operation(name, of: system))
    } catch {
      var refusal = APIError(error)
      refusal.known = system.contract.operations.prefix(100).map(\.name)
      throw refusal
    }
  }

  // MARK: What is told

  /// A page of what has unique names.
  private static func page<Item>(
    _ items: [Item], _ request: APIRequest, name: (Item) -> String
  ) throws(APIError) -> (items: ArraySlice<Item>, next: String?) {
    let limit = request.query.integer("limit").map { Int($0) } ?? page
    var start = 0
    if let after = request.query["after"] {
      guard let position = items.firstIndex(where: { name($0) == after }) else {
        throw APIError(
          400, .unreadable, "after names nothing here: \"\(after)\"",
          hint: "give what next was on the page before")
      }
      start = position + 1
    }
    let shown = items[start...].prefix(limit)
    let next = shown.endIndex < items.count ? shown.last.map(name) : nil
    return (shown, next)
  }

  private static func describe(_ system: LegacySystem, in catalog: SystemCatalog) -> Record {
    var record: Record = [
      "system": .string(system.name), "protocol": .string(system.protocolName),
      "mode": .string(catalog.mode(of: system).rawValue),
      "usable": .bool(system.isUsable),
      "operation_count": .integer(Int64(system.contract.operations.count)),
      "takes_any_operation": .bool(system.contract.isOpen),
    ]
    if let summary = system.definition["summary"]?.scalarText {
      record["summary"] = .string(summary)
    }
    if let endpoint = system.endpoint ?? system.contractEndpoint {
      record["endpoint"] = .string(endpoint)
    }
    if let mock = catalog.mock?.options.endpoints[system.name] {
      record["mock_endpoint"] = .string(mock)
    }
    return record
  }

  private static func describe(_ operation: Operation, of system: LegacySystem) -> Record {
    var record: Record = [
      "operation": .string(operation.name), "effects": .string(operation.effects.rawValue),
      "one_way": .bool(operation.isOneWay),
      "path": .string(OperationPaths.path(of: operation.name, in: system.name)),
    ]
    if let summary = operation.summary { record["summary"] = .string(summary) }
    return record
  }

  private static func schemas(of operation: Operation) -> Record {
    func schema(_ schema: Schema) -> Value { JSONSchemaWriter.jsonSchema(for: schema) }
    func blocks(_ headers: [Operation.HeaderSchema]) -> Value {
      .object(Record(headers.map { .init(name: $0.name, value: schema($0.schema)) }))
    }
    var record: Record = ["input": schema(operation.input)]
    if !operation.isOneWay { record["output"] = schema(operation.output) }
    record["faults"] = .object(
      Record(operation.faults.map { .init(name: $0.name, value: schema($0.detail)) }))
    record["headers"] = blocks(operation.headers.input)
    record["returned_headers"] = blocks(operation.headers.output)
    return record
  }

  private static func value(_ diagnostic: Diagnostic) -> Value {
    var record: Record = [
      "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message),
    ]
    if !diagnostic.file.isEmpty { record["file"] = .string(diagnostic.file) }
    if let line = diagnostic.line { record["line"] = .integer(Int64(line)) }
    if let column = diagnostic.column { record["column"] = .integer(Int64(column)) }
    if let hint = diagnostic.hint { record["hint"] = .string(hint) }
    if !diagnostic.operations.isEmpty {
      record["operations"] = .array(diagnostic.operations.map { .string($0) })
    }
    return .object(record)
  }
}

extension Parameter {
  static let operation = path("operation", "The operation's name.")
}
