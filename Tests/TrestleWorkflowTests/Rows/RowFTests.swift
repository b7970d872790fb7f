import Testing
import TrestleCore
import TrestleStore

@testable import TrestleWorkflow

/// The monitoring of AI models, as a class of the library and as the file that is shipped: both are to do the same.
@Suite("F: the monitoring of AI models", .timeLimit(.minutes(2)))
struct RowFTests {
  enum Form: CaseIterable { case library, file }

  /// What came of some events.
  struct Outcome {
    /// The data of the alerts that were emitted.
    var alerts: [Value] = []
    /// Of each model: predictions, errors, total latency.
    var metrics: [String: [Double]] = [:]
    /// What the alerts service gives at /alert behind it.
    var alert: Value?
  }

  private func outcome(_ form: Form, _ events: [(String, Value)]) async throws -> Outcome {
    switch form {
    case .library: try await libraryOutcome(events)
    case .file: try await fileOutcome(events)
    }
  }

  private func libraryOutcome(_ events: [(String, Value)]) async throws -> Outcome {
    try await withMocks { mocks in
      let monitoring = AIModelMonitoringWorkflow(mocks: mocks)
      try await monitoring.setup()
      var outcome = Outcome()
      let alerts = Signal<Value>()
      await monitoring.events.registerEventHandler("performance_alert") { event in
        alerts.send(event["data"] ?? .null)
      }
      for (type, data) in events { monitoring.events.emitEvent(type, data: data) }
      await monitoring.events.processQueuedEvents()
      alerts.send(.null)
      while let alert = await alerts.first(1).first, !alert.isNull { outcome.alerts.append(alert) }
      outcome.metrics = await monitoring.modelMetrics.mapValues {
        [Double($0.predictions), Double($0.errors), $0.totalLatency]
      }
      outcome.alert = try await RawHTTP.get(
        "/alert", port: mocks.port(of: "ai_model_monitoring_webhook_alerts")
      ).json
      #expect(await monitoring.events.handlerFailures.isEmpty)
      return outcome
    }
  }

  private func fileOutcome(_ events: [(String, Value)]) async throws -> Outcome {
    let definition = try WorkflowDefinition.load(ExampleWorkflows.path("ai_model_monitoring.yaml"))
    let (listening, processed) = (Signal<Int>(), Signal<Int>())
    var options = WorkflowOptions(usesFreePorts: true, events: [], waitsForEvents: true)
    options.onListening = { mocks in
      listening.send(mocks.first { $0.id == "ai_model_monitoring_webhook_alerts" }?.port ?? 0)
    }
    options.observe = { event in
      if case .ended(let step) = event, step.kind == "event", step.name == "end" {
        processed.send(1)
      }
    }
    let run = WorkflowRun(definition, options: options)
    async let running = run.run()
    let port = await listening.first(1).first ?? 0
    let posted = events + [("end", [:])]
    for (type, data) in posted {
      let body = JSONWriter.text(["type": .string(type), "data": data])
      let answer = try await RawHTTP.post("/webhook", body, port: port)
      #expect(answer.status == 200)
    }
    _ = await processed.first(1)
    var outcome = Outcome()
    outcome.alert = try await RawHTTP.get("/alert", port: port).json
    run.finish()
    let result = try await running
    #expect(result.error == nil)
    outcome.alerts = result.steps.filter { $0.kind == "event" && $0.name == "performance_alert" }
      .map { $0.call["data"] ?? .null }
    for member in result.counters {
      outcome.metrics[member.name] = ["predictions", "errors", "total_latency"].map {
        member.value[$0]?.scalarText.flatMap { Double($0) } ?? 0
      }
    }
    return outcome
  }

  private func isClose(
    _ alert: Value?, _ model: String, _ type: String, _ value: Double, _ threshold: Double
  ) -> Bool {
    func number(_ name: String) -> Double? { alert?[name]?.scalarText.flatMap { Double($0) } }
    return alert?.objectValue?.names == ["model_id", "alert_type", "value", "threshold"]
      && alert?["model_id"] == .string(model) && alert?["alert_type"] == .string(type)
      && number("value").map { abs($0 - value) < 1e-9 } == true && number("threshold") == threshold
  }

  @Test("F1: its name and thresholds are those of the document, and can be others")
  func constants() async throws {
    let monitoring = AIModelMonitoringWorkflow()
    #expect(monitoring.events.workflowName == "ai_model_monitoring")
    let thresholds = await monitoring.alertThresholds
    #expect(thresholds.accuracy == 0.85)
    #expect(thresholds.latencyMilliseconds == 1000)
    #expect(thresholds.errorRate == 0.05)
    let file = try WorkflowDefinition.load(ExampleWorkflows.path("ai_model_monitoring.yaml"))
    #expect(file.name == "ai_model_monitoring")
    #expect(
      JSONWriter.text(file.context["alert_thresholds"] ?? .null)
        == #"{"accuracy":0.85,"latency_ms":1000,"error_rate":0.05}"#)
    var others = thresholds
    others.latencyMilliseconds = 10
    let strict = AIModelMonitoringWorkflow(alertThresholds: others)
    #expect(await strict.alertThresholds.latencyMilliseconds == 10)
  }

  @Test("F1: other thresholds hold")
  func overridden() async throws {
    try await withMocks { mocks in
      var thresholds = AIModelMonitoringWorkflow.AlertThresholds()
      thresholds.latencyMilliseconds = 10
      let monitoring = AIModelMonitoringWorkflow(mocks: mocks, alertThresholds: thresholds)
      try await monitoring.setup()
      monitoring.events.emitEvent("model_prediction", data: ["model_id": "m", "latency_ms": 11])
      await monitoring.events.processQueuedEvents()
      #expect(await monitoring.events.unhandledEvents == ["performance_alert": 1])
    }
  }

