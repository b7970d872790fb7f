internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle encode`: a message as bytes, without sending it.
struct EncodeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Write a request or reply as the bytes that go over the wire.",
    usage: "trestle encode SYSTEM OP [name=value …] [-d JSON|@FILE|-] [--reply]",
    discussion: """
      HTTP protocols give the body, and -v shows the header fields beside it. TCP
      protocols give the message with its framing.

      EXAMPLES
        trestle encode claims GetClaim id=42
        trestle encode claims GetClaim --reply -d '{"status":"open"}'
        trestle encode switch status | nc switch.example 8103 > reply.bin
      """)

  @Argument(help: Words.system, completion: Completion.systems) var system: String
  @Argument(help: Words.operation, completion: Completion.operations) var operation: String
  @Argument(help: Words.parameters, completion: Completion.parameters) var parameters: [String] = []

  @Option(name: .customShort("d"), parsing: .unconditional, help: Words.data, completion: .file())
  var data: String?

  @Flag(name: .customLong("reply"), help: "The reply instead of the request; -d gives its value.")
  var isReply = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if isReply, !parameters.isEmpty {
      throw ValidationError("--reply takes its value from -d: name=value is for parameters")
    }
    if isReply, data == nil {
      throw ValidationError(
        "--reply needs a value: -d JSON (trestle sample SYSTEM OP --reply makes one)")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let (system, _) = try await session.system(self.system)
    let operation = try session.operation(self.operation, of: system)
    let wire = try WireBytes(operation, of: system, session)
    if isReply, let data {
      if operation.isOneWay {
        throw .usage("\(system.name) \(operation.name) has no reply: it is one way")
      }
      let response = try wire.reply(try session.value(ofData: data))
      showHeaders("HTTP/1.1 \(response.status)", response.headers, wire, session)
      return session.print(bytes: try wire.framed(response.body))
    }
    let parameters = try session.parameters(
      self.parameters, data: data, operation: operation, system: system)
    let request = try wire.request(parameters)
    showHeaders("\(request.method) HTTP/1.1", request.headers, wire, session)
    session.print(bytes: try wire.framed(request.body))
  }

  private func showHeaders(
    _ start: String, _ headers: Headers, _ wire: WireBytes, _ session: Session
  ) {
    guard session.isVerbose, case .http = wire.codec.wire else { return }
    session.note("* " + start)
    for field in headers.fields { session.note("* \(field.name): \(field.value)") }
  }
}
