/// What the connections of a framed protocol do beside carrying calls: greet, log on and off, show
/// that they are alive, take what the peer sends by itself, and come back when they are lost.
package struct ConnectionPlan: Sendable {
  /// A request that belongs to the connection rather than to a caller.
  package struct Step: Sendable {
    /// The operation it is a call of, for messages.
    package var name: String
    /// Whether the peer answers it.
    package var expectsReply: Bool
    /// Writes the request, anew each time: it may hold counters and times.
    package var request: @Sendable () throws(CodecError) -> WireRequest
    /// Reads the reply; a fault means that the step failed.
    package var fault: @Sendable (WireResponse) throws(CodecError) -> Fault?

    package init(
      name: String, expectsReply: Bool,
      request: @escaping @Sendable () throws(CodecError) -> WireRequest,
      fault: @escaping @Sendable (WireResponse) throws(CodecError) -> Fault?
    ) {
      self.name = name
      self.expectsReply = expectsReply
      self.request = request
      self.fault = fault
    }
  }

  /// A request that is made when nothing was heard for a while.
  package struct Heartbeat: Sendable {
    package var step: Step
    /// How long nothing must have been heard; of a step without a reply, nothing sent.
    package var every: Duration
    /// How long its reply may take.
    package var timeout: Duration
    /// How many in a row may stay unanswered before the connection counts as lost.
    package var misses: Int

    package init(step: Step, every: Duration, timeout: Duration, misses: Int) {
      self.step = step
      self.every = every
      self.timeout = timeout
      self.misses = misses
    }
  }

  /// How long to wait before another attempt to connect: twice as long each time.
  package struct Backoff: Sendable, Hashable {
    package var first: Duration
    package var longest: Duration

    package init(first: Duration, longest: Duration) {
      self.first = first
      self.longest = longest
    }

    /// The wait before an attempt, the first of which is 1.
    package func delay(before attempt: Int) -> Duration {
      min(longest, first * (1 << min(max(0, attempt - 1), 20)))
    }
  }

  /// A message that the peer sent by itself.
  package struct Unsolicited: Sendable {
    /// What it is a call of; the peer asks, we answer.
    package var call: Call
    /// What it is answered with; nil where it is not.
    package var answer: WireResponse?
    /// Why there is no answer where one is declared.
    package var failure: CodecError?

    package init(call: Call, answer: WireResponse?, failure: CodecError? = nil) {
      self.call = call
      self.answer = answer
      self.failure = failure
    }
  }

  /// How many messages the peer sends by itself when a connection opens, before anything else.
  package var greetings = 0
  /// What is wrong with a greeting of the peer's; nil when it is the declared one, or none is declared.
  package var mistakeInGreeting: (@Sendable (WireResponse) -> String?)?
  /// What a service sends when a connection opens.
  package var greeting: @Sendable () -> [WireResponse] = { [] }
  /// Called for each new connection, before anything is sent.
  package var willOpen: @Sendable () -> Void = {}
  /// Made one after the other on each new connection, before any call.
  package var opening: [Step] = []
  /// Made one after the other before a connection is closed in order.
  package var closing: [Step] = []
  package var heartbeat: Heartbeat?
  /// Tells a message that the peer sent by itself from a reply; nil where it never does.
  package var unsolicited: (@Sendable (WireResponse) -> Unsolicited?)?
  /// How lost connections are made again while calls wait; nil fails these at once.
  package var reconnect: Backoff?
  /// Whether every call has a connection of its own.
  package var isOneShot = false
  /// How many connections calls are spread over.
  package var connections = 1

  package init() {}

  /// Whether a connection is worth having without calls.
  package var keepsOpen: Bool { reconnect != nil && (heartbeat != nil || unsolicited != nil) }
}

/// A codec whose connections do more than carry calls.
package protocol ConnectionPlanning: Codec {
  var connectionPlan: ConnectionPlan { get }

  /// Whether replies have keys, by which they find their requests.
  var pairsByKey: Bool { get }

  /// Whether requests hold numbers that begin anew with each connection, so that there must be one before
  /// they are written.
  var numbersRequests: Bool { get }

  /// What each connection of a service has of its own, given back with its requests (sequence numbers,
  /// say); nil for nothing.
  func makeConnection() -> (any AnyObject & Sendable)?

  /// The call that follows one whose reply did not come in time, to undo what it may have done; nil
  /// where nothing follows.
  func compensation(of request: WireRequest, by call: Call) -> Call?
}
