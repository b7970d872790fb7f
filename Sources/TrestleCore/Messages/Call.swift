/// One request to a system, in no protocol's words.
public struct Call: Sendable {
  /// The operation's name, as the contract spells it.
  public var operation: String
  /// The parameters by name. Order is the caller's and means nothing: the contract orders the wire.
  public var parameters: Record
  /// Protocol-level headers beside the parameters (SOAP header blocks), by name.
  public var headers: Record
  /// The key that pairs this call with its reply on a shared connection, where the protocol has one.
  public var identity: CorrelationKey?
  /// What a lenient decoder let pass, a sentence each.
  public var warnings: [String]
  /// What the codec that decoded the call must remember to answer it (the SOAP version, say).
  ///
  /// Opaque to everyone else.
  package var context: (any CallContext)?
  /// The request it was read from; nil for a call that came over no wire. Whoever reads it parses what
  /// it wants: nothing was parsed for it.
  package var request: WireRequest? {
    get { received?.request }
    set { received = newValue.map(ReceivedRequest.init) }
  }

  /// Behind one pointer, so that a call is no larger for it when it is copied.
  package var received: ReceivedRequest?
}

/// A request that a service was handed, as one object: whoever keeps it keeps no copy.
package final class ReceivedRequest: Sendable {
  package let request: WireRequest

  package init(_ request: WireRequest) { self.request = request }

  /// A frame's content, made where it stays.
  package init(
    frame body: [UInt8], connection: (any AnyObject & Sendable)?, sender: WireSender
  ) {
    request = WireRequest(
      method: "POST", target: "", headers: Headers(), body: body, connection: connection,
      sender: sender)
  }
}

extension Call {
  /// Makes a call; `decode` and transports fill in the rest.
  public init(operation: String, parameters: Record = Record(), headers: Record = Record()) {
    self.init(
      operation: operation, parameters: parameters, headers: headers, identity: nil, warnings: [],
      context: nil, received: nil)
  }

  /// A call that a codec has read from a request, in one go: changing one afterwards costs a copy.
  package static func read(
    _ operation: String, _ parameters: Record, warnings: [String], context: any CallContext,
    from received: ReceivedRequest
  ) -> Call {
    Call(
      operation: operation, parameters: parameters, headers: Record(), identity: nil,
      warnings: warnings, context: context, received: received)
  }
}

/// What a codec remembers of a call that it decoded: an object, so that a call is copied without it and asking for it
/// is a comparison.
package protocol CallContext: AnyObject, Sendable {}

/// What is remembered as a value.
package final class CallMemo<Value: Sendable>: CallContext {
  package let value: Value

  package init(_ value: Value) { self.value = value }
}
