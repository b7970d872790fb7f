/// One protocol, in both directions. A client uses `encode(call)` and `decode(response)`, a mock
/// service `decode(request)` and `encode(reply)`.
///
/// A codec is immutable after it is made: everything a call needs is compiled when its contract loads.
public protocol Codec: Sendable {
  /// What the system offers.
  var contract: Contract { get }

  /// How messages travel.
  var wire: Wire { get }

  /// Writes a call.
  ///
  /// - Throws: `CodecError` with the path of the parameter that cannot be written.
  func encode(_ call: Call) throws(CodecError) -> WireRequest

  /// Reads a call.
  ///
  /// - Throws: `CodecError` for whatever is not a call of this protocol.
  func decode(_ request: WireRequest) throws(CodecError) -> Call

  /// Writes the reply to a call that this codec decoded.
  ///
  /// - Throws: `CodecError` with the path of the value that cannot be written.
  func encode(_ reply: Reply, answering call: Call) throws(CodecError) -> WireResponse

  /// Reads the reply to a call that this codec encoded.
  ///
  /// - Throws: `CodecError` for whatever is not a reply of this protocol.
  func decode(_ response: WireResponse, answering call: Call) throws(CodecError) -> Reply

  /// A request with a body that somebody wrote by hand, sent as it is but for what a message of the
  /// protocol must be in (a SOAP envelope around an element, say).
  ///
  /// - Throws: `CodecError` for what the protocol cannot carry.
  func request(withBody body: [UInt8], for call: Call) throws(CodecError) -> WireRequest

  /// Whether an HTTP request is for `decode`, rather than for `document`.
  func isCall(_ request: WireRequest) -> Bool

  /// What a service answers to a request that `decode` refused; nil closes the connection.
  func refuse(_ request: WireRequest, because error: CodecError) -> WireResponse?

  /// A document that a service hands out beside its calls (a WSDL), or nil when the request asks for none.
  ///
  /// `address` is the service's own base address as the client knows it, without a slash at its end.
  func document(for request: WireRequest, at address: String) -> WireResponse?

  /// The key that pairs a request with its response on a shared connection; nil pairs by order.
  func correlationKey(of request: WireRequest) -> CorrelationKey?

  /// The key that pairs a response with its request on a shared connection; nil pairs by order.
  func correlationKey(of response: WireResponse) -> CorrelationKey?
}

extension Codec {
  /// The body as it is.
  public func request(withBody body: [UInt8], for call: Call) throws(CodecError) -> WireRequest {
    WireRequest(body: body)
  }
  /// Calls are POST.
  public func isCall(_ request: WireRequest) -> Bool { request.method == "POST" }
  /// No documents.
  public func document(for request: WireRequest, at address: String) -> WireResponse? { nil }
  /// No key: pairs by order.
  public func correlationKey(of request: WireRequest) -> CorrelationKey? { nil }
  /// No key: pairs by order.
  public func correlationKey(of response: WireResponse) -> CorrelationKey? { nil }
}

/// How a protocol's messages travel.
public enum Wire: Sendable {
  /// One HTTP request and response a call.
  case http
  /// Frames over a TCP connection that calls share, at most `inFlight` unanswered at once.
  case framed(any Framing, inFlight: Int)
}

/// A codec whose calls hold the request that they were read from: a call that is made of it in one go need not be
/// changed afterwards.
package protocol RequestKeepingCodec: Codec {
  /// Reads a call; see `Codec.decode`. Its `received` is set.
  func decode(_ received: ReceivedRequest) throws(CodecError) -> Call
}
