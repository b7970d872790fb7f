internal import TrestleCore
internal import TrestleNet

/// Runs one step: as often as it may be tried, no longer than it may take.
struct StepRunner {
  let stage: WorkflowStage

  /// What a step comes to. A call without an answer is a step that failed, no error.
  ///
  /// - Throws: `WorkflowError` for a step that cannot be run at all: an unknown service, a condition that cannot be
  ///   worked out, an unknown name under strictness.
  func outcome(
    of step: StepDefinition, in environment: RunEnvironment
  ) async throws(WorkflowError) -> StepOutcome {
    var pause = step.retry.pause
    var attempts = 0
    while true {
      attempts += 1
      var outcome = try await attempt(step, in: environment)
      outcome.attempts = attempts
      if outcome.isSuccess || attempts > step.retry.times { return outcome }
      try await stage.settings.clock.sleep(for: pause)
      pause *= 2
    }
  }

  private func attempt(
    _ step: StepDefinition, in environment: RunEnvironment
  ) async throws(WorkflowError) -> StepOutcome {
    let limit = step.timeout ?? stage.settings.timeout
    switch step.work {
    case .serviceCall(let call):
      return try await outcome(of: call, in: environment, within: limit)
    case .systemCall(let call):
      return try await outcome(of: call, in: environment, within: limit)
    case .condition(let condition):
      let holds = try stage.holds(condition, in: environment)
      return StepOutcome(isSuccess: holds, output: .bool(holds), call: .string(condition.text))
    case .transform(let transform):
      return try await TransformRunner(stage: stage, limit: limit)
        .outcome(of: transform, in: environment)
    case .emit(let type, let data):
      let data = try stage.fill(data, in: environment, typed: true)
      return StepOutcome(
        isSuccess: true, output: ["type": .string(type), "data": data],
        call: ["type": .string(type), "data": data])
    case .wait(let pause):
      try await stage.settings.clock.sleep(for: pause)
      return StepOutcome(isSuccess: true, call: ["wait": .string(pause.written)])
    case .nothing: return StepOutcome(isSuccess: true)
    }
  }

  // MARK: Services

  private func outcome(
    of call: ServiceCall, in environment: RunEnvironment, within limit: Duration
  ) async throws(WorkflowError) -> StepOutcome {
    guard ServiceCall.methods.contains(call.method) else { throw .unsupportedMethod(call.method) }
    var url = try call.service.map { (name) throws(WorkflowError) in try stage.url(of: name) } ?? ""
    if let own = call.url { url = try stage.fill(own, in: environment).scalarText ?? "" }
    url += try stage.fill(call.endpoint, in: environment).scalarText ?? ""
    if let query = call.query {
      url = Self.adding(try stage.fill(query, in: environment), to: url)
    }
    var body = try call.data.map { (data) throws(WorkflowError) in
      try stage.fill(data, in: environment)
    }
    // A request with data sends an object where none is said.
    if body == nil, ["POST", "PUT", "PATCH"].contains(call.method) { body = .emptyObject }
    var headers = Headers()
    for field in try stage.fill(call.headers, in: environment).objectValue ?? [:] {
      headers[field.name] = field.value.scalarText ?? JSONWriter.text(field.value)
    }
    stage.mark(&headers)
    let hasBody = !["GET", "HEAD"].contains(call.method)
    var sent: Record = ["method": .string(call.method), "url": .string(url)]
    if let service = call.service { sent["service"] = .string(service) }
    if hasBody, let body { sent["data"] = body }
    return await exchange(call.method, url, hasBody ? body : nil, headers, limit, .object(sent))
  }

  /// Sends a request and says what came of it.
  func exchange(
    _ method: String, _ url: String, _ body: Value?, _ headers: Headers, _ limit: Duration,
    _ sent: Value
  ) async -> StepOutcome {
    let (client, clock) = (stage.client, stage.settings.clock)
    let result = await clock.within(limit, calling: url, keepsLimit: true) {
      () async -> Result<WireResponse, TransportError> in
      do throws(TransportError) {
        return .success(
          try await client.send(
            method, url, body: body, headers: headers, timeout: clock.realLimit(limit)))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let response):
      return StepOutcome(
        isSuccess: (200..<300).contains(response.status), statusCode: response.status,
        output: response.data, call: sent)
    case .failure(let error):
      return StepOutcome(isSuccess: false, error: error.reason, call: sent)
    }
  }

  private static func adding(_ query: Value, to url: String) -> String {
    let pairs = (query.objectValue ?? [:]).map { member in
      "\(PercentEncoding.encoded(member.name))=\(PercentEncoding.encoded(member.value.scalarText ?? JSONWriter.text(member.value)))"
    }
    guard !pairs.isEmpty else { return url }
    return url + (url.contains("?") ? "&" : "?") + pairs.joined(separator: "&")
  }

  // MARK: Systems

  private func outcome(
    of call: SystemCall, in environment: RunEnvironment, within limit: Duration
  ) async throws(WorkflowError) -> StepOutcome {
    let operation = try stage.fill(call.operation, in: environment).scalarText ?? ""
    let parameters = try stage.fill(call.parameters, in: environment)
    let sent: Value = [
      "system": .string(call.system), "operation": .string(operation), "parameters": parameters,
    ]
    let (bridge, clock) = (stage.bridge, stage.settings.clock)
    let result = await clock.within(limit, calling: call.system, keepsLimit: false) {
      () async -> Result<Reply, TransportError> in
      do throws(BridgeError) {
        return .success(
          try await bridge.call(call.system, operation: operation, parameters: parameters))
      } catch {
        return .failure(TransportError(kind: .configuration, reason: error.description))
      }
    }
    switch result {
    case .success(let reply):
      switch reply.outcome {
      case .value(let value): return StepOutcome(isSuccess: true, output: value, call: sent)
      case .fault(let fault):
        return StepOutcome(
          isSuccess: false, output: fault.jsonValue,
          error: "\(call.system) answered with a fault: \(fault.message)", call: sent)
      }
    case .failure(let error):
      return StepOutcome(isSuccess: false, error: error.reason, call: sent)
    }
  }
}
