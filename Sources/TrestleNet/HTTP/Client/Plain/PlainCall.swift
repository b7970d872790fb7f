internal import NIOCore
internal import Synchronization
internal import TrestleCore

/// One request on its way over our own connections, and who waits for its answer.
///
/// It is answered once, by whatever comes first: the response, a failure, the deadline or the end of the
/// task that waits.
final class PlainCall: Sendable {
  typealias Outcome = Result<HTTPSender.RawAnswer, HTTPSender.Failure>

  private enum State {
    case new
    case awaited(CheckedContinuation<Outcome, Never>)
    case answered(Outcome)
    case done
  }

  let request: WireRequest
  let deadline: NIODeadline
  /// The longest that making a connection, or waiting for one to come free, may take.
  let connectTimeout: Duration
  let responseLimit: Int
  private let endpoint: Endpoint
  private let timeout: Duration
  private let state = Mutex(State.new)

  init(
    _ request: WireRequest, to endpoint: Endpoint, deadline: NIODeadline, timeout: Duration,
    connectTimeout: Duration, responseLimit: Int
  ) {
    self.request = request
    self.endpoint = endpoint
    self.deadline = deadline
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.responseLimit = responseLimit
  }

  /// Whether nobody waits any more.
  var isOver: Bool {
    state.withLock { state in
      switch state {
      case .new, .awaited: false
      case .answered, .done: true
      }
    }
  }

  /// The answer, once there is one; `begin` is called to ask for it.
  func outcome(_ begin: () -> Void) async -> Outcome {
    await withCheckedContinuation { continuation in
      let early: Outcome? = state.withLock { state in
        guard case .answered(let outcome) = state else {
          state = .awaited(continuation)
          return nil
        }
        state = .done
        return outcome
      }
      if let early { continuation.resume(returning: early) } else { begin() }
    }
  }

  func succeed(_ response: HTTPResponseParser.Response) {
    finish(
      .success(
        HTTPSender.RawAnswer(
          status: response.head.status, headers: response.head.headers, body: response.body)))
  }

  /// Ends the call with what went wrong; `wasAnswered` tells whether a part of an answer had come.
  func fail(_ error: any Error, wasAnswered: Bool = false) {
    let cause = TransportError(
      error, calling: endpoint, timeout: timeout, connectTimeout: connectTimeout)
    finish(.failure(HTTPSender.Failure(cause: cause, wasAnswered: wasAnswered)))
  }

  /// Ends the call because its time is over.
  func expire() { fail(TransportError.timeout(endpoint.authority, limit: timeout)) }

  /// Ends the call because of what was answered.
  func fail(_ error: HTTPFramingError) {
    fail(
      TransportError(error, of: endpoint.authority, responseLimit: responseLimit),
      wasAnswered: true)
  }

  private func finish(_ outcome: Outcome) {
    let waiting: CheckedContinuation<Outcome, Never>? = state.withLock { state in
      switch state {
      case .new:
        state = .answered(outcome)
        return nil
      case .awaited(let continuation):
        state = .done
        return continuation
      case .answered, .done: return nil
      }
    }
    waiting?.resume(returning: outcome)
  }
}

extension TransportError {
  /// What it means for the caller that an answer cannot be taken.
  init(_ error: HTTPFramingError, of peer: String, responseLimit: Int) {
    switch error {
    case .notHTTP: self = .notHTTP(peer)
    case .malformed(let clause):
      self = .unusableAnswer(
        "what \(peer) answered cannot be taken: \(clause)",
        hint: "no server should send that: see what stands between here and the service")
    case .headTooLarge:
      self = .unusableAnswer(
        "the header section of the answer of \(peer) is too large",
        hint: "up to \(PlainConnection.headLimits.fields) fields and"
          + " \(PlainConnection.headLimits.headBytes >> 10) kB are taken")
    case .bodyTooLarge: self = .answerTooLarge(peer, limit: responseLimit)
    }
  }
}
