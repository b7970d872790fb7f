internal import TrestleCore
internal import TrestleXML

/// Makes nodes of the events of one subtree.
struct EncodedTreeBuilder {
  private(set) var root: EncodedNode?
  private var open: [EncodedNode] = []

  /// Whether the root has ended.
  var isComplete: Bool { open.isEmpty && root != nil }

  /// - Throws: `CodecError` for attributes of the encoding's that cannot be read.
  mutating func startElement(
    _ element: borrowing XMLStartElement, reader: XMLEventReader
  ) throws(CodecError) {
    let node = EncodedNode(
      name: element.name, prefix: element.prefix, line: reader.position.line)
    for index in 0..<element.attributeCount {
      let name = element.attributeName(index)
      do throws(CodecError) {
        try Self.take(name, element.attributeValue(index), reader: reader, into: node)
      } catch {
        throw error.inside("\(element.localName).\(name.local)")
      }
    }
    if let parent = open.last { parent.children.append(node) } else { root = root ?? node }
    open.append(node)
  }

  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    open.last?.text.append(contentsOf: bytes)
  }

  mutating func endElement() { open.removeLast() }

  private static func take(
    _ name: QualifiedName, _ value: String, reader: XMLEventReader, into node: EncodedNode
  ) throws(CodecError) {
    switch (name.namespace, name.local) {
    case (XMLNamespaces.instance, "type"):
      guard let type = reader.qualifiedName(value) else {
        throw CodecError(reason: "has a prefix that is not declared: \"\(value.prefix(100))\"")
      }
      node.type = BuiltInTypes.modernName(of: type)
    case (XMLNamespaces.instance, "nil"), (XMLNamespaces.instance, "null"):
      let word = value.trimmingXMLSpace()
      node.isNil = word == "true" || word == "1"
    case (XMLNamespaces.instance, _): return
    case ("", "id"), (EncodingNamespaces.soap12, "id"):
      node.id = value.trimmingXMLSpace()
      if name.namespace.isEmpty { node.attributes.append((name, value)) }
    case ("", "href"):
      // SOAP 1.1 §5.4.1: a URI; what is not a fragment of this message lies outside of it.
      let target = value.trimmingXMLSpace()
      if target.hasPrefix("#") {
        node.reference = String(target.dropFirst())
      } else {
        node.attributes.append((name, value))
      }
    case (EncodingNamespaces.soap12, "ref"): node.reference = value.trimmingXMLSpace()
    case (let namespace, _) where EncodingNamespaces.has(namespace):
      try takeArray(name.local, value, reader: reader, into: node)
    case (let namespace, let local) where SOAPVersion(namespace: namespace) != nil:
      if local == "encodingStyle" { try takeStyle(value, into: node) }
    default: node.attributes.append((name, value))
    }
  }

  /// SOAP 1.1 §4.1.1 takes a list of styles, from the most specific on; SOAP 1.2 part 1 §5.1.1 one.
  private static func takeStyle(_ value: String, into node: EncodedNode) throws(CodecError) {
    let styles = value.split(whereSeparator: { $0.utf8.allSatisfy(\.isXMLSpace) })
    if styles.contains(where: { EncodingNamespaces.has(String($0)) }) {
      node.isEncoded = true
      return
    }
    // No style, and the one that says there is none (SOAP 1.2 part 1 §5.1.1).
    let none = SOAPVersion.soap12.namespace + "/encoding/none"
    guard styles.allSatisfy({ $0 == none }) else {
      throw CodecError(
        reason: "has the unknown encoding style \"\(value.prefix(100))\"",
        code: "DataEncodingUnknown")
    }
  }

  private static func takeArray(
    _ local: String, _ value: String, reader: XMLEventReader, into node: EncodedNode
  ) throws(CodecError) {
    switch local {
    case "arrayType":
      var note = node.array ?? ArrayNote()
      try note.take(arrayType: value, reader: reader)
      node.array = note
    case "itemType":
      var note = node.array ?? ArrayNote()
      note.itemType = reader.qualifiedName(value).map(BuiltInTypes.modernName(of:))
      node.array = note
    case "arraySize":
      var note = node.array ?? ArrayNote()
      note.sizes = try ArrayNote.sizes(arraySize: value)
      node.array = note
    case "offset":
      var note = node.array ?? ArrayNote()
      note.offset = try ArrayNote.coordinates(value)
      node.array = note
    case "position": node.position = try ArrayNote.coordinates(value)
    default: break
    }
  }
}

extension ArrayNote {
  /// Reads `xsd:string[2,3]` or `xsd:int[][4]` (SOAP 1.1 §5.4.2): the last bracket is the array's own
  /// size, those before it say that its items are arrays.
  fileprivate mutating func take(
    arrayType text: String, reader: XMLEventReader
  ) throws(CodecError) {
    let text = text.trimmingXMLSpace()
    guard let open = text.lastIndex(of: "["), text.hasSuffix("]") else {
      throw CodecError(
        reason: "is no array type: \"\(text.prefix(100))\"", hint: "such as xsd:int[3]")
    }
    let before = text[..<open]
    hasArrays = before.contains("[")
    let name = String(before.prefix { $0 != "[" })
    guard let type = reader.qualifiedName(name) else {
      throw CodecError(reason: "has a prefix that is not declared: \"\(text.prefix(100))\"")
    }
    itemType = BuiltInTypes.modernName(of: type)
    let inside = text[text.index(after: open)...].dropLast()
    sizes = []
    for part in inside.split(separator: ",", omittingEmptySubsequences: false) {
      let word = String(part).trimmingXMLSpace()
      if word.isEmpty {
        sizes.append(nil)
      } else {
        sizes.append(try Self.number(word, in: text))
      }
    }
  }

  /// Reads `2 3` or `* 3` (SOAP 1.2 part 2 §3.1.6): only the first size may be left open.
  fileprivate static func sizes(arraySize text: String) throws(CodecError) -> [Int?] {
    var sizes: [Int?] = []
    for word in text.split(whereSeparator: { $0.utf8.allSatisfy(\.isXMLSpace) }) {
      guard word == "*" else {
        sizes.append(try number(String(word), in: text))
        continue
      }
      guard sizes.isEmpty else {
        throw CodecError(
          reason: "has \"*\" after the first size: \"\(text.prefix(100))\"",
          hint: "only the first dimension may be left open")
      }
      sizes.append(nil)
    }
    return sizes
  }

  /// Reads `[2,1]` (SOAP 1.1 §5.4.2.1).
  fileprivate static func coordinates(_ text: String) throws(CodecError) -> [Int] {
    let trimmed = text.trimmingXMLSpace()
    guard trimmed.hasPrefix("["), trimmed.hasSuffix("]") else {
      throw CodecError(
        reason: "is no place in an array: \"\(text.prefix(100))\"", hint: "such as [2]")
    }
    var numbers: [Int] = []
    for word in trimmed.dropFirst().dropLast().split(
      separator: ",", omittingEmptySubsequences: false)
    {
      numbers.append(try number(String(word).trimmingXMLSpace(), in: text))
    }
    return numbers
  }

  private static func number(_ word: String, in text: String) throws(CodecError) -> Int {
    guard !word.isEmpty, word.utf8.allSatisfy({ $0 &- 48 < 10 }), let number = Int(word) else {
      throw CodecError(reason: "holds no size or place: \"\(text.prefix(100))\"")
    }
    return number
  }
}
