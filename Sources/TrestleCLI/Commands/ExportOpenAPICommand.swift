internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleGateway

/// `trestle export openapi`: the operations as an OpenAPI document.
struct ExportOpenAPICommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "openapi",
    abstract: "Write the OpenAPI document of trestle serve.",
    usage: "trestle export openapi [SYSTEM …] [--read-only]",
    discussion: """
      A path for each operation, with the shapes of its parameters, value and faults.
      The /openapi.json of a running gateway has the steering of its mocks too.

      EXAMPLES
        trestle export openapi > openapi.json
        trestle export openapi claims --server https://legacy.example -o yaml
      """)

  @Argument(
    help: "Systems of the workspace, or files; all when left out.", completion: Completion.systems)
  var systems: [String] = []

  @Flag(name: .customLong("read-only"), help: "Only operations that change nothing.")
  var isReadOnly = false

  @Option(
    name: .customLong("server"),
    help: ArgumentHelp("Where the gateway will be, for programs made from it.", valueName: "url"))
  var server: String?

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let served = try await ServedSystems.find(systems, session)
    for system in served.systems where !system.isUsable {
      session.show(system.diagnostics.filter { $0.severity == .error })
      session.warn("\(system.name) is left out: its file or contract is broken")
    }
    session.print(
      GatewayDocument.openAPI(
        of: served.workspace.with(systems: served.systems), isReadOnly: isReadOnly, server: server,
        version: TrestleCommand.version))
  }
}
