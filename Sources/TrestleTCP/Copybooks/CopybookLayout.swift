internal import TrestleCore

/// A record of a copybook as the layout of messages.
struct CopybookLayout: MessageLayout {
  /// The record's name in the copybook.
  let title: String
  let group: CopybookGroup
  /// The bytes of the record at full size.
  let size: Int
  /// How many values are noted while a message is read or written.
  let slots: Int
  let options: CopybookOptions

  func decode(_ bytes: [UInt8]) throws(CodecError) -> DecodedMessage {
    var pass = CopybookReading(bytes, layout: self)
    let record = try pass.record()
    return DecodedMessage(value: .object(record), warnings: pass.allWarnings)
  }

  func list(_ bytes: [UInt8], into spans: inout [FieldSpan]) throws(CodecError) {
    var pass = CopybookReading(bytes, layout: self, listing: true)
    defer { spans += pass.spans }
    _ = try pass.record()
    guard pass.reader.remaining > 0 else { return }
    pass.spans.append(
      FieldSpan(path: "", range: pass.reader.position..<bytes.count, type: "after the last field"))
  }

  func encode(_ message: Value) throws(CodecError) -> [UInt8] {
    guard case .object(let record) = message else {
      throw CodecError(
        path: title, reason: "writes fields by name, found \(message.kindName)")
    }
    var pass = CopybookWriting(slots: slots, options: options)
    try pass.write(group, record)
    return pass.output
  }

  func visible(_ message: Value) -> Value { Self.visible(message, group) }

  private static func visible(_ value: Value, _ group: CopybookGroup) -> Value {
    guard case .object(let record) = value else { return value }
    var visible = Record()
    visible.reserveCapacity(record.count)
    let members = Dictionary(group.members.map { ($0.key, $0) }) { first, _ in first }
    for member in record {
      guard let node = members[member.name], node.isVisible else { continue }
      guard case .group(let inner) = node.content else {
        visible.append(unique: member.name, member.value)
        continue
      }
      if case .array(let items) = member.value {
        visible.append(unique: member.name, .array(items.map { Self.visible($0, inner) }))
      } else {
        visible.append(unique: member.name, Self.visible(member.value, inner))
      }
    }
    return .object(visible)
  }

  /// `customer_id`, `Customer-Id` and `CUSTOMER-ID` are one field.
  func key(of field: String) -> String {
    if group.keys.contains(field) { return field }
    let wanted = Self.plain(field)
    return group.keys.first { Self.plain($0) == wanted } ?? field
  }

  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0 != "-" && $0 != "_" }
  }

  var schema: Schema? { Self.schema(of: group) }

  // MARK: Schema

  private static func schema(of group: CopybookGroup) -> Schema {
    var members: [ObjectSchema.Member] = []
    for step in group.steps {
      switch step {
      case .slack: break
      case .node(let node): members += Self.members(of: node, isSampled: true)
      case .area(let area):
        let sampled: Int
        switch area.choice {
        case .always(let alternative): sampled = alternative
        case .by(_, let cases): sampled = cases.first?.alternative ?? 0
        case nil: sampled = 0
        }
        for (position, node) in area.alternatives.enumerated() {
          members += Self.members(of: node, isSampled: position == sampled)
        }
      }
    }
    return Schema(.object(ObjectSchema(members: members)))
  }

  private static func members(
    of node: CopybookNode, isSampled: Bool
  ) -> [ObjectSchema.Member] {
    guard node.isVisible else { return [] }
    if node.isAnonymous, case .group(let group) = node.content,
      case .object(let object) = schema(of: group).shape
    {
      return object.members.map {
        var member = $0
        member.isSampled = member.isSampled && isSampled
        return member
      }
    }
    var schema = item(node)
    schema.summary = node.summary
    if let text = node.sampleText { schema.defaultText = text }
    var isSampled = isSampled
    if let occurs = node.occurs {
      schema = Schema(.array(ArraySchema(item: schema, maximumCount: occurs.maximum)))
      // How many items go with the sample's count is told by the definition alone.
      if !occurs.counts.isEmpty { isSampled = false }
    }
    // What is left out is written blank.
    return [
      ObjectSchema.Member(
        name: node.key, schema: schema, isRequired: false, isSampled: isSampled)
    ]
  }

  private static func item(_ node: CopybookNode) -> Schema {
    switch node.content {
    case .field(let field): field.schema
    case .group(let group): schema(of: group)
    }
  }
}
