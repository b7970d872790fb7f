internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle stub list`.
struct StubListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the stubs of running mocks, with how often each has answered.",
    usage: "trestle stub list [SYSTEM] [--scope S]",
    discussion: """
      EXAMPLES
        trestle stub list                  of all mocks that run
        trestle stub list stock -o yaml    as they were written
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @Option(
    name: .customLong("scope"),
    help: ArgumentHelp("Count the calls of one scope.", valueName: "name"))
  var scope: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let count = scope == nil ? "answered" : "answered_in_scope"
    try await admin.showList(
      of: "stubs", system, query: [("scope", scope)], session,
      header: ["SYSTEM", "OPERATION", "ID", "PRIORITY", "ANSWERED", "FROM", "ASKS FOR"],
      rightAligned: [3, 4]
    ) { stub in
      let asked = stub["definition"]?["when"].map { JSONWriter.text($0) } ?? ""
      return [
        stub["system"], stub["operation"], stub["id"], stub["priority"], stub[count],
        stub["place"] ?? stub["origin"],
      ].map { $0?.scalarText ?? "" } + [
        asked.count > 60 ? "\(asked.prefix(57))…" : asked
      ]
    }
  }
}
