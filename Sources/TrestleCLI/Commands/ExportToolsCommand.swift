internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleGateway

/// `trestle export tools`: operations as tools of models' interfaces.
struct ExportToolsCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "tools",
    abstract: "Write operations as tools for a model's interface, as JSON.",
    usage: "trestle export tools --for openai|anthropic|mcp|langchain [SYSTEM …]",
    discussion: """
      For programs that call a model themselves. A tool is SYSTEM__OPERATION;
      what the model calls it with is the body of a call to trestle serve,
      POST /v1/systems/SYSTEM/operations/OPERATION. docs/agents.md has examples.

      EXAMPLES
        trestle export tools --for openai            every operation
        trestle export tools --for anthropic stock   those of one system
      """)

  @Argument(
    help: "Systems of the workspace, or files; all when left out.", completion: Completion.systems)
  var systems: [String] = []

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("Who takes them.", valueName: "taker"))
  var taker: ToolTaker

  @Flag(name: .customLong("read-only"), help: "Leave out operations that change something.")
  var isReadOnly = false

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let workspace = systems.isEmpty ? try session.workspace() : try session.anyWorkspace()
    var chosen: [LegacySystem] = []
    for name in systems { chosen.append(try await session.system(name, in: workspace)) }
    if systems.isEmpty {
      session.show(workspace.diagnostics)
      chosen = workspace.systems
    }
    for system in chosen where !system.isUsable {
      session.show(system.diagnostics.filter { $0.severity == .error })
      session.warn("\(system.name) is left out: its file or contract is broken")
    }
    session.print(
      taker.export.value(of: chosen.filter(\.isUsable), readsOnly: isReadOnly))
  }
}

/// The value of `--for`.
enum ToolTaker: String, ExpressibleByArgument, CaseIterable, Sendable {
  case openai, anthropic, mcp, langchain

  var export: ToolExport { ToolExport(rawValue: rawValue) ?? .mcp }
}
