package import TrestleCore

extension FramedTransport {
  /// What is the same for every exchange with an endpoint.
  package struct Options: Sendable {
    /// The most requests without their reply at a time.
    package var inFlight = 1
    /// Whether the peer closes after each reply: every exchange then gets a connection of its own.
    package var isOneShot = false
    package var tls = ClientTLS()
    /// The longest that making a connection may take.
    package var connectTimeout = HTTPTransport.Options.defaultConnectTimeout
    /// What connections do beside carrying calls.
    package var plan = ConnectionPlan()
    /// Sees every exchange.
    package var observer: WireObserver?
    /// Told of what the peer sends by itself.
    package var onUnsolicited: (@Sendable (Call) -> Void)?
    /// Told what goes wrong beside calls, where nobody waits for it: once each.
    package var onWarning: (@Sendable (String) -> Void)?

    package init(
      inFlight: Int = 1, isOneShot: Bool = false, tls: ClientTLS = ClientTLS(),
      connectTimeout: Duration = HTTPTransport.Options.defaultConnectTimeout,
      plan: ConnectionPlan = ConnectionPlan(), observer: WireObserver? = nil,
      onUnsolicited: (@Sendable (Call) -> Void)? = nil
    ) {
      self.inFlight = inFlight
      self.isOneShot = isOneShot
      self.tls = tls
      self.connectTimeout = connectTimeout
      self.plan = plan
      self.observer = observer
      self.onUnsolicited = onUnsolicited
    }
  }

  /// How replies find their requests; nil keys pair by order.
  package struct Correlation: Sendable {
    package var requestKey: @Sendable (WireRequest) -> CorrelationKey?
    package var responseKey: @Sendable (WireResponse) -> CorrelationKey?

    /// Whether no reply has a key.
    var isByOrder = false

    package init(
      requestKey: @escaping @Sendable (WireRequest) -> CorrelationKey?,
      responseKey: @escaping @Sendable (WireResponse) -> CorrelationKey?
    ) {
      self.requestKey = requestKey
      self.responseKey = responseKey
    }

    /// One reply after the other, in the order of the requests.
    package static var byOrder: Correlation {
      var correlation = Correlation(requestKey: { _ in nil }, responseKey: { _ in nil })
      correlation.isByOrder = true
      return correlation
    }

    /// As a codec pairs them.
    package static func by(_ codec: any Codec) -> Correlation {
      var correlation = Correlation(
        requestKey: { codec.correlationKey(of: $0) }, responseKey: { codec.correlationKey(of: $0) })
      correlation.isByOrder = !((codec as? any ConnectionPlanning)?.pairsByKey ?? true)
      return correlation
    }
  }
}
