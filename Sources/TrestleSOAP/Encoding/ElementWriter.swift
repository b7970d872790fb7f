package import TrestleCore
package import TrestleXML

/// Writes values as elements by their plans. One writer makes one message.
package struct ElementWriter {
  package private(set) var output: XMLOutput
  let context: PlanContext
  /// The version whose encoding is written.
  let version: SOAPVersion
  private var used = NamespaceSet()
  /// Namespaces of the root being written that the contract does not know.
  private var strangers: [String] = []
  /// The prefix, colon included, of untyped members that are named without a namespace.
  var memberPrefix = ""

  package init(
    context: PlanContext, version: SOAPVersion = .soap11, output: XMLOutput = XMLOutput()
  ) {
    self.context = context
    self.version = version
    self.output = output
  }

  /// Appends markup that is well-formed in its place.
  package mutating func append(_ segment: [UInt8]) { output.append(segment) }

  mutating func append(markup: StaticString) { output.append(markup: markup) }

  mutating func append(plain text: String) { output.append(plain: text) }

  /// Has the root that is being written declare the prefix of a namespace, by its number.
  mutating func use(_ index: Int) { used.insert(index) }

  /// A name as it is written, its prefix declared on the root that is being written.
  ///
  /// A namespace that the contract does not know gets a prefix of this message's own: peers must not
  /// make the shared table grow.
  mutating func tagged(_ name: QualifiedName) -> String {
    guard !name.namespace.isEmpty else { return name.local }
    // Bound by definition, and by no other prefix (Namespaces in XML 1.0 §3).
    if name.namespace == XMLNamespaces.xml { return "xml:" + name.local }
    if let index = context.prefixes.known(name.namespace) {
      used.insert(index)
      return context.prefixes.prefix(at: index) + ":" + name.local
    }
    let position = strangers.firstIndex(of: name.namespace) ?? strangers.count
    if position == strangers.count { strangers.append(name.namespace) }
    return "x\(position):" + name.local
  }

  mutating func appendText(_ text: String) throws(CodecError) { try output.append(text: text) }

  mutating func appendAttributeValue(_ text: String) throws(CodecError) {
    try output.append(attributeValue: text)
  }

  /// Writes an element that declares every prefix used within it.
  ///
  /// - Throws: `CodecError` with the path of what cannot be written, from the element's own content.
  package mutating func writeRoot(
    _ element: ElementPlan, _ value: Value, attributes: [UInt8] = []
  ) throws(CodecError) {
    try declaring(inHead: element.tags.head.count, attributes: attributes) {
      (writer) throws(CodecError) in
      try writer.write(element, value)
    }
  }

  /// Writes what `body` writes, and puts the declarations of every prefix used in it, and further
  /// attributes, behind its first `length` bytes: the head of its root.
  mutating func declaring(
    inHead length: Int, attributes: [UInt8] = [],
    _ body: (inout ElementWriter) throws(CodecError) -> Void
  ) throws(CodecError) {
    let outer = (used, strangers)
    used = NamespaceSet()
    strangers = []
    let start = output.count
    try body(&self)
    output.insert(declarations + attributes, at: start + length)
    (used, strangers) = outer
  }

  /// Puts an element in as the first child of one that was written with content.
  mutating func insertFirstChild(_ segment: [UInt8], ofElementAt start: Int) {
    // No attribute value holds a bare `>`: the writer escapes it.
    guard let end = output.bytes[start...].firstIndex(of: UInt8(ascii: ">")) else { return }
    output.insert(segment, at: end + 1)
  }

  /// What the root that is being written must declare.
  private var declarations: [UInt8] {
    var declarations: [UInt8] = []
    for index in used.indexes { declarations += context.prefixes.declaration(at: index) }
    for (position, namespace) in strangers.enumerated() {
      declarations += XMLTagSegments("x", attributes: [("xmlns:x\(position)", namespace)]).head
        .dropFirst(2)
    }
    return declarations
  }

  /// Writes an element.
  package mutating func write(_ element: ElementPlan, _ value: Value) throws(CodecError) {
    if element.isEncoded { return try writeEncoded(element, value) }
    if !element.substitutes.isEmpty, let (substitute, rest) = substitution(for: element, in: value)
    {
      return try write(substitute, rest)
    }
    if element.isAbstract {
      let names = element.substituteLabels
      throw CodecError(
        reason: "is abstract: \"_type\" must name what stands for it",
        hint: names.isEmpty ? nil : "one of " + names.joined(separator: ", "))
    }
    used.insert(element.namespaceIndex)
    switch element.content.kind {
    case .scalar(let scalar): try writeScalar(element, scalar, value)
    case .object(let plan): try writeObject(element, plan, value)
    case .array, .untyped: try writeUntyped(element, value)
    }
  }

  // MARK: - Scalars

  private mutating func writeScalar(
    _ element: ElementPlan, _ scalar: ScalarPlan, _ value: Value
  ) throws(CodecError) {
    switch value {
    case .null: try writeNil(element)
    case .object(let record):
      // A scalar of a derived type is an object: its type beside its text.
      guard let type = record["_type"]?.stringValue, let text = record["_text"] else {
        throw CodecError(reason: "expects \(scalar.schema.typeName), found an object")
      }
      try writeTyped(element, as: type, Value.object(["_text": text]))
    default:
      output.append(element.tags.open)
      try append(scalar, value)
      output.append(element.tags.close)
    }
  }

  private mutating func append(_ scalar: ScalarPlan, _ value: Value) throws(CodecError) {
    try output.append(text: try text(of: value, by: scalar))
  }

  private mutating func text(of value: Value, by scalar: ScalarPlan) throws(CodecError) -> String {
    guard scalar.holdsNames else { return try scalar.text(of: value) }
    var indexes: [Int] = []
    let text = try scalar.text(of: value) { name in
      indexes.append(context.prefixes.index(of: name.namespace))
      return context.prefixes.taggedName(name)
    }
    for index in indexes { used.insert(index) }
    return text
  }

  private mutating func writeNil(_ element: ElementPlan) throws(CodecError) {
    guard element.isNillable else {
      throw CodecError(
        reason: "is null, but the contract does not allow xsi:nil here",
        hint: "leave it out or give it a value")
    }
    output.append(element.tags.head)
    output.append(markup: " xsi:nil=\"true\"/>")
    used.insert(PrefixTable.instance)
  }

  // MARK: - Objects

  private mutating func writeObject(
    _ element: ElementPlan, _ plan: ObjectPlan, _ value: Value
  ) throws(CodecError) {
    switch value {
    case .null: return try writeNil(element)
    case .object(let record):
      if let type = record["_type"]?.stringValue {
        return try writeTyped(element, as: type, value)
      }
      try requireConcrete(plan)
      try writeObject(element, plan, record, type: nil)
    default:
      try requireConcrete(plan)
      try writeObject(element, plan, try shorthand(plan, value), type: nil)
    }
  }

  func requireConcrete(_ plan: ObjectPlan) throws(CodecError) {
    guard plan.isAbstract else { return }
    let names = plan.typeName.map { context.components.derivedTypes(of: $0).map(\.local) } ?? []
    throw CodecError(
      reason: "is of an abstract type: \"_type\" must name a type derived from it",
      hint: names.isEmpty ? nil : "one of " + names.prefix(8).joined(separator: ", "))
  }

  /// A bare scalar where the type has text beside attributes, or mixed content.
  func shorthand(_ plan: ObjectPlan, _ value: Value) throws(CodecError) -> Record {
    if case .array = value {
      throw CodecError(reason: "expects an object, found an array")
    }
    if plan.text != nil { return ["_text": value] }
    if plan.isMixed, let text = value.scalarText {
      var escaped = XMLOutput()
      try escaped.append(text: text)
      return ["_xml": .string(String(decoding: escaped.bytes, as: UTF8.self))]
    }
    throw CodecError(reason: "expects an object, found \(value.description.prefix(64))")
  }

  mutating func writeObject(
    _ element: ElementPlan, _ plan: ObjectPlan, _ record: Record, type: QualifiedName?
  ) throws(CodecError) {
    var members = MemberCursor(record)
    if type != nil, members.has("_type") { members.matched += 1 }
    let isNil = members.take("_nil")?.boolValue == true
    if type == nil, plan.attributes.isEmpty, plan.anyAttribute == nil, !isNil {
      output.append(element.tags.open)
    } else {
      output.append(element.tags.head)
      if let type { writeTypeAttribute(type) }
      try writeAttributes(plan, &members)
      if isNil {
        output.append(markup: " xsi:nil=\"true\"")
        used.insert(PrefixTable.instance)
      }
      output.append(markup: ">")
    }
    if !isNil { try writeContent(plan, &members) }
    try members.requireAllMatched(plan)
    output.append(element.tags.close)
  }

  private mutating func writeContent(
    _ plan: ObjectPlan, _ members: inout MemberCursor
  ) throws(CodecError) {
    if let scalar = plan.text {
      guard let value = members.take("_text"), !value.isNull else {
        if scalar.schema.kind == .string { return }
        throw CodecError(path: "_text", reason: "is required")
      }
      do throws(CodecError) {
        try append(scalar, value)
      } catch {
        throw error.inside("_text")
      }
    } else if plan.isMixed, let mixed = members.take("_xml") {
      try appendFragment(mixed, key: "_xml", isWhole: false)
    } else if let root = plan.root {
      try write(root, plan, scope: 0, &members)
    }
  }

  private mutating func writeAttributes(
    _ plan: ObjectPlan, _ members: inout MemberCursor
  ) throws(CodecError) {
    for attribute in plan.attributes {
      let text: String
      if let value = members.take(attribute.key), !value.isNull {
        do throws(CodecError) {
          text = try self.text(of: value, by: attribute.scalar)
        } catch {
          throw error.inside(attribute.key)
        }
      } else if attribute.isRequired {
        guard let fixed = attribute.fixedText else {
          throw CodecError(path: attribute.key, reason: "is required")
        }
        text = fixed
      } else {
        continue
      }
      used.insert(attribute.namespaceIndex)
      output.append(plain: " " + attribute.taggedName + "=\"")
      do throws(CodecError) {
        try output.append(attributeValue: text)
      } catch {
        throw error.inside(attribute.key)
      }
      output.append(markup: "\"")
    }
    guard plan.anyAttribute != nil, case .object(let extra)? = members.take("_anyAttributes") else {
      return
    }
    for member in extra.members {
      try writeAttribute(named: member.name, member.value)
    }
  }

  /// Writes an attribute outside the contract: `{namespace}name`, or a name alone.
  private mutating func writeAttribute(named key: String, _ value: Value) throws(CodecError) {
    let name = QualifiedName(parsing: key)
    guard XMLNameRules.isLocalName(name.local), let text = value.scalarText else {
      throw CodecError(path: "_anyAttributes", reason: "holds \"\(key)\", which is no attribute")
    }
    output.append(plain: " " + tagged(name) + "=\"")
    try output.append(attributeValue: text)
    output.append(markup: "\"")
  }

  // MARK: - Polymorphism

  private func substitution(
    for element: ElementPlan, in value: Value
  ) -> (ElementPlan, Value)? {
    guard case .object(var record) = value, let type = record["_type"]?.stringValue,
      let substitute = element.substitutes.first(where: {
        $0.name.local == type || $0.name.description == type
      })
    else { return nil }
    record["_type"] = nil
    if case .scalar = substitute.content.kind { return (substitute, record["_text"] ?? .null) }
    if record == ["_nil": true] { return (substitute, .null) }
    return (substitute, .object(record))
  }

  private mutating func writeTyped(
    _ element: ElementPlan, as typeText: String, _ value: Value
  ) throws(CodecError) {
    guard let type = resolveType(typeText, for: element.content) else {
      let base = element.content.typeName
      let known = base.map { [$0] + context.components.derivedTypes(of: $0) } ?? []
      throw CodecError(
        path: "_type",
        reason: "names no type that may stand here: \"\(typeText)\""
          + Suggestion.clause(for: typeText, among: known.map(\.local)))
    }
    guard let content = context.content(ofTypeNamed: type) else {
      throw CodecError(path: "_type", reason: "names an unknown type: \"\(typeText)\"")
    }
    switch content.kind {
    case .scalar(let scalar):
      output.append(element.tags.head)
      writeTypeAttribute(type)
      output.append(markup: ">")
      try append(scalar, value["_text"] ?? .null)
      output.append(element.tags.close)
    case .object(let plan):
      try requireConcrete(plan)
      guard case .object(let record) = value else { return }
      try writeObject(element, plan, record, type: type)
    case .array, .untyped:
      try writeUntyped(element, value)
    }
  }

  /// A `_type`: a local name among the derived types, `{namespace}name`, or `xsd:name`.
  func resolveType(_ text: String, for content: ContentPlan?) -> QualifiedName? {
    if text.hasPrefix("{") { return QualifiedName(parsing: text) }
    if text.hasPrefix("xsd:") || text.hasPrefix("xs:") {
      guard let colon = text.firstIndex(of: ":") else { return nil }
      return QualifiedName(XMLNamespaces.schema, String(text[text.index(after: colon)...]))
    }
    guard let base = content?.typeName else { return nil }
    if base.local == text { return base }
    return context.components.derivedTypes(of: base).first { $0.local == text }
  }

  mutating func writeTypeAttribute(_ type: QualifiedName) {
    used.insert(PrefixTable.instance)
    output.append(plain: " xsi:type=\"" + tagged(type) + "\"")
  }

  // MARK: - Raw XML

  /// The content of an object as XML text whose elements can stand alone.
  ///
  /// - Throws: `CodecError` when the members do not fit the plan.
  mutating func innerXML(of plan: ObjectPlan, _ record: Record) throws(CodecError) -> String {
    var members = MemberCursor(record)
    let start = output.count
    try writeContent(plan, &members)
    let content = Array(output.bytes[start...])
    let document = Array("<x".utf8) + declarations + Array(">".utf8) + content + Array("</x>".utf8)
    return try context.readers.withReader { reader throws(CodecError) in
      let capture = XMLInnerCapture(reader: reader)
      try reader.read(document, into: capture)
      return capture.content
    }
  }

  /// Appends XML text that a caller gave, once it is known to be well-formed.
  mutating func appendFragment(
    _ value: Value, key: String, isWhole: Bool
  ) throws(CodecError) {
    guard let text = value.stringValue else {
      throw CodecError(path: key, reason: "expects XML text, found \(value.kindName)")
    }
    let document = isWhole ? text : "<x>" + text + "</x>"
    do throws(CodecError) {
      try context.readers.withReader { reader throws(CodecError) in
        try reader.read(Array(document.utf8), into: WellFormednessCheck())
      }
    } catch {
      throw CodecError(path: key, reason: "is not XML that can stand alone: \(error.reason)")
    }
    output.append(plain: text)
  }

  // MARK: - What the schema says nothing about

  private mutating func writeUntyped(
    _ element: ElementPlan, _ value: Value
  ) throws(CodecError) {
    if case .object(let record) = value, let type = record["_type"]?.stringValue,
      let name = resolveType(type, for: element.content), context.components.type(name) != nil
    {
      return try writeTyped(element, as: "{\(name.namespace)}\(name.local)", value)
    }
    try writeUntyped(tags: element.tags, value)
  }

  /// Writes a value as its own JSON shape says: `_name` an attribute, `_text` text, anything else a
  /// child element in no namespace.
  package mutating func writeUntyped(
    tags: XMLTagSegments, _ value: Value
  ) throws(CodecError) {
    switch value {
    case .null:
      output.append(tags.head)
      output.append(markup: " xsi:nil=\"true\"/>")
      used.insert(PrefixTable.instance)
    case .array:
      throw CodecError(reason: "is an array inside an array, which XML has no form for")
    case .object(let record):
      output.append(tags.head)
      try writeUntypedAttributes(record)
      output.append(markup: ">")
      for member in record.members { try writeUntypedMember(member) }
      output.append(tags.close)
    default:
      output.append(tags.open)
      try output.append(text: value.scalarText ?? "")
      output.append(tags.close)
    }
  }

  /// Writes the members that are attributes: `_name`, or `_{namespace}name`.
  mutating func writeUntypedAttributes(_ record: Record) throws(CodecError) {
    for member in record.members {
      guard let key = Self.untypedAttribute(member.name) else { continue }
      let name = QualifiedName(parsing: key)
      guard XMLNameRules.isLocalName(name.local), let text = member.value.scalarText else {
        throw CodecError(path: member.name, reason: "is no attribute")
      }
      output.append(plain: " " + tagged(name) + "=\"")
      try output.append(attributeValue: text)
      output.append(markup: "\"")
    }
  }

  static func untypedAttribute(_ key: String) -> String? {
    guard key.hasPrefix("_"), !key.hasPrefix("__"),
      !["_text", "_any", "_type", "_xml"].contains(key)
    else { return nil }
    return String(key.dropFirst())
  }

  private mutating func writeUntypedMember(_ member: Record.Member) throws(CodecError) {
    if Self.untypedAttribute(member.name) != nil || member.name == "_type" { return }
    switch member.name {
    case "_text":
      try output.append(text: member.value.scalarText ?? "")
    case "_any":
      for (index, fragment) in (member.value.arrayValue ?? [member.value]).enumerated() {
        try appendFragment(fragment, key: "_any[\(index)]", isWhole: true)
      }
    case "_xml":
      try appendFragment(member.value, key: "_xml", isWhole: false)
    default:
      let tags = try memberTags(member.name)
      let items = member.value.arrayValue ?? [member.value]
      for item in items {
        do throws(CodecError) {
          try writeUntyped(tags: tags, item)
        } catch {
          throw error.inside(member.name)
        }
      }
    }
  }

  /// The tags of an untyped member: `name`, `__name` for one that begins with an underscore, or
  /// `{namespace}name`.
  mutating func memberTags(_ key: String) throws(CodecError) -> XMLTagSegments {
    let name = key.hasPrefix("__") ? String(key.dropFirst()) : key
    let parsed = QualifiedName(parsing: name)
    guard XMLNameRules.isLocalName(parsed.local) else {
      throw CodecError(reason: "has a member \"\(key)\", which is no XML name")
    }
    if name.hasPrefix("{") { return XMLTagSegments(tagged(parsed)) }
    return XMLTagSegments(memberPrefix + name)
  }
}
