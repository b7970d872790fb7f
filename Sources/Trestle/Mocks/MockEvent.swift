internal import TrestleCore

/// A call that a mock answered or refused, for its log: fields that are secret are masked in it.
public struct MockEvent: Sendable {
  /// The system that was called.
  public var system: String
  /// The call; nil when the request could not be read as one.
  public var call: Call?
  /// The reply; nil when there was none.
  public var reply: Reply?
  /// What was wrong with the request or with the answer.
  public var error: CodecError?
  /// What made the answer: `stub 'paid invoice'`, `response`, `sample`; nil when nothing did.
  public var origin: String?
  /// The client, when its bytes are no whole messages; else nil.
  public var peer: String?
  /// How long reading, answering and writing took.
  public var duration: Duration
  /// What was done wrong on purpose, as files write it: `late: 2s, close: before`; nil for nothing.
  public var misbehaviour: String? { reply?.misbehaviour?.summary }
  /// For a call that no stub answered and that got a sample instead: which stubs were nearest, and where they
  /// differ. Worked out when it is asked for; nil where there are no stubs.
  public var nearMiss: String? { miss?() }
  var miss: (@Sendable () -> String?)?
}
