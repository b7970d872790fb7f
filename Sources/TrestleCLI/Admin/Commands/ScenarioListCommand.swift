internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle scenario list`.
struct ScenarioListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the scenarios of running mocks, and how each stands.",
    usage: "trestle scenario list [SYSTEM] [--scope S]",
    discussion: """
      EXAMPLES
        trestle scenario list
        trestle scenario list stock --scope test-7
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @OptionGroup var scope: ScopeOption
  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    try await admin.showList(
      of: "scenarios", system, query: scope.query, session,
      header: ["SYSTEM", "SCENARIO", "KIND", "STATE", "STATES", "FROM"]
    ) { scenario in
      let states = scenario["states"]?.arrayValue?.compactMap(\.scalarText) ?? []
      return ["system", "name", "kind", "state"].map { scenario[$0]?.scalarText ?? "" } + [
        states.joined(separator: ", "), scenario["origin"]?.scalarText ?? "",
      ]
    }
  }
}
