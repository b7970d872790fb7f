internal import Trestle

/// One request while it is answered: by which rules, and where to send what comes before the result.
struct MCPExchange: Sendable {
  let id: RPCID
  let era: MCPEra
  let progressToken: Value?
  /// Whether the client hears of changes without asking for them.
  var isPersistent = false
  /// What whoever sent it may do.
  var grant = Grant.whole
  /// Sends a notification that belongs to the request.
  let notify: @Sendable (Value) -> Void

  /// Tells how far the request is. Each value is larger than the one before.
  func progress(_ value: Int64, _ message: String) {
    guard let progressToken else { return }
    notify(
      RPCMessage.notification(
        "notifications/progress",
        [
          "progressToken": progressToken, "progress": .integer(value),
          "message": .string(message),
        ]))
  }
}

/// The response to a request, and the status that it has over HTTP where it is sent alone.
struct MCPAnswer: Sendable {
  var message: Value
  var status = 200
}
