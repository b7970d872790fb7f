internal import CLibXML2

extension XMLElement {
  /// The element and what it holds as a document of its own, in UTF-8.
  ///
  /// Namespace declarations in scope from above are repeated on it when `keepsScope` is set, so that
  /// QNames in content keep their meaning; otherwise only those its names need.
  package func serialized(keepsScope: Bool = true) -> [UInt8] {
    XMLElementCopy(of: self, keepsScope: keepsScope)?.serialized() ?? []
  }
}

/// A copy of an element as the root of a document of its own, which may be changed.
///
/// Not Sendable: nobody else may hold it while it changes.
package final class XMLElementCopy {
  private let document: xmlDocPtr
  private let node: xmlNodePtr

  /// Nil only when libxml2 has no memory.
  package init?(of element: XMLElement, keepsScope: Bool = true) {
    guard let document = xmlNewDoc("1.0") else { return nil }
    guard let root = xmlDocCopyNode(element.node, document, 1) else {
      xmlFreeDoc(document)
      return nil
    }
    _ = xmlDocSetRootElement(document, root)
    self.document = document
    node = root
    guard keepsScope else { return }
    for (prefix, namespace) in element.namespacesInScope { declare(prefix, namespace) }
  }

  deinit { xmlFreeDoc(document) }

  package var root: XMLEditableElement { XMLEditableElement(node: node, copy: self) }

  /// Declares a namespace on the root, unless its prefix is declared there already.
  package func declare(_ prefix: String, _ namespace: String) {
    guard !prefix.isEmpty || !namespace.isEmpty else { return }
    var declaration = node.pointee.nsDef
    while let found = declaration {
      if (found.pointee.prefix.map { String(cString: $0) } ?? "") == prefix { return }
      declaration = found.pointee.next
    }
    _ = xmlNewNs(node, namespace, prefix.isEmpty ? nil : prefix)
  }

  /// All namespaces that some element of the copy declares.
  package var declaredNamespaces: Set<String> {
    var found: Set<String> = []
    var current: xmlNodePtr? = node
    while let element = current {
      var declaration = element.pointee.type == XML_ELEMENT_NODE ? element.pointee.nsDef : nil
      while let namespace = declaration {
        if let uri = namespace.pointee.href { found.insert(String(cString: uri)) }
        declaration = namespace.pointee.next
      }
      current = Self.next(after: element, under: node)
    }
    return found
  }

  private static func next(after node: xmlNodePtr, under root: xmlNodePtr) -> xmlNodePtr? {
    if node.pointee.type == XML_ELEMENT_NODE, let child = node.pointee.children { return child }
    var current = node
    while current != root {
      if let sibling = current.pointee.next { return sibling }
      guard let parent = current.pointee.parent else { return nil }
      current = parent
    }
    return nil
  }

  /// The copy as it is now, in UTF-8, without a declaration.
  package func serialized() -> [UInt8] {
    guard let buffer = xmlBufferCreate() else { return [] }
    defer { xmlBufferFree(buffer) }
    guard let output = xmlOutputBufferCreateBuffer(buffer, nil) else { return [] }
    xmlNodeDumpOutput(output, document, node, 0, 0, "UTF-8")
    _ = xmlOutputBufferClose(output)
    return Array(
      UnsafeBufferPointer(start: buffer.pointee.content, count: Int(buffer.pointee.use)))
  }
}

