internal import CLibXML2

/// libxml2's text, compared and copied.
enum XMLText {
  /// Whether a NUL-terminated text is this word.
  @inline(__always)
  static func equals(_ pointer: UnsafePointer<UInt8>, _ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    let start = word.utf8Start
    var index = 0
    while index < length {
      // A NUL differs from every byte of the word, so this never reads past the text's end.
      if pointer[index] != start[index] { return false }
      index += 1
    }
    return pointer[length] == 0
  }

  /// The bytes of a value that is a single text node; nil for one in several pieces.
  @inline(__always)
  static func plain(_ first: xmlNodePtr?) -> UnsafePointer<UInt8>? {
    guard let first, first.pointee.next == nil, first.pointee.type == XML_TEXT_NODE,
      let content = first.pointee.content
    else { return nil }
    return UnsafePointer(content)
  }

  /// The text of a list of sibling nodes, elements left out.
  static func string(of first: xmlNodePtr?, in document: xmlDocPtr) -> String? {
    guard let first else { return nil }
    if let content = plain(first) { return String(cString: content) }
    var text = ""
    var node: xmlNodePtr? = first
    while let current = node {
      switch current.pointee.type {
      case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
        if let content = current.pointee.content { text += String(cString: content) }
      case XML_ENTITY_REF_NODE:
        if let content = xmlNodeGetContent(current) {
          text += String(cString: content)
          free(content)
        }
      default: break
      }
      node = current.pointee.next
    }
    return text
  }

  /// The URI that a prefix is bound to at a node: `.some(nil)` for an undeclared default namespace,
  /// nil where there is no declaration.
  static func declaration(
    of prefix: UnsafeBufferPointer<UInt8>, at node: xmlNodePtr
  ) -> UnsafePointer<UInt8>?? {
    var current: xmlNodePtr? = node
    while let element = current, element.pointee.type == XML_ELEMENT_NODE {
      var declaration = element.pointee.nsDef
      while let found = declaration {
        if isPrefix(prefix, found.pointee.prefix) { return .some(found.pointee.href) }
        declaration = found.pointee.next
      }
      current = element.pointee.parent
    }
    return nil
  }

  private static func isPrefix(
    _ bytes: UnsafeBufferPointer<UInt8>, _ prefix: UnsafePointer<UInt8>?
  ) -> Bool {
    guard let prefix else { return bytes.isEmpty }
    for (index, byte) in bytes.enumerated() where prefix[index] != byte { return false }
    return !bytes.isEmpty && prefix[bytes.count] == 0
  }

  static func free(_ text: UnsafeMutablePointer<UInt8>) { trestle_xmlFree(text) }
}
