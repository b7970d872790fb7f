/// How documents are written.
package struct XMLRPCWritingOptions: Sendable {
  /// What stands for null.
  package enum NilForm: String, Sendable, CaseIterable {
    /// A struct's member is left out; anywhere else null cannot be written.
    case omit
    /// The boolean false, as PHP programs and Odoo do.
    case `false`
    /// The empty string.
    case empty
    /// `<nil/>`, or Apache's `<ex:nil/>`.
    case `nil`
  }

  /// The document's bytes.
  package enum Encoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    /// Everything beyond US-ASCII as numeric references: what no peer can misread.
    case ascii = "us-ascii"
    /// Everything beyond ISO-8859-1 as numeric references.
    case latin1 = "iso-8859-1"
  }

  package var dialect: XMLRPCDialect
  /// Nil asks the dialect: it writes its own nil, and the strict one has none.
  package var nilForm: NilForm?
  package var invalidCharacters: InvalidCharacterPolicy
  package var encoding: Encoding

  package init(
    dialect: XMLRPCDialect = .i8, nilForm: NilForm? = nil,
    invalidCharacters: InvalidCharacterPolicy = .error, encoding: Encoding = .utf8
  ) {
    self.dialect = dialect
    self.nilForm = nilForm
    self.invalidCharacters = invalidCharacters
    self.encoding = encoding
  }

  /// Whether null is not written where something may be left out: as told, or for want of a null where
  /// the declaration does not ask for the value.
  func leavesOutNull(isOptional: Bool) -> Bool {
    guard let nilForm else { return isOptional && dialect == .strict }
    return nilForm == .omit
  }
}
