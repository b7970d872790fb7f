/// Writes the events of one subtree down as XML text that stands alone: every prefix it uses is
/// declared on its root.
package struct XMLFragmentCapture {
  private var rootHead: [UInt8] = []
  private var body = XMLOutput()
  private var depth = 0
  private var isTagOpen = false
  private var openNames: [[UInt8]] = []
  /// Prefixes declared inside the fragment, with the depth of their element.
  private var declared: [(prefix: String, depth: Int)] = []
  private var needed: [(prefix: String, namespace: String)] = []

  package init() {}

  /// Whether the root has ended.
  package var isComplete: Bool { depth == 0 && !rootHead.isEmpty }

  package mutating func startElement(
    _ element: borrowing XMLStartElement, reader: XMLEventReader
  ) {
    closeTag()
    depth += 1
    let prefix = element.prefix
    let name = Array((prefix.isEmpty ? element.localName : prefix + ":" + element.localName).utf8)
    openNames.append(name)
    if depth == 1 {
      rootHead = [UInt8(ascii: "<")] + name
    } else {
      body.append(markup: "<")
      body.append(name)
    }
    isTagOpen = true
    for index in 0..<element.declarationCount {
      let declaration = element.declaration(index)
      declared.append((declaration.prefix, depth))
      writeAttribute(
        declaration.prefix.isEmpty ? "xmlns" : "xmlns:" + declaration.prefix,
        declaration.namespace)
    }
    need(prefix, element.namespace)
    for index in 0..<element.attributeCount {
      let attributePrefix = element.attributePrefix(index)
      let attribute = element.attributeName(index)
      let value = element.attributeValue(index)
      if !attributePrefix.isEmpty { need(attributePrefix, attribute.namespace) }
      needPrefix(ofText: value, reader: reader)
      writeAttribute(
        attributePrefix.isEmpty ? attribute.local : attributePrefix + ":" + attribute.local, value)
    }
  }

  package mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    closeTag()
    append(text: String(decoding: bytes, as: UTF8.self))
  }

  /// Ends the innermost element.
  package mutating func endElement() {
    guard let name = openNames.popLast() else { return }
    if isTagOpen {
      body.append(markup: "/>")
      isTagOpen = false
    } else {
      body.append(markup: "</")
      body.append(name)
      body.append(markup: ">")
    }
    while let last = declared.last, last.depth == depth { declared.removeLast() }
    depth -= 1
  }

  /// The text of the whole fragment.
  package var fragment: String {
    var output = XMLOutput(capacity: rootHead.count + body.bytes.count + 64)
    output.append(rootHead)
    for (prefix, namespace) in needed {
      output.append(plain: prefix.isEmpty ? " xmlns=\"" : " xmlns:" + prefix + "=\"")
      // Names that came out of a parser hold nothing that XML cannot carry.
      try? output.append(attributeValue: namespace)
      output.append(markup: "\"")
    }
    output.append(body.bytes)
    return String(decoding: output.bytes, as: UTF8.self)
  }

  private mutating func need(_ prefix: String, _ namespace: String) {
    guard prefix != "xml", !(prefix.isEmpty && namespace.isEmpty),
      !declared.contains(where: { $0.prefix == prefix }),
      !needed.contains(where: { $0.prefix == prefix })
    else { return }
    needed.append((prefix, namespace))
  }

  /// A value like `xsd:int` may be a QName; its prefix must not be lost.
  private mutating func needPrefix(ofText value: String, reader: XMLEventReader) {
    guard let colon = value.firstIndex(of: ":"), value.utf8.count < 256 else { return }
    let prefix = String(value[..<colon]).trimmingXMLSpace()
    guard !prefix.isEmpty, let namespace = reader.namespace(forPrefix: prefix) else { return }
    need(prefix, namespace)
  }

  private mutating func writeAttribute(_ name: String, _ value: String) {
    body.append(plain: " " + name + "=\"")
    try? body.append(attributeValue: value)
    body.append(markup: "\"")
  }

  private mutating func append(text: String) { try? body.append(text: text) }

  private mutating func closeTag() {
    guard isTagOpen else { return }
    body.append(markup: ">")
    isTagOpen = false
  }
}
