internal import TrestleCore

/// The `conversation` section: how requests and replies share a connection.
struct Conversation: Sendable {
  var correlation = Correlation.byOrder
  /// The most requests without their reply.
  var inFlight = 1
  /// Ranges of the counters that templates draw from.
  var counters: [String: ClosedRange<Int64>] = [:]
  /// What a mock answers to what it cannot read; nil closes the connection.
  var malformed: Template?

  /// In flight where replies are paired by key and the definition does not say.
  private static let defaultInFlight = 16

  init(
    _ value: Value?, at path: ValuePath, layouts: LayoutSet, problems: inout [ValueProblem]
  ) {
    guard let value, var keys = KeyReader(value, at: path, problems: &problems) else { return }
    if let rule = keys.value("correlate"),
      let correlation = Correlation(rule, at: keys.place("correlate"), problems: &problems)
    {
      self.correlation = correlation.relocated(layouts.place)
    }
    inFlight =
      keys.integer("in_flight", in: 1...65536, problems: &problems)
      ?? (correlation.isByOrder ? 1 : Self.defaultInFlight)
    if let value = keys.value("counters") {
      counters = Self.counters(value, at: keys.place("counters"), problems: &problems)
    }
    if let value = keys.value("malformed") {
      malformed = Self.malformed(
        value, at: keys.place("malformed"), layout: layouts.layouts[0], problems: &problems)
    }
    keys.announce(
      notYet: [
        "session", "heartbeat", "unsolicited", "on_idle_close", "connect", "tls", "pool", "timeout",
      ], in: "conversation", problems: &problems)
    keys.finish("conversation", problems: &problems)
  }

  private static func counters(
    _ value: Value, at path: ValuePath, problems: inout [ValueProblem]
  ) -> [String: ClosedRange<Int64>] {
    var counters: [String: ClosedRange<Int64>] = [:]
    guard let names = KeyReader(value, at: path, problems: &problems) else { return [:] }
    for member in names.record {
      let place = path.member(member.name)
      guard var keys = KeyReader(member.value, at: place, problems: &problems) else { continue }
      let first = keys.integer("from", in: 0...Int.max, problems: &problems) ?? 1
      let last = keys.integer("to", in: 0...Int.max, problems: &problems) ?? Int.max
      keys.finish("a counter", problems: &problems)
      guard first <= last else {
        problems.error("counts from \(first) down to \(last)", at: place)
        continue
      }
      counters[member.name] = Int64(first)...Int64(last)
    }
    return counters
  }

  /// What `malformed.set` may speak of.
  private static let malformedVocabulary = ExpressionVocabulary(
    names: Generators.names.union(["error"]), functions: Generators.functions)

  private static func malformed(
    _ value: Value, at path: ValuePath, layout: any MessageLayout, problems: inout [ValueProblem]
  ) -> Template? {
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let set = keys.value("set")
    keys.finish("malformed", problems: &problems)
    guard let set else {
      problems.error(
        "malformed does not say what is answered", at: path,
        hint: "like malformed: {set: {Envelope: {Rc: \"9001\", Msg: \"{{error}}\"}}}")
      return nil
    }
    return Template.compile(
      layout.meaning(ofSet: set), at: path.member("set"), in: malformedVocabulary,
      problems: &problems)
  }
}

/// What `malformed.set` speaks of: what was wrong, as `error`.
struct RefusalScope: ExpressionEnvironment {
  let error: CodecError
  let generators: Generators

  func value(of name: String) -> Value? {
    name == "error" ? .string(error.description) : generators.value(of: name)
  }

  func call(_ function: String, _ arguments: [Value?]) throws(ExpressionError) -> Value? {
    try generators.call(function, arguments)
  }
}
