import Testing
import TrestleStore
import TrestleXML

@testable import TrestleWorkflow

@Suite("Pictures of workflows")
struct WorkflowDiagramTests {
  static let states: Value = [
    "workflow": "orders", "summary": "From <receipt> to \"delivery\" & back.",
    "initial": "received",
    "states": [
      "received": [
        "summary": "waits",
        "actions": [
          [
            "name": "check", "type": "api_call", "url": "http://orders.example",
            "endpoint": "/check", "method": "POST", "transition_on_success": "packing",
            "transition_on_failure": "refused",
          ]
        ],
      ],
      "packing": [
        "actions": [["name": "pause", "type": "wait", "wait": "5s"]],
        "transitions": [["if": "tries < 3", "to": "packing"], ["to": "done"]],
      ],
      "done": ["actions": []],
      "refused": ["failure": true, "actions": []],
    ],
  ]

  static func graph(_ data: Value) throws -> DiagramGraph {
    DiagramGraph(try WorkflowDefinition(data))
  }

  /// The links as `from>to label/label`.
  static func links(_ graph: DiagramGraph) -> [String] {
    graph.links.map { link in
      let ends = [link.from, link.to].map { graph.boxes[$0].name }.joined(separator: ">")
      return ([ends] + link.labels.map(\.text)).joined(separator: " ")
    }
  }

