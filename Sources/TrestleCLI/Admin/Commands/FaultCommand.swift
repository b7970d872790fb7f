internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle fault`: what running mocks do wrong on purpose.
struct FaultCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault",
    abstract: "Make running mocks misbehave, and stop it.",
    discussion: """
      EXAMPLES
        trestle fault set stock late=2s
        trestle fault set stock GetStock close=before times=3
        trestle fault list
        trestle fault clear stock
      """,
    subcommands: [FaultSetCommand.self, FaultListCommand.self, FaultClearCommand.self])
}
