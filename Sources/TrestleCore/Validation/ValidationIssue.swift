/// One place where a value breaks its schema.
package struct ValidationIssue: Sendable, Hashable, CustomStringConvertible {
  /// Where in the value: `order.lines[2].qty`; empty for the value as a whole.
  package var path: String
  /// What is wrong, as a clause to stand after the path: `expects xs:int, found "two"`.
  package var reason: String
  /// What to do about it, as a sentence; nil when nothing sensible can be said.
  package var hint: String?

  package init(path: String, reason: String, hint: String? = nil) {
    self.path = path
    self.reason = reason
    self.hint = hint
  }

  /// One line: where and what, then what to do.
  package var description: String {
    (path.isEmpty ? "" : path + " ") + reason + (hint.map { ". " + $0 } ?? "")
  }
}
