internal import TrestleCore
internal import TrestleStore

/// A run of an event-driven workflow that a file describes: takes events one by one and does what their handlers say.
actor EventRun {
  let definition: WorkflowDefinition
  private let stage: WorkflowStage
  private let log: RunLog
  private nonisolated let inbox: EventInbox
  private(set) var context: Record
  /// By what the handlers' keys give.
  private(set) var counters: Record = [:]
  private var taken = 0
  private var failures: [String] = []
  private var unhandled: Record = [:]

  init(
    _ definition: WorkflowDefinition, stage: WorkflowStage, log: RunLog, inputs: Record,
    inbox: EventInbox
  ) {
    self.definition = definition
    self.stage = stage
    self.log = log
    self.inbox = inbox
    context = definition.context.merging(inputs)
  }

  /// Puts an event from outside into the queue.
  nonisolated func post(_ body: Value, to source: String) {
    inbox.post(body, to: source, at: log.clock.now)
  }

  /// Has the run end when the events are processed that wait.
  nonisolated func close() { queue.close() }

  private nonisolated var queue: EventQueue { inbox.queue }

  // MARK: Running

  /// Processes the events, each with all that its handlers emit, then those that wait in the queue.
  ///
  /// With `waits`, goes on until the queue is closed.
  func run(_ events: [Value], waits: Bool) async throws(WorkflowError) -> Value {
    for (number, event) in events.enumerated() {
      if let pause = event["after"]?.scalarText.flatMap({ Duration(written: $0) }),
        log.earlier("event#\(taken + 1)") == nil
      {
        try await stage.settings.clock.sleep(for: pause)
      }
      queue.put(
        WorkflowEvent(
          id: "given \(number + 1)", type: event["type"]?.scalarText ?? "",
          data: event["data"] ?? .emptyObject, time: log.clock.now))
      try await processWaiting()
    }
    // What had come from outside in an earlier part of the run, and was taken.
    while log.earlier("event#\(taken + 1)") != nil { try await processNext(nil) }
    if waits {
      while let event = await queue.next() {
        try await processNext(event)
        try await processWaiting()
      }
      guard !Task.isCancelled else { throw WorkflowError(.cancelled, "the run was cancelled") }
    }
    try await processWaiting()
    guard failures.isEmpty else {
      throw WorkflowError(
        .failed,
        "\(failures.count) of the handlers' doings failed: \(failures.prefix(3).joined(separator: "; "))"
      )
    }
    return [
      "processed": .integer(Int64(taken)), "unhandled": .object(unhandled),
      "counters": .object(counters),
    ]
  }

  private func processWaiting() async throws(WorkflowError) {
    while let event = queue.take() { try await processNext(event) }
  }

  /// Processes an event; in a run that is resumed, the one that was taken at this place before.
  private func processNext(_ next: WorkflowEvent?) async throws(WorkflowError) {
    taken += 1
    guard taken <= definition.stepLimit else {
      throw WorkflowError(
        .limit, "\(definition.name) took \(definition.stepLimit) events and did not end",
        hint: "do its handlers emit what they handle? step_limit: allows more")
    }
    let key = "event#\(taken)"
    var event = next
    if let earlier = log.earlier(key) {
      let kept = WorkflowEvent(
        id: earlier.call["id"]?.stringValue ?? "", type: earlier.name,
        data: earlier.call["data"] ?? .null, time: earlier.began, source: earlier.owner)
      if let next, next.id != kept.id {
        // Another came first then.
        queue.put(next)
        queue.remove(kept.id)
      }
      event = kept
    }
    guard let event else { return }
    try await log.end(
      RunStep(
        key: key, name: event.type, kind: "event", owner: event.source, began: event.time,
        call: ["id": .string(event.id), "data": event.data], before: context))
    let handlers = definition.handlers.filter { $0.event == event.type }
    guard !handlers.isEmpty else {
      unhandled[event.type] = .integer((unhandled[event.type]?.integerValue ?? 0) + 1)
      return
    }
    for handler in handlers {
      do throws(WorkflowError) {
        try await handle(event, by: handler, key: "\(key)/\(handler.name)")
      } catch {
        guard error.kind != .cancelled else { throw error }
        // A handler that cannot be done stops none of the others.
        failures.append("\(handler.name): \(error.message)")
        try await log.end(
          RunStep(
            key: "\(key)/\(handler.name)", name: handler.name, kind: "handler", owner: event.type,
            status: .failed, began: log.clock.now, reply: ["error": .string(error.message)],
            before: context))
      }
    }
  }

  private func handle(
    _ event: WorkflowEvent, by handler: HandlerDefinition, key: String
  ) async throws(WorkflowError) {
    let group = try self.group(of: event, for: handler)
    var counted = counters[group]?.objectValue
    if !handler.counts.isEmpty {
      let environment = environment(event, counted ?? [:])
      for (name, by) in handler.counts {
        // Of what is not known nothing is counted.
        guard let amount = try number(by, in: environment, of: name) else { continue }
        let sum = try Self.sum(counted?[name] ?? .integer(0), amount)
        counted = (counted ?? [:]).merging([name: sum])
      }
      if let counted { counters[group] = .object(counted) }
    }
    var environment = environment(event, counted)
    guard try stage.holds(handler.condition, in: environment) else { return }
    for (service, responses) in handler.stubs {
      var record = Record()
      for (endpoint, response) in responses {
        record[endpoint] = try stage.fill(response, in: environment, typed: true)
      }
      try await stage.mocks.setResponses(
        record, at: try stage.url(of: service), scope: stage.settings.scope)
    }
    var results: Record = [:]
    for action in handler.actions {
      let effect = try await StepExecution(stage: stage, log: log)
        .run(action, key: "\(key)/\(action.name)", owner: event.type, in: environment)
      context = context.merging(effect.updates)
      environment.context = context
      results[action.name] = effect.outcome.output ?? .null
      environment.facts["steps"] = .object(results)
      if case .emit = action.work, !effect.isSkipped, let emitted = effect.outcome.output {
        queue.put(
          WorkflowEvent(
            id: "\(key)/\(action.name)", type: emitted["type"]?.stringValue ?? "",
            data: emitted["data"] ?? .null, time: log.clock.now, source: handler.name))
      }
      guard effect.outcome.isSuccess || action.continuesOnFailure else {
        throw WorkflowError(.failed, "\(action.name) failed: \(effect.outcome.reason)")
      }
    }
  }

  private func group(
    of event: WorkflowEvent, for handler: HandlerDefinition
  ) throws(WorkflowError) -> String {
    guard let key = handler.key else { return "" }
    do throws(ExpressionError) {
      return try key.evaluate(in: environment(event, nil))?.scalarText ?? ""
    } catch {
      throw WorkflowError(
        .invalid, "\(handler.name): its key cannot be worked out: \(error.reason)")
    }
  }

  /// `counters` are absent for a key of which nothing was counted yet.
  private func environment(_ event: WorkflowEvent, _ counted: Record?) -> RunEnvironment {
    var facts: [String: Value] = ["event": event.jsonValue]
    if let counted { facts["counters"] = .object(counted) }
    return RunEnvironment(context: context, facts: facts, generators: stage.generators)
  }

  private func number(
    _ expression: Expression, in environment: RunEnvironment, of name: String
  ) throws(WorkflowError) -> Value? {
    do throws(ExpressionError) {
      guard let value = try expression.evaluate(in: environment), value.isCounted else {
        return nil
      }
      return value
    } catch {
      throw WorkflowError(.invalid, "\(name) cannot be counted: \(error.reason)", hint: error.hint)
    }
  }

  private static let addition = try? Expression("left + right")

  private static func sum(_ left: Value, _ right: Value) throws(WorkflowError) -> Value {
    let environment = RunEnvironment(context: ["left": left, "right": right])
    do throws(ExpressionError) {
      return try addition?.evaluate(in: environment) ?? left
    } catch {
      throw WorkflowError(.invalid, error.reason, hint: error.hint)
    }
  }
}

extension Value {
  /// Whether it is something to add: what is false or null is not.
  fileprivate var isCounted: Bool { !isNull && boolValue != false }
}
