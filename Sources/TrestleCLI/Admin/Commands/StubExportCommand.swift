internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle stub export`.
struct StubExportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the mock part of a system's file, with what was set among it.",
    usage: "trestle stub export SYSTEM [--to FILE]",
    discussion: """
      It is YAML to put in place of mock: in adapters/SYSTEM.yaml. Read again it
      gives the same answers.

      EXAMPLES
        trestle stub export stock
        trestle stub export stock --to mock.yaml
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String

  @Option(
    name: .customLong("to"), help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file())
  var file: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let bytes = try await admin.steer(session, system) { client throws(CommandFailure) in
      try await client.text("mocks", system, "export")
    }
    guard let file else {
      guard session.format == .json else { return session.output.data.write(bytes) }
      return session.print(try session.document(String(decoding: bytes, as: UTF8.self)))
    }
    do throws(LoadError) {
      try FilePaths.write(bytes, to: FilePaths.absolute(file))
    } catch {
      throw CommandFailure(error)
    }
    session.note("the mock part of \(system) is in \(file)")
  }
}
