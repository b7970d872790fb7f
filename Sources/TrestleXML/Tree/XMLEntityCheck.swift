internal import CLibXML2

/// Keeps internal entities from growing a document: libxml2 leaves references unexpanded in the tree,
/// and reading the text expands them without a bound of its own.
enum XMLEntityCheck {
  private typealias Sizes = [UnsafeMutablePointer<xmlNode>: Int]

  /// Why the document's entities are refused; nil when it has none or they are harmless.
  ///
  /// The text that all references stand for together may be ten times the document and a megabyte.
  static func failure(in document: xmlDocPtr, bytes: Int) -> XMLFailure? {
    guard document.pointee.intSubset != nil, let root = xmlDocGetRootElement(document) else {
      return nil
    }
    let limit = bytes * 10 + (1 << 20)
    var sizes: Sizes = [:]
    var total = 0
    var node: xmlNodePtr? = root
    while let current = node {
      var attribute = current.pointee.type == XML_ELEMENT_NODE ? current.pointee.properties : nil
      while let found = attribute {
        add(siblings: found.pointee.children, to: &total, &sizes, limit, depth: 0)
        attribute = found.pointee.next
      }
      if current.pointee.type == XML_ENTITY_REF_NODE {
        if holdsElements(current) {
          return XMLFailure(
            .forbidden, "the entity \"\(name(of: current))\" stands for markup, which is not taken",
            line: xmlGetLineNo(current))
        }
        add(current, to: &total, &sizes, limit, depth: 0)
      }
      guard total <= limit else {
        return XMLFailure(
          .forbidden, "entities expand to more than \(limit) bytes", line: xmlGetLineNo(current))
      }
      node = next(after: current, under: root)
    }
    return nil
  }

  private static func add(
    siblings first: xmlNodePtr?, to total: inout Int, _ sizes: inout Sizes, _ limit: Int,
    depth: Int
  ) {
    var node = first
    while let current = node, total <= limit {
      if current.pointee.type == XML_ENTITY_REF_NODE {
        add(current, to: &total, &sizes, limit, depth: depth)
      } else if let content = current.pointee.content {
        total += Int(xmlStrlen(content))
      }
      node = current.pointee.next
    }
  }

  private static func add(
    _ reference: xmlNodePtr, to total: inout Int, _ sizes: inout Sizes, _ limit: Int, depth: Int
  ) {
    // The child of a reference is the entity itself: xmlEntity is laid out as xmlNode as far as `content`.
    guard let entity = reference.pointee.children else { return }
    if let known = sizes[entity] {
      total += known
      return
    }
    // Entities that refer to each other in a ring are refused by the parser; this bounds the rest.
    guard depth < 40 else {
      total = limit + 1
      return
    }
    var size = 0
    add(siblings: entity.pointee.children, to: &size, &sizes, limit, depth: depth + 1)
    if entity.pointee.children == nil, let content = entity.pointee.content {
      size += Int(xmlStrlen(content))
    }
    sizes[entity] = size
    total += size
  }

  private static func holdsElements(_ reference: xmlNodePtr) -> Bool {
    var node = reference.pointee.children?.pointee.children
    while let current = node {
      if current.pointee.type == XML_ELEMENT_NODE { return true }
      node = current.pointee.next
    }
    return false
  }

  private static func name(of node: xmlNodePtr) -> String {
    node.pointee.name.map { String(cString: $0) } ?? ""
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
}
