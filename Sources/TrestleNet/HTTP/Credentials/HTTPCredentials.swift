package import TrestleCore

/// How requests to an HTTP endpoint show who they come from.
package enum HTTPCredentials: Sendable, Hashable {
  /// A header field with every request: Basic, Bearer, or a name of the service's own.
  case field(Headers.Field)
  /// HTTP Digest, answered once and then sent along.
  case digest(user: String, password: String)

  /// HTTP Basic (RFC 7617), in UTF-8.
  package static func basic(user: String, password: String) -> HTTPCredentials {
    let text = Base64.encode(Array("\(user):\(password)".utf8))
    return .field(Headers.Field(name: "Authorization", value: "Basic \(text)"))
  }

  /// A bearer token (RFC 6750).
  package static func bearer(_ token: String) -> HTTPCredentials {
    .field(Headers.Field(name: "Authorization", value: "Bearer \(token)"))
  }

  /// The name of the header field that carries them.
  var fieldName: String {
    switch self {
    case .field(let field): field.name
    case .digest: "Authorization"
    }
  }
}
