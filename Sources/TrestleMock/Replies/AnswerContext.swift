import TrestleCore

/// What an answer is filled in with beside its call.
struct AnswerContext: Sendable {
  var generators: Generators
  let data: DataSets
  /// Nil where nothing of the operation's answers needs one.
  var scope: MockScope?
  /// The scope's store as it was right after the call was taken; nil for as it is.
  var store: Record?

  /// What conditions know.
  let matching: MatchContext

  /// The context of a call in a scope: counters and chance are the scope's own.
  mutating func enter(_ scope: MockScope, seed: UInt64?) {
    self.scope = scope
    generators.counters = scope.counters
    if let seed {
      let bits = scope.randomBits(seed: seed)
      generators.randomBits = { bits.next() }
    }
  }
}

/// What `{{…}}` may speak of in a mock's answers.
struct CallEnvironment: ExpressionEnvironment {
  let call: Call
  let context: AnswerContext

  static let vocabulary = ExpressionVocabulary(
    names: Generators.names.union([
      "request", "headers", "operation", "transport", "store", "scope", "data",
    ]),
    functions: Generators.functions.union(["row", "header"]))

  /// The names whose values are a scope's.
  static let scopedNames: Set<String> = ["store", "scope"]
  /// The functions whose results are a scope's.
  static let scopedFunctions: Set<String> = ["counter", "next"]
  /// The names and functions whose results are a scope's where there is a seed.
  static let chance: Set<String> = ["random", "uuid", "pick", "randomText"]

  func value(of name: String) -> Value? {
    switch name {
    case "request": .object(call.parameters)
    case "headers": .object(call.headers)
    case "operation": .string(call.operation)
    case "transport": call.request?.facts
    case "store": (context.store ?? context.scope?.store).map { .object($0) }
    case "scope": context.scope?.name.map { .string($0) }
    default: context.generators.value(of: name)
    }
  }

  func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value? {
    switch function {
    case "row": try context.data.row(arguments)
    case "header": try header(arguments)
    default: try context.generators.call(function, arguments)
    }
  }

  /// `header('X-Request-Id')`: a field of the HTTP request, its name in any case.
  private func header(_ arguments: [Value?]) throws(ExpressionError) -> Value? {
    guard arguments.count == 1, let name = arguments[0]?.stringValue else {
      throw ExpressionError("header() expects a name in quotes, like header('X-Request-Id')")
    }
    return call.request?.headers[name].map { .string($0) }
  }
}

extension WireRequest {
  /// What templates may know of how a request came.
  fileprivate var facts: Value {
    var facts: Record = [:]
    if !headers.fields.isEmpty {
      facts["method"] = .string(method)
      let parts = target.split(separator: "?", maxSplits: 1)
      facts["path"] = .string(parts.first.map(String.init) ?? "/")
      if parts.count > 1 { facts["query"] = .string(String(parts[1])) }
      facts["headers"] = .object(
        Record(headers.fields.map { Record.Member(name: $0.name, value: .string($0.value)) }))
    }
    if let sender {
      facts["connection"] = .integer(Int64(clamping: sender.connection))
      if let peer = sender.peer { facts["peer"] = .string(peer) }
    }
    facts["size"] = .integer(Int64(body.count))
    return .object(facts)
  }
}
