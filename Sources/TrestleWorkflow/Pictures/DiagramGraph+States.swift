internal import TrestleCore

extension DiagramGraph {
  /// A box for each state; links say what leads along them.
  mutating func addStates(of definition: WorkflowDefinition) {
    let start = add(Self.start)
    var numbers: [String: Int] = [:]
    for state in definition.states {
      numbers[state.name] = add(
        Box(
          name: state.name, kind: .state, summary: state.summary,
          lines: state.actions.map { Line($0) }, isEnd: state.targets.isEmpty,
          isFailure: state.isFailure))
    }
    if let initial = numbers[definition.initial] { link(start, initial) }
    for state in definition.states {
      guard let from = numbers[state.name] else { continue }
      // With several actions, who leads on is part of the label.
      let leading = state.actions.count { !$0.targets.isEmpty }
      for action in state.actions {
        let prefix = leading > 1 ? "\(action.name): " : ""
        if let to = action.onSuccess.flatMap({ numbers[$0] }) {
          link(from, to, Label(kind: .success, text: prefix + "success"))
        }
        if let to = action.onFailure.flatMap({ numbers[$0] }) {
          link(from, to, Label(kind: .failure, text: prefix + "failure"))
        }
        join(action.transitions, from, numbers, prefix)
      }
      join(state.transitions, from, numbers, "")
    }
  }

  private mutating func join(
    _ transitions: [StepDefinition.Transition], _ from: Int, _ numbers: [String: Int],
    _ prefix: String
  ) {
    for (position, transition) in transitions.enumerated() {
      guard let to = numbers[transition.target] else { continue }
      let word = transition.condition?.text ?? (position == 0 ? "always" : "else")
      link(from, to, Label(kind: .condition, text: prefix + word))
    }
  }
}
