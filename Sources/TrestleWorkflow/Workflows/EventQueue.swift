internal import Synchronization
internal import TrestleCore

/// Events in the order in which they came, until somebody takes them.
final class EventQueue: Sendable {
  private struct State {
    var events: [WorkflowEvent] = []
    var waiter: CheckedContinuation<WorkflowEvent?, Never>?
    var isClosed = false
  }

  private let state = Mutex(State())

  var count: Int { state.withLock { $0.events.count } }

  /// The events that nobody has taken yet.
  var waiting: [WorkflowEvent] { state.withLock { $0.events } }

  func put(_ event: WorkflowEvent) {
    let waiter = state.withLock { state -> CheckedContinuation<WorkflowEvent?, Never>? in
      guard let waiter = state.waiter else {
        state.events.append(event)
        return nil
      }
      state.waiter = nil
      return waiter
    }
    waiter?.resume(returning: event)
  }

  /// The next event, at once; nil where there is none.
  func take() -> WorkflowEvent? {
    state.withLock { $0.events.isEmpty ? nil : $0.events.removeFirst() }
  }

  /// Takes one event out of its turn.
  func remove(_ id: String) {
    state.withLock { state in state.events.removeAll { $0.id == id } }
  }

  /// The next event; nil when the queue is closed, or the task is cancelled.
  func next() async -> WorkflowEvent? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        enum Outcome { case event(WorkflowEvent), nothing, waits }
        let outcome: Outcome = state.withLock { state in
          // What has come is still given after the queue is closed.
          if !state.events.isEmpty { return .event(state.events.removeFirst()) }
          if state.isClosed || Task.isCancelled { return .nothing }
          state.waiter = continuation
          return .waits
        }
        switch outcome {
        case .event(let event): continuation.resume(returning: event)
        case .nothing: continuation.resume(returning: nil)
        case .waits: break
        }
      }
    } onCancel: {
      close()
    }
  }

  /// Lets nobody wait any more; with `dropping`, forgets what nobody has taken.
  func close(dropping: Bool = false) {
    let waiter = state.withLock { state in
      state.isClosed = true
      if dropping { state.events = [] }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
  }

  func open() { state.withLock { $0.isClosed = false } }
}

/// Something that happened, by its type, with its data.
public struct WorkflowEvent: Sendable, Hashable {
  /// What tells it from all others of its run.
  public var id: String
  /// What kind of event it is.
  public var type: String
  /// What is known of it.
  public var data: Value
  /// When it came, in microseconds since 1970.
  public var time: Int64
  /// Where it came from: a webhook service, a handler; empty for whoever runs the workflow.
  public var source: String

  init(id: String, type: String, data: Value, time: Int64, source: String = "") {
    self.id = id
    self.type = type
    self.data = data
    self.time = time
    self.source = source
  }

  /// As handlers see it: `type`, `data`, `timestamp` in seconds, and `source` where there is one.
  public var jsonValue: Value {
    var record: Record = [
      "type": .string(type), "data": data, "timestamp": RunClock.seconds(time),
    ]
    if !source.isEmpty { record["source"] = .string(source) }
    return .object(record)
  }
}

extension WorkflowEvent {
  /// What a body that was posted to a webhook says: `{type, data}`, or the data of an event named `webhook`.
  init(posted body: Value, to service: String, id: String, time: Int64) {
    let type = (body["type"] ?? body["event"] ?? body["event_type"])?.stringValue
    self.init(
      id: id, type: type ?? "webhook", data: type == nil ? body : body["data"] ?? body, time: time,
      source: service)
  }
}
