internal import TrestleCore
internal import TrestleXML

// Elements by the rules of the encoding (SOAP 1.1 §5, SOAP 1.2 part 2 §3): every one says its type.
extension ElementWriter {
  mutating func writeEncoded(_ element: ElementPlan, _ value: Value) throws(CodecError) {
    use(element.namespaceIndex)
    var content = element.content
    if case .object(let record) = value, let text = record["_type"]?.stringValue {
      guard let type = resolveType(text, for: content) else {
        throw CodecError(
          path: "_type", reason: "names no type that may stand here: \"\(text)\"",
          hint: "a type of another namespace is written {namespace}name")
      }
      guard let actual = context.content(ofTypeOrBuiltIn: type) else {
        return try writeTyped(tags: element.tags, value)
      }
      content = actual
      if case .scalar = actual.kind {
        return try write(element, as: content, record["_text"] ?? .null)
      }
    }
    try write(element, as: content, value)
  }

  private mutating func write(
    _ element: ElementPlan, as content: ContentPlan, _ value: Value
  ) throws(CodecError) {
    if value.isNull { return writeNil(element.tags, type: content.typeName) }
    switch content.kind {
    case .scalar(let scalar):
      // The text beside attributes that are the encoding's own.
      let text = try scalar.text(of: value["_text"] ?? value)
      append(element.tags.head)
      if let type = content.typeName { writeTypeAttribute(type) }
      append(markup: ">")
      try appendText(text)
      append(element.tags.close)
    case .object(let plan):
      try requireConcrete(plan)
      let record: Record
      if case .object(let given) = value {
        record = given
      } else {
        record = try shorthand(plan, value)
      }
      try writeObject(element, plan, record, type: content.typeName)
    case .array(let plan): try writeArray(element.tags, plan, type: content.typeName, value)
    case .untyped: try writeTyped(tags: element.tags, value)
    }
  }

  private mutating func writeNil(_ tags: XMLTagSegments, type: QualifiedName?) {
    append(tags.head)
    use(PrefixTable.instance)
    append(markup: " xsi:nil=\"true\"")
    if let type { writeTypeAttribute(type) }
    append(markup: "/>")
  }

  // MARK: - Arrays

  private mutating func writeArray(
    _ tags: XMLTagSegments, _ plan: ArrayPlan, type: QualifiedName?, _ value: Value
  ) throws(CodecError) {
    guard case .array(let items) = value else {
      throw CodecError(
        reason: "is an array in the contract, found \(value.kindName)",
        hint: "write [\(value.description.prefix(32))]")
    }
    let (flat, sizes) = try Self.flattened(items, rank: plan.rank)
    var itemType = plan.itemType
    if itemType == nil || itemType == BuiltInTypes.anyTypeName { itemType = commonType(of: flat) }
    append(tags.head)
    writeSizes(sizes, itemType: itemType ?? BuiltInTypes.anyTypeName, itemRank: plan.itemRank)
    writeTypeAttribute(type ?? QualifiedName(EncodingNamespaces.of(version), "Array"))
    append(markup: ">")
    for (position, item) in flat.enumerated() {
      do throws(CodecError) {
        try write(plan.item, item)
      } catch {
        throw error.inside("[\(position)]")
      }
    }
    append(tags.close)
  }

  /// The items of all dimensions in row-major order (SOAP 1.1 §5.4.2), and the sizes.
  private static func flattened(
    _ items: [Value], rank: Int
  ) throws(CodecError) -> (items: [Value], sizes: [Int]) {
    guard rank > 1 else { return (items, [items.count]) }
    var flat: [Value] = []
    var inner: [Int]?
    for (position, item) in items.enumerated() {
      guard case .array(let row) = item else {
        throw CodecError(
          path: "[\(position)]",
          reason: "is a row of an array of \(rank) dimensions, found \(item.kindName)")
      }
      let (cells, sizes) = try flattened(row, rank: rank - 1)
      guard inner == nil || inner == sizes else {
        throw CodecError(
          path: "[\(position)]",
          reason: "has another size than [0], and an array of several dimensions is not ragged")
      }
      inner = sizes
      flat += cells
    }
    return (flat, [items.count] + (inner ?? Array(repeating: 0, count: rank - 1)))
  }

