internal import AsyncHTTPClient
internal import NIOCore

/// The pool of client connections that HTTP transports share; one per bridge.
package final class HTTPConnections: Sendable {
  let client: HTTPClient

  package init() {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.httpVersion = .http1Only
    // A refused connection is told at once instead of being tried until the timeout.
    configuration.connectionPool.retryConnectionEstablishment = false
    // Legacy servers close idle connections after 5 s and more (Apache's default). Being quicker
    // than they are keeps us from sending into a connection that is just being closed.
    configuration.connectionPool.idleTimeout = .seconds(4)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
    configuration.timeout.connect = .seconds(30)
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Closes every connection; calls under way fail.
  package func shutdown() async {
    // The only failure is a second shutdown.
    try? await client.shutdown()
  }
}
