internal import TrestleCore
internal import TrestleStore

extension DiagramGraph {
  /// Marks what a run did: where it came by, how often, and what failed. The rest becomes faint.
  mutating func mark(
    _ steps: [RunStep], transitions: [StateTransition], in definition: WorkflowDefinition
  ) {
    switch definition.form {
    case .stateDriven: markStates(steps, transitions, initial: definition.initial)
    case .steps, .orchestrated: markSteps(steps)
    case .eventDriven: markHandlers(steps, definition.handlers)
    case .legacySystems: markSystems(steps)
    }
    for number in boxes.indices where boxes[number].mark == .plain {
      if boxes[number].kind == .start || boxes[number].kind == .source {
        boxes[number].mark = steps.isEmpty ? .faint : .visited
      } else {
        boxes[number].mark = boxes[number].visits > 0 ? .visited : .faint
      }
    }
    for number in boxes.indices {
      for line in boxes[number].lines.indices
      where boxes[number].lines[line].mark == .plain && boxes[number].mark != .faint {
        // What is no step is as faint as its box.
        let isStep = boxes[number].lines[line].step != nil
        boxes[number].lines[line].mark = isStep ? .faint : .visited
      }
    }
    for number in links.indices {
      change(link: number) { $0.mark = $0.visits > 0 ? .visited : .faint }
    }
  }

  private mutating func visit(_ box: Int?) {
    if let box { boxes[box].visits += 1 }
  }

  private mutating func pass(_ from: Int?, _ to: Int?) {
    guard let from, let to, let number = link(from: from, to: to) else { return }
    change(link: number) { $0.visits += 1 }
  }

  private mutating func mark(_ step: RunStep, inBox box: Int?) {
    guard let box, step.status != .skipped else { return }
    for line in boxes[box].lines.indices where boxes[box].lines[line].step == step.name {
      boxes[box].lines[line].mark = step.status == .failed ? .failed : .visited
    }
  }

  private mutating func markStates(
    _ steps: [RunStep], _ transitions: [StateTransition], initial: String
  ) {
    let path =
      transitions.isEmpty
      ? steps.filter { $0.kind == "transition" }.map { (from: $0.owner, to: $0.target ?? "") }
      : transitions.map { (from: $0.fromState, to: $0.toState) }
    visit(box(.state, named: initial))
    pass(box(.start, named: ""), box(.state, named: initial))
    for move in path {
      visit(box(.state, named: move.to))
      pass(box(.state, named: move.from), box(.state, named: move.to))
    }
    for step in steps { mark(step, inBox: box(.state, named: step.owner)) }
    // The run ended where it went last: badly, if that state says so or its last step failed.
    let last = path.last?.to ?? initial
    guard let end = box(.state, named: last) else { return }
    let outcome = steps.last { $0.owner == last && $0.kind != "transition" }
    let failed = outcome.map { $0.status == .failed && $0.target == nil } ?? false
    if boxes[end].isFailure || failed { boxes[end].mark = .failed }
  }

  private mutating func markSteps(_ steps: [RunStep]) {
    for step in steps where step.status != .skipped {
      // A transform of the output is a part of the step whose key it has.
      let part = "/transform"
      let name =
        step.key.hasSuffix(part)
        ? String(step.key.dropLast(part.count).split(separator: "/").last ?? "") : step.name
      guard let number = box(.step, named: name) else { continue }
      if !step.key.hasSuffix(part) { boxes[number].visits += 1 }
      if step.status == .failed { boxes[number].mark = .failed }
    }
    for link in links where boxes[link.to].visits > 0 {
      if boxes[link.from].kind == .start || boxes[link.from].visits > 0 { pass(link.from, link.to) }
    }
  }

  private mutating func markHandlers(_ steps: [RunStep], _ handlers: [HandlerDefinition]) {
    var handled = Set<String>()
    for step in steps {
      if step.kind == "event" {
        let event = box(.event, named: step.name)
        visit(event)
        let sender = box(.handler, named: step.owner)
        pass(sender ?? box(.source, named: "webhooks") ?? box(.start, named: ""), event)
        continue
      }
      // Keys are `event#N/HANDLER/ACTION`.
      guard let slash = step.key.firstIndex(of: "/") else { continue }
      let path = step.key[step.key.index(after: slash)...]
      guard
        let handler = handlers.first(where: { path == $0.name || path.hasPrefix("\($0.name)/") }),
        let number = box(.handler, named: handler.name)
      else { continue }
      mark(step, inBox: number)
      if step.status == .failed { boxes[number].mark = .failed }
      guard handled.insert("\(step.key[..<slash])/\(handler.name)").inserted else { continue }
      visit(number)
      pass(box(.event, named: handler.event), number)
    }
  }

  private mutating func markSystems(_ steps: [RunStep]) {
    for number in boxes.indices where boxes[number].kind == .system {
      let names = Set(boxes[number].lines.compactMap(\.step))
      for step in steps where names.contains(step.name) && step.status != .skipped {
        if boxes[number].visits == 0 { pass(box(.start, named: ""), number) }
        visit(number)
        mark(step, inBox: number)
        if step.status == .failed { boxes[number].mark = .failed }
      }
    }
  }
}
