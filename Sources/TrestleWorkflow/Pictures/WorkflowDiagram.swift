public import TrestleStore

/// A picture of a workflow, and of the way that a run went through it.
///
///     let workflow = try WorkflowDefinition.load("workflows/ml_pipeline_workflow.yaml")
///     let svg = WorkflowDiagram(workflow).svg
///
/// The same workflow and run give the same text, to the byte.
public struct WorkflowDiagram: Sendable {
  let graph: DiagramGraph
  /// Whether it is a machine of states, which Mermaid draws in its own way.
  let hasStates: Bool

  /// A picture of the workflow alone.
  public init(_ definition: WorkflowDefinition) {
    graph = DiagramGraph(definition)
    hasStates = definition.form == .stateDriven
  }

  /// A picture with what a run did: where it came by is thick and numbered with how often, what failed is red, and
  /// the rest is faint.
  ///
  /// Where no transitions are given, those among the steps count.
  public init(
    _ definition: WorkflowDefinition, steps: [RunStep], transitions: [StateTransition] = []
  ) {
    var graph = DiagramGraph(definition)
    graph.mark(steps, transitions: transitions, in: definition)
    self.graph = graph
    hasStates = definition.form == .stateDriven
  }

  /// For Mermaid, as GitHub and others show it in Markdown: `stateDiagram-v2` for states, `flowchart` for all else.
  public var mermaid: String {
    hasStates ? MermaidText.states(graph) : MermaidText.flowchart(graph)
  }

  /// A document of its own, which can also stand inside of HTML; without scripts, and readable in light and dark.
  public var svg: String { DiagramDrawing(graph).svg }
}