  private mutating func writeSizes(
    _ sizes: [Int], itemType: QualifiedName, itemRank: String
  ) {
    let encoding = EncodingNamespaces.of(version)
    let type = tagged(itemType)
    switch version {
    case .soap11:
      let size = sizes.map(String.init).joined(separator: ",")
      let name = tagged(QualifiedName(encoding, "arrayType"))
      append(plain: " \(name)=\"\(type)\(itemRank)[\(size)]\"")
    case .soap12:
      let size = sizes.map(String.init).joined(separator: " ")
      append(plain: " \(tagged(QualifiedName(encoding, "itemType")))=\"\(type)\"")
      append(plain: " \(tagged(QualifiedName(encoding, "arraySize")))=\"\(size)\"")
    }
  }

  // MARK: - Values that no contract types

  /// Writes a value with the type it has by itself: `_type` where it says one, else what JSON tells
  /// apart.
  mutating func writeTyped(tags: XMLTagSegments, _ value: Value) throws(CodecError) {
    switch value {
    case .null: writeNil(tags, type: nil)
    case .array(let items):
      let item = ElementPlan(name: QualifiedName("", "item"), context: context.encoded) {
        ContentPlan(.untyped, typeName: nil)
      }
      try writeArray(tags, ArrayPlan(item: item, itemType: nil), type: nil, .array(items))
    case .object(let record): try writeTyped(tags: tags, record)
    default:
      append(tags.head)
      writeTypeAttribute(Self.naturalType(of: value))
      append(markup: ">")
      try appendText(value.scalarText ?? "")
      append(tags.close)
    }
  }

  private mutating func writeTyped(tags: XMLTagSegments, _ record: Record) throws(CodecError) {
    append(tags.head)
    if let text = record["_type"]?.stringValue {
      guard let type = resolveType(text, for: nil) ?? localType(text) else {
        throw CodecError(
          path: "_type", reason: "names no type: \"\(text)\"",
          hint: "write {namespace}name or xsd:name")
      }
      writeTypeAttribute(type)
    }
    try writeUntypedAttributes(record)
    append(markup: ">")
    for member in record.members { try writeTypedMember(member) }
    append(tags.close)
  }

  private func localType(_ text: String) -> QualifiedName? {
    XMLNameRules.isLocalName(text) ? QualifiedName("", text) : nil
  }

  private mutating func writeTypedMember(_ member: Record.Member) throws(CodecError) {
    switch member.name {
    case "_type": return
    case "_text": try appendText(member.value.scalarText ?? "")
    case "_any":
      for (index, fragment) in (member.value.arrayValue ?? [member.value]).enumerated() {
        try appendFragment(fragment, key: "_any[\(index)]", isWhole: true)
      }
    default:
      if Self.untypedAttribute(member.name) != nil { return }
      let tags = try memberTags(member.name)
      do throws(CodecError) {
        try writeTyped(tags: tags, member.value)
      } catch {
        throw error.inside(member.name)
      }
    }
  }

  /// The type that a value has without anyone's word on it.
  private static func naturalType(of value: Value) -> QualifiedName {
    let local =
      switch value {
      case .bool: "boolean"
      case .integer(let number): Int32(exactly: number) == nil ? "long" : "int"
      case .number(let number):
        Int64(number.text) != nil
          || number.text.utf8.allSatisfy({ $0 &- 48 < 10 || $0 == UInt8(ascii: "-") })
          ? "integer" : "double"
      case .double: "double"
      case .bytes: "base64Binary"
      case .dateTime: "dateTime"
      case .null, .string, .array, .object: "string"
      }
    return QualifiedName(XMLNamespaces.schema, local)
  }

  /// The one type that all items have; nil where they differ or have none.
  private func commonType(of items: [Value]) -> QualifiedName? {
    var common: QualifiedName?
    for item in items {
      let type: QualifiedName?
      switch item {
      case .null: continue
      case .array: type = QualifiedName(EncodingNamespaces.of(version), "Array")
      case .object(let record):
        type = record["_type"]?.stringValue.flatMap { resolveType($0, for: nil) ?? localType($0) }
      default: type = Self.naturalType(of: item)
      }
      guard let type, common == nil || common == type else { return nil }
      common = type
    }
    return common
  }
}
