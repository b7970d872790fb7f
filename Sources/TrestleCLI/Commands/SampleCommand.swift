internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle sample`: a valid message of an operation, the same one every time.
struct SampleCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Make a sample request or reply from an operation's schema.",
    usage: "trestle sample SYSTEM OP [--reply] [--wire]",
    discussion: """
      The sample is valid and the same every time. Optional parts are filled in.

      EXAMPLES
        trestle sample claims GetClaim             parameters for call -d
        trestle sample claims GetClaim --reply     what a mock answers without a stub
        trestle sample claims GetClaim --wire      the bytes of the request
      """)

  @Argument(help: Words.system, completion: Completion.systems) var system: String
  @Argument(help: Words.operation, completion: Completion.operations) var operation: String

  @Flag(name: .customLong("reply"), help: "The reply instead of the request.")
  var isReply = false

  @Flag(name: .customLong("wire"), help: "The bytes on the wire instead of JSON.")
  var isWire = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let (system, _) = try await session.system(self.system)
    let operation = try session.operation(self.operation, of: system)
    if isReply, operation.isOneWay {
      throw .usage("\(system.name) \(operation.name) has no reply: it is one way")
    }
    let schema = isReply ? operation.output : operation.input
    var sample = SampleMaker.sample(for: schema, named: operation.name)
    if case .any = schema.resolved.shape, schema.example == nil, !isReply { sample = .emptyObject }
    guard isWire else { return session.print(sample) }
    let wire = try WireBytes(operation, of: system, session)
    let body = isReply ? try wire.reply(sample).body : try wire.request(sample).body
    session.print(bytes: try wire.framed(body))
  }
}
