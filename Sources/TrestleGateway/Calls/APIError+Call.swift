internal import Trestle
internal import TrestleNet

/// Calls that gave no value, as the API tells of them.
extension APIError {
  /// A call that got no answer. `parameters` is what was given, in which a place is found.
  init(_ error: BridgeError, parameters: Value = .null) {
    if let fault = error.fault {
      self.init(fault, system: error.system, operation: error.operation, callID: error.callID)
      return
    }
    var bare = error
    bare.hint = nil
    let (status, code) = Self.statusAndCode(of: error)
    self.init(status, code, bare.description, hint: error.hint)
    facts["kind"] = .string(error.stage.rawValue)
    if !error.system.isEmpty { facts["system"] = .string(error.system) }
    if !error.operation.isEmpty { facts["operation"] = .string(error.operation) }
    if let callID = error.callID { facts["call_id"] = .string(callID) }
    if let retryAfter = (error.cause as? TransportError)?.retryAfter {
      // RFC 9110 §10.2.3: whole seconds; too late is better than too early.
      let (seconds, rest) = retryAfter.components
      fields.append(HeaderField("Retry-After", String(max(1, seconds + (rest > 0 ? 1 : 0)))))
    }
    switch error.stage {
    case .validation, .encoding:
      path = ValuePath(of: error.path ?? "", in: parameters).pointer
    default: if let place = error.path { facts["at"] = .string(place) }
    }
    if let violation = error.cause as? ContractViolation {
      hint = violation.issues.first?.hint
      problems = violation.issues.map {
        MockProblem(
          ValueProblem(
            .error, $0.reason, at: ValuePath(of: $0.path, in: parameters), hint: $0.hint))
      }
    }
  }

  /// A fault that a system answered with.
  init(_ fault: Fault, system: String, operation: String, callID: String?) {
    let fault = fault.recognizingUnmatched
    self.init(fault.isOfCaller ? 422 : 502, .fault, fault.message)
    facts["kind"] = fault.isUnmatched ? "unmatched" : "fault"
    facts["system"] = .string(system)
    facts["operation"] = .string(operation)
    for member in fault.jsonValue.objectValue ?? [:] { facts[member.name] = member.value }
    if fault.isUnmatched {
      hint = "give the mock an answer under mock.responses or mock.stubs, or set fallback: sample"
    }
    if let callID { facts["call_id"] = .string(callID) }
  }

  private static func statusAndCode(of error: BridgeError) -> (Int, Code) {
    switch error.stage {
    case .lookup: error.cause is LoadError ? (503, .unavailable) : (404, .notFound)
    case .validation, .encoding: (422, .invalid)
    case .timeout: (504, .timeout)
    case .decoding: (502, .badReply)
    case .fault: (502, .fault)
    case .transport:
      switch (error.cause as? TransportError)?.kind {
      case .circuitOpen, .saturated: (503, .unavailable)
      // Nothing was sent: another time it may be.
      case .connect, .configuration: (503, .unreachable)
      default: (502, .unreachable)
      }
    }
  }
}

extension Fault {
  /// Whether the caller is to blame: what was sent is wrong, and sending it again would be no better.
  var isOfCaller: Bool {
    if isUnmatched { return false }
    if let category { return category == .invalidArgument }
    // SOAP 1.1 §4.4.1: a dot refines a code. SOAP 1.2 calls the same Sender.
    return ["Client", "Sender"].contains(code.prefix { $0 != "." })
  }
}