  @Test("states are boxes with their actions, and links say what leads along them")
  func stateBoxes() throws {
    let graph = try Self.graph(Self.states)
    #expect(graph.boxes.map(\.name) == ["", "received", "packing", "done", "refused"])
    #expect(graph.boxes[1].summary == "waits")
    #expect(graph.boxes[1].lines.map(\.detail) == ["POST http://orders.example /check"])
    #expect(graph.boxes.filter(\.isEnd).map(\.name) == ["done", "refused"])
    #expect(graph.boxes.filter(\.isFailure).map(\.name) == ["refused"])
    #expect(
      Self.links(graph) == [
        ">received", "received>packing success", "received>refused failure",
        "packing>packing tries < 3", "packing>done else",
      ])
  }

  @Test("where several actions lead on, the label says whose success it is")
  func actionLabels() throws {
    let graph = try Self.graph([
      "initial": "a",
      "states": [
        "a": [
          "actions": [
            ["name": "x", "type": "set", "transition_on_success": "b"],
            ["name": "y", "type": "set", "transition_on_success": "b"],
          ]
        ], "b": [:],
      ],
    ])
    #expect(Self.links(graph) == [">a", "a>b x: success y: success"])
  }

  @Test("steps are linked by what they need")
  func stepLinks() throws {
    let graph = try Self.graph([
      "steps": [
        ["name": "load", "type": "set"], ["name": "left", "type": "set", "needs": ["load"]],
        ["name": "right", "type": "set", "needs": ["load"], "if": "x > 1"],
        ["name": "join", "type": "set", "needs": ["left", "right"]],
        ["name": "aside", "type": "set", "needs": []],
      ]
    ])
    #expect(
      Self.links(graph) == [
        ">load", "load>left", "load>right", "left>join", "right>join", ">aside",
      ])
    #expect(graph.boxes.filter(\.isEnd).map(\.name) == ["join", "aside"])
    #expect(graph.boxes[3].lines.map(\.text) == ["if x > 1"])
  }

  @Test("the data flow goes in the order of execution_order, with what becomes of the data")
  func flow() throws {
    let source: Value = ["main": ["url": "http://x.example"]]
    let graph = try Self.graph([
      "frameworks": ["prep": ["services": source], "ml": ["services": source]],
      "data_flow": [
        "execution_order": ["clean", "classify"],
        "steps": [
          "classify": ["framework": "ml", "endpoint": "/classify"],
          "clean": [
            "framework": "prep", "endpoint": "/clean",
            "transform_to": ["map": ["text": "input.text"], "format": "ml_input"],
          ],
        ],
      ],
    ])
    #expect(Self.links(graph) == [">clean", "clean>classify map to text"])
    #expect(graph.boxes.map(\.tag) == [nil, "ml", "prep"])
    #expect(graph.boxes[2].lines.map(\.text) == ["POST main /clean"])
  }

  @Test("events lead to their handlers, and those to the events that they emit")
  func events() throws {
    let graph = try Self.graph([
      "handlers": [
        ["name": "watch", "event": "metric", "if": "event.data.x > 1", "emit": ["type": "alert"]],
        ["name": "page", "event": "alert", "set": ["paged": true]],
      ]
    ])
    #expect(
      Self.links(graph) == [
        "metric>watch if event.data.x > 1", "alert>page", "watch>alert emits", ">metric",
      ])
    #expect(graph.boxes.filter(\.isEnd).map(\.name) == ["page"])
  }

  @Test("systems are boxes with their operations")
  func systems() throws {
    let adapter: Value = [
      "protocol_adapter": ["type": "xml_rpc", "responses": ["add": 1, "list": 2]]
    ]
    let graph = try Self.graph(["legacy_systems": ["ledger": adapter]])
    #expect(Self.links(graph) == [">ledger"])
    #expect(graph.boxes[1].lines.map(\.text) == ["add", "list"])
    #expect(graph.boxes[1].tag == "xml_rpc")
  }

  @Test("the SVG is XML with a title and a view box, and has neither scripts nor links out")
  func svg() throws {
    let svg = WorkflowDiagram(try WorkflowDefinition(Self.states)).svg
    let root = try XMLDocument(Array(svg.utf8)).root
    #expect(root.localName == "svg")
    #expect(root.namespace == "http://www.w3.org/2000/svg")
    #expect(root.attribute("aria-label") == "The workflow orders")
    let numbers = (root.attribute("viewBox") ?? "").split(separator: " ").compactMap { Double($0) }
    #expect(numbers.count == 4)
    #expect(root.firstChild?.localName == "title")
    #expect(svg.contains("From &lt;receipt&gt; to &quot;delivery&quot; &amp; back."))
    #expect(!svg.contains("<script") && !svg.contains("@import") && !svg.contains("url("))
    #expect(svg.contains("prefers-color-scheme: dark"))
    var names: [String] = []
    for child in root.children where child.attribute("class")?.contains("box") == true {
      names.append(child.attribute("data-name") ?? "")
    }
    #expect(names == ["received", "packing", "done", "refused"])
  }

  @Test("the same workflow gives the same text")
  func determinism() throws {
    let texts = try (0..<3).map { _ in
      let diagram = WorkflowDiagram(try WorkflowDefinition(Self.states))
      return diagram.svg + diagram.mermaid
    }
    #expect(Set(texts).count == 1)
  }

  @Test("Mermaid gets a machine of states")
  func mermaidStates() throws {
    let lines = WorkflowDiagram(try WorkflowDefinition(Self.states)).mermaid.split(separator: "\n")
    #expect(
      lines.prefix(5) == ["---", "title: \"orders\"", "---", "stateDiagram-v2", "  direction TB"])
    for line in [
      "  state \"received\" as s1", "  [*] --> s1", "  s1 --> s2 : success",
      "  s2 --> s2 : tries #60; 3", "  s3 --> [*]", "  class s4 failure",
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
  }

  @Test("Mermaid gets a flowchart of all else, without letters that mean something to it")
  func mermaidFlowchart() throws {
    let text = WorkflowDiagram(
      try WorkflowDefinition([
        "steps": [["name": "a \"b\" | <c>; # --> [d]\nx_y", "type": "set"]]
      ])
    ).mermaid
    #expect(text.contains("\nflowchart TB\n"))
    #expect(
      text.contains(
        "n1[\"a #34;b#34; #124; #60;c#62;#59; #35; #45;#45;#62; #91;d#93; x_y<br/>set\"]"))
    #expect(text.contains("\n  n0 --> n1\n"))
  }
}
