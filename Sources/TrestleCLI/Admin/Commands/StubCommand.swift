internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle stub`: the stubs of running mocks.
struct StubCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stub",
    abstract: "Set, list and remove stubs of running mocks.",
    discussion: """
      Stubs that are set while a mock runs go before those of its file, and stay
      when the file is read again. They are gone when the mock ends: export writes
      them down.

      EXAMPLES
        trestle stub set boiler read sensor=T2 --reply '{"value": 99.5, "unit": "C"}'
        trestle stub list
        trestle stub rm boiler live-1
        trestle stub export boiler > mock.yaml
      """,
    subcommands: [
      StubSetCommand.self, StubListCommand.self, StubRemoveCommand.self, StubResetCommand.self,
      StubExportCommand.self,
    ])
}
