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
  public var headers: Record {
    get { box?.extras.headers ?? Record() }
    set { change { $0.headers = newValue } }
  }
  /// What a lenient decoder let pass, a sentence each.
  public var warnings: [String] {
    get { box?.extras.warnings ?? [] }
    set { change { $0.warnings = newValue } }
  }
  /// What in a mock made the reply, for its log: `stub 'paid invoice'`, `sample`. Never on the wire.
  package var origin: String?
  /// Its bytes, where it is the same for every call of its operation; to be set to nil by whoever
  /// changes anything else of it.
  package var rendered: RenderedReply?
  /// Bytes that are sent in place of what the codec would write of the outcome.
  package var raw: RawReply? {
    get { box?.extras.raw }
    set { change { $0.raw = newValue } }
  }
  /// What a mock does wrong on purpose when it sends the reply.
  package var misbehaviour: Misbehaviour? {
    get { box?.extras.misbehaviour }
    set { change { $0.misbehaviour = newValue } }
  }
  /// Whether it has neither bytes of its own nor anything that is done wrong.
  package var isUsual: Bool { box?.isUsual ?? true }

  /// What few replies have, behind one pointer: most are no larger for it when they are copied.
  private struct Extras: Sendable {
    var headers = Record()
    var warnings: [String] = []
    var raw: RawReply?
    var misbehaviour: Misbehaviour?

    var isEmpty: Bool {
      headers.isEmpty && warnings.isEmpty && raw == nil && misbehaviour == nil
    }
  }

  private final class ExtrasBox: Sendable {
    let extras: Extras
    let isUsual: Bool

    init(_ extras: Extras) {
      self.extras = extras
      isUsual = extras.raw == nil && extras.misbehaviour == nil
    }
  }

  private var box: ExtrasBox?

  /// Makes a reply.
  public init(_ outcome: Outcome, headers: Record = Record(), warnings: [String] = []) {
    self.outcome = outcome
    origin = nil
    rendered = nil
    if !headers.isEmpty || !warnings.isEmpty {
      box = ExtrasBox(Extras(headers: headers, warnings: warnings))
    }
  }

  private mutating func change(_ body: (inout Extras) -> Void) {
    var extras = box?.extras ?? Extras()
    body(&extras)
    box = extras.isEmpty ? nil : ExtrasBox(extras)
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
