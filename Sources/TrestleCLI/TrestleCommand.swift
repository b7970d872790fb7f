internal import ArgumentParser

/// The root of the commands.
struct TrestleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trestle",
    abstract: "Calls, mocks and tests legacy systems: SOAP, XML-RPC, REST, custom TCP.",
    discussion: """
      SYSTEM is the name of a system of the workspace, a file (FILE.wsdl, .yaml, .json) or the URL of an XML-RPC service.

      EXAMPLES
        trestle init demo && cd demo       a workspace with three small systems
        trestle list                       the systems of this workspace
        trestle mock                       all of them as mocks, until Ctrl-C
        trestle call SYSTEM OP name=value  one call of one of them
        trestle run WORKFLOW               a workflow against mocks of its services
        trestle test                       the tests of all *.test.yaml files

      EXIT CODES
        0 done · 1 a fault, a run or test that failed · 2 wrong arguments or parameters
        3 bad workspace or contract · 4 no connection, or no answer in time
        5 a reply that breaks its contract · 6 no stub matched · 130 interrupted
      """,
    version: "trestle \(version)",
    groupedSubcommands: [
      CommandGroup(
        name: "Workspace",
        subcommands: [
          InitCommand.self, ImportCommand.self, ListCommand.self, DescribeCommand.self,
          DoctorCommand.self,
        ]),
      CommandGroup(
        name: "Calls",
        subcommands: [CallCommand.self, SampleCommand.self, EncodeCommand.self, DecodeCommand.self]),
      CommandGroup(
        name: "Mocks",
        subcommands: [
          MockCommand.self, StubCommand.self, ScenarioCommand.self, FaultCommand.self,
          CallsCommand.self, VerifyCommand.self,
        ]),
      CommandGroup(
        name: "Workflows",
        subcommands: [RunCommand.self, TestCommand.self, DiagramCommand.self]),
      CommandGroup(
        name: "Gateway", subcommands: [ServeCommand.self, MCPCommand.self, ExportCommand.self]),
      CommandGroup(name: "Other", subcommands: [SchemaCommand.self, CompletionsCommand.self]),
    ])

  static let version = "0.1.0"

  /// The names of the commands that a command is made of, by its name; without those of one piece.
  static var groups: [String: [String]] {
    var groups: [String: [String]] = [:]
    for command in configuration.groupedSubcommands.flatMap({ $0.subcommands }) {
      let parts = command.configuration.subcommands.compactMap { $0.configuration.commandName }
      if !parts.isEmpty, let name = command.configuration.commandName { groups[name] = parts }
    }
    return groups
  }

  /// The names of all commands, in the order of the help.
  static var commandNames: [String] {
    configuration.groupedSubcommands.flatMap { $0.subcommands }
      .compactMap { $0.configuration.commandName }
  }
}
