internal import NIOCore
package import TrestleCore

/// Carries requests to one HTTP endpoint.
package struct HTTPTransport: Transport {
  /// What is the same for every request to an endpoint.
  package struct Options: Sendable {
    /// Header fields for every request, in place of the codec's own of the same name.
    package var headers = Headers()
    /// How requests show who they come from.
    package var credentials: HTTPCredentials?
    package var tls = ClientTLS()
    /// How request bodies are compressed, if they are.
    package var compression: ContentCoding?
    /// Which requests go through which proxy.
    package var proxies = HTTPProxyRules.direct
    /// The longest that making a connection may take, TLS included; the timeout of the exchange holds
    /// all the same.
    package var connectTimeout = Options.defaultConnectTimeout
    /// The largest response body taken, before and after it is decompressed.
    package var responseLimit = Options.defaultResponseLimit
    /// How many redirects one exchange follows.
    package var redirectLimit = 5
    /// Whether a redirect may lead somewhere; nil lets it lead anywhere on the endpoint's own host.
    package var allowsRedirect: (@Sendable (Endpoint) async throws(TransportError) -> Void)?
    /// Addresses for names, in place of what the name service says.
    package var addresses: [String: String] = [:]
    /// Sees every exchange, with stars in place of credentials.
    package var observer: WireObserver?

    /// Ten seconds: longer than any network takes that is not broken.
    package static let defaultConnectTimeout: Duration = .seconds(10)
    static let defaultResponseLimit = 64 << 20

    package init(
      headers: Headers = Headers(), credentials: HTTPCredentials? = nil,
      tls: ClientTLS = ClientTLS(), observer: WireObserver? = nil
    ) {
      self.headers = headers
      self.credentials = credentials
      self.tls = tls
      self.observer = observer
    }
  }

  package let endpoint: Endpoint
  let options: Options
  let connections: HTTPConnections
  /// Digest credentials and what the server said to them.
  let digest: DigestSession?
  private let ownsConnections: Bool

  /// A transport on shared connections, or on its own where none are given.
  ///
  /// - Throws: `TransportError` of kind `configuration` for an endpoint, a header or a TLS file that
  ///   cannot be used.
  package init(
    _ endpoint: String, options: Options = Options(), connections: HTTPConnections? = nil
  ) throws(TransportError) {
    self.endpoint = try Endpoint(http: endpoint)
    var fields = options.headers.fields
    if case .field(let field) = options.credentials { fields.append(field) }
    for field in fields {
      guard field.name.isFieldName, field.value.isFieldValue else {
        throw TransportError(
          kind: .configuration, reason: "the header '\(field.name)' cannot be sent",
          hint: "names are letters, digits and hyphens; values have no line breaks")
      }
    }
    if case .digest(let user, let password) = options.credentials {
      digest = DigestSession(user: user, password: password)
    } else {
      digest = nil
    }
    self.options = options
    self.connections = connections ?? HTTPConnections()
    ownsConnections = connections == nil
    // Told now rather than at the first call.
    if self.endpoint.scheme.isSecure { _ = try self.connections.configuration(for: options.tls) }
  }

  package func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    try await HTTPExchange(self, timeout: timeout).response(to: request).response
  }

  /// Makes an exchange and tells where the answer came from, redirects followed.
  ///
  /// - Throws: `TransportError` when no response came.
  package func fetch(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> (response: WireResponse, from: Endpoint) {
    try await HTTPExchange(self, timeout: timeout).response(to: request)
  }

  package func shutdown() async {
    if ownsConnections { await connections.shutdown() }
  }
}

/// Gives a transport with connections of its own to a body, and closes them after it.
///
/// - Throws: what the body throws, and `TransportError` for an unusable endpoint.
package func withHTTPTransport<Result>(
  _ endpoint: String, options: HTTPTransport.Options = HTTPTransport.Options(),
  _ body: (HTTPTransport) async throws -> Result
) async throws -> Result {
  try await HTTPTransport(endpoint, options: options).whileOpen(body)
}
