internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle fault list`.
struct FaultListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List what running mocks do wrong, and how often it has happened.",
    usage: "trestle fault list [SYSTEM]",
    discussion: """
      What the systems' files say under mock.misbehave is not among them.

      EXAMPLES
        trestle fault list
        trestle fault list stock -o json
      """)

  @Argument(help: "The system; all when left out.", completion: Completion.systems)
  var system: String?

  @OptionGroup var admin: AdminAccess
  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    try await admin.showList(
      of: "faults", system, session,
      header: ["SYSTEM", "FAULT", "OPERATION", "HAPPENED", "WHAT"]
    ) { fault in
      var settings = fault["settings"]?.objectValue ?? [:]
      settings["operation"] = nil
      return [
        fault["system"]?.scalarText ?? "", fault["id"]?.scalarText ?? "",
        fault["operation"]?.scalarText ?? "all",
        (fault["times"]?.scalarText ?? "") + (fault["is_over"] == true ? ", over" : ""),
        settings.map { "\($0.name)=\($0.value.scalarText ?? JSONWriter.text($0.value))" }
          .joined(separator: " "),
      ]
    }
  }
}
