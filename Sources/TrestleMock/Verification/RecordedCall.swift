package import TrestleCore

/// A call that a mock has answered, as checks look at it.
package struct RecordedCall: Sendable {
  package var system: String
  package var operation: String
  package var parameters: Record
  /// What answered it: `stub 'paid invoice'`, `sample`; nil where nothing did.
  package var origin: String?

  package init(system: String, operation: String, parameters: Record, origin: String? = nil) {
    self.system = system
    self.operation = operation
    self.parameters = parameters
    self.origin = origin
  }

  /// The call in a line: `billing CreateInvoice {"amount":10}`.
  package var summary: String {
    let text = Value.object(parameters).description
    let shown = text.count > 120 ? "\(text.prefix(117))…" : text
    return "\(system) \(operation)" + (parameters.isEmpty ? "" : " \(shown)")
  }
}
