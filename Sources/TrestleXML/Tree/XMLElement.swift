internal import CLibXML2

/// An element of a document: a pointer, and the document kept alive.
// The tree never changes after parsing (see XMLDocument), so a pointer into it may go anywhere.
package struct XMLElement: @unchecked Sendable, Hashable {
  package let document: XMLDocument
  let node: xmlNodePtr

  init(document: XMLDocument, node: xmlNodePtr) {
    self.document = document
    self.node = node
  }

  package static func == (left: XMLElement, right: XMLElement) -> Bool { left.node == right.node }

  package func hash(into hasher: inout Hasher) { hasher.combine(node) }

  // MARK: - Name and place

  package var name: QualifiedName { QualifiedName(namespace, localName) }

  package var localName: String { node.pointee.name.map { String(cString: $0) } ?? "" }

  /// The namespace URI, empty when there is none.
  package var namespace: String {
    node.pointee.ns?.pointee.href.map { String(cString: $0) } ?? ""
  }

  /// The prefix as written, empty when there is none.
  package var prefix: String {
    node.pointee.ns?.pointee.prefix.map { String(cString: $0) } ?? ""
  }

  /// Whether the local name is this word, whatever its namespace.
  package func hasLocalName(_ word: StaticString) -> Bool {
    node.pointee.name.map { XMLText.equals($0, word) } ?? false
  }

  package func hasNamespace(_ uri: StaticString) -> Bool {
    guard let href = node.pointee.ns?.pointee.href else { return uri.utf8CodeUnitCount == 0 }
    return XMLText.equals(href, uri)
  }

  package func isNamed(_ uri: StaticString, _ word: StaticString) -> Bool {
    hasLocalName(word) && hasNamespace(uri)
  }

  /// The line of the start tag, from 1.
  package var line: Int { xmlGetLineNo(node) }

  // MARK: - Neighbours

  package var parent: XMLElement? {
    guard let above = node.pointee.parent, above.pointee.type == XML_ELEMENT_NODE else {
      return nil
    }
    return XMLElement(document: document, node: above)
  }

  package var firstChild: XMLElement? { element(from: node.pointee.children) }

  package var nextSibling: XMLElement? { element(from: node.pointee.next) }

  /// The child elements in order.
  package var children: Children { Children(document: document, upcoming: node.pointee.children) }

  /// The first child element of a name, or nil.
  package func child(_ uri: StaticString, _ word: StaticString) -> XMLElement? {
    children.first { $0.isNamed(uri, word) }
  }

  /// The child elements of a name.
  package func children(_ uri: StaticString, _ word: StaticString) -> [XMLElement] {
    children.filter { $0.isNamed(uri, word) }
  }

  /// Child elements, one after the other.
  package struct Children: Sequence, IteratorProtocol {
    package typealias Element = XMLElement

    let document: XMLDocument
    var upcoming: xmlNodePtr?

    package mutating func next() -> XMLElement? {
      while let node = upcoming {
        upcoming = node.pointee.next
        if node.pointee.type == XML_ELEMENT_NODE {
          return XMLElement(document: document, node: node)
        }
      }
      return nil
    }
  }

  private func element(from start: xmlNodePtr?) -> XMLElement? {
    var node = start
    while let current = node {
      if current.pointee.type == XML_ELEMENT_NODE {
        return XMLElement(document: document, node: current)
      }
      node = current.pointee.next
    }
    return nil
  }

  // MARK: - Text

  /// The text directly inside, child elements left out.
  package var text: String {
    XMLText.string(of: node.pointee.children, in: document.pointer) ?? ""
  }

  /// All text inside, that of child elements included.
  package var deepText: String {
    guard let content = xmlNodeGetContent(node) else { return "" }
    defer { XMLText.free(content) }
    return String(cString: content)
  }
}
