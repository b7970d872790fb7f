import TrestleCore

extension SchemaReader {
  // MARK: Arrays

  func arrayRules() -> ArrayRules? {
    var first: [SchemaNode] = []
    var rest: SchemaNode?
    if isModern { first = children("prefixItems") }
    if case .array? = record["items"] {
      // Tuples as JSON Schema wrote them before 2020-12.
      first = children("items")
      rest = child("additionalItems")
    } else {
      rest = child("items")
    }
    let contained = isModern ? child("contains") : nil
    let unevaluated = isModern ? child("unevaluatedItems") : nil
    let minimum = count("minItems")
    let maximum = count("maxItems")
    let areUnique = record["uniqueItems"]?.boolValue ?? false
    guard
      !first.isEmpty || rest != nil || contained != nil || unevaluated != nil || minimum != nil
        || maximum != nil || areUnique
    else { return nil }
    return ArrayRules(
      first: first, rest: rest, contained: contained,
      minimumContained: contained == nil ? 0 : count("minContains") ?? 1,
      maximumContained: contained == nil ? nil : count("maxContains"),
      minimumCount: minimum ?? 0, maximumCount: maximum, areUnique: areUnique,
      unevaluated: unevaluated)
  }

  // MARK: Objects

  func objectRules() -> ObjectRules? {
    var parts = ObjectRules.Parts()
    parts.properties = namedChildren("properties").map {
      ObjectRules.Property(name: $0.name, node: $0.node)
    }
    if case .array(let names)? = record["required"] {
      parts.required = names.compactMap(\.stringValue)
    }
    parts.additional = child("additionalProperties")
    parts.minimumCount = count("minProperties") ?? 0
    parts.maximumCount = count("maxProperties")
    // Draft 4 knows patternProperties too; OpenAPI before 3.1 leaves them out, but documents have them.
    parts.patterns = namedChildren("patternProperties").map {
      (pattern($0.name, under: "patternProperties"), $0.node)
    }
    if isModern {
      parts.names = child("propertyNames")
      parts.unevaluated = child("unevaluatedProperties")
      parts.dependentSchemas = namedChildren("dependentSchemas")
      for member in record["dependentRequired"]?.objectValue ?? [:] {
        let names = (member.value.arrayValue ?? []).compactMap(\.stringValue)
        parts.dependentNames.append((member.name, names))
      }
    }
    readDependencies(into: &parts)
    let isBare =
      parts.properties.isEmpty && parts.required.isEmpty && parts.additional == nil
      && parts.minimumCount == 0 && parts.maximumCount == nil && parts.patterns.isEmpty
      && parts.names == nil && parts.unevaluated == nil && parts.dependentNames.isEmpty
      && parts.dependentSchemas.isEmpty
    return isBare ? nil : ObjectRules(parts)
  }

  /// What is now two keywords was one before 2019-09, and still is in many documents.
  private func readDependencies(into parts: inout ObjectRules.Parts) {
    guard case .object(let dependencies)? = record["dependencies"] else { return }
    let place = node.place.appending("dependencies")
    for member in dependencies {
      if case .array(let names) = member.value {
        parts.dependentNames.append((member.name, names.compactMap(\.stringValue)))
      } else {
        let dependent = library.node(member.value, at: place.appending(member.name))
        parts.dependentSchemas.append((member.name, dependent))
      }
    }
  }

  // MARK: Schemas of the same value

  func branchRules() -> BranchRules? {
    var parts = BranchRules.Parts()
    parts.all = children("allOf")
    parts.any = children("anyOf")
    parts.one = children("oneOf")
    parts.refused = child("not")
    if isModern, let condition = child("if") {
      parts.condition = condition
      parts.consequence = child("then")
      parts.alternative = child("else")
    }
    parts.discriminator = discriminator()
    let isBare =
      parts.all.isEmpty && parts.any.isEmpty && parts.one.isEmpty && parts.refused == nil
      && parts.condition == nil && parts.discriminator == nil
    return isBare ? nil : BranchRules(parts)
  }

  private func discriminator() -> SchemaDiscriminator? {
    switch record["discriminator"] {
    case .string(let property)?:
      return SchemaDiscriminator(property: property, mapping: [])
    case .object(let discriminator)?:
      guard let property = discriminator["propertyName"]?.stringValue else {
        report("the discriminator has no propertyName", under: "discriminator")
        return nil
      }
      var mapping: [SchemaDiscriminator.Entry] = []
      for member in discriminator["mapping"]?.objectValue ?? [:] {
        guard let reference = member.value.stringValue,
          let target = mapped(reference, under: member.name)
        else { continue }
        mapping.append(SchemaDiscriminator.Entry(name: member.name, target: target))
      }
      return SchemaDiscriminator(property: property, mapping: mapping)
    default: return nil
    }
  }

  /// A mapping says a reference, or the bare name of a schema.
  private func mapped(_ reference: String, under name: String) -> SchemaEdge? {
    let part = dialect == .swagger2 ? "#/definitions/" : "#/components/schemas/"
    let isName = !reference.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "#") }
    let candidates = isName ? [part + reference, reference] : [reference]
    for candidate in candidates {
      if case .success(let target) = library.documents.target(
        of: candidate, in: node.place.document)
      {
        return SchemaEdge(node: library.node(target.value, at: target.place))
      }
    }
    report(
      "the discriminator maps \"\(name)\" to \(reference), which leads nowhere",
      under: "discriminator")
    return nil
  }

  // MARK: Notes

  func notes() -> SchemaNotes {
    var notes = SchemaNotes()
    notes.summary =
      record["description"]?.stringValue.flatMap(Self.firstLine)
      ?? record["title"]?.stringValue.flatMap(Self.firstLine)
    notes.isReadOnly = record["readOnly"]?.boolValue ?? false
    notes.isWriteOnly = record["writeOnly"]?.boolValue ?? false
    notes.isDeprecated = record["deprecated"]?.boolValue ?? false
    notes.isBinary = isBinary
    notes.defaultValue = record["default"]
    if let example = record["example"] { notes.examples.append(("example", example)) }
    if isModern, case .array(let examples)? = record["examples"] {
      notes.examples += examples.map { ("examples", $0) }
    }
    if let example = record["x-example"], !isModern {
      notes.examples.append(("x-example", example))
    }
    return notes
  }

  private var isBinary: Bool {
    if record["type"]?.stringValue == "file" || record["format"]?.stringValue == "binary" {
      return true
    }
    guard isModern, let type = record["contentMediaType"]?.stringValue else { return false }
    return record["contentEncoding"] == nil && type == "application/octet-stream"
  }

  private static func firstLine(_ text: String) -> String? {
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.drop { $0 == " " || $0 == "\t" }
      if !words.isEmpty { return String(words) }
    }
    return nil
  }
}