/// An element of a copy.
package struct XMLEditableElement {
  private let node: xmlNodePtr
  /// Keeps the element's memory alive.
  private let copy: XMLElementCopy

  fileprivate init(node: xmlNodePtr, copy: XMLElementCopy) {
    self.node = node
    self.copy = copy
  }

  package var localName: String { node.pointee.name.map { String(cString: $0) } ?? "" }

  package var namespace: String {
    node.pointee.ns?.pointee.href.map { String(cString: $0) } ?? ""
  }

  package var children: [XMLEditableElement] {
    var found: [XMLEditableElement] = []
    var child = node.pointee.children
    while let current = child {
      if current.pointee.type == XML_ELEMENT_NODE {
        found.append(XMLEditableElement(node: current, copy: copy))
      }
      child = current.pointee.next
    }
    return found
  }

  /// The value of an attribute in no namespace, or nil.
  package func attribute(_ name: String) -> String? {
    guard let value = xmlGetNoNsProp(node, name) else { return nil }
    defer { XMLText.free(value) }
    return String(cString: value)
  }

  /// Sets an attribute in no namespace, or takes it away.
  package func setAttribute(_ name: String, to value: String?) {
    if let value {
      _ = xmlSetNsProp(node, nil, name, value)
    } else {
      _ = xmlUnsetNsProp(node, nil, name)
    }
  }

  /// The name that a QName in content stands for here; nil when its prefix is not declared.
  package func qualifiedName(_ text: String) -> QualifiedName? {
    let parts = text.trimmingXMLSpace().split(separator: ":", maxSplits: 1)
    guard let local = parts.last else { return nil }
    guard parts.count == 2 else {
      let namespace = xmlSearchNs(node.pointee.doc, node, nil)?.pointee.href
      return QualifiedName(namespace.map { String(cString: $0) } ?? "", String(local))
    }
    return xmlSearchNs(node.pointee.doc, node, String(parts[0]))?.pointee.href.map {
      QualifiedName(String(cString: $0), String(local))
    }
  }

  /// A QName for content here, with a prefix that is declared for it if none is yet.
  package func reference(to name: QualifiedName) -> String {
    if name.namespace.isEmpty { return name.local }
    if let known = xmlSearchNsByHref(node.pointee.doc, node, name.namespace) {
      // The default namespace counts for references in content as well.
      return (known.pointee.prefix.map { String(cString: $0) + ":" } ?? "") + name.local
    }
    var number = 0
    while xmlSearchNs(node.pointee.doc, node, "ns\(number)") != nil { number += 1 }
    _ = xmlNewNs(node, name.namespace, "ns\(number)")
    return "ns\(number):" + name.local
  }

  /// Takes away the text directly inside.
  package func removeText() {
    var child = node.pointee.children
    while let current = child {
      child = current.pointee.next
      guard current.pointee.type != XML_ELEMENT_NODE else { continue }
      xmlUnlinkNode(current)
      xmlFreeNode(current)
    }
  }

  /// Takes all attributes away that are in a namespace.
  package func removeQualifiedAttributes() {
    var attribute = node.pointee.properties
    while let current = attribute {
      attribute = current.pointee.next
      if current.pointee.ns != nil { _ = xmlRemoveProp(current) }
    }
  }

  /// Takes all attributes away whose namespace is one of these.
  package func removeAttributes(inNamespaces namespaces: [String]) {
    var attribute = node.pointee.properties
    while let current = attribute {
      attribute = current.pointee.next
      if let href = current.pointee.ns?.pointee.href, namespaces.contains(String(cString: href)) {
        _ = xmlRemoveProp(current)
      }
    }
  }

  /// Gives the element another name, in a namespace that is declared on the root, or none.
  package func rename(_ name: QualifiedName) {
    xmlNodeSetName(node, name.local)
    xmlSetNs(
      node, name.namespace.isEmpty ? nil : xmlSearchNsByHref(node.pointee.doc, node, name.namespace)
    )
  }

  /// Adds an element of this element's own namespace as its first child.
  package func insertFirst(_ name: String, attributes: [(String, String)]) {
    guard let child = xmlNewDocNode(node.pointee.doc, node.pointee.ns, name, nil) else { return }
    for (name, value) in attributes { _ = xmlNewProp(child, name, value) }
    if let first = node.pointee.children {
      _ = xmlAddPrevSibling(first, child)
    } else {
      _ = xmlAddChild(node, child)
    }
  }

  /// Puts what the element holds in its place; it must not be used again.
  package func unwrap() {
    while let child = node.pointee.children {
      xmlUnlinkNode(child)
      _ = xmlAddPrevSibling(node, child)
    }
    remove()
  }

  /// Takes the element out of the copy; it must not be used again.
  package func remove() {
    xmlUnlinkNode(node)
    xmlFreeNode(node)
  }
}
