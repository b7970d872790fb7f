package import TrestleCore

/// Receives a document's events. A handler holds the state of one decode; the reader calls it from
/// libxml2's own callbacks, so everything passed is valid only during the call.
///
/// A handler that fails is called no more, and the parse stops.
package protocol XMLEventHandler: AnyObject {
  /// The first thing that went wrong; set it with `fail`.
  var failure: CodecError? { get set }

  /// An element begins.
  func startElement(_ element: borrowing XMLStartElement)

  /// The innermost open element ends.
  func endElement()

  /// Text or CDATA of the innermost open element; one node may arrive in several pieces.
  func text(_ bytes: UnsafeBufferPointer<UInt8>)
}

extension XMLEventHandler {
  package func startElement(_ element: borrowing XMLStartElement) {}
  package func endElement() {}
  package func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

  /// Stops the parse with an error; the first error stands.
  package func fail(_ error: CodecError) {
    if failure == nil { failure = error }
  }
}

/// Takes any document: reading into it only finds out whether the document is well-formed.
package final class WellFormednessCheck: XMLEventHandler {
  package var failure: CodecError?

  package init() {}
}
