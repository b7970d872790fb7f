/// A layer between the socket and the frames, whose peers answer what they are sent before they are
/// sent more: ASTM E1381 with its ENQ, ACK and NAK.
///
/// What goes up and comes down is the same: the bytes of a message as its framing writes them. The
/// link sends them piece by piece as the peer acknowledges them, and hands up only what is whole.
package protocol LinkLayer: Sendable {
  /// The link of one connection, in the role of the one who called or of the one who was called.
  func makeMachine(isCaller: Bool) -> any LinkMachine
}

/// One connection's link. A pure value: it is told what happened, and says what is to be done.
package protocol LinkMachine: Sendable {
  /// Whether nothing is under way and nothing waits to be sent.
  var isIdle: Bool { get }

  /// Whether something given to `send` has not reached the peer.
  var hasUnsent: Bool { get }

  /// How many bytes given to `send` make no whole message yet.
  var incompleteCount: Int { get }

  /// Takes bytes of the peer, however they were split on the way.
  ///
  /// - Throws: `CodecError` when the peer sends more than any message may have; the connection is
  ///   then past repair.
  mutating func receive(_ bytes: [UInt8]) throws(CodecError) -> [LinkAction]

  /// Takes bytes that a framing wrote, to be sent when it is their turn.
  mutating func send(_ bytes: [UInt8]) -> [LinkAction]

  /// The time that `setTimer` asked for has passed.
  mutating func timeExpired() -> [LinkAction]

  /// Refuses the peer's next frames, whatever they are: for services that misbehave on purpose.
  mutating func refuse(_ count: Int)

  /// What is still to be written before a connection is closed in the middle of things.
  mutating func abandon() -> [UInt8]
}

/// What a link wants done.
package enum LinkAction: Sendable, Hashable {
  case write([UInt8])
  /// Whole, acknowledged messages for the framing above.
  case deliver([UInt8])
  /// Replaces the time to wait; nil for none.
  case setTimer(Duration?)
  /// So many more of the bytes given to `send` have reached the peer.
  case sent(Int)
  /// So many more of the bytes given to `send` never will, or what the peer was sending.
  case fail(LinkFailure, dropping: Int)
}

/// Why a link gave something up.
package struct LinkFailure: Error, Sendable, Hashable {
  /// What happened, as a clause about the peer: `refused frame 3 six times (NAK)`.
  package var reason: String
  package var hint: String?
  /// How long the peer was waited for; nil where it did not let the time pass.
  package var waited: Duration?
  /// Whether the peer may have taken what was being sent.
  package var mayHaveBeenSent: Bool

  package init(
    _ reason: String, hint: String? = nil, waited: Duration? = nil, mayHaveBeenSent: Bool = false
  ) {
    self.reason = reason
    self.hint = hint
    self.waited = waited
    self.mayHaveBeenSent = mayHaveBeenSent
  }
}

/// A framing whose bytes may travel over a link.
package protocol LinkedFraming: Framing {
  /// Nil where they do not.
  var link: (any LinkLayer)? { get }
}

extension Framing {
  /// The link that both directions travel over; nil where the socket is enough.
  package var linkLayer: (any LinkLayer)? { (self as? any LinkedFraming)?.link }
}
