internal import TrestleCore

/// Watches AI models by the events that they send: how long predictions take, how many fail, how accurate they are.
///
///     let monitoring = AIModelMonitoringWorkflow()
///     try await monitoring.setup()
///     await monitoring.events.emitEvent(
///       "model_prediction", data: ["model_id": "m1", "latency_ms": 1800])
public actor AIModelMonitoringWorkflow {
  /// Beyond what it tells.
  public struct AlertThresholds: Sendable, Hashable {
    /// Below it, the alerts service tells of low accuracy.
    public var accuracy = 0.85
    /// Milliseconds on average, above which an alert is emitted.
    public var latencyMilliseconds = 1000.0
    /// Errors for each prediction, above which an alert is emitted.
    public var errorRate = 0.05

    /// The thresholds that hold where nothing else is said.
    public init() {}
  }

  /// What is known of a model.
  public struct ModelMetrics: Sendable, Hashable {
    /// How many predictions it made.
    public var predictions = 0
    /// How many of them failed.
    public var errors = 0
    /// How long all of them took together, in milliseconds.
    public var totalLatency = 0.0
  }

  /// The workflow under it.
  public nonisolated let events: EventDrivenAIWorkflow
  /// What is known of each model, by its ID.
  public private(set) var modelMetrics: [String: ModelMetrics] = [:]
  /// Beyond what it tells.
  public var alertThresholds: AlertThresholds
  private let ports: (metrics: Int?, alerts: Int?)

  /// A workflow named `ai_model_monitoring`, which takes metrics on port 8001 and tells alerts on 8002.
  public init(
    mocks: MockLoopClient = MockLoopClient(), alertThresholds: AlertThresholds = AlertThresholds(),
    metricsPort: Int? = 8001, alertsPort: Int? = 8002
  ) {
    events = EventDrivenAIWorkflow(workflowName: "ai_model_monitoring", mocks: mocks)
    self.alertThresholds = alertThresholds
    ports = (metricsPort, alertsPort)
  }

  /// Starts the two services and registers the three handlers.
  ///
  /// - Throws: `WorkflowError` for a specification that is not there, and a port that is taken.
  public func setup() async throws(WorkflowError) {
    try await events.setupWebhookService("metrics", port: ports.metrics)
    try await events.setupWebhookService("alerts", port: ports.alerts)
    await events.registerEventHandler("model_prediction") { [weak self] event in
      await self?.handlePrediction(event["data"] ?? .null)
    }
    await events.registerEventHandler("model_error") { [weak self] event in
      await self?.handleError(event["data"] ?? .null)
    }
    await events.registerEventHandler("performance_metric") { [weak self] event in
      try await self?.handleMetric(event["data"] ?? .null)
    }
  }

  /// Changes the thresholds.
  public func setAlertThresholds(_ thresholds: AlertThresholds) { alertThresholds = thresholds }

  private func handlePrediction(_ data: Value) {
    guard let model = data["model_id"]?.scalarText else { return }
    var metrics = modelMetrics[model] ?? ModelMetrics()
    metrics.predictions += 1
    metrics.totalLatency += Self.number(data["latency_ms"]) ?? 0
    modelMetrics[model] = metrics
    let average = metrics.totalLatency / Double(metrics.predictions)
    guard average > alertThresholds.latencyMilliseconds else { return }
    alert(model, "high_latency", average, alertThresholds.latencyMilliseconds)
  }

  private func handleError(_ data: Value) {
    guard let model = data["model_id"]?.scalarText, var metrics = modelMetrics[model] else {
      return
    }
    metrics.errors += 1
    modelMetrics[model] = metrics
    guard metrics.predictions > 0 else { return }
    let rate = Double(metrics.errors) / Double(metrics.predictions)
    guard rate > alertThresholds.errorRate else { return }
    alert(model, "high_error_rate", rate, alertThresholds.errorRate)
  }

  private func alert(_ model: String, _ type: String, _ value: Double, _ threshold: Double) {
    events.emitEvent(
      "performance_alert",
      data: [
        "model_id": .string(model), "alert_type": .string(type), "value": .double(value),
        "threshold": .double(threshold),
      ])
  }

  private func handleMetric(_ data: Value) async throws(WorkflowError) {
    guard data["metric_type"]?.stringValue == "accuracy", let accuracy = data["value"],
      let number = Self.number(accuracy), number < alertThresholds.accuracy
    else { return }
    guard let alerts = await events.webhookServers["alerts"] else {
      throw .unknownService("alerts", among: await events.webhookServers.keys.sorted())
    }
    try await events.mockLoop.manageMockData(
      serverURL: alerts, endpointPath: "/alert",
      responseData: [
        "alert": true, "type": "low_accuracy", "model_id": data["model_id"] ?? .null,
        "accuracy": accuracy,
      ])
  }

  private static func number(_ value: Value?) -> Double? {
    value?.scalarText.flatMap { Double($0) }
  }
}
