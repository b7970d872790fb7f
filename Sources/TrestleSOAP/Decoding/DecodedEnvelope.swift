package import TrestleCore
package import TrestleXML

/// What an envelope held.
package struct DecodedEnvelope: Sendable {
  package var version: SOAPVersion
  /// Header blocks in order.
  package var headers: [HeaderBlock] = []
  /// The Body's children in order, other than a fault.
  package var body: [(name: QualifiedName, value: Value)] = []
  package var fault: Fault?
  package var warnings: [String] = []
  /// Whether elements of the Body say their types, or that they are encoded.
  var isTyped = false
  /// Whether the members of a Body's unknown child are in its own namespace.
  var membersAreQualified = false
  /// The part of a SOAP 1.2 envelope that says an encoding style where none may stand.
  var misplacedEncodingStyle: String?
}

/// One header block.
package struct HeaderBlock: Sendable {
  package var name: QualifiedName
  package var value: Value
  package var mustUnderstand: Bool
  /// Whether a node that does not understand it passes it on (SOAP 1.2 part 1 §5.2.4).
  package var isRelayed = false
  /// The actor (1.1) or role (1.2) it is meant for; nil for the ultimate receiver.
  package var role: String?
}
