internal import TrestleCore
internal import TrestleXML

/// Builds a value from a document's events, without a schema.
final class XMLValueBuilder: XMLEventHandler {
  let outcome = XMLHandlerOutcome()
  private var open: [OpenElement] = [OpenElement(name: "")]
  private var warnings: [String] = []

  /// An element whose end has not come.
  private struct OpenElement {
    let name: String
    var members: [Member] = []
    /// Where names stand in `members`; made once there are many.
    var positions: [String: Int] = [:]
    var text: [UInt8] = []
    var hasAttributes = false
    var hasChildren = false
    var isNil = false

    init(name: String) { self.name = name }

    mutating func add(_ name: String, _ value: Value) {
      if let position = position(of: name) {
        members[position].more.append(value)
      } else {
        members.append(Member(name: name, first: value))
      }
    }

    /// Scans few names, indexes many: a hostile document costs time in proportion to its length.
    private mutating func position(of name: String) -> Int? {
      guard members.count >= 16 else { return members.firstIndex { $0.name == name } }
      if positions.isEmpty {
        for (position, member) in members.enumerated() { positions[member.name] = position }
      }
      if let known = positions[name] { return known }
      positions[name] = members.count
      return nil
    }
  }

  private struct Member {
    let name: String
    let first: Value
    var more: [Value] = []

    var value: Value { more.isEmpty ? first : .array([first] + more) }
  }

  /// The document: an object with the root element.
  var message: DecodedMessage {
    DecodedMessage(value: record(of: open[0]), warnings: warnings)
  }

  func startElement(_ element: borrowing XMLStartElement) {
    var next = OpenElement(name: element.localName)
    for index in 0..<element.attributeCount {
      let name = element.attributeName(index)
      if name.namespace == XMLNamespaces.instance {
        let value = element.attributeValue(index)
        if name.local == "nil", value == "true" || value == "1" { next.isNil = true }
        // Where a schema lies says nothing about the message.
        if name.local != "type" { continue }
      }
      next.hasAttributes = true
      // Attributes that differ by namespace alone share their key: the first one stands.
      let key = "_" + name.local
      guard !next.members.contains(where: { $0.name == key }) else { continue }
      next.add(key, .string(element.attributeValue(index)))
    }
    open[open.count - 1].hasChildren = true
    open.append(next)
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) { open[open.count - 1].text += bytes }

  func endElement() {
    guard open.count > 1 else { return }
    let element = open.removeLast()
    open[open.count - 1].add(element.name, value(of: element))
  }

  private func value(of element: OpenElement) -> Value {
    guard element.hasAttributes || element.hasChildren else {
      return element.isNil ? .null : .string(String(decoding: element.text, as: UTF8.self))
    }
    var element = element
    let isBlank = element.text.allSatisfy(\.isXMLSpace)
    if element.hasChildren, !isBlank {
      warnings.append(
        "\(element.name) holds text between its elements; it is given as _text, without its places")
    }
    if element.hasChildren ? !isBlank : !element.text.isEmpty {
      element.add("_text", .string(String(decoding: element.text, as: UTF8.self)))
    }
    return record(of: element)
  }

  private func record(of element: OpenElement) -> Value {
    .object(
      Record(uniqueMembers: element.members.map { Record.Member(name: $0.name, value: $0.value) }))
  }
}
