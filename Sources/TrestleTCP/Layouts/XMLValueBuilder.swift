internal import TrestleCore
internal import TrestleXML

/// Builds a value from a document's events, without a schema.
final class XMLValueBuilder: XMLEventHandler {
  let outcome = XMLHandlerOutcome()
  /// Behind a pointer: every access to a class's variable is checked for exclusivity at run time,
  /// several times an event.
  private let state: UnsafeMutablePointer<State>

  init() {
    state = .allocate(capacity: 1)
    state.initialize(to: State())
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  /// The document: an object with the root element.
  var message: DecodedMessage { state.pointee.message }

  func startElement(_ element: borrowing XMLStartElement) { state.pointee.start(element) }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) { state.pointee.text.append(bytes) }

  func endElement() { state.pointee.end() }
}

extension XMLValueBuilder {
  /// What has been read so far.
  private struct State: ~Copyable {
    /// The open elements, the innermost last; the document is the first.
    private var open: [XMLOpenElement] = []
    private var innermost = XMLOpenElement(name: "", textStart: 0)
    var text = ByteStack(capacity: 256)
    private var warnings: [String] = []

    init() { open.reserveCapacity(8) }

    var message: DecodedMessage {
      let root = open.first?.members ?? innermost.members
      return DecodedMessage(value: .object(Record(uniqueMembers: root)), warnings: warnings)
    }

    mutating func start(_ element: borrowing XMLStartElement) {
      innermost.hasChildren = true
      open.append(innermost)
      innermost = XMLOpenElement(name: element.localName, textStart: text.count)
      if element.attributeCount > 0 { addAttributes(of: element) }
    }

    private mutating func addAttributes(of element: borrowing XMLStartElement) {
      for index in 0..<element.attributeCount {
        let name = element.attributeName(index)
        if name.namespace == XMLNamespaces.instance {
          let value = element.attributeValue(index)
          if name.local == "nil", value == "true" || value == "1" { innermost.isNil = true }
          // Where a schema lies says nothing about the message.
          if name.local != "type" { continue }
        }
        innermost.hasAttributes = true
        // Attributes that differ by namespace alone share their key: the first one stands.
        let key = "_" + name.local
        guard !innermost.members.contains(where: { $0.name == key }) else { continue }
        innermost.add(key, .string(element.attributeValue(index)))
      }
    }

    mutating func end() {
      guard var parent = open.popLast() else { return }
      swap(&parent, &innermost)
      innermost.add(parent.name, value(of: &parent))
      text.cut(to: parent.textStart)
    }

    private mutating func value(of element: inout XMLOpenElement) -> Value {
      guard element.hasAttributes || element.hasChildren else {
        return element.isNil ? .null : .string(text.text(from: element.textStart))
      }
      let bytes = text.bytes(from: element.textStart)
      let isBlank = bytes.allSatisfy(\.isXMLSpace)
      if element.hasChildren, !isBlank {
        warnings.append(
          "\(element.name) holds text between its elements; it is given as _text, without its places"
        )
      }
      if element.hasChildren ? !isBlank : !bytes.isEmpty {
        element.add("_text", .string(String(decoding: bytes, as: UTF8.self)))
      }
      return .object(Record(uniqueMembers: element.members))
    }
  }
}

/// An element whose end has not come.
private struct XMLOpenElement {
  let name: String
  /// Where its text begins among the text of all open elements.
  let textStart: Int
  private(set) var members: [Record.Member] = []
  /// Where names stand in `members`; made once there are many.
  private var positions: [String: Int]?
  var hasAttributes = false
  var hasChildren = false
  var isNil = false

  init(name: String, textStart: Int) {
    self.name = name
    self.textStart = textStart
  }

  /// Adds a member, which is no list; a name that comes again makes a list.
  mutating func add(_ name: String, _ value: Value) {
    guard let position = position(of: name) else {
      return members.append(Record.Member(name: name, value: value))
    }
    guard case .array(var items) = members[position].value else {
      members[position].value = .array([members[position].value, value])
      return
    }
    // The list is taken out of the member first, so that appending to it copies nothing.
    members[position].value = .null
    items.append(value)
    members[position].value = .array(items)
  }

  /// Scans few names, indexes many: a hostile document costs time in proportion to its length.
  private mutating func position(of name: String) -> Int? {
    guard members.count >= 16 else { return members.firstIndex { $0.name == name } }
    if positions == nil {
      positions = Dictionary(
        members.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { $1 })
    }
    if let known = positions?[name] { return known }
    positions?[name] = members.count
    return nil
  }
}
