internal import CLibXML2

extension XMLElement {
  /// The element and what it holds as a document of its own, in UTF-8.
  ///
  /// Namespace declarations in scope from above are repeated on it when `keepsScope` is set, so that
  /// QNames in content keep their meaning; otherwise only those its names need.
  package func serialized(keepsScope: Bool = true) -> [UInt8] {
    guard let copy = XMLPrivateCopy(of: self, keepsScope: keepsScope) else { return [] }
    return copy.bytes
  }
}

/// A copy of an element as the root of a document that may be changed.
final class XMLPrivateCopy {
  let document: xmlDocPtr
  let root: xmlNodePtr

  /// Nil only when libxml2 has no memory.
  init?(of element: XMLElement, keepsScope: Bool) {
    guard let document = xmlNewDoc("1.0") else { return nil }
    guard let root = xmlDocCopyNode(element.node, document, 1) else {
      xmlFreeDoc(document)
      return nil
    }
    _ = xmlDocSetRootElement(document, root)
    self.document = document
    self.root = root
    guard keepsScope else { return }
    for (prefix, namespace) in element.namespacesInScope {
      guard !declares(prefix), !(prefix.isEmpty && namespace.isEmpty) else { continue }
      _ = xmlNewNs(root, namespace, prefix.isEmpty ? nil : prefix)
    }
  }

  deinit { xmlFreeDoc(document) }

  private func declares(_ prefix: String) -> Bool {
    var declaration = root.pointee.nsDef
    while let found = declaration {
      if (found.pointee.prefix.map { String(cString: $0) } ?? "") == prefix { return true }
      declaration = found.pointee.next
    }
    return false
  }

  var bytes: [UInt8] {
    guard let buffer = xmlBufferCreate() else { return [] }
    defer { xmlBufferFree(buffer) }
    guard let output = xmlOutputBufferCreateBuffer(buffer, nil) else { return [] }
    xmlNodeDumpOutput(output, document, root, 0, 0, "UTF-8")
    _ = xmlOutputBufferClose(output)
    return Array(
      UnsafeBufferPointer(start: buffer.pointee.content, count: Int(buffer.pointee.use)))
  }
}
