internal import Trestle

/// What mocks were called with, from their journal.
struct CallRoutes: Sendable {
  let mocks: RunningMocks
  let version: String

  /// The filters of all routes here, as `trestle calls` has them.
  private static let filters: [Parameter] = [
    .query("system", "Calls of one system."), .query("operation", "Calls of one operation."),
    .query(
      "where", "path=value: calls with this parameter; may be given often.", isRepeated: true),
    .query(
      "outcome", "What became of them; may be given often.",
      as: .oneOf(JournalEntry.Outcome.allCases.map(\.rawValue)), isRepeated: true),
    .query("origin", "Calls answered by a stub, by response or sample."),
    .query("text", "Calls with a text anywhere in them."),
    .query("since", "Calls of the last time, such as 5m.", as: .duration),
    .query("until", "Calls up to this long ago.", as: .duration),
  ]
  private static let bodies = Parameter.query(
    "bodies", "Whether the messages of both sides are told too.", as: .flag)

  private static let page = 50

  var routes: [Route] {
    [
      Route(
        .get, "/v1/calls", "listCalls", "Calls, the newest first, a page at a time.",
        parameters: Self.filters + [
          .query(
            "limit", "How many; \(Self.page) when left out.", as: .integer(1...1000)),
          .query(
            "before", "Calls with lower numbers: the next page.", as: .integer(1...(.max))),
          .query("after", "Calls with higher numbers.", as: .integer(0...(.max))), Self.bodies,
        ],
        answers: [
          .json(
            Shape.object([
              "calls": Shape.list(Shape.named(.call)),
              "next": Shape.orNull(
                Shape.integer(), "What before is for the next page; null at the end."),
            ]), "A page of calls.")
        ], errors: [400, 409, 422]
      ) { [self] request in try await list(request) },
      Route(
        .get, "/v1/calls/analysis", "analyseCalls",
        "What calls have in common: counts, times, errors, patterns, and sentences on them.",
        parameters: Self.filters, answers: [.json(Shape.named(.analysis), "The analysis.")],
        errors: [400, 409, 422]
      ) { [self] request in
        let query = try await named(request, limit: .max)
        let entries = try await mocks.calls(query, bodies: false)
        return .json(JournalAnalysis(entries).jsonValue)
      },
      Route(
        .get, "/v1/calls/export", "exportCalls",
        "Calls with their messages, the oldest first, as HAR 1.2 or as JSON lines.",
        parameters: Self.filters + [
          .query("format", "har when left out.", as: .oneOf(["har", "jsonl"]))
        ],
        answers: [
          Route.Answer(
            status: 200, summary: "The calls.",
            content: .either([
              (CallExport.harType, ["type": "object", "required": ["log"]] as Value),
              (CallExport.linesType, Shape.text("A call as JSON in each line.")),
            ]))
        ], errors: [400, 409, 422]
      ) { [self] request in try await export(request) },
      Route(
        .get, "/v1/calls/{id}", "getCall", "One call, with the messages of both sides.",
        parameters: [.path("id", "The call's number.", as: .integer(1...(.max - 1)))],
        answers: [.json(Shape.named(.call), "The call.")], errors: [400, 404, 409]
      ) { [self] request in
        let entry = try await mocks.call(Int64(request.name("id")) ?? 0)
        return .json(entry.jsonValue())
      },
    ]
  }

  private func list(_ request: APIRequest) async throws -> APIResponse {
    let limit = Int(request.query.integer("limit") ?? Int64(Self.page))
    // One more tells whether there is a next page.
    var query = try await named(request, limit: limit + 1)
    query.before = request.query.integer("before")
    query.after = request.query.integer("after")
    let bodies = request.query.flag("bodies")
    let asked = query
    let entries = try await mocks.calls(asked, bodies: bodies)
    let page = entries.prefix(limit)
    let next = entries.count > limit ? page.last.map { Value.integer($0.id) } : nil
    return .json([
      "calls": .array(page.map { $0.jsonValue(bodies: bodies) }), "next": next ?? .null,
    ])
  }

  private func named(_ request: APIRequest, limit: Int) async throws -> JournalQuery {
    let query = try Self.read(request, limit: limit)
    do throws(MockControlError) {
      try await mocks.checkNames(in: query)
    } catch {
      guard error.kind == .notFound else { throw error }
      // The path is there; what the query speaks of is not.
      var refusal = APIError(error)
      (refusal.status, refusal.code) = (422, .invalid)
      throw refusal
    }
    return query
  }

  private static func read(
    _ request: APIRequest, limit: Int
  ) throws(APIError) -> JournalQuery {
    var filter = JournalFilter()
    filter.system = request.query["system"]
    filter.operation = request.query["operation"]
    filter.conditions = request.query.all("where")
    filter.outcomes = request.query.all("outcome").compactMap { JournalEntry.Outcome(rawValue: $0) }
    filter.origin = request.query["origin"]
    filter.text = request.query["text"]
    filter.since = request.query["since"]
    filter.until = request.query["until"]
    do throws(JournalFilter.Mistake) {
      return try filter.query(limit: limit)
    } catch {
      throw APIError(400, .unreadable, error.reason, hint: error.hint)
    }
  }

  // MARK: Export

  private func export(_ request: APIRequest) async throws -> APIResponse {
    let query = try await named(request, limit: CallExport.piece)
    let export = CallExport(
      mocks: mocks, query: query, isHAR: request.query["format"] != "jsonl", version: version)
    // Read before anything is sent: a journal that cannot be read is an error of its own.
    let first = try await export.piece(after: 0)
    return APIResponse(
      body: .pieces(type: export.type, first: first) { try await export.piece(after: $0) })
  }
}
