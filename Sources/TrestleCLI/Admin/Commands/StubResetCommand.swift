internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle stub reset`.
struct StubResetCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Begin the state of running mocks again.",
    usage: "trestle stub reset [SYSTEM] [--scope S | --all-scopes | --all]",
    discussion: """
      Scenarios, store, counters, times and places in sequences begin again: of
      the shared scope, of one, or of all. With --all, what was set while the mocks
      run is gone too: stubs, responses, scenarios, faults.

      EXAMPLES
        trestle stub reset                 of all mocks
        trestle stub reset stock --scope test-7
        trestle stub reset --all           as after the start
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @Option(
    name: .customLong("scope"), help: ArgumentHelp("Of one scope.", valueName: "name"))
  var scope: String?

  @Flag(name: .customLong("all-scopes"), help: "Of all scopes.") var isAllScopes = false

  @Flag(name: .customLong("all"), help: "Of all scopes, and everything that was set.")
  var isAll = false

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if [scope != nil, isAllScopes, isAll].count(where: { $0 }) > 1 {
      throw ValidationError("--scope, --all-scopes and --all exclude each other")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let body: Value = isAll ? ["all": true] : isAllScopes ? ["all_scopes": true] : [:]
    let answer = try await admin.steer(session, system) { client throws(CommandFailure) in
      guard let system else {
        return try await client.send("POST", "reset", query: [("scope", scope)], body: body)
      }
      return try await client.send(
        "POST", "mocks", system, "reset", query: [("scope", scope)], body: body)
    }
    let names = answer["reset"]?.arrayValue?.compactMap(\.stringValue) ?? []
    session.print("begun again: \(names.joined(separator: ", "))\n", as: answer)
  }
}
