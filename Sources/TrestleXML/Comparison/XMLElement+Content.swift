internal import CLibXML2

extension XMLElement {
  /// Children and text in order, adjacent text joined; white space is left out beside elements.
  var contentPieces: [ContentPiece] {
    var pieces: [ContentPiece] = []
    var text = ""
    var hasElements = false
    func endText() {
      if !text.isEmpty { pieces.append(.text(text)) }
      text = ""
    }
    var child = node.pointee.children
    while let current = child {
      switch current.pointee.type {
      case XML_ELEMENT_NODE:
        endText()
        hasElements = true
        pieces.append(.element(XMLElement(document: document, node: current)))
      case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
        if let content = current.pointee.content { text += String(cString: content) }
      case XML_ENTITY_REF_NODE:
        if let content = xmlNodeGetContent(current) {
          text += String(cString: content)
          XMLText.free(content)
        }
      default: break
      }
      child = current.pointee.next
    }
    endText()
    guard hasElements else { return pieces }
    return pieces.filter {
      guard case .text(let text) = $0 else { return true }
      return !text.utf8.allSatisfy(\.isXMLSpace)
    }
  }
}
