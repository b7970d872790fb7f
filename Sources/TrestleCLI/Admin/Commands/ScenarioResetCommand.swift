internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle scenario reset`.
struct ScenarioResetCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Put a machine back to its start, or turn a set of responses off.",
    usage: "trestle scenario reset SYSTEM NAME [--scope S]",
    discussion: """
      EXAMPLES
        trestle scenario reset shop order
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String
  @Argument(help: "The scenario's name.") var name: String

  @OptionGroup var scope: ScopeOption
  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let answer = try await admin.steer(session, system) { client throws(CommandFailure) in
      try await client.send(
        "POST", "mocks", system, "scenarios", name, "reset", query: scope.query)
    }
    session.tell(answer, of: system)
  }
}
