internal import TrestleCore
internal import TrestleXML

/// An XML document for a message, in Trestle JSON: element = key by local name, attribute = `_name`,
/// text beside attributes = `_text`, repeated = array, `xsi:nil` = null.
struct XMLLayout: MessageLayout {
  /// The encodings a document may be written in.
  enum Encoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case latin1 = "iso-8859-1"
  }

  let encoding: Encoding
  /// Whether documents begin with `<?xml …?>`.
  let hasDeclaration: Bool
  /// The default namespace of the documents that are written; empty for none.
  let namespace: String

  private let names: XMLNameSegments
  private let reader = XMLValueReader()
  private let declaration: [UInt8]

  /// `names` are the element and attribute keys that the definition itself speaks of; their tags are
  /// built once.
  init(
    encoding: Encoding = .utf8, hasDeclaration: Bool = false, namespace: String = "",
    names: Set<String> = []
  ) {
    self.encoding = encoding
    self.hasDeclaration = hasDeclaration
    self.namespace = namespace
    self.names = XMLNameSegments(names)
    declaration =
      hasDeclaration
      ? Array("<?xml version=\"1.0\" encoding=\"\(encoding.rawValue.uppercased())\"?>\n".utf8) : []
  }

  var isStateless: Bool { true }

  var hasNulls: Bool { true }

  var example: Value? { ["message": ["text": "text"]] }

  func prepared(for names: Set<String>) -> any MessageLayout {
    XMLLayout(
      encoding: encoding, hasDeclaration: hasDeclaration, namespace: namespace, names: names)
  }

  // MARK: Reading

  func placeReader(texts: [ValuePath], present: [ValuePath]) -> (any PlaceReading)? {
    // Where documents do not say their encoding, it is the layout that knows it.
    encoding == .utf8 ? XMLPlaceReader(texts: texts, present: present) : nil
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    do throws(CodecError) {
      return try reader.read(bytes, charset: charset(of: bytes))
    } catch {
      // An error at a line and column speaks for itself; one without shows how the message begins.
      guard error.path.isEmpty else { throw error }
      var error = error
      error.path = "layout.xml"
      if bytes.first != UInt8(ascii: "<") {
        error.reason += ": \(HexWindow(bytes[...], wrong: 0..<min(1, bytes.count)))"
      }
      throw error
    }
  }

  /// The layout's encoding stands where the document itself does not say.
  private func charset(of bytes: [UInt8]) -> String? {
    guard encoding == .latin1 else { return nil }
    let head = bytes.prefix(256)
    if head.starts(with: [0xEF, 0xBB, 0xBF]) || head.starts(with: [0xFE, 0xFF])
      || head.starts(with: [0xFF, 0xFE])
    {
      return nil
    }
    guard head.starts(with: "<?xml".utf8), let end = head.firstIndex(of: UInt8(ascii: ">")) else {
      return encoding.rawValue
    }
    let declaration = String(decoding: head[..<end], as: UTF8.self)
    return declaration.contains("encoding") ? nil : encoding.rawValue
  }

  // MARK: Writing

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    let roots = message.objectValue?.members ?? []
    guard roots.count == 1, let root = roots.first, !root.name.hasPrefix("_") else {
      throw CodecError(
        path: "layout.xml",
        reason: "a document has one root element, found "
          + (roots.isEmpty ? message.kindName : roots.map(\.name).joined(separator: ", ")))
    }
    guard root.value.arrayValue == nil else {
      throw CodecError(path: root.name, reason: "is the root element, which cannot be repeated")
    }
    var output = XMLOutput()
    output.append(declaration)
    try write(root.name, root.value, isRoot: true, depth: 0, to: &output)
    return encoding == .latin1 ? Self.latin1(output.bytes) : output.bytes
  }

  private static let maximumDepth = 64

  private func write(
    _ name: String, _ value: Value, isRoot: Bool = false, depth: Int, to output: inout XMLOutput
  ) throws(CodecError) {
    guard depth < Self.maximumDepth else {
      throw CodecError(path: name, reason: "is nested deeper than \(Self.maximumDepth)")
    }
    if case .array(let items) = value {
      for (position, item) in items.enumerated() {
        guard item.arrayValue == nil else {
          throw CodecError(path: "\(name)[\(position)]", reason: "is a list within a list")
        }
        try write(name, item, depth: depth, to: &output)
      }
      return
    }
    guard let tags = names.tags(of: name, encoding: encoding) else {
      throw CodecError(path: name, reason: "\"\(name)\" cannot be an element's name")
    }
    do throws(CodecError) {
      try write(tags, value, isRoot: isRoot, depth: depth, to: &output)
    } catch {
      throw error.inside(name)
    }
  }

  private func write(
    _ tags: XMLTagSegments, _ value: Value, isRoot: Bool, depth: Int, to output: inout XMLOutput
  ) throws(CodecError) {
    let declaresNamespace = isRoot && !namespace.isEmpty
    guard declaresNamespace || value.isNull || value.objectValue != nil else {
      if value == .string("") { return output.append(tags.empty) }
      output.append(tags.open)
      try text(of: value, to: &output)
      return output.append(tags.close)
    }
    output.append(tags.head)
    if declaresNamespace { try attribute("xmlns", namespace, to: &output) }
    var children: [Record.Member] = []
    let content = try startContent(value, &children, to: &output)
    let isEmpty = children.allSatisfy { $0.value.arrayValue?.isEmpty ?? false }
    if isEmpty, content.isNull || content == .string("") {
      return output.append(markup: "/>")
    }
    output.append(markup: ">")
    if !content.isNull { try text(of: content, to: &output) }
    for child in children { try write(child.name, child.value, depth: depth + 1, to: &output) }
    output.append(tags.close)
  }

  /// Writes the attributes; gives the text, null where there is none, and sets the child elements.
  private func startContent(
    _ value: Value, _ children: inout [Record.Member], to output: inout XMLOutput
  ) throws(CodecError) -> Value {
    guard case .object(let record) = value else {
      guard value.isNull else { return value }
      output.append(
        markup: " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"")
      return .null
    }
    var content = Value.null
    for member in record {
      if member.name == "_text" {
        content = member.value
      } else if member.name.hasPrefix("_") {
        guard let text = member.value.scalarText else {
          throw CodecError(
            path: member.name, reason: "an attribute holds a text, found \(member.value.kindName)")
        }
        guard !member.value.isNull else { continue }
        try attribute(String(member.name.dropFirst()), text, to: &output)
      } else {
        children.append(member)
      }
    }
    return content
  }

  private func attribute(
    _ name: String, _ text: String, to output: inout XMLOutput
  ) throws(CodecError) {
    guard let opening = names.attribute(name, encoding: encoding) else {
      throw CodecError(path: "_" + name, reason: "\"\(name)\" cannot be an attribute's name")
    }
    output.append(opening)
    do throws(CodecError) {
      try output.append(attributeValue: text)
    } catch {
      throw error.inside("_" + name)
    }
    output.append(markup: "\"")
  }

  private func text(of value: Value, to output: inout XMLOutput) throws(CodecError) {
    guard let text = value.scalarText else {
      throw CodecError(path: "_text", reason: "expects a text, found \(value.kindName)")
    }
    try output.append(text: text)
  }

  /// UTF-8 markup as ISO-8859-1; characters it does not have become references, which mean the same.
  ///
  /// Names hold no such character, so each stands in text or an attribute's value.
  private static func latin1(_ markup: [UInt8]) -> [UInt8] {
    guard markup.contains(where: { $0 >= 0x80 }) else { return markup }
    var output: [UInt8] = []
    output.reserveCapacity(markup.count)
    for scalar in String(decoding: markup, as: UTF8.self).unicodeScalars {
      if let byte = UInt8(exactly: scalar.value) {
        output.append(byte)
      } else {
        output += Array("&#\(scalar.value);".utf8)
      }
    }
    return output
  }
}
