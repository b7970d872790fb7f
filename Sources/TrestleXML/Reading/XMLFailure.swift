package import TrestleCore

/// Why bytes are not a document we take.
package struct XMLFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of refusal it was, where a protocol answers them differently.
  package enum Kind: Sendable, Hashable {
    /// Not well-formed.
    case malformed
    /// Over a limit, or holding what is never taken (a document type).
    case forbidden
    /// In an encoding that is not taken.
    case encoding
    /// Bytes that the document's encoding has no characters for.
    case characters
  }

  package var kind: Kind
  /// What is wrong, as a clause.
  package var reason: String
  /// Line and column, from 1; nil when the place is unknown.
  package var line: Int?
  package var column: Int?

  package init(_ kind: Kind, _ reason: String, line: Int? = nil, column: Int? = nil) {
    self.kind = kind
    self.reason = reason
    self.line = line
    self.column = column
  }

  package var description: String {
    guard let line else { return reason }
    return "line \(line), column \(column ?? 0): \(reason)"
  }

  /// The failure as a codec's error.
  package var codecError: CodecError {
    var error = CodecError(reason: reason, line: line, column: column)
    error.isMalformed = true
    return error
  }
}
