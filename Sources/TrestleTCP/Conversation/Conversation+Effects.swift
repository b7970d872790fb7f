internal import TrestleCore

extension Conversation {
  /// Tells of what a frame or a correlation that gives each call a connection leaves without effect.
  func checkConnections(
    _ section: Value?, framing: any Framing, at path: ValuePath, problems: inout [ValueProblem]
  ) {
    let isOneShot =
      framing.requests.endsWithConnection || framing.replies.endsWithConnection
    guard isOneShot || correlation.isByConnection else { return }
    let place = path.member("session")
    let reason = "each call has a connection of its own"
    if isOneShot {
      if session.greetings > 0 {
        problems.error(
          "a greeting would end with its connection, as every message does",
          at: place.member("greeting"), hint: "frame.until says that the connection ends a message")
      }
      for (key, steps) in [("on_connect", session.onConnect)] where !steps.isEmpty {
        problems.error(
          "\(key) cannot come before a call, as the connection ends with its message",
          at: place.member(key), hint: "frame.until says that the connection ends a message")
      }
    }
    if session.heartbeat != nil {
      let inner = section?["heartbeat"] == nil ? place : path
      problems.warn(
        "heartbeat has no effect: \(reason)", at: inner.member("heartbeat"), hint: nil)
    }
    if section?["in_flight"] != nil, inFlight > 1 {
      problems.warn(
        "in_flight has no effect: \(reason)", at: path.member("in_flight"),
        hint: "pool says over how many connections calls are spread")
    }
  }
}

extension Framing {
  /// Whether the end of the connection ends a message.
  fileprivate var endsWithConnection: Bool {
    if self is ShapedFraming<CloseShape> { return true }
    return (self as? LayeredFraming)?.outer.endsWithConnection ?? false
  }
}
