public import TrestleCore
public import TrestleStore

/// What a run came to.
public struct WorkflowResult: Sendable {
  /// Its name among the runs that are kept.
  public var id: String
  /// The workflow's name.
  public var workflow: String
  /// What became of it.
  public var status: RunSummary.Status
  /// What it gave: the last step's output, or what its form of workflow gives.
  public var output: Value
  /// The states that it went through, the first first; empty for workflows without states.
  public var states: [String]
  /// The transitions between them.
  public var history: [StateTransition]
  /// The context at its end.
  public var context: Record
  /// The counters of its handlers, by event key.
  public var counters: Record
  /// Everything it did, in the order in which it ended.
  public var steps: [RunStep]
  /// Why it failed, in words.
  public var error: String?
  /// When it began, in microseconds since 1970 by its own clock.
  public var began: Int64
  /// How long it took by its own clock, in microseconds.
  public var duration: Int64
  /// What was odd, a sentence each.
  public var warnings: [String]

  /// Whether it did what it should.
  public var isSuccess: Bool { status == .completed }

  /// As JSON, without the steps.
  public var jsonValue: Value {
    var record: Record = [
      "run": .string(id), "workflow": .string(workflow), "status": .string(status.rawValue),
      "output": output,
    ]
    if !states.isEmpty { record["states"] = .array(states.map { .string($0) }) }
    record["context"] = .object(context)
    if !counters.isEmpty { record["counters"] = .object(counters) }
    if let error { record["error"] = .string(error) }
    record["milliseconds"] = .double(Double(duration) / 1000)
    return .object(record)
  }
}

extension WorkflowResult {
  /// What a run came to that did nothing.
  static let nothing = WorkflowResult(
    id: "", workflow: "", status: .completed, output: .null, states: [], history: [], context: [:],
    counters: [:], steps: [], error: nil, began: 0, duration: 0, warnings: [])
}

/// A transition from one state to another.
public struct StateTransition: Sendable, Hashable {
  /// The state before.
  public var fromState: String
  /// The state behind it.
  public var toState: String
  /// When, in microseconds since 1970.
  public var time: Int64
  /// The context as it was then.
  public var context: Record

  /// As the first description of these workflows has it: `from_state`, `to_state`, `timestamp` in seconds, `context`.
  public var jsonValue: Value {
    [
      "from_state": .string(fromState), "to_state": .string(toState),
      "timestamp": RunClock.seconds(time), "context": .object(context),
    ]
  }
}
