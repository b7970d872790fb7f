internal import TrestleCore
internal import TrestleXML

/// Builds values from documents' events, without a schema: one document after the other.
///
/// Elements, their members and their texts lie on three stacks that are used again for the next
/// document: an element costs one allocation when it ends, and a text none.
final class XMLValueBuilder: XMLEventHandler {
  let outcome = XMLHandlerOutcome()
  var isKept: Bool { true }
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

  /// The document that was read: an object with the root element. The builder is then ready for the
  /// next one, as it is after `reset`.
  func takeMessage() -> DecodedMessage { state.pointee.takeMessage() }

  /// Forgets a document that could not be read.
  func reset() {
    outcome.reset()
    state.pointee.reset()
  }

  func startElement(_ element: borrowing XMLStartElement) { state.pointee.start(element) }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) { state.pointee.text.append(bytes) }

  func endElement() { state.pointee.end() }
}

extension XMLValueBuilder {
  /// What has been read so far.
  private struct State: ~Copyable {
    /// The open elements, the innermost last; the document is the first.
    private var open = MovingStack<XMLOpenElement>(capacity: 8)
    /// The members of all open elements, each element's above those of the one around it.
    private var members = MovingStack<Record.Member>(capacity: 16)
    var text = ByteStack(capacity: 256)
    private var warnings: [String] = []

    init() { open.push(XMLOpenElement(name: "", textStart: 0, memberStart: 0)) }

    mutating func takeMessage() -> DecodedMessage {
      let message = DecodedMessage(
        value: .object(Record(uniqueMembers: members.popAll(from: 0))), warnings: warnings)
      reset()
      return message
    }

    mutating func reset() {
      warnings = []
      open.cut(to: 1)
      open.top.pointee.index = nil
      members.cut(to: 0)
      text.cut(to: 0)
      open.shrink(to: 64)
      members.shrink(to: 256)
      text.shrink(to: 64 << 10)
    }

    mutating func start(_ element: borrowing XMLStartElement) {
      open.top.pointee.hasChildren = true
      open.push(
        XMLOpenElement(
          name: element.localName, textStart: text.count, memberStart: members.count))
      if element.attributeCount > 0 { addAttributes(of: element) }
    }

    private mutating func addAttributes(of element: borrowing XMLStartElement) {
      for index in 0..<element.attributeCount {
        let name = element.attributeName(index)
        if name.namespace == XMLNamespaces.instance {
          let value = element.attributeValue(index)
          if name.local == "nil", value == "true" || value == "1" {
            open.top.pointee.isNil = true
          }
          // Where a schema lies says nothing about the message.
          if name.local != "type" { continue }
        }
        open.top.pointee.hasAttributes = true
        // Attributes that differ by namespace alone share their key: the first one stands.
        let key = "_" + name.local
        guard position(of: key) == nil else { continue }
        add(key, .string(element.attributeValue(index)))
      }
    }

    mutating func end() {
      guard open.count > 1 else { return }
      let start = open.top.pointee.textStart
      let value: Value =
        open.top.pointee.hasAttributes || open.top.pointee.hasChildren
        ? content(of: open.top)
        : open.top.pointee.isNil ? .null : .string(text.text(from: start))
      text.cut(to: start)
      add(open.pop().name, value)
    }

    /// The value of an element with attributes or children.
    private mutating func content(of element: UnsafeMutablePointer<XMLOpenElement>) -> Value {
      let bytes = text.bytes(from: element.pointee.textStart)
      let isBlank = bytes.allSatisfy(\.isXMLSpace)
      if element.pointee.hasChildren, !isBlank {
        warnings.append(
          "\(element.pointee.name) holds text between its elements; "
            + "it is given as _text, without its places")
      }
      if element.pointee.hasChildren ? !isBlank : !bytes.isEmpty {
        add("_text", .string(String(decoding: bytes, as: UTF8.self)))
      }
      return .object(Record(uniqueMembers: members.popAll(from: element.pointee.memberStart)))
    }

    /// Adds a member, which is no list, to the innermost element; a name that comes again makes a
    /// list.
    private mutating func add(_ name: consuming String, _ value: consuming Value) {
      guard let position = position(of: name) else {
        return members.push(Record.Member(name: name, value: value))
      }
      let member = members.element(position)
      guard case .array(var items) = member.pointee.value else {
        member.pointee.value = .array([member.pointee.value, value])
        return
      }
      // The list is taken out of the member first, so that appending to it copies nothing.
      member.pointee.value = .null
      items.append(value)
      member.pointee.value = .array(items)
    }

    /// Where the innermost element has a member. Scans few names, indexes many: a hostile document
    /// costs time in proportion to its length.
    private mutating func position(of name: String) -> Int? {
      let start = open.top.pointee.memberStart
      guard members.count - start >= 16 else {
        for position in start..<members.count
        where members.element(position).pointee.name == name {
          return position
        }
        return nil
      }
      if open.top.pointee.index == nil {
        var index: [String: Int] = [:]
        for position in start..<members.count {
          index[members.element(position).pointee.name] = position
        }
        open.top.pointee.index = index
      }
      if let known = open.top.pointee.index?[name] { return known }
      open.top.pointee.index?[name] = members.count
      return nil
    }
  }
}

/// An element whose end has not come.
private struct XMLOpenElement {
  let name: String
  /// Where its text begins among the text of all open elements, and its members among theirs.
  let textStart: Int
  let memberStart: Int
  /// Where names stand among the members; made once there are many.
  var index: [String: Int]?
  var hasAttributes = false
  var hasChildren = false
  var isNil = false

  init(name: String, textStart: Int, memberStart: Int) {
    self.name = name
    self.textStart = textStart
    self.memberStart = memberStart
  }
}
