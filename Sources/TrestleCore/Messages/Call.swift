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
  package var context: (any Sendable)?

  /// Makes a call; `decode` and transports fill in the rest.
  public init(operation: String, parameters: Record = Record(), headers: Record = Record()) {
    self.operation = operation
    self.parameters = parameters
    self.headers = headers
    identity = nil
    warnings = []
    context = nil
  }
}
