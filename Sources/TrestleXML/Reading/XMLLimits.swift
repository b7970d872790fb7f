/// How much of a document is taken before it is refused, and what it may hold.
///
/// Reasons and measurements stand in the security notes: libxml2 itself takes a million children,
/// twenty thousand attributes on one tag (a second of work) and any encoding iconv knows.
package struct XMLLimits: Sendable {
  /// Bytes of the whole document.
  package var maximumBytes: Int
  package var maximumDepth: Int
  package var maximumElements: Int
  /// Attributes and namespace declarations on one element, together.
  package var maximumAttributes: Int
  /// Bytes of one start tag. Checked before the parse: libxml2 calls no handler until a tag is whole.
  package var maximumTagBytes: Int
  /// Bytes of one text node or attribute value.
  package var maximumTextBytes: Int
  /// Whether a DOCTYPE is tolerated. External subsets are never read either way.
  package var allowsDocumentType: Bool
  package var allowsProcessingInstructions: Bool
  /// Whether a prefix without a declaration is passed over (`ex:nil` is read as `nil` in no namespace),
  /// as peers of XML-RPC need, instead of being refused.
  package var toleratesUndeclaredPrefixes = false
  /// Whether a tree takes every encoding libxml2 knows.
  package var allowsAnyEncoding = false
  /// Whether a tree leaves out white space between elements, comments and processing instructions.
  package var keepsElementsOnly = false

  /// For messages from peers. A document type and processing instructions are refused: SOAP 1.1 §3
  /// and SOAP 1.2 part 1 §5 forbid both.
  package static let message = XMLLimits(
    maximumBytes: 4 << 20, maximumDepth: 64, maximumElements: 50_000, maximumAttributes: 64,
    maximumTagBytes: 64 << 10, maximumTextBytes: 4 << 20, allowsDocumentType: false,
    allowsProcessingInstructions: false)

  /// The limits of messages of up to so many megabytes (2^20 bytes): text and elements in proportion.
  package static func message(megabytes: Int) -> XMLLimits {
    var limits = message
    limits.maximumBytes = megabytes << 20
    limits.maximumTextBytes = megabytes << 20
    limits.maximumElements = max(message.maximumElements, megabytes * (message.maximumElements / 4))
    return limits
  }

  /// For long messages read piece by piece: size and element count are lifted, shape is not.
  package static let stream = XMLLimits(
    maximumBytes: .max, maximumDepth: 64, maximumElements: .max, maximumAttributes: 64,
    maximumTagBytes: 64 << 10, maximumTextBytes: 64 << 20, allowsDocumentType: false,
    allowsProcessingInstructions: false)

  /// For local WSDL and XSD files.
  package static let contract = XMLLimits(
    maximumBytes: 64 << 20, maximumDepth: 256, maximumElements: 5_000_000, maximumAttributes: 512,
    maximumTagBytes: 1 << 20, maximumTextBytes: 9 << 20, allowsDocumentType: true,
    allowsProcessingInstructions: true, toleratesUndeclaredPrefixes: true, allowsAnyEncoding: true,
    keepsElementsOnly: true)
}
