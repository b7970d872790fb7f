internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import TrestleCore

/// Sends a request as it stands, once, and takes in its whole answer.
struct HTTPSender {
  let options: HTTPTransport.Options
  let connections: HTTPConnections
  let endpoint: Endpoint
  /// Whether the endpoint may see our client certificate.
  let isTrusted: Bool
  let deadline: ContinuousClock.Instant
  let timeout: Duration

  /// Why no answer came.
  struct Failure: Error {
    var cause: TransportError
    /// Whether a part of an answer had come.
    var wasAnswered: Bool
  }

  /// An answer as it came in.
  struct RawAnswer: Sendable {
    var status: Int
    var headers: Headers
    var body: [UInt8]
  }

  func send(_ request: WireRequest) async throws(Failure) -> WireResponse {
    let proxy: HTTPProxy?
    do throws(TransportError) {
      // A proxy is for the network.
      proxy =
        endpoint.scheme.isUnix || endpoint.scheme.isSCGI
        ? nil : try options.proxies.proxy(for: endpoint)
    } catch {
      throw Failure(cause: error, wasAnswered: false)
    }
    if proxy == nil, isPlain, request.canBeWritten { return try await plainAnswer(to: request) }
    do {
      // A proxy is told the whole URL of a plain request; what is secure goes through a tunnel, which
      // the library makes.
      let isPlain = !endpoint.scheme.isSecure
      let answer =
        if endpoint.scheme.isSCGI {
          try await withinDeadline {
            try await SCGIExchange(
              connectTimeout: connectTimeout, responseLimit: options.responseLimit
            ).send(request, to: endpoint)
          }
        } else if let proxy, isPlain {
          try await withinDeadline { try await exchange(request, through: proxy) }
        } else {
          try await exchange(request, tunnel: proxy)
        }
      return try decoded(answer)
    } catch let failure as Failure {
      throw failure
    } catch let error as BodyFailure {
      throw Failure(cause: described(error.cause, proxy), wasAnswered: true)
    } catch {
      // Half a header section is a part of an answer.
      throw Failure(cause: described(error, proxy), wasAnswered: error is HTTPParserError)
    }
  }

  /// Whether nothing stands between here and the service: what most calls are, and so the cheapest.
  private var isPlain: Bool { endpoint.scheme == .http && options.addresses.isEmpty }

  private func plainAnswer(to request: WireRequest) async throws(Failure) -> WireResponse {
    let left = timeLeft
    guard left > .zero else {
      throw Failure(cause: .timeout(endpoint.authority, limit: timeout), wasAnswered: false)
    }
    let call = PlainCall(
      request, to: endpoint, deadline: .now() + TimeAmount(left), timeout: timeout,
      connectTimeout: connectTimeout, responseLimit: options.responseLimit)
    return try decoded(try await connections.plain.exchange(call, with: endpoint))
  }

  private struct BodyFailure: Error {
    let cause: any Error
  }

  private func described(_ error: any Error, _ proxy: HTTPProxy?) -> TransportError {
    let described = TransportError(
      error, calling: endpoint, timeout: timeout, connectTimeout: connectTimeout)
    guard let proxy, !(error is TransportError) else { return described }
    return described.through(proxy, because: error, calling: endpoint)
  }

  /// A connection may take no longer than the whole exchange.
  private var connectTimeout: Duration { min(options.connectTimeout, timeout) }

  /// Where both limits are the same, the connection's is told: it is the one that says more. The
  /// other gets this much longer, so that they do not race.
  private static let grace: Duration = .milliseconds(100)

  private var timeLeft: Duration {
    let left = ContinuousClock.now.duration(to: deadline)
    return options.connectTimeout >= timeout ? left + Self.grace : left
  }

  // MARK: Directly, or through a tunnel

