package import TrestleXML

/// Which header blocks a service acts on (SOAP 1.1 §4.2, SOAP 1.2 part 1 §2.2 to §2.4).
package struct HeaderProcessing: Sendable {
  /// The roles it plays beside those that everyone does.
  package var roles: Set<String>
  /// The blocks it understands beside those of its contract.
  package var understood: Set<QualifiedName>

  package init(roles: Set<String> = [], understood: Set<QualifiedName> = []) {
    self.roles = roles
    self.understood = understood
  }

  /// The roles of every node that is the last on a message's path.
  private static let common: Set<String> = [
    "", "http://schemas.xmlsoap.org/soap/actor/next",
    SOAPVersion.soap12.namespace + "/role/next",
    SOAPVersion.soap12.namespace + "/role/ultimateReceiver",
  ]

  /// What clients mark as mandatory that a mock takes as it comes: the message's security and its
  /// addressing are between the client and the service it believes to talk to.
  private static let tolerated: Set<String> = [
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd",
    "http://schemas.xmlsoap.org/ws/2002/04/secext", "http://schemas.xmlsoap.org/ws/2002/07/secext",
    "http://schemas.xmlsoap.org/ws/2003/06/secext",
    "http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "http://schemas.xmlsoap.org/ws/2004/03/addressing",
    "http://schemas.xmlsoap.org/ws/2003/03/addressing",
  ]

  func isTarget(of header: HeaderBlock) -> Bool {
    guard let role = header.role else { return true }
    return Self.common.contains(role) || roles.contains(role)
  }

  func understands(_ header: HeaderBlock) -> Bool {
    understood.contains(header.name) || Self.tolerated.contains(header.name.namespace)
  }
}
