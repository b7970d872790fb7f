internal import NIOCore
internal import TrestleCore

/// One exchange on its way: redirects, credentials, and connections that closed under it.
struct HTTPExchange {
  private let transport: HTTPTransport
  private let timeout: Duration
  private let clock = ContinuousClock()
  private let deadline: ContinuousClock.Instant

  init(_ transport: HTTPTransport, timeout: Duration) {
    self.transport = transport
    self.timeout = timeout
    deadline = ContinuousClock.now + timeout
  }

  private var options: HTTPTransport.Options { transport.options }

  /// The answer to a request, and where it came from.
  func response(
    to request: WireRequest
  ) async throws(TransportError) -> (response: WireResponse, from: Endpoint) {
    var endpoint = transport.endpoint
    endpoint = endpoint.with(target: request.target(at: endpoint.target))
    var hops: [Endpoint] = []
    while true {
      let response = try await answer(to: request, at: endpoint)
      guard let target = try HTTPRedirect(response, to: request.method, at: endpoint)?.target else {
        return (response, endpoint)
      }
      hops.append(endpoint)
      guard hops.count <= options.redirectLimit else {
        throw TransportError(
          kind: .protocolViolation,
          reason:
            "\(hops[0]) redirects more than \(options.redirectLimit) times, last to \(target)",
          hint: "set the endpoint to where the service really is", mayHaveBeenSent: true)
      }
      if let allowsRedirect = options.allowsRedirect {
        try await allowsRedirect(target)
      } else if !target.host.isEqualIgnoringCase(transport.endpoint.host) {
        // What a call says is for the host it was meant for.
        throw TransportError(
          kind: .protocolViolation,
          reason:
            "\(endpoint) redirects (HTTP \(response.status)) to \(target), which is another host",
          hint: "set the endpoint to \(target) if the service is there now",
          mayHaveBeenSent: true)
      }
      endpoint = target
    }
  }

  // MARK: Credentials

  private func answer(
    to request: WireRequest, at endpoint: Endpoint
  ) async throws(TransportError) -> WireResponse {
    // What shows who we are is for the endpoint alone, wherever it sends us.
    let isTrusted = endpoint.isSameService(as: transport.endpoint)
    let plain = compressed(completed(request, at: endpoint, withOptions: isTrusted))
    guard isTrusted, let digest = transport.digest else {
      let response = try await attempt(
        plain, showing: request.body, at: endpoint, isTrusted: isTrusted)
      try requireAccess(response, at: endpoint)
      return response
    }
    var challenges = 0
    while true {
      var signed = plain
      if let field = digest.authorization(
        method: plain.method, target: plain.target, body: plain.body)
      {
        signed.headers["Authorization"] = field
      }
      let response = try await attempt(
        signed, showing: request.body, at: endpoint, isTrusted: true)
      guard response.status == 401 else {
        digest.noteAnswer(response.headers)
        return response
      }
      // A server that has just been answered and asks again does not know the user; one that says
      // its nonce was stale is asked once more.
      guard let challenge = DigestChallenge.best(in: response.headers), challenges < 2,
        challenges == 0 || challenge.isStale
      else {
        try requireAccess(response, at: endpoint)
        return response
      }
      challenges += 1
      digest.accept(challenge)
    }
  }

  /// Says what a server wants that lets nobody in without it. One that says so in a message of the
  /// protocol's own is left to the codec.
  private func requireAccess(
    _ response: WireResponse, at endpoint: Endpoint
  ) throws(TransportError) {
    guard response.status == 401 else { return }
    let type = response.headers["Content-Type"]?.lowercased() ?? ""
    guard !type.contains("xml") || response.body.isEmpty else { return }
    let challenges = AuthenticationChallenge.all(in: response.headers)
    let wanted = challenges.map { challenge in
      let realm = challenge.parameters["realm"].map { " for \"\($0)\"" } ?? ""
      let algorithm = challenge.parameters["algorithm"].map { " with \($0)" } ?? ""
      return challenge.scheme.prefix(1).uppercased() + challenge.scheme.dropFirst() + algorithm
        + realm
    }
    let isOurs = endpoint.isSameService(as: transport.endpoint)
    var event = "wants credentials"
    if isOurs, options.credentials != nil {
      let isUnanswered =
        transport.digest != nil && DigestChallenge.best(in: response.headers) == nil
      event = isUnanswered ? "asks for no Digest that is known here" : "refused the credentials"
    }
    throw TransportError(
      kind: .configuration,
      reason: "\(endpoint.authority) \(event) (HTTP 401)"
        + (wanted.isEmpty ? "" : "; it takes \(wanted.joined(separator: ", "))"),
      hint: isOurs
        ? "give them with auth: in the adapter file, or --auth"
        : "credentials are not sent to where a service redirects: set the endpoint to \(endpoint)",
      mayHaveBeenSent: true, isAccessRefused: true)
  }