  private func exchange(
    _ request: WireRequest, tunnel proxy: HTTPProxy?
  ) async throws -> RawAnswer {
    var outgoing = HTTPClientRequest(
      url: "\(endpoint.scheme.rawValue)://\(endpoint.writtenAuthority)\(request.target)")
    outgoing.method = HTTPMethod(rawValue: request.method)
    if endpoint.scheme.isSecure {
      var tls = options.tls
      if !isTrusted { (tls.certificate, tls.key) = (nil, nil) }
      outgoing.tlsConfiguration = try connections.configuration(for: tls)
    }
    for field in request.headers.fields {
      outgoing.headers.add(name: field.name, value: field.value)
    }
    if !request.body.isEmpty || request.method == "POST" {
      outgoing.body = .bytes(ByteBuffer(bytes: request.body))
    }
    let left = timeLeft
    guard left > .zero else { throw HTTPClientError.deadlineExceeded }
    let route = HTTPConnections.Route(
      proxy: proxy, connectTimeout: connectTimeout, addresses: options.addresses)
    let client = try connections.client(for: route)
    let response = try await client.execute(
      outgoing, deadline: .now() + TimeAmount(left))
    do {
      let limit = options.responseLimit
      let body = try await withinDeadline { try await response.body.collect(upTo: limit) }
      return RawAnswer(
        status: Int(response.status.code), headers: Headers(response.headers),
        body: Array(body.readableBytesView))
    } catch {
      throw BodyFailure(cause: error)
    }
  }

  /// The client library's own deadline ends with the header section; this one holds to the end.
  private func withinDeadline<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let until = ContinuousClock.now + timeLeft
    let result = try await withThrowingTaskGroup(of: Result?.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await body() }
      group.addTask {
        try await ContinuousClock().sleep(until: until)
        return nil
      }
      do {
        return try await group.next() ?? nil
      } catch is NIOTooManyBytesError {
        throw TransportError.answerTooLarge(endpoint.authority, limit: options.responseLimit)
      }
    }
    // Cancelled, the sequence of parts just ends: what it gave is not the whole body.
    try Task.checkCancellation()
    guard let result else { throw HTTPClientError.deadlineExceeded }
    return result
  }

  // MARK: Through a proxy that is told the URL

  private func exchange(
    _ request: WireRequest, through proxy: HTTPProxy
  ) async throws -> RawAnswer {
    let answer = try await ProxiedExchange(
      proxy: proxy, connectTimeout: connectTimeout, responseLimit: options.responseLimit
    ).send(request, to: endpoint)
    guard answer.status != 407 else {
      throw TransportError.proxyWantsCredentials(proxy.authority, given: proxy.authorization != nil)
    }
    return answer
  }

  // MARK: The answer

  private func decoded(_ answer: RawAnswer) throws(Failure) -> WireResponse {
    var body = answer.body
    let name = answer.headers["Content-Encoding"] ?? "identity"
    if !name.isEqualIgnoringCase("identity"), !name.isEmpty {
      body = try decoded(body, name)
    }
    return WireResponse(status: answer.status, headers: answer.headers, body: body)
  }

  private func decoded(_ body: [UInt8], _ name: String) throws(Failure) -> [UInt8] {
    let peer = endpoint.authority
    guard let coding = ContentCoding(name) else {
      throw Failure(
        cause: .unusableAnswer(
          "the answer of \(peer) is compressed with \(name), which was not asked for",
          hint: "gzip and deflate are taken: turn the other off in the service"),
        wasAnswered: true)
    }
    do throws(ContentCoding.Failure) {
      return try coding.decoded(body, limit: InflationLimit(bytes: options.responseLimit))
    } catch {
      let cause: TransportError =
        switch error {
        case .tooLarge(let limit):
          .unusableAnswer(
            "the compressed answer of \(peer), \(body.count) bytes, becomes more than \(limit) bytes",
            hint: "no message is that repetitive: it may be a decompression bomb")
        case .broken:
          .unusableAnswer(
            "the compressed answer of \(peer) is no whole \(name) data",
            hint: "turn compression off in the service")
        }
      throw Failure(cause: cause, wasAnswered: true)
    }
  }
}

extension Headers {
  init(_ headers: HTTPHeaders) {
    self.init(headers.map { Field(name: $0.name, value: $0.value) })
  }
}
