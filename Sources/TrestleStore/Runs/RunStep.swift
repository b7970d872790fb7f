public import TrestleCore

/// One thing that a run of a workflow did: a call, a condition, a transition, an event taken.
public struct RunStep: Sendable, Hashable {
  /// What became of it.
  public enum Status: String, Sendable, Hashable, CaseIterable {
    /// It has begun, and nothing says that it ended.
    case began
    case passed
    case failed
    /// Its condition did not hold.
    case skipped
  }

  /// What it is known by in its run: the same in every run that goes the same way.
  public var key: String
  /// What it is called in the workflow.
  public var name: String
  /// What kind of thing it is: `api_call`, `legacy_call`, `transition`, `event`, …
  public var kind: String
  /// The state or the event that it belongs to; empty for none.
  public var owner: String
  /// What became of it.
  public var status: Status
  /// When it began, in microseconds since 1970 by the run's clock.
  public var began: Int64
  /// How long it took, in microseconds.
  public var duration: Int64
  /// What was sent.
  public var call: Value
  /// What came of it.
  public var reply: Value
  /// The context when it began.
  public var before: Record
  /// What it changed of the context.
  public var updates: Record
  /// The state that it led to; nil for none.
  public var target: String?

  /// Says what a run did.
  public init(
    key: String, name: String, kind: String, owner: String = "", status: Status = .passed,
    began: Int64, duration: Int64 = 0, call: Value = .null, reply: Value = .null,
    before: Record = [:], updates: Record = [:], target: String? = nil
  ) {
    self.key = key
    self.name = name
    self.kind = kind
    self.owner = owner
    self.status = status
    self.began = began
    self.duration = duration
    self.call = call
    self.reply = reply
    self.before = before
    self.updates = updates
    self.target = target
  }

  /// The context behind it.
  public var after: Record {
    var after = before
    for member in updates { after[member.name] = member.value }
    return after
  }

  /// Why it failed, in words.
  public var error: String? { reply["error"]?.stringValue }

  /// The step as JSON, contexts included.
  public var jsonValue: Value {
    var record: Record = [
      "key": .string(key), "name": .string(name), "kind": .string(kind),
      "status": .string(status.rawValue),
      "began": .string(WallTime(milliseconds: began / 1000).iso8601),
      "milliseconds": .double(Double(duration) / 1000),
    ]
    if !owner.isEmpty { record["owner"] = .string(owner) }
    if !call.isNull { record["call"] = call }
    if !reply.isNull { record["reply"] = reply }
    if let target { record["target"] = .string(target) }
    record["before"] = .object(before)
    record["after"] = .object(after)
    return .object(record)
  }
}

/// One run of a workflow, as it is kept.
public struct RunSummary: Sendable, Hashable {
  /// What became of it.
  public enum Status: String, Sendable, Hashable, CaseIterable {
    case running
    case completed
    case failed
    case cancelled
  }

  /// What `trestle run --resume` takes.
  public var id: String
  /// The workflow's name.
  public var workflow: String
  /// Its file, as it was named.
  public var file: String
  /// What became of it.
  public var status: Status
  /// When it began, in microseconds since 1970.
  public var began: Int64
  /// When it ended; nil where nothing says that it did.
  public var ended: Int64?
  /// What it was started with.
  public var input: Record
  /// The choices that make it go the same way again.
  public var options: Record
  /// What it came to.
  public var result: Value

  /// Says what is known of a run.
  public init(
    id: String, workflow: String, file: String, status: Status = .running, began: Int64,
    ended: Int64? = nil, input: Record = [:], options: Record = [:], result: Value = .null
  ) {
    self.id = id
    self.workflow = workflow
    self.file = file
    self.status = status
    self.began = began
    self.ended = ended
    self.input = input
    self.options = options
    self.result = result
  }
}
