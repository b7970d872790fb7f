internal import TrestleXML

/// Finds out the name of a document's root.
final class RootName: XMLEventHandler {
  let outcome = XMLHandlerOutcome()
  private(set) var name: QualifiedName?

  func startElement(_ element: borrowing XMLStartElement) {
    if name == nil { name = element.name }
  }
}
