internal import TrestleCore

extension DiagramGraph {
  /// A box for each step, behind those it comes after.
  mutating func addSteps(of definition: WorkflowDefinition) {
    let start = add(Self.start)
    let numbers = definition.steps.map { step in
      add(Box(name: step.name, kind: .step, tag: step.type, lines: Line.facts(of: step)))
    }
    join(numbers, by: StepGraph(definition.steps), behind: start)
  }

  /// A box for each step of the flow; links say what becomes of the data on its way.
  mutating func addFlow(of definition: WorkflowDefinition) {
    let start = add(Self.start)
    let flow = definition.flow
    let numbers = flow.steps.map { step in
      add(
        Box(
          name: step.step.name, kind: .step,
          tag: step.framework.isEmpty ? step.step.type : step.framework,
          lines: Line.facts(of: step)))
    }
    if flow.order.isEmpty {
      join(numbers, by: StepGraph(flow.steps.map(\.step)), behind: start)
    } else {
      let ordered = flow.order.compactMap { box(.step, named: $0) }
      for (before, after) in zip([start] + ordered, ordered) { link(before, after) }
      if let last = ordered.last { boxes[last].isEnd = true }
      for number in numbers where !ordered.contains(number) {
        boxes[number].lines.append(Line(text: "not in execution_order"))
      }
    }
    for (step, number) in zip(flow.steps, numbers) {
      guard let transform = step.transform else { continue }
      let targets = links.filter { $0.from == number }.map(\.to)
      let label = Label(kind: .data, text: transform.words)
      for target in targets { link(number, target, label) }
      if targets.isEmpty { boxes[number].lines.append(Line(text: "then \(label.text)")) }
    }
  }

  /// A box for each system, with the operations that are called.
  mutating func addSystems(of definition: WorkflowDefinition) {
    direction = .right
    let start = add(Self.start)
    for system in definition.systems {
      let lines: [Line] = definition.steps.compactMap { step in
        guard case .systemCall(let call) = step.work, call.system == system.name else { return nil }
        let operation = step.document["operation"]?.scalarText ?? ""
        return Line(text: operation, kind: step.type, step: step.name)
      }
      let number = add(
        Box(name: system.name, kind: .system, tag: system.protocolName, lines: lines))
      boxes[number].isEnd = true
      link(start, number)
    }
  }

  private mutating func join(_ numbers: [Int], by graph: StepGraph, behind start: Int) {
    var isNeeded = Set<Int>()
    for (number, needs) in zip(numbers, graph.needs) {
      if needs.isEmpty { link(start, number) }
      for need in needs {
        link(numbers[need], number)
        isNeeded.insert(numbers[need])
      }
    }
    for number in numbers where !isNeeded.contains(number) { boxes[number].isEnd = true }
  }
}

extension DiagramGraph.Line {
  /// A step as a line of the box that it is done in.
  init(_ step: StepDefinition) {
    self.init(
      text: step.name, kind: step.type, detail: Self.work(of: step),
      step: step.name)
    if let condition = step.condition {
      detail = ["if \(condition.text)", detail].compactMap(\.self).joined(separator: ": ")
    }
  }

  /// What there is to say of a step that has a box of its own.
  static func facts(of step: StepDefinition) -> [DiagramGraph.Line] {
    var texts = [work(of: step)]
    if let condition = step.condition { texts.insert("if \(condition.text)", at: 0) }
    if step.retry.times > 0 { texts.append("tried again \(step.retry.times) times") }
    if step.continuesOnFailure { texts.append("goes on when it fails") }
    return texts.compactMap(\.self).map { DiagramGraph.Line(text: $0) }
  }

  static func facts(of step: DataFlow.Step) -> [DiagramGraph.Line] {
    guard !step.framework.isEmpty else { return facts(of: step.step) }
    let endpoint = step.step.document["endpoint"]?.scalarText ?? "/"
    return [DiagramGraph.Line(text: "POST main \(endpoint)")] + facts(of: step.step)
  }

  /// What a step calls or does, in a line.
  private static func work(of step: StepDefinition) -> String? {
    let document = step.document
    func text(_ key: String) -> String { document[key]?.scalarText ?? "" }
    switch step.work {
    case .serviceCall(let call):
      return "\(call.method) \(call.service ?? text("url")) \(text("endpoint"))"
    case .systemCall(let call): return "\(call.system) \(text("operation"))"
    case .condition(let condition): return condition.text
    case .transform(let transform): return transform.way.words
    case .emit(let type, _): return "event \(type)"
    case .wait: return text("wait")
    case .nothing:
      let names = ["set", "context_updates"].flatMap { document[$0]?.objectValue?.names ?? [] }
      return names.isEmpty ? nil : names.joined(separator: ", ")
    }
  }
}

extension DataTransform.Way {
  /// How it is done, in a few words.
  fileprivate var words: String? {
    switch self {
    case .map(let members): "map to " + members.map(\.name).joined(separator: ", ")
    case .template: "by a template"
    case .xml(let root): "to XML <\(root)>"
    case .json: "to JSON"
    case .service(let service, let endpoint): "POST \(service) \(endpoint)"
    case .same: nil
    }
  }
}

extension FlowTransform {
  /// What becomes of the data, in a few words.
  fileprivate var words: String {
    if let words = way?.words { return words }
    return "to " + (targetFormat.scalarText ?? port.map { "the format of :\($0)" } ?? "its format")
  }
}
