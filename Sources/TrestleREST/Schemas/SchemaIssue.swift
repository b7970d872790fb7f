package import TrestleCore

/// One place where a value breaks its JSON Schema.
package struct SchemaIssue: Sendable, Hashable {
  /// Where in the value; the root for the value as a whole.
  package var pointer: JSONPointer
  /// What is wrong, as a clause: `expects at most 10 characters, found 12`.
  package var reason: String
  /// What to do about it, as a sentence; nil when nothing sensible can be said.
  package var hint: String?

  package init(pointer: JSONPointer, reason: String, hint: String? = nil) {
    self.pointer = pointer
    self.reason = reason
    self.hint = hint
  }
}
