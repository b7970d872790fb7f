internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle decode`: bytes as a message.
struct DecodeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Read a request or reply from standard input.",
    usage: "trestle decode SYSTEM [OP] [--reply] [--fields] [--all] [--hex] < bytes",
    discussion: """
      A request gives its operation and parameters; where the operation is named,
      the parameters alone. A reply needs its operation, and gives its value; a
      fault ends with exit code 1. --fields shows what lies where, also of messages
      that are wrong.

      EXAMPLES
        trestle decode claims < request.xml
        trestle decode claims GetClaim --reply < reply.xml
        trestle decode switch --hex < capture.txt
        trestle decode switch status --reply --fields --all < stream.bin
      """)

  @Argument(help: Words.system, completion: Completion.systems) var system: String
  @Argument(help: Words.operation, completion: Completion.operations) var operation: String?

  @Flag(name: .customLong("reply"), help: "The bytes are a reply.")
  var isReply = false

  @Flag(
    name: .customLong("fields"),
    help: "Show every field with its place and bytes (TCP protocols).")
  var showsFields = false

  @Option(
    name: .customLong("layout"),
    help: ArgumentHelp("Read by a layout, whatever the message is for.", valueName: "name"))
  var layout: String?

  @Flag(name: .customLong("all"), help: "Read all frames of a stream, one after the other.")
  var readsAll = false

  @Flag(
    name: .customLong("hex"),
    help: "The bytes are hexadecimal text: digits, or a dump of xxd, hexdump, od or Wireshark.")
  var isHexadecimal = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if isReply, operation == nil, layout == nil {
      throw ValidationError(
        "--reply needs the operation that is answered: trestle decode \(system) OPERATION --reply")
    }
    if layout != nil, operation != nil {
      throw ValidationError("--layout reads by a layout, OP by that of an operation: give one")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let (system, _) = try await session.system(self.system)
    let codec = try session.codec(of: system)
    var named: Operation?
    if let operation { named = try session.operation(operation, of: system) }
    let bytes = try bytes(session)
    if showsFields || readsAll || layout != nil {
      let frames = try FrameDecoding(
        system: system, codec: codec, kind: kind, isReply: isReply, showsFields: showsFields,
        readsAll: readsAll, session: session)
      return try frames.run(bytes)
    }
    let body = WireBytes.message(in: bytes, of: codec)
    let value =
      if isReply, let named {
        try WireBytes(named, of: system, session).replyValue(of: body, session)
      } else {
        try requestValue(of: body, named, system, codec, session)
      }
    session.print(value)
  }

  private var kind: ListedMessage {
    if let layout { return .layout(layout) }
    if isReply, let operation { return .reply(operation: operation) }
    return .request(operation: operation)
  }

  private func requestValue(
    of body: [UInt8], _ named: Operation?, _ system: LegacySystem, _ codec: any Codec,
    _ session: Session
  ) throws(CommandFailure) -> Value {
    let call = try WireBytes.call(in: body, of: system, codec, session, operation: operation)
    guard let named else { return call.described }
    guard call.operation == named.name else {
      throw CommandFailure(
        .reply, "\(system.name): this is a call of \(call.operation), not of \(named.name)",
        hint: "leave the operation out, and the call says which it is")
    }
    return .object(call.parameters)
  }

  private func bytes(_ session: Session) throws(CommandFailure) -> [UInt8] {
    let bytes = try session.standardInput()
    guard isHexadecimal else { return bytes }
    do throws(HexText.Mistake) {
      return try HexText(String(decoding: bytes, as: UTF8.self)).bytes()
    } catch {
      throw .usage(
        "standard input is no hexadecimal text: \(error.message)",
        hint:
          "digits in pairs, a dump of xxd, hexdump -C, od -A x -t x1 or Wireshark, or 0x12, 0x34")
    }
  }
}
