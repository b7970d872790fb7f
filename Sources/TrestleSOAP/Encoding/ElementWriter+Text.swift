internal import TrestleCore
internal import TrestleXML

// Elements that no plan describes.
extension ElementWriter {
  /// Writes an element of text, declaring the prefix `f` on it where the text is a name of its
  /// namespace.
  mutating func writeText(
    _ tags: XMLTagSegments, _ text: String, declaring namespace: String? = nil
  ) throws(CodecError) {
    append(tags.head)
    if let namespace {
      append(Array(" xmlns:f=\"".utf8))
      try appendAttributeValue(namespace)
      append(Array("\"".utf8))
    }
    append(Array(">".utf8))
    try appendText(text)
    append(tags.close)
  }

  /// Writes an element of any name, its content as its own shape says; typed content says its types as
  /// the encoding does, qualified members are in the element's own namespace.
  mutating func writeUntypedRoot(
    _ name: QualifiedName, _ value: Value, isTyped: Bool = false, isQualified: Bool = false,
    attributes: [UInt8] = []
  ) throws(CodecError) {
    guard XMLNameRules.isLocalName(name.local) else {
      throw CodecError(reason: "is no XML name: \"\(name.local)\"")
    }
    let tags =
      name.namespace.isEmpty
      ? XMLTagSegments(name.local)
      : XMLTagSegments("ns0:" + name.local, attributes: [("xmlns:ns0", name.namespace)])
    let outer = memberPrefix
    memberPrefix = isQualified && !name.namespace.isEmpty ? "ns0:" : ""
    try declaring(inHead: tags.head.count, attributes: attributes) {
      (writer) throws(CodecError) in
      if isTyped {
        try writer.writeTyped(tags: tags, value)
      } else {
        try writer.writeUntyped(tags: tags, value)
      }
    }
    memberPrefix = outer
  }
}
