internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle fault clear`.
struct FaultClearCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Let running mocks behave again.",
    usage: "trestle fault clear [SYSTEM [ID …]] [--operation OP]",
    discussion: """
      EXAMPLES
        trestle fault clear                all that was set on all mocks
        trestle fault clear stock fault-1
        trestle fault clear stock --operation GetStock
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @Argument(help: "The faults, as fault list tells them; all when left out.")
  var ids: [String] = []

  @Option(
    name: .customLong("operation"), help: ArgumentHelp("Those of one operation.", valueName: "op"))
  var operation: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func validate() throws {
    if !ids.isEmpty, operation != nil {
      throw ValidationError("ids and --operation exclude each other")
    }
  }

  func run(in session: Session) async throws(CommandFailure) {
    let count = try await admin.steer(session, system) { client throws(CommandFailure) -> Int64 in
      guard let system, !ids.isEmpty else {
        var count: Int64 = 0
        for system in try await client.systems(system) {
          let answer = try await client.send(
            "DELETE", "mocks", system, "faults", query: [("operation", operation)])
          count += answer["removed"]?.integerValue ?? 0
        }
        return count
      }
      for id in ids { _ = try await client.send("DELETE", "mocks", system, "faults", id) }
      return Int64(ids.count)
    }
    session.print("cleared: \(count)\n", as: ["removed": .integer(count)])
  }
}
