package import TrestleCore

/// What a document says.
package enum XMLRPCMessage: Sendable, Hashable {
  case call(method: String, parameters: [Value])
  case response(Value)
  case fault(Fault)
}

/// A document as it was read.
package struct XMLRPCDocument: Sendable {
  package var message: XMLRPCMessage
  /// What a lenient reader let pass, a sentence each.
  package var warnings: [String]
}
