/// A name with its namespace (XML Namespaces 1.0 §2): two names are one when both parts are equal.
package struct QualifiedName: Sendable, Hashable, CustomStringConvertible {
  /// The namespace URI; empty for a name in no namespace.
  package let namespace: String
  package let local: String

  package init(_ namespace: String, _ local: String) {
    self.namespace = namespace
    self.local = local
  }

  /// `{namespace}local`, or the local name alone.
  package var description: String { namespace.isEmpty ? local : "{\(namespace)}\(local)" }
}
