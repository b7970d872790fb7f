internal import TrestleCore

/// Takes what an element holds as text, each child element able to stand alone.
package final class XMLInnerCapture: XMLEventHandler {
  package let outcome = XMLHandlerOutcome()
  private let reader: XMLEventReader
  private var depth = 0
  private var capture: XMLFragmentCapture?
  /// The content of the document element.
  package private(set) var content = ""

  package init(reader: XMLEventReader) { self.reader = reader }

  package func startElement(_ element: borrowing XMLStartElement) {
    depth += 1
    guard depth > 1 else { return }
    if capture == nil { capture = XMLFragmentCapture() }
    capture?.startElement(element, reader: reader)
  }

  package func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if capture != nil {
      capture?.text(bytes)
    } else {
      var escaped = XMLOutput(capacity: bytes.count)
      try? escaped.append(text: String(decoding: bytes, as: UTF8.self))
      content += String(decoding: escaped.bytes, as: UTF8.self)
    }
  }

  package func endElement() {
    depth -= 1
    guard depth > 0 else { return }
    capture?.endElement()
    if let fragment = capture, fragment.isComplete {
      content += fragment.fragment
      capture = nil
    }
  }
}
