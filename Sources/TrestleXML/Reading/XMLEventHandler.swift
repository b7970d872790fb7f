package import TrestleCore

/// Receives a document's events. A handler holds the state of one decode; the reader calls it from
/// libxml2's own callbacks, so everything passed is valid only during the call.
///
/// A handler that fails is called no more, and the parse stops.
package protocol XMLEventHandler: AnyObject {
  /// Where the first thing that went wrong is kept; set it with `fail`.
  var outcome: XMLHandlerOutcome { get }

  /// An element begins.
  func startElement(_ element: borrowing XMLStartElement)

  /// The innermost open element ends.
  func endElement()

  /// Text or CDATA of the innermost open element; one node may arrive in several pieces.
  func text(_ bytes: UnsafeBufferPointer<UInt8>)

  /// Whether the handler reads one document after the other with the same reader.
  var isKept: Bool { get }

  /// Whether the handler wants to hear of comments and of CDATA sections as such; asked once a parse.
  var observesSections: Bool { get }

  /// A comment stands here.
  func comment()

  /// A CDATA section stands here; its text follows.
  func characterData()
}

extension XMLEventHandler {
  package func startElement(_ element: borrowing XMLStartElement) {}
  package func endElement() {}
  package func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
  package var isKept: Bool { false }
  package var observesSections: Bool { false }
  package func comment() {}
  package func characterData() {}

  /// The first thing that went wrong.
  package var failure: CodecError? { outcome.error }

  /// Stops the parse with an error; the first error stands.
  package func fail(_ error: CodecError) { outcome.fail(error) }
}

/// Whether a handler has failed, and with what.
package final class XMLHandlerOutcome {
  /// The reader asks after every event: a plain flag in memory, not a class's variable, whose every
  /// access is checked for exclusivity at run time.
  let flag: UnsafeMutablePointer<Bool>
  package private(set) var error: CodecError?

  package init() {
    flag = .allocate(capacity: 1)
    flag.initialize(to: false)
  }

  deinit { flag.deallocate() }

  package var hasFailed: Bool { flag.pointee }

  /// Forgets the error, for a handler that is used again.
  package func reset() {
    flag.pointee = false
    error = nil
  }

  /// Keeps the first error.
  package func fail(_ error: CodecError) {
    guard !flag.pointee else { return }
    self.error = error
    flag.pointee = true
  }
}

/// Takes any document: reading into it only finds out whether the document is well-formed.
package final class WellFormednessCheck: XMLEventHandler {
  package let outcome = XMLHandlerOutcome()

  package init() {}
}
