/// Which steps come after which.
///
/// A step that says nothing comes after the one before it; `needs: []` lets it begin at once.
struct StepGraph: Sendable {
  let names: [String]
  /// By step: those it comes after.
  let needs: [[Int]]

  init(_ steps: [StepDefinition]) {
    let names = steps.map(\.name)
    self.names = names
    needs = steps.enumerated().map { position, step in
      guard let needs = step.needs else { return position == 0 ? [] : [position - 1] }
      return needs.compactMap { need in names.firstIndex(of: need) }
    }
  }

  /// Whether each step comes after the one before it alone.
  var isSequence: Bool {
    needs.enumerated().allSatisfy { $1 == ($0 == 0 ? [] : [$0 - 1]) }
  }

  /// Steps that wait for each other, in a circle; nil where there are none.
  var cycle: [String]? {
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: needs.count)
    var path: [Int] = []
    func visit(_ step: Int) -> [Int]? {
      switch marks[step] {
      case .done: return nil
      case .open: return Array(path[(path.firstIndex(of: step) ?? 0)...])
      case .new: break
      }
      marks[step] = .open
      path.append(step)
      for need in needs[step] {
        if let found = visit(need) { return found }
      }
      path.removeLast()
      marks[step] = .done
      return nil
    }
    for step in needs.indices {
      if let found = visit(step) { return found.map { names[$0] } }
    }
    return nil
  }
}
