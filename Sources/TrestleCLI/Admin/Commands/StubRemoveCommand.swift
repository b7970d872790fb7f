internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle stub rm`.
struct StubRemoveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove stubs that were set on a running mock.",
    usage: "trestle stub rm SYSTEM (ID … | --all)",
    discussion: """
      EXAMPLES
        trestle stub rm boiler live-1
        trestle stub rm boiler "response read"   what set --always has set
        trestle stub rm boiler --all
      """)

  @Argument(help: "The system whose mock runs.", completion: Completion.systems) var system: String

  @Argument(help: "The stubs' ids, as stub list tells them.") var ids: [String] = []

  @Flag(name: .customLong("all"), help: "Remove all that were set.") var isAll = false

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if ids.isEmpty != isAll {
      throw ValidationError(
        isAll ? "--all excludes ids" : "name the stubs by their ids, or say --all")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let removed = try await admin.steer(session, system) { client throws(CommandFailure) -> Value in
      if isAll { return try await client.send("DELETE", "mocks", system, "stubs") }
      for id in ids { _ = try await client.send("DELETE", "mocks", system, "stubs", id) }
      return ["removed": .integer(Int64(ids.count))]
    }
    session.print("removed from \(system): \(removed["removed"]?.scalarText ?? "0")\n", as: removed)
  }
}
