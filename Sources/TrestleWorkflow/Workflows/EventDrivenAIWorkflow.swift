internal import Synchronization
internal import TrestleCore

/// A workflow of handlers, which are called as events come.
///
///     let workflow = EventDrivenAIWorkflow(workflowName: "monitoring")
///     try await workflow.setupWebhookService("metrics", port: 8001)
///     await workflow.registerEventHandler("model_error") { event in … }
///     async let processing: Void = workflow.startEventProcessing()
///     await workflow.emitEvent("model_error", data: ["model_id": "m1"])
public actor EventDrivenAIWorkflow {
  /// What is called with an event: `{type, data, timestamp}`.
  public typealias Handler = @Sendable (Value) async throws -> Void

  /// A handler that threw.
  public struct HandlerFailure: Sendable, Hashable {
    /// The event's type.
    public var event: String
    /// Which of the handlers of its type, from 1.
    public var position: Int
    /// What it threw, in words.
    public var reason: String
  }

  /// Its name, which the names of its mocks begin with.
  public nonisolated let workflowName: String
  /// The mocks of its webhook services.
  public nonisolated let mockLoop: MockLoopClient
  /// Where the webhook services are, by their names.
  public private(set) var webhookServers: [String: String] = [:]
  /// Whether events are being processed.
  public private(set) var running = false
  /// How many handlers each type of event has.
  public var handlerCounts: [String: Int] { handlers.mapValues(\.count) }
  /// The handlers that threw, in order.
  public private(set) var handlerFailures: [HandlerFailure] = []
  /// How often events came that no handler is for, by type.
  public private(set) var unhandledEvents: [String: Int] = [:]
  /// How many events were processed.
  public private(set) var processedCount = 0
  private var handlers: [String: [Handler]] = [:]
  private nonisolated let queue = EventQueue()
  private nonisolated let clock: RunClock
  private nonisolated let numbers = Mutex(0)
  private let client = ServiceClient()

  /// A workflow without handlers.
  public init(workflowName: String, mocks: MockLoopClient = MockLoopClient()) {
    self.workflowName = workflowName
    mockLoop = mocks
    clock = RunClock()
  }

  /// The events that wait to be processed.
  public nonisolated var queuedEvents: [WorkflowEvent] { queue.waiting }

  /// Starts a service that takes events: `POST /webhook` puts one into the queue, and is answered with
  /// `{status: received, timestamp}`. Its mock is named `WORKFLOW_webhook_SERVICE`.
  ///
  /// - Throws: `WorkflowError` for a specification that is not there, and a port that is taken.
  public func setupWebhookService(
    _ serviceName: String, port: Int? = nil, spec: String = "./webhook-api.yaml"
  ) async throws(WorkflowError) {
    let id = "\(workflowName)_webhook_\(serviceName)"
    let mock = try await mockLoop.generateMockAPI(
      specURLOrPath: spec, outputDirName: id, port: port)
    webhookServers[serviceName] = mock.url
    try await mockLoop.setResponses(Self.receipt, at: id)
    mockLoop.observe { [weak self] event in
      guard let self, event.system == id, let body = event.postedToWebhook else { return }
      queue.put(
        WorkflowEvent(posted: body, to: serviceName, id: makeID(), time: clock.now))
    }
  }

  /// What a webhook service answers.
  static let receipt: Record = [
    "/webhook": ["status": "received", "timestamp": "{{timestamp}}"]
  ]

  private nonisolated func makeID() -> String {
    let number = numbers.withLock { number in
      number += 1
      return number
    }
    return "event \(number)"
  }

  // MARK: Handlers

  /// Has a handler called for events of a type, behind those that are registered already; the same one may be
  /// registered several times.
  public func registerEventHandler(_ eventType: String, _ handler: @escaping Handler) {
    handlers[eventType, default: []].append(handler)
  }

  /// Puts an event into the queue, and gives it.
  @discardableResult
  public nonisolated func emitEvent(_ eventType: String, data: Value) -> WorkflowEvent {
    let event = WorkflowEvent(id: makeID(), type: eventType, data: data, time: clock.now)
    queue.put(event)
    return event
  }

  /// Delivers events of a type to a webhook: `POST` of `{type, data, timestamp}`.
  public func deliverEvents(_ eventType: String, to url: String) {
    registerEventHandler(eventType) { [client] event in
      do throws(TransportError) {
        let response = try await client.send(
          "POST", url, body: event, headers: [:], timeout: .seconds(30))
        guard (200..<300).contains(response.status) else {
          throw TransportError(
            kind: .protocolViolation, reason: "\(url) answered with \(response.status)")
        }
      } catch {
        throw WorkflowError(.unreachable, error.reason, hint: error.hint)
      }
    }
  }

  // MARK: Processing

  /// Processes events as they come, until `stopEventProcessing` or the task is cancelled. A handler that throws stops
  /// nothing: it is counted.
  public func startEventProcessing() async {
    guard !running else { return }
    running = true
    queue.open()
    while let event = await queue.next() {
      await processEvent(event)
    }
    running = false
  }

  /// Calls the handlers of an event's type, in the order in which they were registered.
  public func processEvent(_ event: WorkflowEvent) async {
    processedCount += 1
    guard let handlers = handlers[event.type], !handlers.isEmpty else {
      unhandledEvents[event.type, default: 0] += 1
      return
    }
    for (position, handler) in handlers.enumerated() {
      do {
        try await handler(event.jsonValue)
      } catch {
        handlerFailures.append(
          HandlerFailure(event: event.type, position: position + 1, reason: "\(error)"))
      }
    }
  }

  /// Processes the events that wait, and those that their handlers emit, until there are none.
  public func processQueuedEvents() async {
    while let event = queue.take() { await processEvent(event) }
  }

  /// Stops the processing at once, after the event that is being processed. The events that wait are dropped, or with
  /// `drains` processed before. Doing it again changes nothing.
  public func stopEventProcessing(drains: Bool = false) {
    if !drains { running = false }
    queue.close(dropping: !drains)
  }

  /// Stops the mocks and closes all connections.
  public func stop() async {
    stopEventProcessing()
    await client.shutdown()
    await mockLoop.stop()
  }
}

extension MockEvent {
  /// The body of a request to `/webhook`; nil for any other.
  var postedToWebhook: Value? {
    // What was refused was not taken.
    guard error == nil, let reply, reply.fault == nil, reply.misbehaviour == nil,
      let request = call?.request, request.method == "POST",
      request.target.prefix(while: { $0 != "?" }).hasSuffix("/webhook")
    else { return nil }
    return (try? JSONParser.parse(request.body)) ?? .object(call?.parameters ?? [:])
  }
}
