package import TrestleCore

extension TCPCodec {
  /// What the conversation says of connections.
  package var connectionPlan: ConnectionPlan {
    var plan = ConnectionPlan()
    let session = conversation.session
    plan.greetings = session.greetings
    plan.greeting = { greetingMessages }
    if let template = session.greeting {
      let constants = template.leaves.compactMap { place, leaf -> RequestPattern.Constant? in
        guard case .constant(let value) = leaf, value.scalarText != nil, !value.isNull else {
          return nil
        }
        return RequestPattern.Constant(path: layouts[0].place(place), value: value)
      }
      plan.mistakeInGreeting = { mistake(inGreeting: $0, constants) }
    }
    if !conversation.restarting.isEmpty {
      plan.willOpen = { generators.counters.reset(conversation.restarting) }
    }
    plan.opening = session.onConnect.compactMap(step)
    plan.closing = session.onDisconnect.compactMap(step)
    plan.heartbeat = session.heartbeat.flatMap { heartbeat in
      step(heartbeat.step).map {
        ConnectionPlan.Heartbeat(
          step: $0, every: heartbeat.every, timeout: heartbeat.timeout, misses: heartbeat.misses)
      }
    }
    if !conversation.unsolicited.isEmpty {
      let rules = Dictionary(
        conversation.unsolicited.map { ($0.operation, $0.answer) }, uniquingKeysWith: { $1 })
      let wanted = candidates.map { $0.filter { rules[$0.name] != nil } }
      plan.unsolicited = { unsolicited(in: $0, rules, wanted) }
    }
    plan.isOneShot = conversation.correlation.isByConnection
    plan.reconnect = conversation.reconnect
    plan.connections = conversation.connections
    return plan
  }

  /// What a mock sends when a connection opens: a message as declared, or empty ones that are counted
  /// and no more.
  private var greetingMessages: [WireResponse] {
    let scope = CallScope(parameters: [:], message: .null, generators: generators)
    guard let template = conversation.session.greeting else {
      return [WireResponse](repeating: WireResponse(), count: conversation.session.greetings)
    }
    guard let message = try? template.value(in: scope),
      let body = try? layouts.first?.encode(message)
    else { return [] }
    return [WireResponse(body: body)]
  }

  /// What is wrong with a greeting that should hold certain values.
  private func mistake(
    inGreeting response: WireResponse, _ constants: [RequestPattern.Constant]
  ) -> String? {
    do throws(CodecError) {
      let message = try layouts[0].decode(response.body).value
      for constant in constants {
        let found = message[at: constant.path]?.content
        if let found, constant.isMet(by: found) { continue }
        return "\(constant.path.written) expects \(constant.value), found "
          + (found.map { "\($0)" } ?? "nothing")
      }
      return nil
    } catch {
      return "it cannot be read: \(error)"
    }
  }

  private func step(_ step: SessionRules.Step) -> ConnectionPlan.Step? {
    guard let operation = operations.first(where: { $0.name == step.operation }) else { return nil }
    let call = Call(operation: step.operation, parameters: step.parameters)
    return ConnectionPlan.Step(
      name: step.operation, expectsReply: !operation.isOneWay,
      request: { () throws(CodecError) in try encode(call) },
      fault: { (response) throws(CodecError) in try decode(response, answering: call).fault })
  }

  private func unsolicited(
    in response: WireResponse, _ rules: [String: UnsolicitedRule.Answer],
    _ wanted: [[TCPOperation]]
  ) -> ConnectionPlan.Unsolicited? {
    guard let found = try? recognize(response.body, among: wanted),
      let call = try? call(of: found), let rule = rules[call.operation]
    else { return nil }
    do throws(CodecError) {
      return ConnectionPlan.Unsolicited(call: call, answer: try answer(rule, to: call))
    } catch {
      return ConnectionPlan.Unsolicited(call: call, answer: nil, failure: error)
    }
  }

  private func answer(
    _ rule: UnsolicitedRule.Answer, to call: Call
  ) throws(CodecError) -> WireResponse? {
    let reply: Reply
    switch rule {
    case .none: return nil
    case .value(let template):
      let scope = CallScope(parameters: call.parameters, message: .null, generators: generators)
      reply = .value(try template.value(in: scope))
    case .fault(let code, let message): reply = .fault(Fault(code: code, message: message))
    }
    return try encode(reply, answering: call)
  }

  package var pairsByKey: Bool { !conversation.correlation.isByOrder }

  package var numbersRequests: Bool { !conversation.restarting.isEmpty }

  package func makeConnection() -> (any AnyObject & Sendable)? {
    guard !conversation.restarting.isEmpty else { return nil }
    return Counters(of: generators.counters, anew: conversation.restarting)
  }

  // MARK: When no reply came

  /// The call that follows one whose reply did not come: the operation that `on_timeout` names, with
  /// the fields of the request that was sent.
  package func compensation(of request: WireRequest, by call: Call) -> Call? {
    guard let operation = operations.first(where: { $0.name == call.operation }),
      let name = operation.delivery.compensation,
      let other = operations.first(where: { $0.name == name }),
      let message = try? layouts[operation.requestLayout].decode(request.body).value
    else { return nil }
    var parameters = Value.object([:])
    for parameter in other.parameters.list {
      // What was asked for goes before what was sent: it has the callers' types.
      if let value = Value.object(call.parameters)[at: parameter.path]
        ?? message[at: parameter.path]?.content
      {
        parameters.set(value, at: parameter.path)
      }
    }
    return Call(operation: name, parameters: parameters.objectValue ?? [:])
  }
}
