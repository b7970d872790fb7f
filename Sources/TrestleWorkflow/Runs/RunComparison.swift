public import TrestleCore
public import TrestleStore

/// What two runs of a workflow did differently.
///
/// Steps are paired by their keys, which are the same where runs go the same way. When something began, how long it took
/// and where a mock listened is told beside it, and makes no difference.
public struct RunComparison: Sendable {
  /// A value that is not the same in both.
  public struct Difference: Sendable, Hashable {
    /// Where it is: a JSON Pointer, which begins with what it is of (`/call`, `/reply`, `/status`, `/target`).
    public var pointer: String
    /// What it is in the first; nil where it is not there.
    public var first: Value?
    /// What it is in the second; nil where it is not there.
    public var second: Value?
  }

  /// One step of either run, or the same of both.
  public struct Step: Sendable {
    /// The step in the first run; nil where that did not come to it.
    public var first: RunStep?
    /// The step in the second run; nil where that did not come to it.
    public var second: RunStep?
    /// What is not the same; empty where the step is, or is in one run alone.
    public var differences: [Difference]

    /// Whether both runs have it, and it came out the same.
    public var isSame: Bool { first != nil && second != nil && differences.isEmpty }
  }

  /// The run that the other is held against.
  public let first: RunSummary
  /// The run that is held against it.
  public let second: RunSummary
  /// What they were started with.
  public let inputs: [Difference]
  /// What they came to.
  public let result: [Difference]
  /// What they did: in the first's order, and what only the second did where it did it.
  public let steps: [Step]

  /// Whether both went the same way to the same result.
  public var isSame: Bool { inputs.isEmpty && result.isEmpty && steps.allSatisfy(\.isSame) }

  /// Compares two runs by their steps.
  public init(
    _ first: RunSummary, _ firstSteps: [RunStep], _ second: RunSummary, _ secondSteps: [RunStep]
  ) {
    self.first = first
    self.second = second
    inputs = Self.differences(.object(first.input), .object(second.input), at: "")
    result = Self.differences(Self.outcome(of: first), Self.outcome(of: second), at: "")
    steps = Self.paired(firstSteps, secondSteps)
  }

  /// What a run came to, without what every run has of its own.
  private static func outcome(of run: RunSummary) -> Value {
    guard case .object(var record) = run.result else {
      return ["status": .string(run.status.rawValue), "output": run.result]
    }
    record["run"] = nil
    record["milliseconds"] = nil
    record["status"] = .string(run.status.rawValue)
    return .object(record)
  }

  private static func paired(_ first: [RunStep], _ second: [RunStep]) -> [Step] {
    let places = Dictionary(
      second.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { $1 })
    let known = Set(first.map(\.key))
    var steps: [Step] = []
    // How far of the second run has been told.
    var next = 0
    func tellOwn(before end: Int) {
      while next < end {
        if !known.contains(second[next].key) {
          steps.append(Step(first: nil, second: second[next], differences: []))
        }
        next += 1
      }
    }
    for step in first {
      guard let place = places[step.key] else {
        steps.append(Step(first: step, second: nil, differences: []))
        continue
      }
      tellOwn(before: place)
      steps.append(
        Step(
          first: step, second: second[place],
          differences: differences(compared(step), compared(second[place]), at: "")))
    }
    tellOwn(before: second.count)
    return steps
  }

  private static func compared(_ step: RunStep) -> Value {
    [
      "status": .string(step.status.rawValue), "call": withoutAddress(step.call),
      "reply": step.reply, "target": step.target.map { .string($0) } ?? .null,
    ]
  }

  /// A call of a service by its name, without where its mock listened: that may be anywhere each time.
  private static func withoutAddress(_ call: Value) -> Value {
    guard case .object(var record) = call, record["service"] != nil,
      let url = record["url"]?.stringValue, let scheme = url.firstRange(of: "://")
    else { return call }
    record["url"] = .string(String(url[scheme.upperBound...].drop { $0 != "/" }))
    return .object(record)
  }

  /// The places at which two values differ, in the order of the first's members.
  static func differences(
    _ first: Value, _ second: Value, at pointer: String
  ) -> [Difference] {
    switch (first, second) {
    case (.object(let one), .object(let other)):
      let all = one.names + other.names.filter { one[$0] == nil }
      return all.flatMap { differences(one[$0], other[$0], at: "\(pointer)/\(escaped($0))") }
    case (.array(let one), .array(let other)):
      return (0..<max(one.count, other.count)).flatMap { position in
        differences(one.item(position), other.item(position), at: "\(pointer)/\(position)")
      }
    default:
      return first == second
        ? [] : [Difference(pointer: pointer, first: first, second: second)]
    }
  }

  private static func differences(
    _ first: Value?, _ second: Value?, at pointer: String
  ) -> [Difference] {
    guard let first, let second else {
      return [Difference(pointer: pointer, first: first, second: second)]
    }
    return differences(first, second, at: pointer)
  }

  /// A name as a JSON Pointer has it (RFC 6901 §3).
  private static func escaped(_ name: String) -> String {
    name.replacing("~", with: "~0").replacing("/", with: "~1")
  }
}

extension [Value] {
  /// The item at a position, which may be behind the end.
  fileprivate func item(_ position: Int) -> Value? {
    position < count ? .some(self[position]) : Value?.none
  }
}

extension RunComparison {
  /// `{same, first, second, inputs, result, steps}`; each difference is `{at, first, second}`, a side that it does not have
  /// left out.
  public var jsonValue: Value {
    [
      "same": .bool(isSame), "first": Self.json(first), "second": Self.json(second),
      "inputs": .array(inputs.map(\.jsonValue)), "result": .array(result.map(\.jsonValue)),
      "steps": .array(steps.map(\.jsonValue)),
    ]
  }

  private static func json(_ run: RunSummary) -> Value {
    var record: Record = [
      "run": .string(run.id), "workflow": .string(run.workflow),
      "status": .string(run.status.rawValue),
      "began": .string(WallTime(milliseconds: run.began / 1000).iso8601),
    ]
    if let ended = run.ended {
      record["milliseconds"] = .double(Double(ended - run.began) / 1000)
    }
    return .object(record)
  }
}

extension RunComparison.Difference {
  fileprivate var jsonValue: Value {
    var record: Record = ["at": .string(pointer)]
    if let first { record["first"] = first }
    if let second { record["second"] = second }
    return .object(record)
  }
}

extension RunComparison.Step {
  fileprivate var jsonValue: Value {
    guard let step = first ?? second else { return .null }
    var record: Record = [
      "name": .string(step.name), "kind": .string(step.kind), "same": .bool(isSame),
    ]
    if !step.owner.isEmpty { record["owner"] = .string(step.owner) }
    if let first { record["first"] = Self.json(first) }
    if let second { record["second"] = Self.json(second) }
    if !differences.isEmpty { record["differences"] = .array(differences.map(\.jsonValue)) }
    return .object(record)
  }

  private static func json(_ step: RunStep) -> Value {
    [
      "status": .string(step.status.rawValue),
      "milliseconds": .double(Double(step.duration) / 1000),
    ]
  }
}
