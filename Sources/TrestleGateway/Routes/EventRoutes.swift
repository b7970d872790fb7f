public import Trestle

/// What takes events that come over HTTP: workflows that run beside the gateway.
public struct EventInlet: Sendable {
  /// What takes them, by its name.
  public let name: String
  /// The types of event that it does something about.
  public let types: Set<String>
  /// Takes an event; false when it takes none any more.
  let take: @Sendable (_ type: String, _ data: Value) -> Bool

  /// Something that takes events.
  public init(
    name: String, types: Set<String>, take: @escaping @Sendable (String, Value) -> Bool
  ) {
    self.name = name
    self.types = types
    self.take = take
  }
}

/// Events for workflows: `POST /v1/events/{type}`.
struct EventRoutes: Sendable {
  let inlets: [EventInlet]

  /// The largest event, in bytes.
  private static let limit = 1 << 20

  var routes: [Route] {
    guard !inlets.isEmpty else { return [] }
    return [
      Route(
        .get, "/v1/events", "listEventTypes", "The types of event that workflows handle.",
        answers: [
          .json(
            Shape.object([
              "types": Shape.list(
                Shape.object(["type": Shape.text(), "workflows": Shape.list(Shape.text())]))
            ]), "The types.")
        ]
      ) { [self] _ in
        let types = Set(inlets.flatMap(\.types)).sorted()
        return .json([
          "types": .array(
            types.map { type in
              [
                "type": .string(type),
                "workflows": .array(
                  inlets.filter { $0.types.contains(type) }.map { .string($0.name) }),
              ]
            })
        ])
      }.needing([.read]),
      Route(
        .post, "/v1/events/{type}", "postEvent",
        "Puts an event into the queues of the workflows that handle its type.",
        parameters: [.path("type", "The type of event.")],
        body: Route.Body(
          shape: Shape.any("Any value."), summary: "The event's data.", isRequired: false,
          limit: Self.limit, example: ["model_id": "m1", "latency_ms": 1200]),
        answers: [
          Route.Answer(
            status: 202, summary: "It is in their queues.",
            content: .json(
              Shape.object(["type": Shape.text(), "workflows": Shape.list(Shape.text())])))
        ], errors: [404, 409]
      ) { [self] request in try post(request) }.needing([.call]),
    ]
  }

  private func post(_ request: APIRequest) throws(APIError) -> APIResponse {
    let type = request.name("type")
    let data = request.body.isEmpty ? Value.emptyObject : try request.json()
    let handling = inlets.filter { $0.types.contains(type) }
    guard !handling.isEmpty else {
      let known = Set(inlets.flatMap(\.types)).sorted()
      throw APIError(
        404, .notFound,
        "no workflow handles events of type \(type)" + Suggestion.clause(for: type, among: known),
        hint: "types: \(known.joined(separator: ", "))")
    }
    let taken = handling.filter { $0.take(type, data) }.map(\.name)
    guard !taken.isEmpty else {
      throw APIError(
        409, .conflict,
        "\(handling.map(\.name).joined(separator: ", ")) takes no events any more")
    }
    var response = APIResponse.json([
      "type": .string(type), "workflows": .array(taken.map { .string($0) }),
    ])
    response.status = 202
    return response
  }
}
