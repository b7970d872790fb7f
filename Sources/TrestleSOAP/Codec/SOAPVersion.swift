/// The two versions of SOAP, by what differs on the wire.
package enum SOAPVersion: String, Sendable, Hashable {
  case soap11 = "1.1"
  case soap12 = "1.2"

  /// SOAP 1.1 §4 and SOAP 1.2 part 1 §5.
  package var namespace: String {
    switch self {
    case .soap11: "http://schemas.xmlsoap.org/soap/envelope/"
    case .soap12: "http://www.w3.org/2003/05/soap-envelope"
    }
  }

  package init?(namespace: String) {
    switch namespace {
    case SOAPVersion.soap11.namespace: self = .soap11
    case SOAPVersion.soap12.namespace: self = .soap12
    default: return nil
    }
  }

  /// SOAP 1.1 §6, SOAP 1.2 part 2 §7.1.4.
  package var contentType: String {
    switch self {
    case .soap11: "text/xml; charset=utf-8"
    case .soap12: "application/soap+xml; charset=utf-8"
    }
  }

  /// The word for "the caller's mistake": SOAP 1.1 §4.4.1, SOAP 1.2 part 1 §5.4.6.
  package var callerCode: String { self == .soap11 ? "Client" : "Sender" }

  /// The word for "the service's mistake".
  package var serviceCode: String { self == .soap11 ? "Server" : "Receiver" }
}
