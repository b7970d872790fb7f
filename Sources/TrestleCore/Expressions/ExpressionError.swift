/// Why a text is not an expression, or why an expression has no value.
package struct ExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, as a clause: `expected a value, found ")"`.
  package var reason: String
  /// What to do about it, as a sentence; nil when nothing sensible can be said.
  package var hint: String?
  /// Where in the expression's text, in UTF-8 bytes from 0.
  package var offset: Int

  package init(_ reason: String, hint: String? = nil, at offset: Int = 0) {
    self.reason = reason
    self.hint = hint
    self.offset = offset
  }

  package var description: String { hint.map { "\(reason); \($0)" } ?? reason }
}