  // MARK: The request

  /// The request with everything that will be sent.
  private func completed(
    _ request: WireRequest, at endpoint: Endpoint, withOptions: Bool
  ) -> WireRequest {
    var request = request
    request.target = endpoint.target
    if withOptions {
      for field in options.headers.fields { request.headers[field.name] = nil }
      for field in options.headers.fields {
        request.headers.append(name: field.name, value: field.value)
      }
      if case .field(let field) = options.credentials { request.headers[field.name] = field.value }
    } else {
      // Cookies and tokens are among what shows who we are.
      request.headers = Headers(request.headers.fields.filter { Self.isOfMessage($0.name) })
    }
    for name in ["Content-Length", "Transfer-Encoding"] { request.headers[name] = nil }
    if request.headers["Host"] == nil { request.headers["Host"] = endpoint.hostField }
    if request.headers["User-Agent"] == nil { request.headers["User-Agent"] = "trestle/0.1" }
    // Silence would allow any coding (RFC 9110 §12.5.3).
    if request.headers["Accept-Encoding"] == nil {
      request.headers["Accept-Encoding"] = ContentCoding.taken
    }
    return request
  }

  /// Whether a field says something of the message, not of the one who sends it.
  private static func isOfMessage(_ name: String) -> Bool {
    ["Content-Type", "SOAPAction", "Accept"].contains { $0.isEqualIgnoringCase(name) }
  }

  // MARK: Connections

  private func attempt(
    _ request: WireRequest, showing body: [UInt8], at endpoint: Endpoint, isTrusted: Bool
  ) async throws(TransportError) -> WireResponse {
    let start = clock.now
    let name = options.credentials?.fieldName
    if let observer = options.observer {
      // Of a compressed body, what it stands for.
      var shown = request
      shown.body = body
      shown.headers = request.headers.maskingSecrets(and: name)
      observer(.sending(shown, to: endpoint))
    }
    let sender = HTTPSender(
      options: options, connections: transport.connections, endpoint: endpoint,
      isTrusted: isTrusted, deadline: deadline, timeout: timeout)
    var attempts = 0
    while true {
      do throws(HTTPSender.Failure) {
        let response = try await sender.send(request)
        if let observer = options.observer {
          var shown = response
          shown.headers = response.headers.maskingSecrets(and: name)
          observer(.received(shown, after: start.duration(to: clock.now)))
        }
        return response.withoutCoding
      } catch {
        attempts += 1
        if attempts < mostAttempts(after: error, request) { continue }
        options.observer?(.failed(error.cause, after: start.duration(to: clock.now)))
        throw error.cause
      }
    }
  }

  private func compressed(_ request: WireRequest) -> WireRequest {
    guard let coding = options.compression, request.body.count >= ContentCoding.worthwhile,
      let body = coding.encoded(request.body)
    else { return request }
    var request = request
    request.headers["Content-Encoding"] = coding.rawValue
    request.body = body
    return request
  }

  /// How often a request may be sent whose connection closed under it.
  private func mostAttempts(after failure: HTTPSender.Failure, _ request: WireRequest) -> Int {
    guard failure.cause.kind == .interrupted, !Task.isCancelled else { return 1 }
    // The server closed a kept connection while we took it up, and saw no whole request: sending it
    // again cannot do its work twice (RFC 9112 §9.3.1).
    if !failure.cause.mayHaveBeenSent { return 3 }
    // It may have seen the request, and answered nothing: only what may be done twice is sent again,
    // and once (RFC 9110 §9.2.2).
    return failure.wasAnswered || !request.isRepeatable ? 1 : 2
  }
}

extension WireResponse {
  /// The response without what was said of its body on the wire and no longer holds.
  fileprivate var withoutCoding: WireResponse {
    guard headers["Content-Encoding"] != nil else { return self }
    var response = self
    response.headers["Content-Encoding"] = nil
    response.headers["Content-Length"] = String(body.count)
    return response
  }
}
