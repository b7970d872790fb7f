internal import TrestleCore
internal import TrestleXML

/// Makes values of the events of one document: a stack machine over the open elements, no tree.
///
/// Every element in its place is a line of `open(_:in:)`; what is let pass in lenient mode goes
/// through `tolerate`, which is an error in strict mode.
struct XMLRPCMachine {
  /// An open element.
  struct Frame {
    let element: XMLRPCElement
    /// Whether text inside is content, gathered in `buffer`.
    var collects = false
    /// Whether the element's `name` (a member's) or `methodName` has been read.
    var hasName = false
    /// Whether the element's one value, type or content has begun.
    var hasValue = false
    /// Where the element's items begin among `values` or `members`.
    var start = 0
    /// How many items have begun, counted for paths.
    var count = 0
  }

  let outcome: XMLHandlerOutcome
  let options: XMLRPCReadingOptions
  /// The reader at work, for the place of a mistake; nil between documents.
  var reader: XMLEventReader?
  /// Whether the root was one of XML-RPC's.
  private(set) var hasRoot = false
  var warnings = WarningList()

  private(set) var frames: [Frame] = []
  private var buffer: [UInt8] = []
  /// Finished values of the open elements, innermost last.
  private var values: [Value] = []
  /// Finished members of the open structs.
  private var members: [Record.Member] = []
  /// Names of the open members that have one.
  private(set) var names: [String] = []
  private var method: String?
  var message: XMLRPCMessage?
  /// What the response has: `params` or `fault`.
  private var answer: XMLRPCElement?
  /// How many elements are open inside one that is passed over.
  private var skipped = 0
  /// The name of the open element of an unknown type.
  private var unknownType = ""

  init(options: XMLRPCReadingOptions, outcome: XMLHandlerOutcome) {
    self.options = options
    self.outcome = outcome
    frames.reserveCapacity(16)
    values.reserveCapacity(16)
  }

  // MARK: - Events

