extension Fault {
  /// How the message of every unmatched fault begins. It is how a caller on the far side of a
  /// protocol knows one again: no protocol has a field for it.
  package static let unmatchedPrefix = "no stub matched"

  /// The mock engine's fault for a call that nothing it has fits.
  package static func unmatched(_ explanation: String) -> Fault {
    Fault(code: "Server", message: "\(unmatchedPrefix) \(explanation)", isUnmatched: true)
  }

  /// The fault with `isUnmatched` set where its message says so.
  package var recognizingUnmatched: Fault {
    var fault = self
    fault.isUnmatched = isUnmatched || message.hasPrefix(Self.unmatchedPrefix)
    return fault
  }
}
