/// What an expression can be held to before anything is known of the calls it will be filled in for.
extension Expression {
  /// The calls of functions whose fixed arguments can never fit: a pattern with unknown letters, an empty range.
  ///
  /// They are called as they will be, with a stand-in for a first argument that is yet to come.
  func wrongConstants(in vocabulary: ExpressionVocabulary) -> [ExpressionError] {
    var problems: [ExpressionError] = []
    root.visit { node in
      guard case .call(let name, let nodes, let offset) = node,
        vocabulary.functions.contains(name), let arguments = Self.rehearsed(nodes, of: name)
      else { return }
      do throws(ExpressionError) {
        _ = try Generators.fixed().call(name, arguments)
      } catch {
        problems.append(ExpressionError(error.reason, hint: error.hint, at: offset))
      }
    }
    return problems
  }

  /// What takes the place of a first argument that only a call brings, by functions whose others are fixed as a rule.
  private static let standIns: [String: Value] = [
    "date": "2026-01-15", "format": 1, "round": 1, "padLeft": "", "padRight": "", "slice": "",
    "substring": "",
  ]

  private static func rehearsed(_ nodes: [Node], of name: String) -> [Value?]? {
    guard Generators.functions.contains(name) || PureFunction.names.contains(name) else {
      return nil
    }
    var arguments: [Value?] = []
    for (position, node) in nodes.enumerated() {
      let argument = Expression(text: name, root: node)
      guard argument.isConstant else {
        guard position == 0, let standIn = standIns[name] else { return nil }
        arguments.append(standIn)
        continue
      }
      // What is wrong inside of an argument is told for itself.
      guard let value = try? argument.evaluate(in: NothingThere()) else { return nil }
      arguments.append(value)
    }
    return arguments
  }

  private struct NothingThere: ExpressionEnvironment {
    func value(of name: String) -> Value? { nil }
  }
}
