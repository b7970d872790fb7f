internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle scenario rm`.
struct ScenarioRemoveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove a scenario that was created on a running mock.",
    usage: "trestle scenario rm SYSTEM NAME",
    discussion: """
      EXAMPLES
        trestle scenario rm boiler cold
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String
  @Argument(help: "The scenario's name.") var name: String

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    _ = try await admin.steer(session, system) { client throws(CommandFailure) in
      try await client.send("DELETE", "mocks", system, "scenarios", name)
    }
    session.print("removed from \(system): \(name)\n", as: ["removed": .string(name)])
  }
}
