internal import TrestleCore

/// A path that people name in place of an operation: `/status`, `GET /pets/7`.
struct EndpointText: Sendable, Hashable {
  /// In upper case; nil for any.
  var method: String?
  var path: String

  static let methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"]

  /// Nil for what does not name a path.
  init?(_ text: String) {
    if text.hasPrefix("/") {
      path = text
      return
    }
    let words = text.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[1].hasPrefix("/"),
      Self.methods.contains(words[0].uppercased())
    else { return nil }
    method = words[0].uppercased()
    path = String(words[1])
  }

  static func written(_ method: String, _ path: String) -> String {
    "\(method) \(path.isEmpty ? "/" : path)"
  }
}

/// The operations that people mean when they name a path.
struct RESTEndpoints: EndpointNaming {
  let operations: [RESTOperation]
  let routes: RouteTable
  let prefixes: [String]

  /// The operations at a path, with the parameters that the path itself says; those that the description does
  /// not have by method and path. Empty for a text that is no path.
  func operations(at text: String) -> [EndpointMatch] {
    guard let endpoint = EndpointText(text) else { return [] }
    let methods = endpoint.method.map { [$0] } ?? EndpointText.methods
    let (path, _) = QueryText.split(endpoint.path)
    // The template itself, as the description writes it.
    let same = operations.filter {
      $0.path.description == endpoint.path && methods.contains($0.method)
    }
    if !same.isEmpty { return same.map { EndpointMatch(operation: $0.name) } }
    var found: [EndpointMatch] = []
    for rest in prefixes.compactMap({ path.dropping(pathPrefix: $0) }) + [path] where found.isEmpty
    {
      for method in methods {
        guard case .operation(let position, let texts) = routes.match(method, rest) else {
          continue
        }
        let operation = operations[position]
        var conditions = Record()
        if !texts.isEmpty {
          let details = operation.details
          for (name, text) in zip(operation.path.parameters, texts) {
            guard
              let parameter = details.parameters.first(where: {
                $0.location == .path && $0.name == name
              })
            else { continue }
            conditions[parameter.key] = ParameterReader.path(text, parameter)
          }
        }
        found.append(EndpointMatch(operation: operation.name, conditions: conditions))
      }
    }
    if !found.isEmpty { return found }
    return methods.map {
      EndpointMatch(operation: EndpointText.written($0, endpoint.path), isUndescribed: true)
    }
  }
}
