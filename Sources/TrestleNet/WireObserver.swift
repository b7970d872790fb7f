package import TrestleCore

/// Sees what goes over the wire, as it goes: for `-v` and for recording. Of HTTP's credentials it sees
/// stars.
package typealias WireObserver = @Sendable (WireEvent) -> Void

/// Something that happened on the wire during one exchange.
package enum WireEvent: Sendable {
  /// A request is about to be sent, with every header field and its full target.
  case sending(WireRequest, to: Endpoint)
  /// Its response has arrived whole; its body is shown decompressed.
  case received(WireResponse, after: Duration)
  /// It ended without one.
  case failed(TransportError, after: Duration)
  /// The peer sent something by itself, a call of an operation.
  case unsolicited(WireResponse, from: Endpoint, operation: String)
}
