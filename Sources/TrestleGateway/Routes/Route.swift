internal import Trestle

/// One route: what the router goes by, and what the OpenAPI document says of it.
struct Route: Sendable {
  enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
  }

  /// What a request may have as its body.
  struct Body: Sendable {
    var shape: Value
    var summary: String
    var isRequired = true
    /// Whether it must be said to be JSON; else the route reads whatever comes, by its own rules.
    var isJSON = true
    /// How many bytes it may have; what holds for all routes when left out.
    var limit: Int?
    /// One that works with the systems of `trestle init`.
    var example: Value?
  }

  /// One kind of answer.
  struct Answer: Sendable {
    enum Content: Sendable {
      case nothing
      case json(Value)
      /// One of several kinds of content, each by its type.
      case either([(type: String, shape: Value)])
    }

    var status: Int
    var summary: String
    var content: Content
  }

  typealias Handler = @Sendable (APIRequest) async throws -> APIResponse

  var method: Method
  /// `/v1/mocks/{system}`.
  var path: String
  /// The name that programs made from the document call it.
  var name: String
  /// One sentence.
  var summary: String
  /// More, where it is needed.
  var details: String?
  var parameters: [Parameter]
  var body: Body?
  var answers: [Answer]
  /// The statuses of errors that are its own.
  var errors: [Int]
  /// Whether the OpenAPI document tells of it.
  var isDescribed = true
  /// Whether it is refused where nothing may be changed; those that change nothing are GET, and others that say so.
  var changes: Bool
  /// What the token of its client has to be for. All of it steers mocks that does not say otherwise.
  var needs: Set<AccessScope> = [.admin]
  /// Whether it tells of several systems, and leaves out those that its client's token is not for.
  var isNarrowed = false
  /// Whether it does little but wait for others, so that it is answered on its connection's event loop. All others
  /// may take their time: they read files, journals and contracts.
  var isBrief = false
  var handle: Handler

  init(
    _ method: Method, _ path: String, _ name: String, _ summary: String, details: String? = nil,
    parameters: [Parameter] = [], body: Body? = nil, answers: [Answer], errors: [Int] = [],
    handle: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.name = name
    self.summary = summary
    self.details = details
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.errors = errors
    self.handle = handle
    changes = method != .get
  }

  /// The route as one that changes nothing, whatever its method.
  var changingNothing: Route {
    var route = self
    route.changes = false
    return route
  }

  /// The route as one that does little but wait for others.
  var brief: Route {
    var route = self
    route.isBrief = true
    return route
  }

  /// The route for clients whose tokens have some scopes; for all of them where those are none.
  func needing(_ scopes: Set<AccessScope>) -> Route {
    var route = self
    route.needs = scopes
    return route
  }

  /// The route as one that leaves out the systems that its client's token is not for.
  var narrowed: Route {
    var route = self
    route.isNarrowed = true
    return route
  }

  /// The route where nothing may be changed: refused, and not told of.
  var refused: Route {
    var route = self
    route.isDescribed = false
    route.handle = { [method, path] _ in
      throw APIError(
        403, .forbidden,
        "\(method.rawValue) \(path) changes something, and this gateway only reads",
        hint: "start trestle serve without --read-only")
    }
    return route
  }

  /// Whether it is about all systems at once, and so not for tokens that are for some.
  var isAboutAll: Bool {
    !needs.isEmpty && !isNarrowed && !parts.contains(.name("system"))
  }

  /// The path in its parts, those in braces without them.
  var parts: [Part] {
    path.split(separator: "/").map {
      $0.hasPrefix("{") ? .name(String($0.dropFirst().dropLast())) : .word(String($0))
    }
  }

  enum Part: Sendable, Hashable {
    case word(String)
    case name(String)
  }
}

extension Route.Answer {
  static func json(_ shape: Value, _ summary: String, status: Int = 200) -> Route.Answer {
    Route.Answer(status: status, summary: summary, content: .json(shape))
  }

  static func done(_ summary: String) -> Route.Answer {
    Route.Answer(status: 204, summary: summary, content: .nothing)
  }
}
