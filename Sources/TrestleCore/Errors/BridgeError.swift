/// Why a call gave no value: how far it got, what happened, and what to do.
///
/// Fields are filled as far as the call got. Wording lives in `BridgeError+Description.swift`.
public struct BridgeError: Error, Sendable {
  /// How far the call got.
  public enum Stage: String, Sendable {
    /// No such system or operation.
    case lookup
    /// The parameters break the contract; nothing was sent.
    case validation
    /// The call could not be written; nothing was sent.
    case encoding
    /// No response came.
    case transport
    /// The time ran out.
    case timeout
    /// The response breaks its protocol or contract.
    case decoding
    /// The system answered with a fault.
    case fault
  }

  /// How far the call got.
  public var stage: Stage
  /// The system that was called.
  public var system: String
  /// Empty when the call had not got as far as an operation.
  public var operation: String
  /// Where in the parameters or the reply: `order.lines[2].qty`; nil where no place is to blame.
  public var path: String?
  /// What happened, as a clause.
  public var reason: String
  /// What to do about it, as a sentence.
  public var hint: String?
  /// The peer's fault, at stage `fault`.
  public var fault: Fault?
  /// What lies under it.
  public var cause: (any Error)?
  /// The call's identity in logs and the journal.
  public var callID: String?

  /// Makes an error with as much as is known.
  public init(
    stage: Stage, system: String, operation: String = "", path: String? = nil, reason: String,
    hint: String? = nil, fault: Fault? = nil, cause: (any Error)? = nil, callID: String? = nil
  ) {
    self.stage = stage
    self.system = system
    self.operation = operation
    self.path = path
    self.reason = reason
    self.hint = hint
    self.fault = fault
    self.cause = cause
    self.callID = callID
  }
}
