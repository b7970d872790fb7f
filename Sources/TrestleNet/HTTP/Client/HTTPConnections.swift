internal import AsyncHTTPClient
internal import NIOCore
internal import NIOSSL
internal import Synchronization
internal import TrestleCore

/// The pool of client connections that HTTP transports share; one per bridge.
package final class HTTPConnections: Sendable {
  /// What is the same for every connection of one client of the library's.
  struct Route: Hashable {
    /// The proxy that connections are tunnelled through.
    var proxy: HTTPProxy?
    /// The longest that making a connection may take, TLS included.
    var connectTimeout: Duration
    /// Addresses for names, in place of what the name service says.
    var addresses: [String: String] = [:]
  }

  private struct State {
    var clients: [Route: HTTPClient] = [:]
    var isShutDown = false
  }

  /// The connections without TLS and proxies, which are our own.
  let plain: PlainConnections

  private let state = Mutex(State())
  /// Read once: connections are shared by those who have the same configuration, files included.
  private let configurations = Mutex<[ClientTLS: TLSConfiguration]>([:])

  package convenience init() { self.init(limits: PlainPool.Limits()) }

  init(limits: PlainPool.Limits) { plain = PlainConnections(limits: limits) }

  /// The client for a route, made on first use.
  ///
  /// - Throws: `TransportError` of kind `configuration` after the shutdown.
  func client(for route: Route) throws(TransportError) -> HTTPClient {
    let client = state.withLock { state -> HTTPClient? in
      if let known = state.clients[route] { return known }
      // One made now would never be shut down.
      guard !state.isShutDown else { return nil }
      let client = Self.makeClient(route)
      state.clients[route] = client
      return client
    }
    guard let client else { throw Self.alreadyShutDown }
    return client
  }

  static let alreadyShutDown = TransportError(
    kind: .configuration, reason: "the connections were already shut down")

  /// What TLS connections are made with.
  ///
  /// - Throws: `TransportError` of kind `configuration` that names the unusable file.
  func configuration(for tls: ClientTLS) throws(TransportError) -> TLSConfiguration {
    if let known = configurations.withLock({ $0[tls] }) { return known }
    let made = try tls.configuration()
    return configurations.withLock { configurations in
      if let known = configurations[tls] { return known }
      configurations[tls] = made
      return made
    }
  }

  private static func makeClient(_ route: Route) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    // Redirects and compressed bodies are ours: the library's rules turn a POST into a GET, and know
    // one of two limits.
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.httpVersion = .http1Only
    // A refused connection is told at once instead of being tried until the timeout.
    configuration.connectionPool.retryConnectionEstablishment = false
    // Legacy servers close idle connections after 5 s and more (Apache's default). Being quicker
    // than they are keeps us from sending into a connection that is just being closed.
    configuration.connectionPool.idleTimeout = .seconds(4)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
    configuration.timeout.connect = TimeAmount(route.connectTimeout)
    configuration.dnsOverride = route.addresses
    if let proxy = route.proxy {
      configuration.proxy = .server(
        host: proxy.host, port: proxy.port,
        authorization: proxy.authorization.map { .basic(credentials: String($0.dropFirst(6))) })
    }
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Closes every connection; calls under way fail.
  package func shutdown() async {
    let clients = state.withLock { state in
      state.isShutDown = true
      defer { state.clients = [:] }
      return state.clients
    }
    // The only failure is a second shutdown.
    for client in clients.values { try? await client.shutdown() }
    await plain.shutdown()
  }
}