  @Test("F2: setting up starts metrics and alerts, and registers three handlers")
  func setUp() async throws {
    try await withMocks { mocks in
      let monitoring = AIModelMonitoringWorkflow(mocks: mocks)
      try await monitoring.setup()
      #expect(
        await mocks.mocks.map(\.id) == [
          "ai_model_monitoring_webhook_metrics", "ai_model_monitoring_webhook_alerts",
        ])
      #expect(await monitoring.events.webhookServers.keys.sorted() == ["alerts", "metrics"])
      #expect(
        await monitoring.events.handlerCounts == [
          "model_prediction": 1, "model_error": 1, "performance_metric": 1,
        ])
    }
    let file = try WorkflowDefinition.load(ExampleWorkflows.path("ai_model_monitoring.yaml"))
    #expect(file.webhooks.map(\.name) == ["metrics", "alerts"])
    #expect(file.webhooks.map(\.port) == [8001, 8002])
  }

  @Test(
    "F3: an average above the threshold is told; one that is the threshold is not",
    arguments: Form.allCases)
  func latency(form: Form) async throws {
    let quiet = try await outcome(
      form,
      [
        ("model_prediction", ["model_id": "m1", "latency_ms": 1000]),
        ("model_prediction", ["model_id": "m1", "latency_ms": 1000]),
        ("model_prediction", ["model_id": "m2"]),
      ])
    #expect(quiet.alerts == [])
    #expect(quiet.metrics == ["m1": [2, 0, 2000], "m2": [1, 0, 0]])
    let loud = try await outcome(
      form,
      [
        ("model_prediction", ["model_id": "m1", "latency_ms": 1001]),
        ("model_prediction", ["model_id": "m2", "latency_ms": 5]),
        ("model_prediction", ["model_id": "m1", "latency_ms": 1002]),
        ("model_prediction", ["model_id": "m1"]),
      ])
    #expect(loud.alerts.count == 2)
    #expect(isClose(loud.alerts.first, "m1", "high_latency", 1001, 1000))
    #expect(isClose(loud.alerts.last, "m1", "high_latency", 1001.5, 1000))
    #expect(loud.metrics == ["m1": [3, 0, 2003], "m2": [1, 0, 5]])
  }

  @Test(
    "F4: errors of known models are counted, and told above their threshold; others are ignored",
    arguments: Form.allCases)
  func errors(form: Form) async throws {
    let predictions = (0..<20).map { _ in ("model_prediction", ["model_id": "m1"] as Value) }
    let quiet = try await outcome(
      form,
      [("model_error", ["model_id": "unheard"])] + predictions
        + [("model_error", ["model_id": "m1"])])
    // One of twenty is the threshold exactly.
    #expect(quiet.alerts == [])
    #expect(quiet.metrics == ["m1": [20, 1, 0]])
    let loud = try await outcome(
      form,
      predictions + [("model_error", ["model_id": "m1"]), ("model_error", ["model_id": "m1"])])
    #expect(loud.alerts.count == 1)
    #expect(isClose(loud.alerts.first, "m1", "high_error_rate", 0.1, 0.05))
    #expect(loud.metrics == ["m1": [20, 2, 0]])
  }

  @Test(
    "F5: an accuracy below the threshold is told by the alerts service", arguments: Form.allCases)
  func accuracy(form: Form) async throws {
    let quiet = try await outcome(
      form,
      [
        ("performance_metric", ["metric_type": "accuracy", "value": 0.85, "model_id": "m1"]),
        ("performance_metric", ["metric_type": "recall", "value": 0.1, "model_id": "m1"]),
      ])
    #expect(quiet.alert == ["alert": false])
    let loud = try await outcome(
      form,
      [("performance_metric", ["metric_type": "accuracy", "value": 0.84, "model_id": "m1"])])
    #expect(
      loud.alert.map { JSONWriter.text($0) }
        == #"{"alert":true,"type":"low_accuracy","model_id":"m1","accuracy":0.84}"#)
    #expect(loud.alerts == [])
  }

  @Test("F6: an alert is delivered to a webhook of whoever wants it")
  func delivered() async throws {
    try await RawPeer.run { peer, port in
      try await withMocks { mocks in
        let monitoring = AIModelMonitoringWorkflow(mocks: mocks)
        try await monitoring.setup()
        await monitoring.events.deliverEvents(
          "performance_alert", to: "http://127.0.0.1:\(port)/pager")
        monitoring.events.emitEvent(
          "model_prediction", data: ["model_id": "m1", "latency_ms": 2000])
        await monitoring.events.processQueuedEvents()
        #expect(await monitoring.events.handlerFailures.isEmpty)
        #expect(await monitoring.events.unhandledEvents == [:])
        await monitoring.events.stop()
      }
      let request = try #require(peer.requests.first)
      #expect(peer.requests.count == 1)
      #expect(request.method == "POST")
      #expect(request.target == "/pager")
      let event = try JSONParser.parse(request.body)
      #expect(event["type"] == "performance_alert")
      #expect(isClose(event["data"], "m1", "high_latency", 2000, 1000))
      #expect(event["timestamp"] != nil)
    }
  }

  @Test("F6: a delivery that is refused is a failure of its handler")
  func refused() async throws {
    try await RawPeer.run({ _ in .init(status: 503) }) { peer, port in
      let workflow = EventDrivenAIWorkflow(workflowName: "w")
      await workflow.deliverEvents("a", to: "http://127.0.0.1:\(port)/pager")
      workflow.emitEvent("a", data: [:])
      await workflow.processQueuedEvents()
      #expect(await workflow.handlerFailures.count == 1)
      #expect(await workflow.handlerFailures.first?.reason.contains("503") == true)
      await workflow.stop()
    }
  }
}
