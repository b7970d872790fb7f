internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle scenario switch`.
struct ScenarioSwitchCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "switch",
    abstract: "Move a machine to a state, or turn a set of responses on.",
    usage: "trestle scenario switch SYSTEM NAME [STATE] [--scope S]",
    discussion: """
      It tells what was before.

      EXAMPLES
        trestle scenario switch boiler cold        a set of responses: on
        trestle scenario switch boiler cold off
        trestle scenario switch shop order paid    a machine: to a state
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String
  @Argument(help: "The scenario's name.") var name: String
  @Argument(help: "The state; needed for a machine.") var state: String?

  @OptionGroup var scope: ScopeOption
  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let answer = try await admin.steer(session, system) { client throws(CommandFailure) in
      try await client.send(
        "POST", "mocks", system, "scenarios", name, "switch", query: scope.query,
        body: state.map { ["state": .string($0)] } ?? [:])
    }
    session.tell(answer, of: system)
  }
}
