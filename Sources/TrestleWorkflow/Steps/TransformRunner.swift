internal import TrestleCore

/// Makes other data of data.
struct TransformRunner {
  let stage: WorkflowStage
  let limit: Duration

  /// What a transform comes to; one that cannot be done failed.
  func outcome(
    of transform: DataTransform, in environment: RunEnvironment
  ) async throws(WorkflowError) -> StepOutcome {
    // In a flow, what the step before gave.
    var input = environment.facts["input"] ?? .object(environment.context)
    if let own = transform.input { input = try stage.fill(own, in: environment, typed: true) }
    if let from = transform.from {
      do throws(ExpressionError) {
        input = try from.evaluate(in: environment) ?? .null
      } catch {
        throw WorkflowError(.invalid, error.reason, hint: error.hint)
      }
    }
    return try await outcome(of: transform.way, on: input, in: environment)
  }

  /// What a way makes of data.
  func outcome(
    of way: DataTransform.Way, on input: Value, in environment: RunEnvironment
  ) async throws(WorkflowError) -> StepOutcome {
    var inside = environment
    inside.facts["input"] = input
    // Paths may begin in the data itself: `order.id` rather than `input.order.id`.
    for member in input.objectValue ?? [:] where inside.facts[member.name] == nil {
      inside.facts[member.name] = member.value
    }
    switch way {
    case .same: return StepOutcome(isSuccess: true, output: input, call: input)
    case .map(let members):
      var record = Record()
      for (name, expression) in members {
        do throws(ExpressionError) {
          // What is not there is left out.
          if let value = try expression.evaluate(in: inside) { record[name] = value }
        } catch {
          return StepOutcome(
            isSuccess: false, error: "\(name) cannot be worked out: \(error.reason)", call: input)
        }
      }
      return StepOutcome(isSuccess: true, output: .object(record), call: input)
    case .template(let template):
      let output = try stage.fill(template, in: inside, typed: true)
      return StepOutcome(isSuccess: true, output: output, call: input)
    case .xml(let root):
      do throws(LoadError) {
        let text = try PlainXML.text(of: input, root: root)
        return StepOutcome(isSuccess: true, output: .string(text), call: input)
      } catch {
        return StepOutcome(isSuccess: false, error: error.description, call: input)
      }
    case .json: return json(input)
    case .service(let service, let endpoint):
      return await call(
        try stage.url(of: service) + endpoint, with: input, config: [:])
    }
  }

  /// A text of XML or JSON, read.
  private func json(_ input: Value) -> StepOutcome {
    guard let text = input.stringValue else {
      return StepOutcome(isSuccess: true, output: input, call: input)
    }
    do {
      let first = text.first { !$0.isWhitespace }
      let value = first == "<" ? try PlainXML.value(of: text) : try JSONParser.parse(text)
      return StepOutcome(isSuccess: true, output: value, call: input)
    } catch {
      return StepOutcome(isSuccess: false, error: "\(error)", call: input)
    }
  }

  /// What a transform service answers to data.
  func call(_ url: String, with data: Value, config: Value) async -> StepOutcome {
    var headers = Headers()
    stage.mark(&headers)
    let body: Value = ["data": data, "config": config]
    var outcome = await StepRunner(stage: stage).exchange(
      "POST", url, body, headers, limit, ["method": "POST", "url": .string(url), "data": body])
    if outcome.statusCode == 200, let transformed = outcome.output?["transformed_data"] {
      outcome.output = transformed
      return outcome
    }
    let text = outcome.output.map { $0.stringValue ?? JSONWriter.text($0) } ?? outcome.error ?? ""
    outcome.isSuccess = false
    outcome.error = "Data transformation failed: \(text)"
    return outcome
  }
}
