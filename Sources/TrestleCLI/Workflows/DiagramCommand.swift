internal import ArgumentParser
internal import Trestle
internal import TrestleCore
internal import TrestleStore
internal import TrestleWorkflow

/// `trestle diagram`: a picture of a workflow.
struct DiagramCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "diagram",
    abstract: "Draw a workflow, and the way a run went through it.",
    usage: "trestle diagram WORKFLOW [--format svg|mermaid] [--out FILE] [--run ID]",
    discussion: """
      WORKFLOW is a file, or the name of one in workflows/ of the workspace.

      EXAMPLES
        trestle diagram ml_pipeline_workflow --out pipeline.svg
        trestle diagram workflows/alerts.yaml --format mermaid
        trestle diagram ml_pipeline_workflow --run k3v9xw2a --out run.svg
      """)

  /// How a picture is written.
  enum Format: String, ExpressibleByArgument, CaseIterable, Sendable { case svg, mermaid }

  @Argument(
    help: ArgumentHelp("The workflow's file or name.", valueName: "workflow"),
    completion: .file(extensions: ["yaml", "yml", "json"]))
  var workflow: String

  @Option(
    name: .customLong("format"),
    help: ArgumentHelp(
      "How it is written; svg when left out, or what FILE's name says.", valueName: "format"))
  var pictureFormat: Format?

  @Option(
    name: .customLong("out"),
    help: ArgumentHelp("A file to write it to.", valueName: "file"), completion: .file())
  var file: String?

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("A run whose way is marked.", valueName: "id"))
  var run: String?

  @OptionGroup(title: "Global options") var global: GlobalOptions

  func run(in session: Session) async throws(CommandFailure) {
    let definition = try session.workflow(workflow, in: try session.anyWorkspace())
    session.show(definition.diagnostics)
    let diagram: WorkflowDiagram
    if let run {
      diagram = WorkflowDiagram(definition, steps: try steps(of: run, definition, session))
    } else {
      diagram = WorkflowDiagram(definition)
    }
    let isMermaid =
      pictureFormat.map { $0 == .mermaid }
      ?? [".mmd", ".mermaid"].contains { file?.hasSuffix($0) == true }
    let text = isMermaid ? diagram.mermaid : diagram.svg
    guard let file else {
      let name = isMermaid ? "mermaid" : "svg"
      return session.print(
        text,
        as: ["workflow": .string(definition.name), "format": .string(name), "text": .string(text)])
    }
    do throws(LoadError) {
      try FilePaths.write(Array(text.utf8), to: FilePaths.absolute(file))
    } catch {
      throw CommandFailure(error)
    }
    session.note("\(definition.name) is drawn in \(file)")
  }

  /// What a run did that is kept in the workspace.
  private func steps(
    of id: String, _ definition: WorkflowDefinition, _ session: Session
  ) throws(CommandFailure) -> [RunStep] {
    let path = FilePaths.absolute(
      ".trestle/runs.sqlite", base: FilePaths.absolute(session.directory))
    // To open it would make it.
    guard FilePaths.isFile(path) else {
      throw .usage(
        "there is no run \"\(id)\": no runs are kept here",
        hint: "runs are kept in .trestle/runs.sqlite; --dir DIR names another workspace")
    }
    let kept: [RunStep]
    let run: RunSummary?
    let others: [RunSummary]
    do throws(JournalError) {
      let store = try RunStore(path: path)
      run = try store.run(id)
      others = run == nil ? try store.runs(limit: 1000) : []
      kept = try store.steps(of: id)
    } catch {
      throw CommandFailure(error)
    }
    guard let run else {
      let ids = others.filter { $0.workflow == definition.name }.map(\.id)
      throw .usage(
        "there is no run \"\(id)\"" + Suggestion.clause(for: id, among: ids),
        hint: ids.isEmpty
          ? "no runs of \(definition.name) are kept here"
          : "the latest of \(definition.name): \(ids.prefix(5).joined(separator: ", "))")
    }
    guard run.workflow == definition.name else {
      throw .usage(
        "the run \(id) is of \(run.workflow), not of \(definition.name)",
        hint: "trestle diagram \(run.file.isEmpty ? run.workflow : run.file) --run \(id)")
    }
    return kept
  }
}
