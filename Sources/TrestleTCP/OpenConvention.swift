internal import TrestleCore

/// How calls travel where a definition names no operations: `{"operation": …, "parameters": {…}}` is
/// answered by `{"result": …}` or `{"fault": {"code": …, "message": …}}`, and any operation may be
/// called. In XML, one element `message` holds them.
struct OpenConvention: Sendable {
  /// Whether messages are one element, as a document needs.
  let hasRoot: Bool

  init(_ layout: any MessageLayout) { hasRoot = layout is XMLLayout }

  private func wrapped(_ value: Value) -> Value { hasRoot ? ["message": value] : value }

  private func unwrapped(_ message: DecodedMessage) -> Value {
    hasRoot ? message.value["message"] ?? .null : message.value
  }

  func request(_ call: Call) -> Value {
    wrapped(["operation": .string(call.operation), "parameters": .object(call.parameters)])
  }

  func call(_ message: DecodedMessage) throws(CodecError) -> Call {
    let value = unwrapped(message)
    guard let operation = value["operation"]?.stringValue else {
      throw CodecError(
        path: "operation", reason: "is missing",
        hint: "a request is {\"operation\": \"NAME\", \"parameters\": {…}}")
    }
    return Call(
      operation: operation, parameters: value["parameters"]?.objectValue ?? [:])
  }

  func message(of reply: Reply) -> Value {
    switch reply.outcome {
    case .value(let value): wrapped(["result": value])
    case .fault(let fault): wrapped(["fault": fault.jsonValue])
    }
  }

  func reply(_ message: DecodedMessage) throws(CodecError) -> Reply {
    let value = unwrapped(message)
    if let fault = value["fault"] {
      return .fault(
        Fault(
          code: fault["code"]?.scalarText ?? "error", message: fault["message"]?.scalarText ?? "",
          detail: fault["detail"] ?? .null
        ).recognizingUnmatched)
    }
    guard let result = value["result"] else {
      throw CodecError(
        path: "result", reason: "is missing",
        hint: "a reply is {\"result\": …} or {\"fault\": {…}}")
    }
    return .value(result)
  }
}
