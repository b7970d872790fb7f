import TrestleCore

/// Conditions on what came around a request: header fields, method, path, sender.
struct TransportCondition: Sendable {
  /// By the fields' names, whose case does not matter.
  var headers: [(name: String, matcher: Matcher)] = []
  var method: Matcher?
  var path: Matcher?
  var peer: Matcher?

  func holds(for request: WireRequest?, _ context: MatchContext) -> Bool {
    if let method, !method.matches(Self.method(request), in: context) { return false }
    if let path, !path.matches(Self.path(request), in: context) { return false }
    if let peer, !peer.matches(Self.peer(request), in: context) { return false }
    return headers.allSatisfy { $0.matcher.matches(Self.header($0.name, request), in: context) }
  }

  /// Each condition with its place and what was found there.
  func facts(of request: WireRequest?) -> [(place: String, matcher: Matcher, found: Value?)] {
    var facts: [(place: String, matcher: Matcher, found: Value?)] = []
    if let method { facts.append(("method", method, Self.method(request))) }
    if let path { facts.append(("path", path, Self.path(request))) }
    if let peer { facts.append(("peer", peer, Self.peer(request))) }
    return facts
      + headers.map { ("headers.\($0.name)", $0.matcher, Self.header($0.name, request)) }
  }

  private static func method(_ request: WireRequest?) -> Value? {
    request.map { .string($0.method) }
  }

  private static func path(_ request: WireRequest?) -> Value? {
    request.map { .string(String($0.target.prefix { $0 != "?" })) }
  }

  private static func peer(_ request: WireRequest?) -> Value? {
    request?.sender?.peer.map { .string($0) }
  }

  /// Several fields of a name are one with commas (RFC 9110 §5.3).
  private static func header(_ name: String, _ request: WireRequest?) -> Value? {
    guard let request else { return nil }
    let values = request.headers.fields.filter { $0.name.isEqualIgnoringCase(name) }
    return values.isEmpty ? nil : .string(values.map(\.value).joined(separator: ", "))
  }
}
