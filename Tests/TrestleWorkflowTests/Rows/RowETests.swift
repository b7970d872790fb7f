import Testing
import TrestleCore

@testable import TrestleWorkflow

@Suite("E: workflows of events", .timeLimit(.minutes(2)))
struct RowETests {
  private struct Broken: Error, CustomStringConvertible {
    var description: String { "broken on purpose" }
  }

  @Test("E1: handlers, webhook servers, the queue and whether it runs can be looked at")
  func inspected() async throws {
    let workflow = EventDrivenAIWorkflow(workflowName: "monitor")
    #expect(workflow.workflowName == "monitor")
    #expect(await workflow.handlerCounts == [:])
    #expect(await workflow.webhookServers == [:])
    #expect(workflow.queuedEvents.isEmpty)
    #expect(await !workflow.running)
    await workflow.registerEventHandler("a") { _ in }
    workflow.emitEvent("a", data: ["n": 1])
    #expect(await workflow.handlerCounts == ["a": 1])
    #expect(workflow.queuedEvents.map(\.type) == ["a"])
  }

  @Test("E2: a webhook service answers that it received, at the time at which it did")
  func webhook() async throws {
    try await withMocks { mocks in
      let workflow = EventDrivenAIWorkflow(workflowName: "monitor", mocks: mocks)
      try await workflow.setupWebhookService("metrics")
      let port = await mocks.port(of: "monitor_webhook_metrics")
      #expect(await workflow.webhookServers == ["metrics": "http://localhost:\(port)"])
      let before = WallTime.now.milliseconds
      let answer = try await RawHTTP.post("/webhook", #"{"type": "a", "data": {}}"#, port: port)
      let after = WallTime.now.milliseconds
      #expect(answer.status == 200)
      #expect(answer.json?["status"] == "received")
      #expect(answer.json?.objectValue?.names == ["status", "timestamp"])
      let text = try #require(answer.json?["timestamp"]?.stringValue)
      let time = try #require(WallTime(iso8601: text)).milliseconds
      #expect(time >= before - 1000 && time <= after + 1000)
      // It is rendered for each request, not once.
      var texts: Set<String> = [text]
      for _ in 0..<200 where texts.count == 1 {
        let next = try await RawHTTP.post("/webhook", #"{"type": "a"}"#, port: port)
        texts.insert(next.json?["timestamp"]?.stringValue ?? "")
      }
      #expect(texts.count == 2)
    }
  }

  @Test("E2: what is posted to a webhook becomes an event")
  func webhookEvents() async throws {
    try await withMocks { mocks in
      let workflow = EventDrivenAIWorkflow(workflowName: "monitor", mocks: mocks)
      try await workflow.setupWebhookService("metrics")
      try await workflow.setupWebhookService("alerts")
      let came = Signal<Value>()
      for type in ["model_error", "webhook"] {
        await workflow.registerEventHandler(type) { came.send($0) }
      }
      async let processing: Void = workflow.startEventProcessing()
      let metrics = await mocks.port(of: "monitor_webhook_metrics")
      _ = try await RawHTTP.post(
        "/webhook", #"{"type": "model_error", "data": {"model_id": "m1"}}"#, port: metrics)
      let first = await came.first(1)
      #expect(first.first?["type"] == "model_error")
      #expect(first.first?["data"] == ["model_id": "m1"])
      #expect(first.first?["source"] == "metrics")
      let alerts = await mocks.port(of: "monitor_webhook_alerts")
      let untyped = try await RawHTTP.post("/webhook", #"{"n": 7}"#, port: alerts)
      try #require(untyped.status == 200)
      let second = await came.first(1)
      #expect(second.first?["type"] == "webhook")
      #expect(second.first?["data"] == ["n": 7])
      // Other paths are no events.
      _ = try await RawHTTP.get("/alert", port: alerts)
      await workflow.stopEventProcessing()
      await processing
      #expect(await workflow.processedCount == 2)
    }
  }

  @Test("E3: several handlers of a type are called in order, also the same one twice")
  func handlers() async throws {
    let workflow = EventDrivenAIWorkflow(workflowName: "w")
    let notes = Notes()
    let twice: EventDrivenAIWorkflow.Handler = { _ in notes.add("twice") }
    await workflow.registerEventHandler("a") { _ in notes.add("first") }
    await workflow.registerEventHandler("a", twice)
    await workflow.registerEventHandler("b") { _ in notes.add("other") }
    await workflow.registerEventHandler("a", twice)
    await workflow.registerEventHandler("a") { _ in notes.add("last") }
    #expect(await workflow.handlerCounts == ["a": 4, "b": 1])
    workflow.emitEvent("a", data: [:])
    await workflow.processQueuedEvents()
    #expect(notes.all == ["first", "twice", "twice", "last"])
  }

  @Test("E4: events are queued with their type, data and time, the first first")
  func emitted() async throws {
    let workflow = EventDrivenAIWorkflow(workflowName: "w")
    let before = Double(WallTime.now.milliseconds) / 1000
    for number in 1...3 as ClosedRange<Int64> {
      workflow.emitEvent("n\(number)", data: ["n": .integer(number)])
    }
    let after = Double(WallTime.now.milliseconds) / 1000
    let events = workflow.queuedEvents.map(\.jsonValue)
    #expect(events.map { $0["type"] } == ["n1", "n2", "n3"])
    #expect(events.map { $0["data"] } == [["n": 1], ["n": 2], ["n": 3]])
    for event in events {
      #expect(event.objectValue?.names == ["type", "data", "timestamp"])
      let time = try #require(event["timestamp"]?.scalarText.flatMap { Double($0) })
      #expect(time >= before - 0.01 && time <= after + 0.01)
    }
    let seen = Notes()
    for number in 1...3 {
      await workflow.registerEventHandler("n\(number)") { seen.add($0["type"]?.stringValue ?? "") }
    }
    await workflow.processQueuedEvents()
    #expect(seen.all == ["n1", "n2", "n3"])
    #expect(workflow.queuedEvents.isEmpty)
  }

  @Test("E5: processing takes events as they come, and stops at once: no second passes")
  func stops() async throws {
    let workflow = EventDrivenAIWorkflow(workflowName: "w")
    let came = Signal<Value>()
    await workflow.registerEventHandler("a") { came.send($0) }
    let clock = ContinuousClock()
    // Sixty stops of a loop that looks once a second would take a minute.
    let taken = try await clock.measure {
      for _ in 0..<60 {
        try await withThrowingDiscardingTaskGroup { group in
          group.addTask { await workflow.startEventProcessing() }
          workflow.emitEvent("a", data: [:])
          #expect(await came.first(1).count == 1)
          #expect(await workflow.running)
          await workflow.stopEventProcessing()
        }
        #expect(await !workflow.running)
      }
    }
    #expect(taken < .seconds(50))
    #expect(await workflow.processedCount == 60)
  }

  @Test("E5: a handler that throws stops neither the other handlers nor the loop, and is told")
  func failures() async throws {
    let workflow = EventDrivenAIWorkflow(workflowName: "w")
    let notes = Notes()
    await workflow.registerEventHandler("a") { _ in notes.add("before") }
    await workflow.registerEventHandler("a") { _ in throw Broken() }
    await workflow.registerEventHandler("a") { _ in notes.add("behind") }
    for _ in 0..<2 { workflow.emitEvent("a", data: [:]) }
    await workflow.processQueuedEvents()
    #expect(notes.all == ["before", "behind", "before", "behind"])
    #expect(
      await workflow.handlerFailures == [
        .init(event: "a", position: 2, reason: "broken on purpose"),
        .init(event: "a", position: 2, reason: "broken on purpose"),
      ])
    #expect(await workflow.processedCount == 2)
  }

  @Test(
    "E6: each handler has ended before the next begins, and events without handlers are counted")
  func awaited() async throws {
    let workflow = EventDrivenAIWorkflow(workflowName: "w")
    let notes = Notes()
    for name in ["one", "two"] {
      await workflow.registerEventHandler("a") { _ in
        notes.add("\(name) begins")
        for _ in 0..<20 { await Task.yield() }
        notes.add("\(name) ends")
      }
    }
    for type in ["a", "unheard", "other", "unheard"] { workflow.emitEvent(type, data: [:]) }
    await workflow.processQueuedEvents()
    #expect(notes.all == ["one begins", "one ends", "two begins", "two ends"])
    #expect(await workflow.unhandledEvents == ["unheard": 2, "other": 1])
    #expect(await workflow.handlerFailures.isEmpty)
    #expect(await workflow.processedCount == 4)
  }

  @Test(
    "E7: stopping drops the events that wait, or has them processed before; doing it again changes nothing",
    arguments: [false, true])
  func stopping(drains: Bool) async throws {
    let workflow = EventDrivenAIWorkflow(workflowName: "w")
    let (began, goesOn) = (Signal<Int>(), Signal<Int>())
    await workflow.registerEventHandler("first") { _ in
      began.send(1)
      _ = await goesOn.first(1)
    }
    await workflow.registerEventHandler("more") { _ in }
    for type in ["first", "more", "more"] { workflow.emitEvent(type, data: [:]) }
    async let processing: Void = workflow.startEventProcessing()
    _ = await began.first(1)
    for _ in 0..<3 { await workflow.stopEventProcessing(drains: drains) }
    if !drains { #expect(await !workflow.running) }
    goesOn.send(1)
    await processing
    #expect(await !workflow.running)
    #expect(await workflow.processedCount == (drains ? 3 : 1))
    #expect(workflow.queuedEvents.isEmpty)
    // It can be started again.
    workflow.emitEvent("more", data: [:])
    await workflow.processQueuedEvents()
    #expect(await workflow.processedCount == (drains ? 4 : 2))
  }

  @Test("E7: stopping what never ran changes nothing")
  func stoppedBefore() async throws {
    let workflow = EventDrivenAIWorkflow(workflowName: "w")
    await workflow.stopEventProcessing()
    await workflow.stopEventProcessing(drains: true)
    #expect(await !workflow.running)
    #expect(await workflow.processedCount == 0)
  }
}
