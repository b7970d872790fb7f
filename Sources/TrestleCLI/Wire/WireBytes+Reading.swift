internal import Trestle
internal import TrestleCore

extension WireBytes {
  /// A reply's value; a fault ends the command. `base` is where the body begins, for errors.
  func replyValue(
    of body: [UInt8], base: Int = 0, _ session: Session
  ) throws(CommandFailure) -> Value {
    let reply: Reply
    do throws(CodecError) {
      reply = try codec.decode(
        WireResponse(headers: Self.headers(codec), body: body), answering: answeredCall())
    } catch {
      throw CommandFailure(
        error.moved(by: base), .reply, system: system, operation: operation.name)
    }
    try session.tell(reply.warnings, of: system)
    switch reply.outcome {
    case .value(let value): return value
    case .fault(let fault): throw CommandFailure(fault, of: system, operation: operation.name)
    }
  }

  /// A request's call; `operation` is the name that the user gave, for errors.
  static func call(
    in body: [UInt8], base: Int = 0, of system: LegacySystem, _ codec: any Codec,
    _ session: Session,
    operation: String?
  ) throws(CommandFailure) -> Call {
    let call: Call
    do throws(CodecError) {
      call = try codec.decode(WireRequest(headers: headers(codec), body: body))
    } catch {
      throw CommandFailure(
        error.moved(by: base), .reply, system: system, operation: operation ?? "")
    }
    try session.tell(call.warnings, of: system)
    return call
  }

  /// What a body that came alone is taken for: the protocols over HTTP send XML.
  private static func headers(_ codec: any Codec) -> Headers {
    if case .http = codec.wire { return ["Content-Type": "text/xml"] }
    return [:]
  }
}

extension Call {
  /// The call as data.
  var described: Value {
    var record: Record = ["operation": .string(operation), "parameters": .object(parameters)]
    if !headers.isEmpty { record["headers"] = .object(headers) }
    return .object(record)
  }
}

extension CodecError {
  /// The error with its place counted from so many bytes before the message.
  func moved(by count: Int) -> CodecError {
    var error = self
    error.offset = offset.map { $0 + count }
    return error
  }
}

extension Session {
  /// Tells what was let pass, or ends with it where nothing shall be.
  func tell(_ warnings: [String], of system: LegacySystem) throws(CommandFailure) {
    if isStrict, let warning = warnings.first {
      throw CommandFailure(
        .reply, "\(system.name): \(warning)",
        hint: "without --strict this is a warning, and the message is taken")
    }
    for warning in warnings { warn(warning) }
  }
}
