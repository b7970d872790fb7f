internal import TrestleCore

/// The `conversation` section: how requests and replies share a connection.
struct Conversation: Sendable {
  var correlation = Correlation.byOrder
  /// The most requests without their reply.
  var inFlight = 1
  /// How many connections calls are spread over.
  var connections = 1
  /// Ranges of the counters that templates draw from.
  var counters: [String: ClosedRange<Int64>] = [:]
  /// Counters that begin anywhere in their range.
  var scattered: Set<String> = []
  /// Counters that begin again with every connection.
  var restarting: Set<String> = []
  /// What a mock answers to what it cannot read; nil closes the connection.
  var malformed: Template?
  var session = SessionRules()
  /// What the peer may send by itself, and what answers it.
  var unsolicited: [UnsolicitedRule] = []
  var reconnect: ConnectionPlan.Backoff?

  /// In flight where replies are paired by key and the definition does not say.
  private static let defaultInFlight = 16

  /// Reads the section; messages written in it become operations of their own.
  init(
    _ value: Value?, at path: ValuePath, operations: inout [TCPOperation], layouts: LayoutSet,
    problems: inout [ValueProblem]
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
    connections = keys.integer("pool", in: 1...1024, problems: &problems) ?? 1
    if let value = keys.value("counters") {
      readCounters(value, at: keys.place("counters"), problems: &problems)
    }
    if let value = keys.value("malformed") {
      malformed = Self.malformed(
        value, at: keys.place("malformed"), layout: layouts.layouts[0], problems: &problems)
    }
    var reader = StepReader(operations: operations, layouts: layouts)
    session = SessionRules(&keys, &reader, problems: &problems)
    operations = reader.operations
    if let value = keys.value("unsolicited") {
      unsolicited = UnsolicitedRule.read(
        value, at: keys.place("unsolicited"), operations: operations, problems: &problems)
    }
    reconnect = Self.reconnect(&keys, problems: &problems)
    for key in ["connect", "tls", "timeout"] where keys.value(key) != nil {
      let other = ["connect": "endpoint and connect_timeout"][key] ?? key
      problems.error(
        "conversation has no key \"\(key)\"", at: keys.place(key),
        hint: "give \(other) at the top of the file")
    }
    keys.finish("conversation", problems: &problems)
  }

  /// `reconnect: {first: 200ms, max: 30s}`, or `true` for these.
  private static func reconnect(
    _ outer: inout KeyReader, problems: inout [ValueProblem]
  ) -> ConnectionPlan.Backoff? {
    // A connection that was closed while idle is made again by the next call in any case.
    if outer.word("on_idle_close", as: OnIdleClose.self, problems: &problems) == nil,
      outer.record["on_idle_close"] != nil
    {
      return nil
    }
    guard let value = outer.value("reconnect") else { return nil }
    let usual = ConnectionPlan.Backoff(first: .milliseconds(200), longest: .seconds(30))
    if let flag = value.boolValue { return flag ? usual : nil }
    let path = outer.place("reconnect")
    guard var keys = KeyReader(value, at: path, problems: &problems) else { return nil }
    let first = keys.duration("first", problems: &problems) ?? usual.first
    let longest = keys.duration("max", problems: &problems) ?? max(usual.longest, first)
    keys.finish("reconnect", problems: &problems)
    guard first <= longest else {
      problems.error("first is over max", at: path)
      return nil
    }
    return ConnectionPlan.Backoff(first: first, longest: longest)
  }

  private enum OnIdleClose: String, CaseIterable {
    case reconnect
  }

  private mutating func readCounters(
    _ value: Value, at path: ValuePath, problems: inout [ValueProblem]
  ) {
    guard let names = KeyReader(value, at: path, problems: &problems) else { return }
    for member in names.record {
      let place = path.member(member.name)
      guard var keys = KeyReader(member.value, at: place, problems: &problems) else { continue }
      let first = keys.integer("from", in: 0...Int.max, problems: &problems) ?? 1
      let last = keys.integer("to", in: 0...Int.max, problems: &problems) ?? Int.max
      let restart = keys.word("restart", as: Restart.self, problems: &problems)
      let start = keys.word("start", as: Start.self, problems: &problems)
      keys.finish("a counter", problems: &problems)
      guard first <= last else {
        problems.error("counts from \(first) down to \(last)", at: place)
        continue
      }
      counters[member.name] = Int64(first)...Int64(last)
      if restart == .connect { restarting.insert(member.name) }
      if start == .random { scattered.insert(member.name) }
    }
  }

  private enum Start: String, CaseIterable {
    case first, random
  }

  private enum Restart: String, CaseIterable {
    case never, connect
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
