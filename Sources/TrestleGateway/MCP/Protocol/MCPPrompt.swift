internal import Trestle

/// A prompt that the server offers: text for a conversation, made from a few arguments.
enum MCPPrompt: String, Sendable, CaseIterable {
  case exploreSystem = "explore-system"
  case debugCall = "debug-call"
  case writeStub = "write-stub"

  var description: String {
    switch self {
    case .exploreSystem: "Find out what a legacy system can do, and try its reading operations."
    case .debugCall: "Find out why a call went as it did."
    case .writeStub: "Have a mock answer an operation in a certain way."
    }
  }

  var arguments: [(name: String, description: String)] {
    switch self {
    case .exploreSystem: [("system", "The system's name.")]
    case .debugCall: [("call_id", "The call's number, as get_calls tells it.")]
    case .writeStub:
      [("system", "The system's name."), ("operation", "The operation's name.")]
    }
  }

  /// The prompt in `prompts/list`.
  var value: Value {
    [
      "name": .string(rawValue), "description": .string(description),
      "arguments": .array(
        arguments.map {
          [
            "name": .string($0.name), "description": .string($0.description), "required": true,
          ]
        }),
    ]
  }

  /// What is said to the model.
  func text(_ values: [String: String]) -> String {
    func value(_ name: String) -> String { values[name] ?? "" }
    return switch self {
    case .exploreSystem:
      """
      Find out what the legacy system "\(value("system"))" offers. List its operations with search_operations, read \
      the most useful ones with describe_operation, and call two or three of those whose effects are "read", with \
      sensible parameters. Then say in a few sentences what the system is for, which operations belong together, and \
      what was surprising.
      """
    case .debugCall:
      """
      Find out why call \(value("call_id")) went as it did. Read it with get_calls {"id": \(value("call_id")), "bodies": true} (the \
      resource trestle://calls/\(value("call_id")) is the same), compare its parameters with what describe_operation says, and \
      look at which stub answered, or which came nearest. Say what happened, what was expected, and what to change.
      """
    case .writeStub:
      """
      Have the mock of "\(value("system"))" answer the operation "\(value("operation"))" as I describe. Read the operation with \
      describe_operation, set a stub with set_stub whose reply fits the result's schema, call the operation to see that it \
      answers so, and show me the stub.
      """
    }
  }
}
