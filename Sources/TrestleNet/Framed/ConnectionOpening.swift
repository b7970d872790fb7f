internal import TrestleCore

/// How far a new connection is in what comes before its first call: the peer's greeting, then one
/// step after the other.
struct ConnectionOpening {
  private(set) var greetingsLeft: Int
  /// The step that waits for its reply, or is sent next.
  private(set) var position = 0
  /// The key of the reply that is waited for; nil where replies come in order.
  var key: CorrelationKey?
  /// The step whose reply is waited for.
  private(set) var awaited: String?

  init(greetings: Int) { greetingsLeft = greetings }

  /// A greeting has come.
  mutating func greeted() { greetingsLeft -= 1 }

  mutating func awaitReply(to step: ConnectionPlan.Step, key: CorrelationKey?) {
    awaited = step.name
    self.key = key
  }

  /// The step is done.
  mutating func advance() {
    position += 1
    awaited = nil
    key = nil
  }

  /// Whether a reply with this key belongs to the step that waits.
  func isAnswered(by found: CorrelationKey?) -> Bool {
    guard let key, let found else { return true }
    return key.pairs(with: found)
  }

  /// What a connection that stayed in its opening too long died of; nil before the peer was to speak.
  func timeoutError(_ peer: String, limit: Duration) -> TransportError? {
    if greetingsLeft > 0 {
      return TransportError(
        kind: .timeout, reason: "\(peer) did not greet within \(limit.inWords)",
        hint: "check conversation.session.greeting: how many messages the peer sends first")
    }
    guard let awaited else { return nil }
    return TransportError(
      kind: .timeout, reason: "\(peer) did not answer \(awaited) within \(limit.inWords)",
      hint: "check conversation.session.on_connect, and connect_timeout")
  }
}
