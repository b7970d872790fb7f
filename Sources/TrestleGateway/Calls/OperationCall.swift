internal import Trestle
internal import TrestleNet

/// A call that came over HTTP: what it is of is looked up, then it is made and told of.
struct OperationCall: Sendable {
  let gateway: Gateway
  let request: CallRequest

  /// Makes the call, or gives the answer that it got before.
  func answer(_ body: APIRequest) async throws(APIError) -> APIResponse {
    guard let key = request.idempotencyKey else { return try await call(body) }
    // What one client was answered is no other's to have.
    let client = body.grant.name ?? ""
    let whole = "\(client)\n\(body.system)\n\(body.name("operation"))\n\(key)"
    let store = gateway.idempotency
    switch store.begin(whole, fingerprint: fingerprint(body)) {
    case .first: break
    case .again(var answer):
      answer.fields.append(HeaderField(CallRequest.replayedField, "true"))
      return answer
    case .underWay:
      throw APIError(
        409, .conflict, "the request with this \(CallRequest.keyField) is still under way",
        hint: "ask again when it is done; its answer will be given then")
    case .another:
      throw APIError(
        422, .invalid, "this \(CallRequest.keyField) was used for a request with other content",
        hint: "a new request has a new key")
    }
    do throws(APIError) {
      let answer = try await call(body)
      keep(answer, under: whole)
      return answer
    } catch {
      // What may have reached the system is not done again; what did not is as if it had never been asked for.
      if error.mayHaveBeenSent { keep(error.response, under: whole) } else { forget(whole) }
      throw error
    }
  }

  private func keep(_ answer: APIResponse, under key: String) {
    var kept = answer
    var bytes = 0
    switch answer.body {
    case .json(let value):
      let text = JSONBody.bytes(of: value)
      kept.body = .text(text, type: JSONBody.type)
      bytes = text.count
    case .text(let text, _): bytes = text.count
    case .nothing, .pieces, .stream: break
    }
    gateway.idempotency.finish(key, kept, bytes: bytes)
  }

  private func forget(_ key: String) { gateway.idempotency.finish(key, nil, bytes: 0) }

  /// Tells requests of one key apart by what is asked for.
  private func fingerprint(_ body: APIRequest) -> Int {
    var hasher = Hasher()
    hasher.combine(body.body)
    hasher.combine(request.mode)
    hasher.combine(request.scope)
    hasher.combine(request.wantsEnvelope)
    return hasher.finalize()
  }

  private func call(_ body: APIRequest) async throws(APIError) -> APIResponse {
    let catalog = gateway.catalog
    let system = try catalog.system(body.system, for: body.grant)
    let name = body.name("operation")
    let operation = system.operation(named: name)
    if gateway.options.isReadOnly { try refuseWrites(of: operation, named: name, of: system) }
    let mode = request.mode ?? catalog.mode(of: system)
    let bridge = try catalog.bridge(for: system, mode: mode)
    let parameters = body.body.isEmpty ? .emptyObject : try body.json(maximumDepth: Self.depth)
    let callID = Bridge.newCallID()
    var choices = CallChoices(callID: callID)
    choices.timeout = CallTime(longest: gateway.options.longestCall).timeout(
      of: operation, of: system, asked: request.timeout)
    // A live system knows of no scopes.
    if mode == .mock, let scope = request.scope {
      choices.fields.append(name: CallRequest.scopeField, value: scope)
    }
    let facts = [
      HeaderField(CallRequest.callField, callID), HeaderField(CallRequest.modeField, mode.rawValue),
    ]
    let reply: Reply
    do throws(BridgeError) {
      reply = try await bridge.call(
        system, operation: name, parameters: parameters, choices: choices)
    } catch {
      var refusal = APIError(error, parameters: parameters)
      refusal.fields += facts
      if error.stage == .lookup, !(error.cause is LoadError) {
        refusal.known = system.contract.operations.prefix(100).map(\.name)
      }
      if [.validation, .encoding].contains(error.stage), let operation {
        refusal.facts["example"] = operation.sampleParameters
      }
      refusal.mayHaveBeenSent = error.mayHaveBeenSent
      throw refusal
    }
    if let fault = reply.fault {
      var refusal = APIError(fault, system: system.name, operation: name, callID: callID)
      refusal.fields += facts
      refusal.mayHaveBeenSent = true
      if !reply.headers.isEmpty { refusal.facts["_headers"] = .object(reply.headers) }
      throw refusal
    }
    let isOneWay = operation?.isOneWay ?? false
    guard reply.value?.weighs(moreThan: Self.longValue) == true else {
      return response(to: reply, callID: callID, isOneWay: isOneWay, facts)
    }
    // Written at once, and not on the event loop that others are on.
    let written = try? await awayFromEventLoop {
      var answer = response(to: reply, callID: callID, isOneWay: isOneWay, facts)
      if case .json(let value) = answer.body {
        answer.body = .text(JSONBody.bytes(of: value), type: JSONBody.type)
      }
      return answer
    }
    return written ?? response(to: reply, callID: callID, isOneWay: isOneWay, facts)
  }

  private func response(
    to reply: Reply, callID: String, isOneWay: Bool, _ facts: [HeaderField]
  ) -> APIResponse {
    if request.wantsEnvelope {
      var record: Record = ["value": reply.value ?? .null]
      if !reply.headers.isEmpty { record["_headers"] = .object(reply.headers) }
      if !reply.warnings.isEmpty {
        record["warnings"] = .array(reply.warnings.map { .string($0) })
      }
      record["call_id"] = .string(callID)
      return APIResponse(
        fields: facts,
        body: .text(JSONBody.bytes(of: .object(record)), type: Self.envelopeType))
    }
    // Sent is all that is known.
    if isOneWay { return APIResponse(status: 202, fields: facts, body: .nothing) }
    return APIResponse(fields: facts, body: .json(reply.value ?? .null))
  }

  private func refuseWrites(
    of operation: Operation?, named name: String, of system: LegacySystem
  ) throws(APIError) {
    // What is not known is not known to be harmless.
    if operation?.effects == .read { return }
    if operation == nil, !system.contract.isOpen { return }
    var refusal = APIError(
      403, .forbidden, "\(system.name) \(name) may change something, and this gateway only reads",
      hint: operation == nil
        ? "start trestle serve without --read-only"
        : "where it only reads, say so in \(system.file): operations: { \(name): { effects: read } }"
    )
    refusal.facts["system"] = .string(system.name)
    refusal.facts["operation"] = .string(name)
    throw refusal
  }

  /// Values of more members, or bytes of text, take their time to be written.
  private static let longValue = 64 << 10
  /// How deep parameters may nest: a message's elements, and the arrays and objects around each.
  static let depth = 256
  static let envelopeType = "application/vnd.trestle.reply+json"
}

extension BridgeError {
  /// Whether the system may have got the call.
  fileprivate var mayHaveBeenSent: Bool {
    switch stage {
    case .lookup, .validation, .encoding: false
    case .transport, .timeout: (cause as? TransportError)?.mayHaveBeenSent ?? true
    case .decoding, .fault: true
    }
  }
}
