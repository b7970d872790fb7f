internal import ArgumentParser

/// `trestle export`: what other tools take.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the systems in a form that other tools take.",
    usage: "trestle export tools --for openai|anthropic|mcp|langchain [SYSTEM …]",
    subcommands: [ExportToolsCommand.self])
}
