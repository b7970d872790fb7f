internal import HTTPTypes
internal import Trestle

/// All routes: finds the one that a request means, and has it answered.
struct RouteTable: Sendable {
  let routes: [Route]
  /// By the number of a path's parts: most routes are out of the question by that alone.
  private let byLength: [Int: [(route: Route, parts: [Route.Part])]]

  init(_ routes: [Route]) {
    self.routes = routes
    byLength = Dictionary(
      grouping: routes.map { (route: $0, parts: $0.parts) }, by: \.parts.count)
  }

  /// How long the body may be that a request brings; nil where no route says.
  func bodyLimit(method: String, target: String) -> Int? {
    let path = Self.segments(Self.path(of: target))
    return matches(path).first { $0.route.method.rawValue == method }?.route.body?.limit
  }

  /// Why a request may bring no body, be it that nothing is there to take it; nil where one is taken.
  func bodyRefusal(method: String, target: String) -> APIError? {
    let path = Self.path(of: target)
    let found = matches(Self.segments(path))
    guard !found.isEmpty else { return noRoute(path) }
    let wanted = method == "HEAD" ? "GET" : method
    guard let (route, _) = found.first(where: { $0.route.method.rawValue == wanted }) else {
      guard method == "OPTIONS" else { return Self.wrongMethod(method, path, found.map(\.route)) }
      return APIError(400, .unreadable, "OPTIONS takes no body")
    }
    return route.body == nil ? Self.takesNoBody(route) : nil
  }

  /// What the token of a request has to be for. A request that means no route is only told so.
  func demand(method: String, target: String) -> AccessDemand {
    let wanted = method == "HEAD" ? "GET" : method
    let found = matches(Self.segments(Self.path(of: target)))
    guard let (route, names) = found.first(where: { $0.route.method.rawValue == wanted }) else {
      return .none
    }
    return AccessDemand(
      scopes: route.needs, system: names["system"], operation: names["operation"],
      isNarrowed: route.isNarrowed)
  }

  /// Answers a request. Never throws: what is wrong is told.
  func respond(
    method: String, target: String, fields: HTTPFields, body: [UInt8], grant: Grant = .whole
  ) async -> APIResponse {
    do {
      let path = Self.path(of: target)
      let found = matches(Self.segments(path))
      guard !found.isEmpty else { throw noRoute(path) }
      if method == "OPTIONS" {
        let allowed = Self.allowed(found.map(\.route))
        return APIResponse(status: 204, fields: [HeaderField("Allow", allowed)], body: .nothing)
      }
      let wanted = method == "HEAD" ? "GET" : method
      guard let (route, names) = found.first(where: { $0.route.method.rawValue == wanted }) else {
        throw Self.wrongMethod(method, path, found.map(\.route))
      }
      try Self.check(route.parameters, names: names, fields: fields)
      var asked = APIRequest(
        names: names, body: body, fields: fields, method: method, grant: grant)
      let query = target[path.endIndex...].dropFirst().prefix { $0 != "#" }
      asked.query = try APIQuery(query, for: route.parameters)
      let request = asked
      try Self.check(route, type: fields[.contentType], body: body)
      guard !route.isBrief || body.count > Self.longBody else {
        return try await route.handle(request)
      }
      return try await awayFromEventLoop { try await route.handle(request) }
    } catch let error as APIError {
      return error.response
    } catch let error as MockControlError {
      return APIError(error).response
    } catch {
      return APIError(500, .internalError, "something went wrong here: \(error)").response
    }
  }

  /// What takes long to read in any case: others of the same event loop need not wait for it.
  private static let longBody = 64 << 10

  private static func check(
    _ parameters: [Parameter], names: [String: String], fields: HTTPFields
  ) throws(APIError) {
    for parameter in parameters {
      let value: String
      switch parameter.place {
      case .query: continue
      case .path: value = names[parameter.name] ?? ""
      case .header:
        guard let name = HTTPField.Name(parameter.name), fields.contains(name) else { continue }
        let values = fields[values: name]
        guard values.count == 1 else {
          throw APIError(400, .unreadable, "\(parameter.name) stands \(values.count) times")
        }
        value = values[0]
      }
      if let expected = parameter.kind.refusal(of: value) {
        throw APIError(
          400, .unreadable, "\(parameter.name) expects \(expected), found \"\(value)\"")
      }
    }
  }

