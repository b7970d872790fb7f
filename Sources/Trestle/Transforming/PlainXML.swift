package import TrestleCore
internal import TrestleXML

/// XML as values and values as XML, without a contract that says what is what.
///
/// An element is a member by its local name, an attribute `_name`, text beside attributes or elements `_text`;
/// elements that repeat are a list. The way back is the same read backwards.
package enum PlainXML {
  /// The value of a document, under the name of its root.
  ///
  /// - Throws: `LoadError` for a text that is no XML, or is over the limits of messages.
  package static func value(of text: String) throws(LoadError) -> Value {
    let document: XMLDocument
    do throws(XMLFailure) {
      document = try XMLDocument(Array(text.utf8))
    } catch {
      throw LoadError("this is no XML: \(error)")
    }
    return .object([document.root.localName: value(of: document.root)])
  }

  private static func value(of element: XMLElement) -> Value {
    var record = Record()
    for attribute in element.attributes {
      record["_" + attribute.name.local] = .string(attribute.value)
    }
    var repeated: Set<String> = []
    for child in element.children {
      let value = value(of: child)
      let name = child.localName
      switch record[name] {
      case nil: record[name] = value
      case .array(let items)? where repeated.contains(name): record[name] = .array(items + [value])
      case let first?:
        record[name] = .array([first, value])
        repeated.insert(name)
      }
    }
    let text = element.text
    if record.isEmpty { return .string(text) }
    if text.contains(where: { !$0.isWhitespace }) { record["_text"] = .string(text) }
    return .object(record)
  }

  /// A document of a value, below a root element where the value does not have exactly one member.
  ///
  /// - Throws: `LoadError` for a name that no element can have.
  package static func text(of value: Value, root: String) throws(LoadError) -> String {
    guard let writer = XMLWriter(declaration: true) else {
      throw LoadError("there is no memory to write XML")
    }
    if let members = value.objectValue?.members, members.count == 1, let only = members.first,
      only.value.arrayValue == nil, !only.name.hasPrefix("_")
    {
      try write(only.value, named: only.name, to: writer)
    } else {
      try write(value, named: root, to: writer)
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func write(
    _ value: Value, named name: String, to writer: XMLWriter
  ) throws(LoadError) {
    if case .array(let items) = value {
      for item in items { try write(item, named: name, to: writer) }
      return
    }
    writer.startElement(try checked(name))
    if case .object(let record) = value {
      for member in record where member.name.hasPrefix("_") && member.name != "_text" {
        writer.attribute(
          try checked(String(member.name.dropFirst())), try text(member.value, in: name))
      }
      if let text = record["_text"] { writer.text(try self.text(text, in: name)) }
      for member in record where !member.name.hasPrefix("_") {
        try write(member.value, named: member.name, to: writer)
      }
    } else {
      writer.text(try text(value, in: name))
    }
    writer.endElement()
  }

  private static func checked(_ name: String) throws(LoadError) -> String {
    guard XMLNameRules.isLocalName(name) else {
      throw LoadError(
        "\"\(name)\" can be no name in XML",
        hint: "names begin with a letter, and have neither spaces nor colons")
    }
    return name
  }

  private static func text(_ value: Value, in name: String) throws(LoadError) -> String {
    let text = value.scalarText ?? ""
    // XML 1.0 section 2.2: other control characters have no form in it, not even as references.
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || [9, 10, 13].contains($0.value) })
    else { throw LoadError("the text of \(name) has a control character, which XML cannot have") }
    return text
  }
}
