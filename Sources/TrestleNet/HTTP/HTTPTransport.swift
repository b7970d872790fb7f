internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
package import TrestleCore

/// Carries requests to one HTTP endpoint.
package struct HTTPTransport: Transport {
  /// What is the same for every request to an endpoint.
  package struct Options: Sendable {
    /// Header fields for every request, in place of the codec's own of the same name: authorization, say.
    package var headers = Headers()
    package var tls = ClientTLS()
    /// The largest response body taken.
    package var responseLimit = Options.defaultResponseLimit
    /// Sees every exchange.
    package var observer: WireObserver?

    static let defaultResponseLimit = 64 << 20

    package init(
      headers: Headers = Headers(), tls: ClientTLS = ClientTLS(), observer: WireObserver? = nil
    ) {
      self.headers = headers
      self.tls = tls
      self.observer = observer
    }
  }

  package let endpoint: Endpoint
  private let options: Options
  private let connections: HTTPConnections
  private let ownsConnections: Bool
  private let tls: TLSConfiguration?
  private let origin: String

  /// A transport on shared connections, or on its own where none are given.
  ///
  /// - Throws: `TransportError` of kind `configuration` for an endpoint, a header or a TLS file that
  ///   cannot be used.
  package init(
    _ endpoint: String, options: Options = Options(), connections: HTTPConnections? = nil
  ) throws(TransportError) {
    self.endpoint = try Endpoint(http: endpoint)
    for field in options.headers.fields {
      guard field.name.isFieldName, field.value.isFieldValue else {
        throw TransportError(
          kind: .configuration, reason: "the header '\(field.name)' cannot be sent",
          hint: "names are letters, digits and hyphens; values have no line breaks")
      }
    }
    self.options = options
    tls = self.endpoint.scheme.isSecure ? try options.tls.configuration() : nil
    origin = "\(self.endpoint.scheme.rawValue)://\(self.endpoint.authority)"
    self.connections = connections ?? HTTPConnections()
    ownsConnections = connections == nil
  }

  package func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    let clock = ContinuousClock()
    let start = clock.now
    let request = completed(request)
    options.observer?(.sending(request, to: endpoint))
    var attempts = 0
    while true {
      do {
        let response = try await send(request, deadline: start + timeout, clock: clock)
        options.observer?(.received(response, after: start.duration(to: clock.now)))
        return response
      } catch {
        let error = TransportError(error, calling: endpoint, timeout: timeout)
        attempts += 1
        // The server closed a kept connection while we took it up: it saw no whole request, so
        // sending it again cannot do its work twice (RFC 9112 §9.3.1).
        if error.kind == .interrupted, !error.mayHaveBeenSent, attempts < Self.attempts { continue }
        options.observer?(.failed(error, after: start.duration(to: clock.now)))
        throw error
      }
    }
  }

  private static let attempts = 3

  package func shutdown() async {
    if ownsConnections { await connections.shutdown() }
  }

  /// The request with everything that will be sent.
  private func completed(_ request: WireRequest) -> WireRequest {
    var request = request
    request.target = request.target(at: endpoint.target)
    for field in options.headers.fields { request.headers[field.name] = nil }
    for field in options.headers.fields {
      request.headers.append(name: field.name, value: field.value)
    }
    for name in ["Content-Length", "Transfer-Encoding"] { request.headers[name] = nil }
    if request.headers["Host"] == nil { request.headers["Host"] = hostField }
    if request.headers["User-Agent"] == nil { request.headers["User-Agent"] = "trestle/0.1" }
    // Silence would allow any coding (RFC 9110 §12.5.3).
    if request.headers["Accept-Encoding"] == nil { request.headers["Accept-Encoding"] = "identity" }
    return request
  }

  /// RFC 9110 §7.2: the port is left out where it is the scheme's own.
  private var hostField: String {
    let isDefault = endpoint.port == (endpoint.scheme.isSecure ? 443 : 80)
    let suffix = isDefault ? ":\(endpoint.port)" : ""
    return String(endpoint.authority.dropLast(suffix.count))
  }

  private func send(
    _ request: WireRequest, deadline: ContinuousClock.Instant, clock: ContinuousClock
  ) async throws -> WireResponse {
    var outgoing = HTTPClientRequest(url: origin + request.target)
    outgoing.method = HTTPMethod(rawValue: request.method)
    outgoing.tlsConfiguration = tls
    for field in request.headers.fields {
      outgoing.headers.add(name: field.name, value: field.value)
    }
    if !request.body.isEmpty || request.method == "POST" {
      outgoing.body = .bytes(ByteBuffer(bytes: request.body))
    }
    let left = clock.now.duration(to: deadline)
    guard left > .zero else { throw HTTPClientError.deadlineExceeded }
    let response = try await connections.client.execute(
      outgoing, deadline: .now() + TimeAmount(left))

    var headers: [Headers.Field] = []
    headers.reserveCapacity(response.headers.count)
    for (name, value) in response.headers {
      if name.isEqualIgnoringCase("content-encoding"), !value.isEqualIgnoringCase("identity") {
        throw TransportError(
          kind: .protocolViolation,
          reason:
            "the answer of \(endpoint.authority) is compressed (\(value)), which was not asked for",
          hint: "turn compression off in the service", mayHaveBeenSent: true)
      }
      headers.append(Headers.Field(name: name, value: value))
    }
    let body = try await collect(response.body, deadline: deadline, clock: clock)
    return WireResponse(
      status: Int(response.status.code), headers: Headers(headers),
      body: Array(body.readableBytesView))
  }

  /// The client library's own deadline ends with the header section; this one holds for the body.
  private func collect(
    _ body: HTTPClientResponse.Body, deadline: ContinuousClock.Instant, clock: ContinuousClock
  ) async throws -> ByteBuffer {
    let limit = options.responseLimit
    let bytes = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await body.collect(upTo: limit) }
      group.addTask {
        try await clock.sleep(until: deadline)
        return nil
      }
      do {
        return try await group.next() ?? nil
      } catch is NIOTooManyBytesError {
        throw TransportError(
          kind: .protocolViolation,
          reason: "the answer of \(endpoint.authority) is larger than \(limit) bytes",
          hint: "raise the response limit if such answers are expected", mayHaveBeenSent: true)
      }
    }
    // Cancelled, the sequence of parts just ends: what it gave is not the whole body.
    try Task.checkCancellation()
    guard let bytes else { throw HTTPClientError.deadlineExceeded }
    return bytes
  }
}

/// Gives a transport with connections of its own to a body, and closes them after it.
///
/// - Throws: what the body throws, and `TransportError` for an unusable endpoint.
package func withHTTPTransport<Result>(
  _ endpoint: String, options: HTTPTransport.Options = HTTPTransport.Options(),
  _ body: (HTTPTransport) async throws -> Result
) async throws -> Result {
  let transport = try HTTPTransport(endpoint, options: options)
  do {
    let result = try await body(transport)
    await transport.shutdown()
    return result
  } catch {
    await transport.shutdown()
    throw error
  }
}
