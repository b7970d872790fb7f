internal import TrestleCore
internal import TrestleXML

/// What a schema says of an element, as a layout; only what both have words for.
struct DFDLTranslation {
  typealias Unsupported = DFDLSuite.Unsupported

  let schema: DFDLSchema
  /// Whether values are written: what only readers are lax about is then unsupported.
  let writes: Bool
  /// Whether what was read is written again.
  let writesAgain: Bool
  private var serial = 0

  init(_ schema: DFDLSchema, writes: Bool, writesAgain: Bool) {
    self.schema = schema
    self.writes = writes
    self.writesAgain = writesAgain
  }

  /// The fields of an element, whose value is under its name.
  mutating func fields(
    ofRoot name: String
  ) throws(Unsupported) -> Record {
    guard let element = schema.elements[name] else {
      throw Unsupported(word: "a schema that is elsewhere")
    }
    return try fields(of: element, end: nil, depth: 0)
  }

  /// The types that are read as numbers, whatever their text.
  static let numbers: Set<String> = [
    "int", "integer", "long", "short", "byte", "decimal", "unsignedInt", "unsignedLong",
    "unsignedShort", "unsignedByte", "nonNegativeInteger", "float", "double",
  ]

  /// The simple type of an element; nil for one with elements inside.
  func simpleType(of element: XMLElement) throws(Unsupported) -> (
    name: String, declared: XMLElement?
  )? {
    var declared = element.first("simpleType")
    if let type = element.plain("type") {
      let name = DFDLSchema.local(type)
      guard let named = schema.types[name], !type.hasPrefix("xs") else { return (name, nil) }
      declared = named
    }
    guard let declared, declared.localName == "simpleType" else { return nil }
    guard let base = declared.first("restriction")?.plain("base") else {
      throw Unsupported(word: "a union or list type")
    }
    return (DFDLSchema.local(base), declared)
  }

  // MARK: Elements

  /// `end` are the bytes that stand after the element, where it does not end by itself.
  private mutating func fields(
    of reference: XMLElement, end: String?, depth: Int
  ) throws(Unsupported) -> Record {
    let element =
      reference.plain("ref").flatMap { schema.elements[DFDLSchema.local($0)] } ?? reference
    let name = element.plain("name") ?? "?"
    guard depth < 6 else { throw Unsupported(word: "deep nesting") }
    guard (reference.plain("maxOccurs") ?? "1") == "1", (reference.plain("minOccurs") ?? "1") == "1"
    else { throw Unsupported(word: "optional or repeated elements") }
    for key in ["inputValueCalc", "outputValueCalc"]
    where schema.properties(of: element)[key] != nil {
      throw Unsupported(word: "values that are computed of others")
    }
    if let simple = try simpleType(of: element) {
      var properties = schema.properties(of: element, type: simple.declared)
      if reference.plain("ref") != nil {
        properties.merge(
          schema.properties(of: reference).filter {
            ["terminator", "initiator"].contains($0.key) && !$0.value.isEmpty
          }
        ) { $1 }
      }
      return try DFDLSimpleField(
        name: name, type: simple.name, properties: properties, end: end, writes: writes,
        writesAgain: writesAgain
      )
      .fields(schema)
    }
    let properties = schema.properties(of: element)
    guard ["implicit", "delimited"].contains(properties["lengthKind"] ?? "") else {
      throw Unsupported(word: "a length of several elements")
    }
    let type =
      element.first("complexType")
      ?? element.plain("type").flatMap { schema.types[DFDLSchema.local($0)] }
    guard let sequence = type?.first("sequence") else {
      throw Unsupported(word: "choices and groups")
    }
    var fields = try marks("initiator", properties)
    let terminator = try Self.delimiter(properties["terminator"])
    fields[name] = .object(
      try self.fields(ofSequence: sequence, end: terminator ?? end, depth: depth + 1))
    // What ends the last field is read with it.
    return fields
  }

  private mutating func fields(
    ofSequence sequence: XMLElement, end: String?, depth: Int
  ) throws(Unsupported) -> Record {
    var properties = schema.properties(of: sequence)
    // Delimiters are no defaults: a sequence has those that it says itself.
    guard properties["separatorPosition"] == "infix" || (properties["separator"] ?? "").isEmpty
    else {
      throw Unsupported(word: "separators before or after")
    }
    if properties["sequenceKind"] == "unordered" { throw Unsupported(word: "unordered sequences") }
    properties["separator"] = properties["separator"] ?? ""
    let separator = try Self.delimiter(properties["separator"])
    let terminator = try Self.delimiter(properties["terminator"])
    var fields = try marks("initiator", properties)
    let children = sequence.children.filter { $0.localName != "annotation" }
    for (index, child) in children.enumerated() {
      guard child.localName == "element" else { throw Unsupported(word: "sequences in sequences") }
      let isLast = index == children.count - 1
      let inner = try self.fields(
        of: child, end: isLast ? terminator ?? end : separator, depth: depth)
      for member in inner { fields[member.name] = member.value }
    }
    return fields
  }

  /// An initiator as a constant.
  private mutating func marks(
    _ key: String, _ properties: DFDLSchema.Properties
  ) throws(Unsupported) -> Record {
    guard let text = try Self.delimiter(properties[key]) else { return [:] }
    serial += 1
    return ["mark\(serial)": .string("const \"\(text)\"")]
  }

  /// The bytes of a delimiter; nil for none.
  static func delimiter(_ text: String?) throws(Unsupported) -> String? {
    guard let text, !text.isEmpty else { return nil }
    guard !text.contains(" "), !text.contains("{"), !text.contains("\"") else {
      throw Unsupported(word: "alternative or computed delimiters")
    }
    var output = ""
    var rest = Substring(text)
    while let first = rest.first {
      guard first == "%" else {
        output.append(first)
        rest = rest.dropFirst()
        continue
      }
      let entity = rest.dropFirst().prefix { $0 != ";" }
      rest = rest[entity.endIndex...].dropFirst()
      switch entity {
      case "SP": output += " "
      case "CR": output += "\r"
      case "LF": output += "\n"
      case "HT": output += "\t"
      case "NUL": output += "\0"
      case "ES": continue
      default: throw Unsupported(word: "classes of characters")
      }
    }
    return output
  }
}
