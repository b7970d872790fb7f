internal import ArgumentParser
internal import Trestle
internal import TrestleCore

/// `trestle scenario`: the scenarios of running mocks.
struct ScenarioCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario",
    abstract: "Create, list and switch scenarios of running mocks.",
    discussion: """
      A scenario is a machine, named states that stubs ask for, or a set of responses
      that hold while it is on; of the sets at most one is on.

      EXAMPLES
        trestle scenario list
        trestle scenario create boiler cold --response 'read={"value": 4}'
        trestle scenario switch boiler cold
        trestle scenario reset boiler cold
      """,
    subcommands: [
      ScenarioListCommand.self, ScenarioCreateCommand.self, ScenarioSwitchCommand.self,
      ScenarioResetCommand.self, ScenarioRemoveCommand.self,
    ])
}
