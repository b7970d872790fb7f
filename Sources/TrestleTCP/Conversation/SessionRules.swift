internal import TrestleCore

/// The `session` and `heartbeat` keys: what a connection does before, between and after calls.
struct SessionRules: Sendable {
  /// A call that the connection makes by itself.
  struct Step: Sendable {
    var operation: String
    var parameters: Record
  }

  struct Heartbeat: Sendable {
    var step: Step
    var every: Duration
    var timeout: Duration
    var misses: Int
  }

  /// How many messages the peer sends before anything else.
  private(set) var greetings = 0
  /// What a mock sends then, where the definition says.
  private(set) var greeting: Template?
  private(set) var onConnect: [Step] = []
  private(set) var onDisconnect: [Step] = []
  private(set) var heartbeat: Heartbeat?

  init() {}

  init(_ outer: inout KeyReader, _ reader: inout StepReader, problems: inout [ValueProblem]) {
    var beat = outer.value("heartbeat").map { ($0, outer.place("heartbeat")) }
    if let value = outer.value("session"),
      var keys = KeyReader(value, at: outer.place("session"), problems: &problems)
    {
      readGreeting(&keys, problems: &problems)
      onConnect = reader.steps(&keys, "on_connect", named: "logon", problems: &problems)
      onDisconnect = reader.steps(&keys, "on_disconnect", named: "logoff", problems: &problems)
      if let value = keys.value("heartbeat") {
        if let beat {
          problems.error(
            "heartbeat is said twice, here and under session", at: beat.1,
            hint: "keep one of the two; a profile has its own under session")
        }
        beat = (value, keys.place("heartbeat"))
      }
      keys.finish("session", problems: &problems)
    }
    guard let (value, path) = beat else { return }
    heartbeat = Self.heartbeat(value, at: path, &reader, problems: &problems)
  }

  /// `greeting: 1`, `greeting: 1 line`, or the message itself.
  private mutating func readGreeting(_ keys: inout KeyReader, problems: inout [ValueProblem]) {
    guard let value = keys.value("greeting") else { return }
    if value.objectValue != nil {
      greetings = 1
      greeting = Template.compile(value, at: keys.place("greeting"), problems: &problems)
      return
    }
    let words = (value.scalarText ?? "").split(separator: " ")
    guard let first = words.first, let count = Int(first), (0...100).contains(count),
      words.count == 1 || words.count == 2 && ["line", "lines"].contains(words[1])
    else {
      problems.error(
        "expects how many messages the peer sends first, or the message, found \(value)",
        at: keys.place("greeting"), hint: "like greeting: 1")
      return
    }
    greetings = count
  }

  private static func heartbeat(
    _ value: Value, at path: ValuePath, _ reader: inout StepReader,
    problems: inout [ValueProblem]
  ) -> Heartbeat? {
    guard case .object(var record) = value else {
      problems.error(
        "expects keys with values, found \(value.kindName)", at: path,
        hint: "like heartbeat: {every: 60s, operation: echo, misses: 2}")
      return nil
    }
    var own = Record()
    for key in ["every", "timeout", "misses"] {
      if let value = record[key] { own[key] = value }
      record[key] = nil
    }
    guard var keys = KeyReader(.object(own), at: path, problems: &problems) else { return nil }
    let every = keys.duration("every", problems: &problems)
    let timeout = keys.duration("timeout", problems: &problems)
    let misses = keys.integer("misses", in: 1...1000, problems: &problems) ?? 2
    guard let every else {
      if own["every"] == nil {
        problems.error(
          "heartbeat does not say how often", at: path, hint: "like every: 60s")
      }
      return nil
    }
    let step = reader.step(.object(record), at: path, named: "heartbeat", problems: &problems)
    return step.map {
      Heartbeat(
        step: $0, every: every, timeout: timeout ?? min(every, .seconds(10)), misses: misses)
    }
  }
}
