/// What a system answers to a call: a value or a fault, and what came beside it.
public struct Reply: Sendable {
  /// A fault is an answer: a mock can give it and a client must show it.
  public enum Outcome: Sendable, Hashable {
    case value(Value)
    indirect case fault(Fault)
  }

  /// The value or the fault.
  public var outcome: Outcome
  /// Protocol-level headers beside the value (SOAP header blocks), by name.
  public var headers: Record
  /// What a lenient decoder let pass, a sentence each.
  public var warnings: [String]
  /// What in a mock made the reply, for its log: `stub 'paid invoice'`, `sample`. Never on the wire.
  package var origin: String?
  /// Its bytes, where it is the same for every call of its operation; to be set to nil by whoever
  /// changes anything else of it.
  package var rendered: RenderedReply?
  /// Bytes that are sent in place of what the codec would write of the outcome.
  @Boxed package var raw: RawReply?
  /// What a mock does wrong on purpose when it sends the reply.
  @Boxed package var misbehaviour: Misbehaviour?

  /// Makes a reply.
  public init(_ outcome: Outcome, headers: Record = Record(), warnings: [String] = []) {
    self.outcome = outcome
    self.headers = headers
    self.warnings = warnings
    origin = nil
    rendered = nil
  }

  /// A reply that carries a value; `.value(.null)` for an operation without a result.
  public static func value(_ value: Value) -> Reply { Reply(.value(value)) }

  /// A reply that carries a fault.
  public static func fault(_ fault: Fault) -> Reply { Reply(.fault(fault)) }

  /// The value, or nil when the reply is a fault.
  public var value: Value? {
    if case .value(let value) = outcome { return value }
    return nil
  }

  /// The fault, or nil when the reply is a value.
  public var fault: Fault? {
    if case .fault(let fault) = outcome { return fault }
    return nil
  }
}
