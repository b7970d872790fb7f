/// A name with its namespace (XML Namespaces 1.0 §2): two names are one when both parts are equal.
package struct QualifiedName: Sendable, Hashable, CustomStringConvertible {
  /// The namespace URI; empty for a name in no namespace.
  package let namespace: String
  package let local: String

  package init(_ namespace: String, _ local: String) {
    self.namespace = namespace
    self.local = local
  }

  /// Reads `{namespace}local`, or a local name alone.
  package init(parsing text: String) {
    guard text.hasPrefix("{"), let end = text.lastIndex(of: "}") else {
      self.init("", text)
      return
    }
    self.init(
      String(text[text.index(after: text.startIndex)..<end]),
      String(text[text.index(after: end)...]))
  }

  /// `{namespace}local`, or the local name alone.
  package var description: String { namespace.isEmpty ? local : "{\(namespace)}\(local)" }
}
