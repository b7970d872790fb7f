internal import TrestleCore
internal import TrestleNet

/// Makes the transport that a system's calls take.
struct TransportMaker {
  let system: LegacySystem
  let codec: any Codec
  let options: Bridge.Options
  /// The workspace's, which paths of sockets are below.
  let directory: String

  func transport(from pool: TransportPool) throws(TransportError) -> any Transport {
    let transport = try ownTransport(from: pool)
    guard let clock = options.clock else { return transport }
    return ClockedTransport(transport: transport, clock: clock, peer: system.name)
  }

  private func ownTransport(from pool: TransportPool) throws(TransportError) -> any Transport {
    if options.usesMocks {
      return try pool.transport("mock \(system.name) \(system.file)") {
        _ throws(TransportError) in try loopback()
      }
    }
    let endpoint = try endpoint()
    return try pool.transport("\(system.name) \(endpoint)") { pool throws(TransportError) in
      switch codec.wire {
      case .http:
        return try HTTPTransport(
          endpoint, options: httpOptions(), connections: pool.connections)
      case .framed(let framing, let inFlight):
        return try FramedPool(
          endpoint, framing: framing, correlation: .by(codec),
          options: framedOptions(inFlight: inFlight))
      }
    }
  }

  /// Where the system is: as asked, as its file says, at its own mock's port, as its contract says.
  private func endpoint() throws(TransportError) -> String {
    if let endpoint = options.endpoints[system.name] ?? system.endpoint { return endpoint }
    let mock = system.definition.mock
    if case .http = codec.wire, let socket = mock.socket {
      let path = FilePaths.absolute(socket, base: directory)
      return "http+unix://\(PercentEncoding.encoded(path))\(system.mockPath)"
    }
    guard let port = mock.port else {
      if let endpoint = system.contractEndpoint { return endpoint }
      throw TransportError(
        kind: .configuration, reason: "the system has neither an endpoint nor a mock port",
        hint:
          "put endpoint: into \(system.file.isEmpty ? "its file" : system.file), give --endpoint,"
          + " or let its mock answer with --mock")
    }
    let isSecure = mock.tls != nil
    switch codec.wire {
    case .http: return "\(isSecure ? "https" : "http")://\(mock.host):\(port)\(system.mockPath)"
    case .framed: return "\(isSecure ? "tls" : "tcp")://\(mock.host):\(port)"
    }
  }

  private func httpOptions() -> HTTPTransport.Options {
    var http = HTTPTransport.Options(
      headers: options.headers,
      credentials: options.credentials ?? system.definition.credentials, tls: clientTLS,
      observer: options.observer)
    http.connectTimeout = system.definition.connectTimeout
    http.compression = system.definition.compression
    http.proxies = system.definition.proxy ?? .ofProcess
    return http
  }

  private func framedOptions(inFlight: Int) -> FramedTransport.Options {
    var framed = FramedTransport.Options(
      inFlight: inFlight, tls: clientTLS, connectTimeout: system.definition.connectTimeout,
      observer: options.observer)
    if let codec = codec as? any ConnectionPlanning {
      framed.plan = codec.connectionPlan
      framed.isOneShot = framed.plan.isOneShot
    }
    if let tell = options.onUnsolicited {
      framed.onUnsolicited = { [name = system.name] call in tell(name, call) }
    }
    if let warn = options.onWarning {
      framed.onWarning = { [name = system.name] text in warn(name, text) }
    }
    return framed
  }

  private var clientTLS: ClientTLS {
    let files = options.tls ?? system.definition.tls
    return ClientTLS(
      authorities: files.authorities, certificate: files.certificate, key: files.key)
  }

  private func loopback() throws(TransportError) -> any Transport {
    do throws(LoadError) {
      let loopback = Loopback(
        try system.mock(checksRequests: false, clock: options.clock, observe: nil).service)
      guard let observer = options.observer else { return loopback }
      let endpoint =
        switch codec.wire {
        case .http: try? Endpoint(http: "http://in-process\(system.mockPath)")
        case .framed: try? Endpoint(tcp: "tcp://in-process:1")
        }
      guard let endpoint else { return loopback }
      return ObservedTransport(transport: loopback, endpoint: endpoint, observer: observer)
    } catch {
      throw TransportError(kind: .configuration, reason: error.message, hint: error.hint)
    }
  }
}

/// Shows what goes over a transport that does not show it itself.
struct ObservedTransport: Transport {
  let transport: any Transport
  let endpoint: Endpoint
  let observer: WireObserver

  func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    let clock = ContinuousClock()
    let start = clock.now
    var request = request
    request.target = request.target(at: endpoint.target)
    observer(.sending(request, to: endpoint))
    do throws(TransportError) {
      let response = try await transport.exchange(request, timeout: timeout)
      observer(.received(response, after: start.duration(to: clock.now)))
      return response
    } catch {
      observer(.failed(error, after: start.duration(to: clock.now)))
      throw error
    }
  }

  func shutdown() async { await transport.shutdown() }
}
