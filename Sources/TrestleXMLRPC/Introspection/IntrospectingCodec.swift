package import TrestleCore

/// A codec whose protocol has calls about the service itself, which no stub needs to answer.
package protocol IntrospectingCodec: Codec {
  /// A responder that answers the protocol's own calls and hands all others to the one given.
  ///
  /// `operations` names what the service answers beyond its contract.
  func introspecting(_ responder: any Responder, operations: [String]) -> any Responder

  /// The operation behind one of those calls, as every service has it; nil for any other name.
  func introspection(named name: String) -> Operation?
}

extension XMLRPCCodec: IntrospectingCodec {
  package func introspection(named name: String) -> Operation? {
    XMLRPCIntrospection.method(named: name)?.operation
  }

  package func introspecting(
    _ responder: any Responder, operations: [String] = []
  ) -> any Responder {
    XMLRPCIntrospection(codec: self, responder: responder, operations: operations)
  }
}
