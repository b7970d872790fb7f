package import TrestleCore

/// What is chosen for one call, in place of what holds for all calls of a bridge.
package struct CallChoices: Sendable {
  /// The longest the call may take, all its attempts together; nil leaves it to the bridge's options.
  package var timeout: Duration?
  /// Fields that its request has beside the protocol's own, where that travels over HTTP.
  package var fields: Headers
  /// The call's identity in errors and logs; one is made up where it is nil.
  package var callID: String?

  package init(timeout: Duration? = nil, fields: Headers = Headers(), callID: String? = nil) {
    self.timeout = timeout
    self.fields = fields
    self.callID = callID
  }
}

extension Bridge {
  /// An identity for a call, which no other has.
  package static func newCallID() -> String { BridgeCall.newID() }

  /// An operation of a system, declared or not.
  ///
  /// - Throws: `BridgeError` at stage `lookup` for one that it does not have, with the nearest name.
  package func operation(
    _ name: String, of system: LegacySystem
  ) throws(BridgeError) -> Operation {
    _ = try BridgeCall(
      system: system, operation: name, options: options, transports: transports
    ).lookUp()
    return system.operation(named: name)
      ?? Operation(name: name) { Operation.Schemas(input: .any, output: .any) }
  }

  /// Calls an operation of a system that need not be of the workspace, with what is chosen for this call.
  ///
  /// - Throws: `BridgeError` when there is no answer; a fault of the peer is an answer.
  package func call(
    _ system: LegacySystem, operation: String, parameters: Value, headers: Record = [:],
    choices: CallChoices
  ) async throws(BridgeError) -> Reply {
    var options = options
    if let timeout = choices.timeout { options.timeout = timeout }
    return try await BridgeCall(
      system: system, operation: operation, options: options, transports: transports,
      callID: choices.callID, fields: choices.fields
    ).run(parameters: parameters, headers: headers)
  }
}
