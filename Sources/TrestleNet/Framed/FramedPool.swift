internal import Synchronization
package import TrestleCore

/// Spreads exchanges over as many framed connections as a protocol's plan says.
package final class FramedPool: Transport {
  private let transports: [FramedTransport]
  /// How many exchanges are under way on each.
  private let loads: Mutex<[Int]>

  /// A pool to an endpoint; nothing is opened yet.
  ///
  /// - Throws: `TransportError` of kind `configuration` for an endpoint or a TLS file that cannot be used.
  package init(
    _ endpoint: String, framing: any Framing, correlation: FramedTransport.Correlation = .byOrder,
    options: FramedTransport.Options = FramedTransport.Options()
  ) throws(TransportError) {
    var transports: [FramedTransport] = []
    for _ in 0..<max(1, options.plan.connections) {
      transports.append(
        try FramedTransport(
          endpoint, framing: framing, correlation: correlation, options: options))
    }
    self.transports = transports
    loads = Mutex([Int](repeating: 0, count: transports.count))
  }

  package func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    guard transports.count > 1 else {
      return try await transports[0].exchange(request, timeout: timeout)
    }
    let position = loads.withLock { loads in
      let least = loads.indices.min { loads[$0] < loads[$1] } ?? 0
      loads[least] += 1
      return least
    }
    defer { loads.withLock { $0[position] -= 1 } }
    return try await transports[position].exchange(request, timeout: timeout)
  }

  /// Sees to it that there is a connection, greeted and logged on.
  ///
  /// - Throws: `TransportError` when none comes about in the time.
  package func open(timeout: Duration) async throws(TransportError) {
    for transport in transports { try await transport.open(timeout: timeout) }
  }

  package func shutdown() async {
    for transport in transports { await transport.shutdown() }
  }
}
