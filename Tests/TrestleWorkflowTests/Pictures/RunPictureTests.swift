import Testing
import TrestleStore

@testable import TrestleWorkflow

@Suite("Pictures of runs")
struct RunPictureTests {
  private func marked(_ data: Value, _ steps: [RunStep]) throws -> DiagramGraph {
    WorkflowDiagram(try WorkflowDefinition(data), steps: steps).graph
  }

  private func step(
    _ key: String, _ name: String, in owner: String = "", _ status: RunStep.Status = .passed,
    kind: String = "set", to target: String? = nil
  ) -> RunStep {
    RunStep(
      key: key, name: name, kind: kind, owner: owner, status: status, began: 0, target: target)
  }

  private func visits(_ graph: DiagramGraph) -> [String: Int] {
    Dictionary(graph.boxes.map { ($0.name, $0.visits) }) { $1 }
  }

  @Test("states and links are counted, and the rest is faint")
  func states() throws {
    let graph = try marked(
      WorkflowDiagramTests.states,
      [
        step("received#1/check", "check", in: "received"),
        step("transition#1", "", in: "received", kind: "transition", to: "packing"),
        step("packing#1/pause", "pause", in: "packing"),
        step("transition#2", "", in: "packing", kind: "transition", to: "packing"),
        step("packing#2/pause", "pause", in: "packing"),
        step("transition#3", "", in: "packing", kind: "transition", to: "done"),
      ])
    #expect(visits(graph) == ["": 0, "received": 1, "packing": 2, "done": 1, "refused": 0])
    #expect(
      graph.boxes.map(\.mark) == [.visited, .visited, .visited, .visited, .faint])
    #expect(graph.links.map(\.visits) == [1, 1, 0, 1, 1])
    #expect(graph.links.map(\.texts)[3] == ["tries < 3 ×1"])
  }

  @Test("the state that a run ends badly in is red, and so is the step that failed")
  func failedState() throws {
    let failed = try marked(
      WorkflowDiagramTests.states, [step("received#1/check", "check", in: "received", .failed)])
    #expect(failed.boxes[1].mark == .failed)
    #expect(failed.boxes[1].lines.map(\.mark) == [.failed])
    let refused = try marked(
      WorkflowDiagramTests.states,
      [
        step("received#1/check", "check", in: "received", .failed, to: "refused"),
        step("transition#1", "", in: "received", kind: "transition", to: "refused"),
      ])
    #expect(refused.boxes.map(\.mark) == [.visited, .visited, .faint, .faint, .failed])
  }

  @Test("transitions that are given count in place of those among the steps")
  func transitions() throws {
    let history = [
      StateTransition(fromState: "received", toState: "refused", time: 0, context: [:])
    ]
    let diagram = WorkflowDiagram(
      try WorkflowDefinition(WorkflowDiagramTests.states),
      steps: [step("transition#1", "", in: "received", kind: "transition", to: "packing")],
      transitions: history)
    #expect(visits(diagram.graph)["refused"] == 1)
    #expect(visits(diagram.graph)["packing"] == 0)
  }

  @Test("steps that were skipped or not reached are faint, the failing one is red")
  func steps() throws {
    let graph = try marked(
      [
        "steps": [
          ["name": "a", "type": "set"], ["name": "b", "type": "set"], ["name": "c", "type": "set"],
          ["name": "d", "type": "set"],
        ]
      ],
      [step("a", "a"), step("b", "b", .skipped), step("c", "c", .failed)])
    #expect(graph.boxes.map(\.mark) == [.visited, .visited, .faint, .failed, .faint])
    #expect(graph.links.map(\.visits) == [1, 0, 0, 0])
  }

  @Test("events and the handlers that did something for them are counted")
  func events() throws {
    let graph = try marked(
      [
        "handlers": [
          ["name": "watch", "event": "metric", "emit": ["type": "alert"]],
          ["name": "page", "event": "alert", "set": ["paged": true]],
          ["name": "rest", "event": "metric", "set": ["seen": true]],
        ]
      ],
      [
        step("event#1", "metric", kind: "event"),
        step("event#1/watch/emit", "emit", in: "metric", kind: "emit"),
        step("event#2", "alert", in: "watch", kind: "event"),
        step("event#2/page/set", "set", in: "alert"),
        step("event#3", "metric", kind: "event"),
        step("event#3/watch/emit", "emit", in: "metric", kind: "emit"),
      ])
    #expect(visits(graph) == ["": 0, "metric": 2, "watch": 2, "alert": 1, "page": 1, "rest": 0])
    let links = zip(WorkflowDiagramTests.links(graph), graph.links.map(\.visits))
    #expect(
      links.map { "\($0) \($1)" } == [
        "metric>watch 2", "alert>page 1", "metric>rest 0", "watch>alert emits 1", ">metric 2",
      ])
  }

  @Test("operations of systems are marked one by one")
  func systems() throws {
    let adapter: Value = [
      "protocol_adapter": ["type": "xml_rpc", "responses": ["add": 1, "list": 2]]
    ]
    let graph = try marked(
      ["legacy_systems": ["ledger": adapter]],
      [
        step("1", "ledger add", kind: "legacy_call"),
        step("2", "ledger list", .failed, kind: "legacy_call"),
      ])
    #expect(graph.boxes[1].mark == .failed)
    #expect(graph.boxes[1].lines.map(\.mark) == [.visited, .failed])
  }

  @Test("the picture has the marks as classes")
  func classes() throws {
    let svg = WorkflowDiagram(
      try WorkflowDefinition(WorkflowDiagramTests.states),
      steps: [step("received#1/check", "check", in: "received", .failed)]
    ).svg
    #expect(svg.contains("class=\"box state failed\" data-name=\"received\""))
    #expect(svg.contains("class=\"box state faint\" data-name=\"packing\""))
    #expect(svg.contains("class=\"link visited\" data-from=\"\" data-to=\"received\""))
    #expect(svg.contains(">×1<"))
  }
}
