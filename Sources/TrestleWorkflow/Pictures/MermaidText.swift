/// Writes a picture of a workflow for Mermaid.
enum MermaidText {
  /// A machine of states.
  static func states(_ graph: DiagramGraph) -> String {
    var text = head(graph) + "stateDiagram-v2\n  direction TB\n"
    for (number, box) in graph.boxes.enumerated() where box.kind != .start {
      text += "  state \"\(escaped(box.name))\" as s\(number)\n"
      for line in lines(box) { text += "  s\(number) : \(escaped(line))\n" }
    }
    for link in graph.links {
      let from = graph.boxes[link.from].kind == .start ? "[*]" : "s\(link.from)"
      text += "  \(from) --> s\(link.to)"
      if !link.texts.isEmpty { text += " : " + link.texts.map(escaped).joined(separator: "<br/>") }
      text += "\n"
    }
    for (number, box) in graph.boxes.enumerated() where box.isEnd {
      text += "  s\(number) --> [*]\n"
    }
    return text + classes(graph, "s")
  }

  /// Anything else.
  static func flowchart(_ graph: DiagramGraph) -> String {
    var text = head(graph) + "flowchart \(graph.direction == .down ? "TB" : "LR")\n"
    for (number, box) in graph.boxes.enumerated() {
      let words = ([box.name] + lines(box)).map(escaped).joined(separator: "<br/>")
      let (open, close) =
        switch box.kind {
        case .start: ("((", "))")
        case .event: ("([", "])")
        case .system, .source: ("[[", "]]")
        case .state, .step, .handler: ("[", "]")
        }
      text += "  n\(number)\(open)\"\(box.kind == .start ? " " : words)\"\(close)\n"
    }
    for link in graph.links {
      let arrow = link.mark == .visited ? "==>" : link.isFailure ? "-.->" : "-->"
      let words = link.texts.map(escaped).joined(separator: "<br/>")
      text += "  n\(link.from) \(arrow)\(words.isEmpty ? "" : "|\"\(words)\"|") n\(link.to)\n"
    }
    return text + classes(graph, "n")
  }

  private static func head(_ graph: DiagramGraph) -> String {
    // A title in the head is YAML: in quotes, anything can stand there.
    let title = graph.title.map {
      $0 == "\\" || $0 == "\"" ? "\\\($0)" : $0.isNewline ? " " : "\($0)"
    }
    return "---\ntitle: \"\(title.joined())\"\n---\n"
  }

  private static func lines(_ box: DiagramGraph.Box) -> [String] {
    var lines = [box.tag, box.summary].compactMap(\.self)
    for line in box.lines {
      var text = line.mark == .failed ? "✗ \(line.text)" : line.text
      if let detail = line.detail { text += " (\(detail))" }
      lines.append(text)
    }
    if box.visits > 0 { lines.append("×\(box.visits)") }
    return lines
  }

  private static func classes(_ graph: DiagramGraph, _ prefix: String) -> String {
    let styles: [(name: String, style: String, holds: (DiagramGraph.Box) -> Bool)] = [
      (
        "failure", "fill:#fdecec,stroke:#c2453f,color:#24292f",
        { $0.isFailure && $0.mark == .plain }
      ),
      ("visited", "stroke:#1a7f4b,stroke-width:3px", { $0.mark == .visited && $0.kind != .start }),
      (
        "failed", "fill:#ffe9e7,stroke:#cf222e,stroke-width:3px,color:#24292f",
        { $0.mark == .failed }
      ),
      ("faint", "opacity:0.4", { $0.mark == .faint && $0.kind != .start }),
    ]
    var text = ""
    for (name, style, holds) in styles {
      let numbers = graph.boxes.indices.filter { holds(graph.boxes[$0]) }.map { "\(prefix)\($0)" }
      guard !numbers.isEmpty else { continue }
      text += "  classDef \(name) \(style)\n  class \(numbers.joined(separator: ",")) \(name)\n"
    }
    return text
  }

  /// A text without anything that Mermaid would read: each such letter by its number.
  static func escaped(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var escaped = ""
    for (place, scalar) in scalars.enumerated() {
      let isInside =
        place > 0 && place + 1 < scalars.count && scalars[place - 1].properties.isAlphabetic
        && scalars[place + 1].properties.isAlphabetic
      switch scalar {
      case "\n", "\r", "\t": escaped += " "
      case "#", ";", ":", "\"", "<", ">", "&", "`", "%", "{", "}", "[", "]", "|", "\\", "*", "~":
        escaped += "#\(scalar.value);"
      // Inside of a word they mean nothing; elsewhere they would be Markdown, a list or an arrow.
      case "_" where !isInside, "-" where !isInside: escaped += "#\(scalar.value);"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
