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

  /// Writes an element in a namespace of its own choice, its content as its own shape says.
  mutating func writeUntypedRoot(
    _ name: String, namespace: String = "", _ value: Value
  ) throws(CodecError) {
    var attributes: [(String, String)] = []
    if !namespace.isEmpty { attributes.append(("xmlns:ns0", namespace)) }
    if value.containsNull { attributes.append(("xmlns:xsi", XMLNamespaces.instance)) }
    let tagged = namespace.isEmpty ? name : "ns0:" + name
    try writeUntyped(tags: XMLTagSegments(tagged, attributes: attributes), value)
  }
}

extension Value {
  /// Whether a null stands anywhere in it: what writes `xsi:nil`.
  fileprivate var containsNull: Bool {
    switch self {
    case .null: true
    case .array(let items): items.contains(where: \.containsNull)
    case .object(let record): record.contains { $0.value.containsNull }
    default: false
    }
  }
}
