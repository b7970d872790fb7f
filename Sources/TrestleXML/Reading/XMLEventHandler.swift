package import TrestleCore

/// Receives a document's events. Subclasses hold the state of one decode; the reader calls them from
/// libxml2's own callbacks, so everything passed is valid only during the call.
package class XMLEventHandler {
  /// The first thing that went wrong; set it with `fail`.
  package final private(set) var failure: CodecError?

  package init() {}

  /// An element begins.
  package func startElement(_ element: borrowing XMLStartElement) {}

  /// The innermost open element ends.
  package func endElement() {}

  /// Text or CDATA of the innermost open element; one node may arrive in several pieces.
  package func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

  /// Stops the parse with an error. Later events do not arrive; the first error stands.
  package final func fail(_ error: CodecError) {
    if failure == nil { failure = error }
  }

  /// Makes the handler ready for another document.
  package final func clearFailure() { failure = nil }
}
