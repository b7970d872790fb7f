internal import TrestleXML

extension EncodedNode {
  /// The element as XML text that stands alone, references left as they are.
  var xml: String {
    var output = XMLOutput()
    append(to: &output, declared: ["": ""])
    return String(decoding: output.bytes, as: UTF8.self)
  }

  /// The text and the children as XML text; text between children comes first, since an encoded message
  /// knows no place for it.
  var innerXML: String {
    var output = XMLOutput()
    let text = String(decoding: text, as: UTF8.self)
    if !text.utf8.allSatisfy(\.isXMLSpace) { try? output.append(text: text) }
    for child in children { output.append(plain: child.xml) }
    return String(decoding: output.bytes, as: UTF8.self)
  }

  // What came out of a parser holds nothing that XML cannot carry, so nothing here can fail.
  private func append(to output: inout XMLOutput, declared: [String: String]) {
    var declared = declared
    let tag = prefix.isEmpty ? name.local : prefix + ":" + name.local
    output.append(plain: "<" + tag)
    if declared[prefix] != name.namespace {
      declared[prefix] = name.namespace
      Self.append(prefix.isEmpty ? " xmlns" : " xmlns:" + prefix, name.namespace, to: &output)
    }
    if type != nil || isNil { Self.append(" xmlns:xsi", XMLNamespaces.instance, to: &output) }
    if let type {
      Self.append(" xmlns:t", type.namespace, to: &output)
      Self.append(" xsi:type", "t:" + type.local, to: &output)
    }
    if isNil { Self.append(" xsi:nil", "true", to: &output) }
    if let reference { Self.append(" href", "#" + reference, to: &output) }
    for (index, attribute) in attributes.enumerated() {
      if attribute.name.namespace.isEmpty {
        Self.append(" " + attribute.name.local, attribute.value, to: &output)
      } else {
        Self.append(" xmlns:a\(index)", attribute.name.namespace, to: &output)
        Self.append(" a\(index):" + attribute.name.local, attribute.value, to: &output)
      }
    }
    if children.isEmpty, text.isEmpty { return output.append(markup: "/>") }
    output.append(markup: ">")
    if children.isEmpty { try? output.append(text: String(decoding: text, as: UTF8.self)) }
    for child in children { child.append(to: &output, declared: declared) }
    output.append(plain: "</" + tag + ">")
  }

  private static func append(_ name: String, _ value: String, to output: inout XMLOutput) {
    output.append(plain: name + "=\"")
    try? output.append(attributeValue: value)
    output.append(markup: "\"")
  }
}
