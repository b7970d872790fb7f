/// A transport without a socket: requests go straight to a service in this process.
///
/// Both codecs still run, so what is tested is what would be on the wire.
public struct Loopback: Transport {
  private let service: Service

  public init(_ service: Service) { self.service = service }

  public func exchange(
    _ request: WireRequest, timeout: Duration
  ) async throws(TransportError) -> WireResponse {
    var request = request
    if request.target.isEmpty { request.target = "/" }
    switch service.handle(request) {
    case .now(let response): return response
    case .later(let body):
      if let response = await body() { return response }
    case .close: break
    }
    throw TransportError(
      kind: .interrupted, reason: "the mock service closed the connection without an answer",
      mayHaveBeenSent: true)
  }
}
