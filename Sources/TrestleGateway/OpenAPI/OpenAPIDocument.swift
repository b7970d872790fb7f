internal import Trestle

/// The routes as an OpenAPI 3.1 document.
enum OpenAPIDocument {
  /// What a document is about.
  struct Subject {
    var title: String
    var summary: String

    static let admin = Subject(
      title: "Trestle admin API", summary: "Steers mocks of legacy systems while they run.")
    static let gateway = Subject(
      title: "Trestle gateway", summary: "Calls legacy systems, and steers their mocks.")
  }

  static func value(
    of routes: [Route], about subject: Subject = .admin, operations: OperationPaths? = nil,
    version: String
  ) -> Value {
    var paths = operations?.paths ?? [:]
    for route in routes {
      var item = paths[route.path]?.objectValue ?? [:]
      item[route.method.rawValue.lowercased()] = operation(route)
      paths[route.path] = .object(item)
    }
    let shapes = SharedShape.allCases.map {
      Record.Member(name: $0.rawValue, value: $0.shape)
    }
    var components: Record = [
      "schemas": .object(Record(shapes + (operations?.schemas.members ?? []))),
      "securitySchemes": [
        "token": [
          "type": "http", "scheme": "bearer",
          "description": "Needed where the API can be reached from other machines.",
        ]
      ],
    ]
    for member in operations?.shared ?? [:] { components[member.name] = member.value }
    // A system may be called as a group of routes is: they share it then.
    let systems = operations?.tags ?? []
    let named = Set(systems.compactMap { $0["name"]?.stringValue })
    let tags = systems + tags(routes).filter { !named.contains($0) }.map { ["name": .string($0)] }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": .string(subject.title), "version": .string(version),
        "summary": .string(subject.summary),
        "license": ["name": "see the project"],
      ],
      "security": [[:], ["token": []]],
      "tags": .array(tags), "paths": .object(paths), "components": .object(components),
    ]
  }

  private static func tags(_ routes: [Route]) -> [String] {
    routes.map(\.tag).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static func operation(_ route: Route) -> Value {
    var record: Record = [
      "operationId": .string(route.name), "summary": .string(route.summary),
      "tags": [.string(route.tag)],
    ]
    if let details = route.details { record["description"] = .string(details) }
    if !route.parameters.isEmpty { record["parameters"] = .array(route.parameters.map(parameter)) }
    if let body = route.body { record["requestBody"] = requestBody(body) }
    var responses = Record()
    for answer in route.answers { responses["\(answer.status)"] = response(answer) }
    for status in route.errors.sorted() { responses["\(status)"] = failure(errors[status] ?? "") }
    responses["default"] = failure("The request was not done; the error says why.")
    record["responses"] = .object(responses)
    return .object(record)
  }

  private static let errors = [
    400: "The request cannot be read.", 404: "Something that the path names is not there.",
    403: "What it asks for is not allowed here.",
    409: "What the mock is doing does not allow it.",
    422: "What was to be set has mistakes, all of them under problems.",
    502: "The system answered with a fault, or with what is no answer.",
    503: "The system cannot be reached or used.",
    504: "The time was up before the system answered.",
  ]

  static func parameter(_ parameter: Parameter) -> Value {
    var record: Record = [
      "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
      "description": .string(parameter.summary),
      "schema": parameter.isRepeated
        ? Shape.list(parameter.kind.shape) : parameter.kind.shape,
    ]
    if parameter.place == .path { record["required"] = true }
    return .object(record)
  }

  private static func requestBody(_ body: Route.Body) -> Value {
    var media: Record = ["schema": body.shape]
    if let example = body.example { media["example"] = example }
    return [
      "description": .string(body.summary), "required": .bool(body.isRequired),
      "content": [JSONBody.type: .object(media)],
    ]
  }

  private static func response(_ answer: Route.Answer) -> Value {
    var record: Record = ["description": .string(answer.summary)]
    switch answer.content {
    case .nothing: break
    case .json(let shape): record["content"] = [JSONBody.type: ["schema": shape]]
    case .either(let contents):
      record["content"] = .object(
        Record(contents.map { .init(name: $0.type, value: ["schema": $0.shape]) }))
    }
    return .object(record)
  }

  private static func failure(_ summary: String) -> Value {
    response(.json(Shape.named(.error), summary))
  }
}

extension Route {
  /// The group it stands in: the word after the system, else the one after the version.
  var tag: String {
    let words = parts.compactMap { if case .word(let word) = $0 { word } else { nil } }
    guard words.first == "v1" else { return "service" }
    return words.count > 2 && words[1] == "mocks" ? words[2] : words.dropFirst().first ?? ""
  }
}
