internal import TrestleCore
internal import TrestleNet

extension LegacySystem {
  /// What the system's mock sends by itself: `mock.sends`.
  var scheduledMessages: [ScheduledMessage] {
    guard let codec = try? codec() else { return [] }
    return definition.mock.sends.compactMap { entry in
      guard let operation = entry["operation"]?.stringValue,
        contract.operation(named: operation) != nil
      else { return nil }
      var problems: [Template.Problem] = []
      let parameters = Template(
        entry["parameters"] ?? .emptyObject, in: Self.sendingVocabulary, problems: &problems)
      func duration(_ key: String) -> Duration? {
        entry[key]?.scalarText.flatMap { Duration(written: $0) }
      }
      let every = duration("every")
      return ScheduledMessage(after: duration("after") ?? every ?? .zero, every: every) {
        () throws(CodecError) in
        let value: Value
        do throws(ExpressionError) {
          value = try parameters.render(in: SendingScope())
        } catch {
          throw CodecError(reason: error.reason)
        }
        return try codec.encode(
          Call(operation: operation, parameters: value.objectValue ?? [:]))
      }
    }
  }

  private static let sendingVocabulary = ExpressionVocabulary(
    names: Generators.names, functions: Generators.functions)

  /// What is wrong with `mock.sends`.
  static func checkSends(
    of definition: AdapterDefinition, against contract: Contract,
    problems: inout [ValueProblem]
  ) {
    let path = ValuePath([.member("mock"), .member("sends")])
    for (position, entry) in definition.mock.sends.enumerated() {
      let place = path.item(position)
      guard let operation = entry["operation"]?.stringValue else { continue }
      let names = contract.operations.map(\.name)
      if !contract.isOpen, !names.contains(operation) {
        problems.append(
          ValueProblem(
            .error,
            "\(contract.name) has no operation \"\(operation)\""
              + Suggestion.clause(for: operation, among: names), at: place.member("operation")))
      }
      var wrong: [Template.Problem] = []
      _ = Template(
        entry["parameters"] ?? .null, in: sendingVocabulary, problems: &wrong)
      for problem in wrong {
        problems.append(
          ValueProblem(
            .error, "{{\(problem.placeholder)}}: \(problem.error.reason)",
            at: place.member("parameters").appending(problem.path), hint: problem.error.hint))
      }
    }
  }
}

/// What templates of `mock.sends` may speak of: time, chance and counters.
private struct SendingScope: ExpressionEnvironment {
  private static let generators = Generators.system

  func value(of name: String) -> Value? { Self.generators.value(of: name) }

  func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value? {
    try Self.generators.call(function, arguments)
  }
}