  private static func check(_ route: Route, type: String?, body: [UInt8]) throws(APIError) {
    guard let wanted = route.body else {
      guard body.isEmpty else { throw takesNoBody(route) }
      return
    }
    guard !body.isEmpty else {
      guard !wanted.isRequired else {
        throw APIError(400, .unreadable, "a body is missing: \(wanted.summary)")
      }
      return
    }
    guard !wanted.isJSON || isJSON(type) else {
      throw APIError(
        415, .unsupported,
        type.map { "the body is said to be \($0.prefix(100)), and not JSON" }
          ?? "the body is not said to be JSON",
        hint: "send Content-Type: application/json")
    }
  }

  /// JSON is UTF-8 (RFC 8259 §8.1), whoever says so or not.
  private static func isJSON(_ type: String?) -> Bool {
    guard let type else { return false }
    if type == JSONBody.type { return true }
    var words = type.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
    guard !words.isEmpty, words.removeFirst() == JSONBody.type else { return false }
    return words.allSatisfy {
      !$0.hasPrefix("charset=") || ["charset=utf-8", "charset=\"utf-8\""].contains($0)
    }
  }

  private func matches(_ path: [String]?) -> [(route: Route, names: [String: String])] {
    guard let path else { return [] }
    let found = (byLength[path.count] ?? []).compactMap { route, parts in
      Self.names(of: path, in: parts).map { (route: route, names: $0) }
    }
    guard found.count > 1 else { return found }
    // What is written out goes before what stands for anything: /v1/calls/analysis is no call.
    let fewest = found.map(\.names.count).min()
    return found.filter { $0.names.count == fewest }
  }

  private static func names(of path: [String], in parts: [Route.Part]) -> [String: String]? {
    // What is written out is looked at first: it costs nothing where it does not fit.
    for (segment, part) in zip(path, parts) {
      if case .word(let word) = part, word != segment { return nil }
    }
    var names: [String: String] = [:]
    for (segment, part) in zip(path, parts) {
      if case .name(let name) = part { names[name] = segment }
    }
    return names
  }

  /// What stands before the query. By its bytes: every request is asked for it three times.
  private static func path(of target: String) -> Substring {
    target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)]
  }

  /// The path's parts, each decoded after the path was cut: a name may have a slash in it, as `%2F`. Nil for
  /// one with empty parts.
  private static func segments(_ path: Substring) -> [String]? {
    guard path.utf8.first == UInt8(ascii: "/") else { return nil }
    let segments = path.utf8.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard segments.allSatisfy({ !$0.isEmpty }) else { return nil }
    return segments.map { PercentEncoding.decoded(Substring($0)) }
  }

  private static func allowed(_ routes: [Route]) -> String {
    let methods = routes.map(\.method.rawValue)
    return (methods + (methods.contains("GET") ? ["HEAD"] : []) + ["OPTIONS"])
      .joined(separator: ", ")
  }

  private static func wrongMethod(
    _ method: String, _ path: Substring, _ routes: [Route]
  ) -> APIError {
    let allowed = allowed(routes)
    return APIError(
      405, .methodNotAllowed, "\(method) is not for \(path)", hint: "allowed: \(allowed)",
      fields: [HeaderField("Allow", allowed)])
  }

  private static func takesNoBody(_ route: Route) -> APIError {
    APIError(400, .unreadable, "\(route.method.rawValue) \(route.path) takes no body")
  }

  private func noRoute(_ path: Substring) -> APIError {
    let text = String(path)
    let known = routes.map(\.path).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    // A slash too many at the end is the usual mistake.
    let plain = text.hasSuffix("/") ? String(text.dropLast()) : text
    let near =
      text != plain && !matches(Self.segments(plain[...])).isEmpty
      ? "; did you mean \"\(plain)\"?" : Suggestion.clause(for: plain, among: known)
    return APIError(
      404, .notFound, "there is nothing at \(text.prefix(200))" + near,
      hint: "GET /openapi.json tells all routes")
  }
}
