internal import TrestleCore

/// What expressions and `${…}` of a step may speak of.
struct RunEnvironment: ExpressionEnvironment {
  /// The run's context.
  var context: Record
  /// What else there is at the moment, by its name: `response`, `steps`, `event`, …
  var facts: [String: Value]
  var generators: Generators

  init(context: Record, facts: [String: Value] = [:], generators: Generators = .system) {
    self.context = context
    self.facts = facts
    self.generators = generators
  }

  /// The names that are no keys of the context.
  static let names: Set<String> = Generators.names.union([
    "context", "steps", "response", "status_code", "success", "output", "error", "event",
    "counters",
    "state", "input", "run",
  ])

  func value(of name: String) -> Value? {
    if let value = facts[name] { return value }
    if name == "context" { return .object(context) }
    if let value = context[name] { return value }
    return Generators.names.contains(name) ? generators.value(of: name) : nil
  }

  func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value? {
    try generators.call(function, arguments)
  }

  /// What a `${…}` stands for: a key of the context goes before everything else.
  func value(of reference: ContextTemplate.Reference) throws(ExpressionError) -> Value? {
    if let value = context[reference.text] { return value }
    return try reference.expression?.evaluate(in: self)
  }

  /// The environment after a step, which knows its outcome.
  func knowing(_ outcome: StepOutcome) -> RunEnvironment {
    var environment = self
    environment.facts["success"] = .bool(outcome.isSuccess)
    environment.facts["response"] = outcome.output
    environment.facts["output"] = outcome.output
    environment.facts["status_code"] = outcome.statusCode.map { .integer(Int64($0)) }
    environment.facts["error"] = outcome.error.map { .string($0) }
    return environment
  }
}
