internal import TrestleCore

extension DiagramGraph {
  /// Boxes for events and for their handlers, and for the webhooks that events come in by.
  mutating func addHandlers(of definition: WorkflowDefinition) {
    direction = .right
    let source = add(
      definition.webhooks.isEmpty
        ? Self.start
        : Box(
          name: "webhooks", kind: .source, tag: "POST /webhook",
          lines: definition.webhooks.map { webhook in
            Line(text: webhook.name + (webhook.port.map { " :\($0)" } ?? ""))
          }))
    let emitted = Set(definition.handlers.flatMap(\.emitted))
    var events: [String: Int] = [:]
    func known(_ event: String, _ graph: inout DiagramGraph) -> Int {
      if let number = events[event] { return number }
      let number = graph.add(Box(name: event, kind: .event))
      events[event] = number
      return number
    }
    for handler in definition.handlers {
      let event = known(handler.event, &self)
      let number = add(
        Box(name: handler.name, kind: .handler, tag: "handler", lines: handler.lines))
      link(event, number, handler.condition.map { Label(kind: .condition, text: "if \($0.text)") })
      boxes[number].isEnd = handler.emitted.isEmpty
    }
    for handler in definition.handlers {
      guard let from = box(.handler, named: handler.name) else { continue }
      for type in handler.emitted {
        link(from, known(type, &self), Label(kind: .data, text: "emits"))
      }
    }
    for (event, number) in events.sorted(by: { $0.value < $1.value })
    where !emitted.contains(event) {
      link(source, number)
    }
  }
}

extension HandlerDefinition {
  /// The types of the events that it puts into the queue.
  fileprivate var emitted: [String] {
    actions.compactMap { action in
      if case .emit(let type, _) = action.work { return type }
      return nil
    }
  }

  /// What it does, a line each.
  fileprivate var lines: [DiagramGraph.Line] {
    var lines: [DiagramGraph.Line] = []
    if !counts.isEmpty {
      lines.append(
        DiagramGraph.Line(
          text: "count " + counts.map(\.name).joined(separator: ", "),
          detail: key.map { "for each \($0.text)" }))
    }
    for stub in stubs {
      lines += stub.responses.map { response in
        DiagramGraph.Line(text: "answer of \(stub.service)", detail: response.endpoint)
      }
    }
    return lines + actions.map { DiagramGraph.Line($0) }
  }
}
