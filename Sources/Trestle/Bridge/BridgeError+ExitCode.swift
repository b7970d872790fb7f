internal import TrestleCore

extension BridgeError {
  /// What a command ends with because of this error: 1 a fault, 2 usage, 3 bad configuration or
  /// contract, 4 no connection or timeout, 5 a reply that breaks its contract, 6 no stub matched.
  public var exitCode: Int32 {
    switch stage {
    case .lookup: cause is LoadError ? 3 : 2
    case .validation, .encoding: 2
    case .transport:
      switch (cause as? TransportError)?.kind {
      case .configuration: 3
      case .protocolViolation: 5
      default: 4
      }
    case .timeout: 4
    case .decoding: 5
    case .fault: fault?.isUnmatched == true ? 6 : 1
    }
  }

  /// The error for a fault that a system answered with.
  package init(_ fault: Fault, system: LegacySystem, operation: String) {
    let event =
      system.protocolName == "soap" ? "SOAP call failed" : "the system answered with a fault"
    self.init(
      stage: .fault, system: system.name, operation: operation,
      reason: "\(event): \(fault.message) (\(fault.code))", fault: fault)
  }
}
