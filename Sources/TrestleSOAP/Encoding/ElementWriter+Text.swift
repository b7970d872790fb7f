internal import TrestleCore
internal import TrestleXML

// Elements that no plan describes.
extension ElementWriter {
  /// Writes an element of text by its name as written, with attributes or declarations.
  mutating func writeText(
    _ name: String, _ text: String, declaring attributes: [(String, String)] = []
  ) throws(CodecError) {
    let tags = XMLTagSegments(name, attributes: attributes)
    append(tags.open)
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
