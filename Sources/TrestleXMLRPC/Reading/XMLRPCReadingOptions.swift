/// How documents are read.
package struct XMLRPCReadingOptions: Sendable {
  /// What becomes of integers that Trestle JSON shows as text: `i8`, and Apache's big numbers.
  package enum WideIntegers: Sendable {
    /// `i8` is an integer; big numbers keep their exact text as numbers.
    case integer
    /// All of them are text, as Trestle JSON shows them.
    case text
    /// All of them keep their exact text as numbers, for a pass that knows the declared types.
    case number
  }

  /// Refuses what the spec and the dialect do not allow, instead of warning of it.
  package var isStrict: Bool
  /// The extensions that are read without a warning.
  package var dialect: XMLRPCDialect
  package var wideIntegers: WideIntegers
  /// What becomes of characters that XML cannot carry.
  package var invalidCharacters: InvalidCharacterPolicy
  /// The largest document that is taken, in megabytes (2^20 bytes).
  package var maximumMegabytes = 4

  package init(
    isStrict: Bool = false, dialect: XMLRPCDialect = .i8, wideIntegers: WideIntegers = .integer,
    invalidCharacters: InvalidCharacterPolicy = .replace
  ) {
    self.isStrict = isStrict
    self.dialect = dialect
    self.wideIntegers = wideIntegers
    self.invalidCharacters = invalidCharacters
  }
}

/// What becomes of characters that XML 1.0 §2.2 does not allow: servers send them, and texts hold them.
package enum InvalidCharacterPolicy: String, Sendable, CaseIterable {
  /// The message is refused.
  case error
  /// U+FFFD stands in their place.
  case replace
  /// They are left out.
  case strip
}
