internal import ArgumentParser

/// `trestle export`: what other tools take.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the systems in a form that other tools take.",
    usage: "trestle export tools --for WHOM | openapi [SYSTEM …] | wsdl SYSTEM",
    subcommands: [ExportToolsCommand.self, ExportOpenAPICommand.self, ExportWSDLCommand.self])
}