  mutating func startElement(_ tag: borrowing XMLStartElement) {
    guard skipped == 0 else {
      skipped += 1
      return
    }
    let element = XMLRPCSymbols.element(of: tag)
    if tag.attributeCount > 0 || !tag.namespace.isEmpty || !tag.prefix.isEmpty {
      checkMarkup(tag, element)
    }
    guard let parent = frames.last else { return openRoot(tag, element) }
    if parent.collects, parent.element == .value || parent.element == .name {
      if !buffer.allSatisfy(\.isXMLSpace) { strayText(buffer) }
    }
    if !open(element, in: parent) { openUnexpected(tag, element, in: parent.element) }
  }

  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let top = frames.last, skipped == 0 else { return }
    if top.collects {
      buffer.append(contentsOf: bytes)
    } else if !bytes.isXMLSpace {
      strayText(bytes)
    }
  }

  mutating func endElement() {
    guard skipped == 0 else {
      skipped -= 1
      return
    }
    guard let frame = frames.popLast() else { return }
    switch frame.element {
    case .value: endValue(frame)
    case .member: endMember(frame)
    case .struct: endStruct(frame)
    case .array: endArray(frame)
    case .name: endName(frame)
    case .methodName: endMethodName()
    case .param, .fault: endHolder(frame)
    case .methodCall: endCall(frame)
    case .methodResponse: endResponse()
    case .params, .data: break
    default: endScalar(frame.element)
    }
  }

  // MARK: - Elements that begin

  private mutating func openRoot(_ tag: borrowing XMLStartElement, _ element: XMLRPCElement) {
    guard element == .methodCall || element == .methodResponse else {
      return refuse(
        "expects <methodCall> or <methodResponse>, found <\(tag.localName)> as the root")
    }
    hasRoot = true
    push(element)
  }

  /// Opens an element where it may stand; false where it may not.
  private mutating func open(_ element: XMLRPCElement, in parent: Frame) -> Bool {
    let top = frames.count - 1
    switch (parent.element, element) {
    case (.value, _) where element.isType:
      if parent.hasValue { refuse("holds two values in one <value>") }
      frames[top].hasValue = true
      frames[top].collects = false
      openType(element)
    case (.data, .value), (.params, .param), (.struct, .member):
      frames[top].count += 1
      push(element, collects: element == .value)
    case (.param, .value), (.fault, .value), (.member, .value):
      if parent.hasValue { refuse("holds two values in one <\(parent.element.rawValue)>") }
      frames[top].hasValue = true
      push(element, collects: true)
    case (.member, .name):
      if parent.hasName { refuse("holds two names in one <member>") }
      if parent.hasValue { tolerate("a <member> has its <value> before its <name>") }
      push(element, collects: true)
    case (.array, .data):
      if parent.hasValue { tolerate("an <array> with more than one <data> is read as one") }
      frames[top].hasValue = true
      push(element)
      frames[top + 1].count = values.count - parent.start
    case (.array, .value):
      frames[top].count = values.count - parent.start + 1
      push(element, collects: true)
      tolerate("an <array> without <data> is read all the same")
    case (.methodCall, .methodName):
      if parent.hasName { refuse("holds two <methodName>s") }
      if parent.hasValue { tolerate("<methodName> stands after <params>") }
      frames[top].hasName = true
      push(element, collects: true)
    case (.methodCall, .params), (.methodResponse, .params), (.methodResponse, .fault):
      if parent.hasValue {
        refuse("holds <\(element.rawValue)> beside another <params> or <fault>")
      }
      frames[top].hasValue = true
      answer = element
      push(element)
    case (.name, .value):
      if parent.hasValue { refuse("holds two values in one <name>") }
      // Apache writes the keys of maps that are no strings this way.
      tolerate("a <name> holds a <value>; its text is taken as the name")
      frames[top].hasValue = true
      frames[top].collects = false
      push(element, collects: true)
    default: return false
    }
    return true
  }

  private mutating func openType(_ element: XMLRPCElement) {
    if !options.dialect.has(element) {
      tolerate(
        "<\(element.rawValue)> is an extension that the dialect \(options.dialect) does not have",
        once: true)
    }
    switch element {
    case .dom: passOverTree()
    case .struct: push(element, start: members.count)
    case .array: push(element, start: values.count)
    default: push(element, collects: true)
    }
  }

  /// A tree of XML inside of `<ex:dom>`, which Trestle JSON has no value for.
  private mutating func passOverTree() {
    let note = "<ex:dom> is read as null; its content is passed over"
    if options.dialect == .apache { warn(note) } else { tolerate(note) }
    values.append(.null)
    skipped = 1
  }

  /// An element that may not stand where it stands.
  private mutating func openUnexpected(
    _ tag: borrowing XMLStartElement, _ element: XMLRPCElement, in parent: XMLRPCElement
  ) {
    let name = tag.localName
    if parent == .value, element == .unknown {
      let nearest = Suggestion.clause(for: name, among: XMLRPCElement.typeNames)
      tolerate("<\(name)> is no type of XML-RPC; its text is taken as a string" + nearest)
      frames[frames.count - 1].hasValue = true
      frames[frames.count - 1].collects = false
      unknownType = name
      return push(.unknown, collects: true)
    }
    guard let wanted = Self.content[parent] else {
      let inside = parent == .unknown ? unknownType : parent.rawValue
      return refuse("expects text in <\(inside)>, found the element <\(name)>")
    }
    guard element == .unknown else {
      return refuse("expects \(wanted) in <\(parent.rawValue)>, found <\(name)>")
    }
    tolerate("the unknown element <\(name)> in <\(parent.rawValue)> is passed over")
    skipped = 1
  }

  /// What the elements without text of their own hold, in words.
  private static let content: [XMLRPCElement: String] = [
    .methodCall: "<methodName> and <params>", .methodResponse: "<params> or <fault>",
    .params: "<param>", .param: "<value>", .fault: "<value>", .value: "a type", .array: "<data>",
    .data: "<value>", .struct: "<member>", .member: "<name> and <value>",
  ]

  private mutating func push(_ element: XMLRPCElement, collects: Bool = false, start: Int = 0) {
    frames.append(Frame(element: element, collects: collects, start: start))
    if collects, !buffer.isEmpty { buffer.removeAll(keepingCapacity: true) }
  }

  // MARK: - Elements that end

  private mutating func endHolder(_ frame: Frame) {
    guard !frame.hasValue else { return }
    guard frame.element == .param, frames.first?.element == .methodResponse else {
      return refuse("expects a <value> in <\(frame.element.rawValue)>")
    }
    tolerate("the <param> of the response has no <value>; it is read as null")
    values.append(.null)
  }

  private mutating func endScalar(_ element: XMLRPCElement) {
    // Bytes need not be: to the letter of the spec this is none of them.
    if element == .base64, buffer.isEmpty, options.isStrict { return values.append(.bytes([])) }
    if element == .unknown || element == .string {
      return values.append(.string(String(decoding: buffer, as: UTF8.self)))
    }
    switch buffer.withUnsafeBufferPointer({ XMLRPCLexical.read(element, $0) }) {
    case .exact(let value): values.append(shaped(value, of: element))
    case .lenient(let value, let note):
      tolerate(note)
      values.append(shaped(value, of: element))
    case .invalid(let reason): refuse(reason)
    }
  }

  /// A value in the form that wide integers shall have.
  private func shaped(_ value: Value, of element: XMLRPCElement) -> Value {
    switch (options.wideIntegers, element, value) {
    case (.integer, _, _): value
    case (.text, .i8, .integer(let number)): .string(String(number))
    case (.number, .i8, .integer(let number)): .number(NumberText(verified: String(number)))
    case (.text, _, .number(let number)): .string(number.text)
    default: value
    }
  }

  private mutating func endValue(_ frame: Frame) {
    // "If no type is indicated, the type is string."
    if !frame.hasValue { values.append(.string(String(decoding: buffer, as: UTF8.self))) }
  }

  private mutating func endName(_ frame: Frame) {
    var name = String(decoding: buffer, as: UTF8.self)
    if frame.hasValue {
      guard let text = values.popLast()?.scalarText else {
        return refuse("holds a <name> that is no scalar")
      }
      name = text
    }
    names.append(name)
    frames[frames.count - 1].hasName = true
  }

  private mutating func endMember(_ frame: Frame) {
    if !frame.hasName {
      tolerate("a <member> has no <name>; its name is taken as empty")
      names.append("")
    }
    if !frame.hasValue {
      tolerate("a <member> has no <value>; it is read as null", at: names.last)
      values.append(.null)
    }
    guard let name = names.popLast(), let value = values.popLast() else { return }
    members.append(Record.Member(name: name, value: value))
  }

  private mutating func endStruct(_ frame: Frame) {
    let (record, repeated) = Record.read(members[frame.start...])
    for repeated in repeated {
      tolerate("the struct has more than one member \"\(repeated)\"; the last one stands")
    }
    values.append(.object(record))
    members.removeSubrange(frame.start...)
  }

  private mutating func endArray(_ frame: Frame) {
    if !frame.hasValue, values.count == frame.start {
      tolerate("an <array> without <data> is read as empty")
    }
    let items = Array(values[frame.start...])
    values.removeSubrange(frame.start...)
    values.append(.array(items))
  }

  private mutating func endMethodName() {
    var name = String(decoding: buffer, as: UTF8.self)
    if name.utf8.first?.isXMLSpace ?? false || name.utf8.last?.isXMLSpace ?? false {
      tolerate("white space around the text of <methodName> is left out")
      name = name.trimmingXMLSpace()
    }
    guard !name.isEmpty else { return refuse("expects a name in <methodName>, found none") }
    if !name.utf8.allSatisfy(XMLRPCLexical.isIdentifierCharacter) {
      let shown = XMLRPCLexical.excerpt(name.utf8)
      tolerate("the method name \(shown) has characters that the spec does not allow")
    }
    method = name
  }

  private mutating func endCall(_ frame: Frame) {
    guard let method else { return refuse("expects <methodName> in <methodCall>") }
    message = .call(method: method, parameters: values)
  }

  private mutating func endResponse() {
    switch (answer, values.count) {
    case (.fault, _): endFault(values.last ?? .null)
    case (.params, 1): message = .response(values[0])
    case (.params, 0):
      tolerate("the response has no <param>, where the spec asks for one; it is read as null")
      message = .response(.null)
    case (.params, let count): refuse("expects one <param> in a response, found \(count)")
    default: refuse("expects <params> or <fault> in <methodResponse>")
    }
  }
}
