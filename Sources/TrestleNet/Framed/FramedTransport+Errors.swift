internal import TrestleCore

extension FramedTransport {
  /// What the end of an exchange means for the one who called.
  func error(
    for failure: FramedSession.Failure, timeout: Duration, failure cause: TransportError?
  ) -> TransportError {
    let peer = endpoint.authority
    switch failure {
    case .duplicateKey(let key):
      return TransportError(
        kind: .configuration, reason: "another call with the key \(key) is under way to \(peer)",
        hint: "give every call a key of its own: its reply is found by it")
    case .notConnected:
      return cause ?? .connectTimeout(peer)
    case .closed:
      return cause ?? .connectionClosed(peer, mayHaveBeenSent: true)
    case .condemned:
      return TransportError(
        kind: .interrupted,
        reason: "the connection to \(peer) was closed, as an earlier call on it had been given up",
        hint: "replies come in order there: a late one would have been taken for this call's",
        mayHaveBeenSent: true)
    case .timedOut(let waited):
      return timeoutError(waited, timeout: timeout)
    case .cancelled(let wasSent):
      var error = TransportError.cancelled(peer)
      error.mayHaveBeenSent = wasSent
      return error
    case .shutDown:
      return TransportError(
        kind: .interrupted, reason: "the connection to \(peer) was shut down", mayHaveBeenSent: true
      )
    }
  }

  private func timeoutError(_ waited: FramedSession.Waited, timeout: Duration) -> TransportError {
    let peer = endpoint.authority
    let limit = timeout.inWords
    guard waited.wasSent else {
      if let failure = opening?.timeoutError(peer, limit: timeout) { return failure }
      if let failure = lastFailure, !session.isOpen {
        return TransportError(
          kind: .timeout, reason: "no connection came about within \(limit): \(failure.reason)",
          hint: failure.hint)
      }
      return TransportError(
        kind: .timeout, reason: "the call to \(peer) had not been sent after \(limit)",
        hint: "no connection came about, or calls before it got no reply in that time")
    }
    var error = TransportError.timeout(peer, limit: timeout)
    if let key = waited.key {
      error.reason = "no reply with the key \(key) from \(peer) within \(limit)"
    }
    if waited.strayCount > 0 {
      let keys = waited.strayKeys.map { $0?.description ?? "no key that can be read" }
      let count = waited.strayCount == 1 ? "1 reply" : "\(waited.strayCount) replies"
      error.reason += "; \(count) with \(keys.joined(separator: ", ")) came meanwhile"
      error.hint = "check which field of request and reply is the key (conversation: correlate)"
    } else if let bytes = unframedBytes, bytes > 0 {
      error.reason += "; \(bytes) bytes came that are no whole frame"
      error.hint = "compare the frame section with what the peer sends"
    }
    return error
  }
}
