internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle decode`: bytes as a message.
struct DecodeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Read a request or reply from standard input.",
    usage: "trestle decode SYSTEM [OP] [--reply] [--hex] < bytes",
    discussion: """
      A request gives its operation and parameters; where the operation is named,
      the parameters alone. A reply needs its operation, and gives its value; a
      fault ends with exit code 1.

      EXAMPLES
        trestle decode claims < request.xml
        trestle decode claims GetClaim --reply < reply.xml
        trestle decode switch --hex < capture.txt
      """)

  @Argument(help: Words.system, completion: Completion.systems) var system: String
  @Argument(help: Words.operation, completion: Completion.operations) var operation: String?

  @Flag(name: .customLong("reply"), help: "The bytes are a reply.")
  var isReply = false

  @Flag(
    name: .customLong("hex"),
    help: "The bytes are written as hexadecimal digits.")
  var isHexadecimal = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if isReply, operation == nil {
      throw ValidationError(
        "--reply needs the operation that is answered: trestle decode \(system) OPERATION --reply")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let (system, _) = try await session.system(self.system)
    let codec = try session.codec(of: system)
    var named: Operation?
    if let operation { named = try session.operation(operation, of: system) }
    let body = WireBytes.message(in: try bytes(session), of: codec)
    if isReply, let named {
      return try decodeReply(body, to: named, of: system, session)
    }
    let call: Call
    do throws(CodecError) {
      call = try codec.decode(WireRequest(headers: Self.headers(codec), body: body))
    } catch {
      throw CommandFailure(error, .reply, system: system, operation: operation ?? "")
    }
    try tell(call.warnings, of: system, session)
    guard let named else {
      var record: Record = [
        "operation": .string(call.operation), "parameters": .object(call.parameters),
      ]
      if !call.headers.isEmpty { record["headers"] = .object(call.headers) }
      return session.print(.object(record))
    }
    guard call.operation == named.name else {
      throw CommandFailure(
        .reply, "\(system.name): this is a call of \(call.operation), not of \(named.name)",
        hint: "leave the operation out, and the call says which it is")
    }
    session.print(.object(call.parameters))
  }

  private func decodeReply(
    _ body: [UInt8], to operation: Operation, of system: LegacySystem, _ session: Session
  ) throws(CommandFailure) {
    let wire = try WireBytes(operation, of: system, session)
    let reply: Reply
    do throws(CodecError) {
      reply = try wire.codec.decode(
        WireResponse(headers: Self.headers(wire.codec), body: body), answering: wire.answeredCall())
    } catch {
      throw CommandFailure(error, .reply, system: system, operation: operation.name)
    }
    try tell(reply.warnings, of: system, session)
    switch reply.outcome {
    case .value(let value): session.print(value)
    case .fault(let fault):
      throw CommandFailure(fault, of: system, operation: operation.name)
    }
  }

  /// What a body that came alone is taken for: the protocols over HTTP send XML.
  private static func headers(_ codec: any Codec) -> Headers {
    if case .http = codec.wire { return ["Content-Type": "text/xml"] }
    return [:]
  }

  /// Tells what was let pass, or ends with it where nothing shall be.
  private func tell(
    _ warnings: [String], of system: LegacySystem, _ session: Session
  ) throws(CommandFailure) {
    if session.isStrict, let warning = warnings.first {
      throw CommandFailure(
        .reply, "\(system.name): \(warning)",
        hint: "without --strict this is a warning, and the message is taken")
    }
    for warning in warnings { session.warn(warning) }
  }

  private func bytes(_ session: Session) throws(CommandFailure) -> [UInt8] {
    let bytes = try session.standardInput()
    guard isHexadecimal else { return bytes }
    guard let decoded = Hexadecimal.bytes(bytes) else {
      throw .usage(
        "standard input is not hexadecimal digits in pairs",
        hint: "xxd -p makes such text of a file")
    }
    return decoded
  }
}
