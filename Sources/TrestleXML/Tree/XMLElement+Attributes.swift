internal import CLibXML2

extension XMLElement {
  /// An attribute with its name.
  package struct Attribute: Sendable, Hashable {
    package let name: QualifiedName
    package let value: String
  }

  /// All attributes in order, namespace declarations not among them.
  package var attributes: [Attribute] {
    var found: [Attribute] = []
    var attribute = node.pointee.properties
    while let current = attribute {
      found.append(
        Attribute(
          name: QualifiedName(
            current.pointee.ns?.pointee.href.map { String(cString: $0) } ?? "",
            current.pointee.name.map { String(cString: $0) } ?? ""),
          value: XMLText.string(of: current.pointee.children, in: document.pointer) ?? ""))
      attribute = current.pointee.next
    }
    return found
  }

  /// The value of an attribute in no namespace, or nil.
  package func attribute(_ word: StaticString) -> String? {
    guard let found = attributeNode(word) else { return nil }
    return XMLText.string(of: found.pointee.children, in: document.pointer) ?? ""
  }

  /// The value of an attribute in a namespace, or nil.
  package func attribute(_ uri: StaticString, _ word: StaticString) -> String? {
    var attribute = node.pointee.properties
    while let current = attribute {
      if let href = current.pointee.ns?.pointee.href, XMLText.equals(href, uri),
        let name = current.pointee.name, XMLText.equals(name, word)
      {
        return XMLText.string(of: current.pointee.children, in: document.pointer) ?? ""
      }
      attribute = current.pointee.next
    }
    return nil
  }

  /// Whether an attribute in no namespace is there.
  package func hasAttribute(_ word: StaticString) -> Bool { attributeNode(word) != nil }

  /// Whether an attribute in no namespace has this very text.
  package func attribute(_ word: StaticString, is text: StaticString) -> Bool {
    guard let found = attributeNode(word) else { return false }
    if let content = XMLText.plain(found.pointee.children) { return XMLText.equals(content, text) }
    return attribute(word) == String(describing: text)
  }

  /// Calls the body with the bytes of an attribute in no namespace, nil when it is not there.
  ///
  /// The way to look at many attributes without a String for each; the bytes are valid only inside
  /// the body.
  package func withAttributeBytes<Result>(
    _ word: StaticString, _ body: (UnsafeBufferPointer<UInt8>?) throws -> Result
  ) rethrows -> Result {
    guard let found = attributeNode(word) else { return try body(nil) }
    guard let first = found.pointee.children else {
      return try body(UnsafeBufferPointer(start: nil, count: 0))
    }
    if let content = XMLText.plain(first) {
      return try body(UnsafeBufferPointer(start: content, count: Int(xmlStrlen(content))))
    }
    var text = XMLText.string(of: first, in: document.pointer) ?? ""
    return try text.withUTF8 { try body($0) }
  }

  private func attributeNode(_ word: StaticString) -> xmlAttrPtr? {
    var attribute = node.pointee.properties
    while let current = attribute {
      if current.pointee.ns == nil, let name = current.pointee.name, XMLText.equals(name, word) {
        return current
      }
      attribute = current.pointee.next
    }
    return nil
  }

  // MARK: - Namespaces in scope

  /// The namespace a prefix stands for here; nil when it is not declared. The empty prefix gives the
  /// default namespace, empty where there is none.
  package func namespace(forPrefix prefix: Substring) -> String? {
    if prefix == "xml" { return XMLNamespaces.xml }
    var prefix = prefix
    let found: String?? = prefix.withUTF8 { bytes in
      XMLText.declaration(of: bytes, at: node).map { $0.map { String(cString: $0) } }
    }
    switch found {
    case .some(.some(let uri)): return uri
    case .some(.none): return ""
    case .none: return prefix.isEmpty ? "" : nil
    }
  }

  /// The name that a QName in content stands for here (XSD 1.0 part 2 §3.2.18); nil when its prefix
  /// is not declared or its text is no QName.
  package func qualifiedName(_ text: String) -> QualifiedName? {
    let trimmed = text.trimmingXMLSpace()
    guard !trimmed.isEmpty else { return nil }
    guard let colon = trimmed.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      return namespace(forPrefix: "").map { QualifiedName($0, trimmed) }
    }
    let local = trimmed[trimmed.utf8.index(after: colon)...]
    guard !local.isEmpty, !local.utf8.contains(UInt8(ascii: ":")) else { return nil }
    return namespace(forPrefix: trimmed[..<colon]).map { QualifiedName($0, String(local)) }
  }

  /// Whether the element's own tag declares namespaces.
  package var declaresNamespaces: Bool { node.pointee.nsDef != nil }

  /// All namespaces in scope, innermost declaration of each prefix.
  package var namespacesInScope: [(prefix: String, namespace: String)] {
    var scope: [(prefix: String, namespace: String)] = []
    var current: xmlNodePtr? = node
    while let element = current, element.pointee.type == XML_ELEMENT_NODE {
      var declaration = element.pointee.nsDef
      while let found = declaration {
        let prefix = found.pointee.prefix.map { String(cString: $0) } ?? ""
        if !scope.contains(where: { $0.prefix == prefix }) {
          scope.append((prefix, found.pointee.href.map { String(cString: $0) } ?? ""))
        }
        declaration = found.pointee.next
      }
      current = element.pointee.parent
    }
    return scope
  }
}
