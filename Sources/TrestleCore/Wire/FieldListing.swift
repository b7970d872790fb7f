/// One field of a message, with its bytes.
package struct FieldSpan: Sendable, Hashable {
  /// The field's path in the message: `entries[0].amount`; empty for the message itself.
  package var path: String
  package var range: Range<Int>
  /// The field's type as layouts write it: `packed(11,2)`.
  package var type: String
  /// What it holds; null where its bytes mean nothing.
  package var value: Value

  package init(path: String, range: Range<Int>, type: String = "", value: Value = .null) {
    self.path = path
    self.range = range
    self.type = type
    self.value = value
  }
}

/// What a message holds, field by field; where reading failed, what came before.
package struct FieldListing: Sendable {
  /// The operation whose message it is; nil where none fits or none was asked for.
  package var operation: String?
  /// The layout it was read by; nil where there is but one.
  package var layout: String?
  package var fields: [FieldSpan]
  /// The whole message; nil when it could not be read.
  package var value: Value?
  package var warnings: [String]
  package var error: CodecError?

  package init(
    operation: String? = nil, layout: String? = nil, fields: [FieldSpan] = [], value: Value? = nil,
    warnings: [String] = [], error: CodecError? = nil
  ) {
    self.operation = operation
    self.layout = layout
    self.fields = fields
    self.value = value
    self.warnings = warnings
    self.error = error
  }
}

/// What bytes are taken for when their fields are listed.
package enum ListedMessage: Sendable, Hashable {
  /// A request, of the operation it turns out to be of where none is named.
  case request(operation: String?)
  case reply(operation: String)
  /// A message of a layout, whatever it is for.
  case layout(String)
}

/// A codec that can tell what the bytes of a message hold.
package protocol FieldListingCodec: Codec {
  /// The names of the layouts; empty where one serves all messages.
  var layoutNames: [String] { get }

  /// The fields of its messages that are declared secret, by the paths of their names.
  var secretFields: [String] { get }

  /// Lists a message without its frame.
  ///
  /// - Throws: `CodecError` when there is no such operation or layout. What is wrong with the
  ///   message is in the listing.
  func list(_ message: [UInt8], as kind: ListedMessage) throws(CodecError) -> FieldListing

  /// What a frame has beside its message, whose place in it is known.
  func parts(ofFrame frame: [UInt8], around message: Range<Int>, isReply: Bool) -> [FieldSpan]
}
