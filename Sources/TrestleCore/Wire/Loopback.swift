/// A transport without a socket: requests go straight to a service in this process.
///
/// Both codecs still run, so what is tested is what would be on the wire.
public struct Loopback: Transport {
  private let service: Service

  /// Makes a transport that calls a service directly.
  public init(_ service: Service) { self.service = service }

  /// Hands the request to the service and waits for its answer as long as the limit allows.
  ///
  /// - Throws: `TransportError` when the time runs out or the service closes the connection.
  public func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    var request = request
    request.target = request.target(at: "/")
    switch service.handle(request) {
    case .now(let response): return response
    case .later(let body):
      switch await Self.first(of: body, within: timeout) {
      case .answered(let response?): return response
      case .answered(nil): break
      case .timedOut:
        throw TransportError(
          kind: .timeout, reason: "no answer from the mock service within \(timeout)",
          mayHaveBeenSent: true)
      }
    case .close: break
    }
    throw TransportError(
      kind: .interrupted, reason: "the mock service closed the connection without an answer",
      mayHaveBeenSent: true)
  }

  private enum Outcome: Sendable {
    case answered(WireResponse?)
    case timedOut
  }

  private static func first(
    of body: @escaping @Sendable () async -> WireResponse?, within timeout: Duration
  ) async -> Outcome {
    await withTaskGroup(of: Outcome.self) { group in
      group.addTask { .answered(await body()) }
      group.addTask {
        try? await Task.sleep(for: timeout)
        return .timedOut
      }
      let outcome = await group.next() ?? .timedOut
      group.cancelAll()
      return outcome
    }
  }
}
