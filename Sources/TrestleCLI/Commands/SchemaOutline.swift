internal import TrestleCore

/// A schema as lines of name, type and rules, the inner places indented.
struct SchemaOutline {
  /// Deeper levels are left to `--json-schema`.
  private static let maximumDepth = 8
  private static let maximumLines = 400

  private var rows: [(name: String, type: String, rules: String)] = []
  private var path: [String] = []
  private var isCut = false

  /// Adds the places of a whole message.
  mutating func add(_ schema: Schema) {
    switch schema.resolved.shape {
    case .nothing: rows.append(("nothing", "", ""))
    case .any: rows.append(("anything", "", ""))
    case .object(let object) where object.members.isEmpty && !object.isOpen:
      rows.append(("nothing", "", ""))
    case .object(let object): addMembers(of: object, level: 1)
    default: add("", schema, rules: [], level: 1)
    }
  }

  private mutating func add(_ name: String, _ schema: Schema, rules: [String], level: Int) {
    guard rows.count < Self.maximumLines else {
      isCut = true
      return
    }
    let resolved = schema.resolved
    let (inner, suffix, counts) = Self.item(of: schema)
    var rules = rules + counts + Self.rules(resolved)
    let names = Self.referenceNames(schema) + Self.referenceNames(inner)
    let isRepeated = names.contains(where: path.contains)
    var object: ObjectSchema?
    if case .object(let shape) = inner.resolved.shape { object = shape }
    if case .scalar(let scalar) = inner.resolved.shape { rules += Self.rules(scalar.facets) }
    let type = Self.typeName(inner)
    if isRepeated { rules.append("as above") }
    if let summary = resolved.summary ?? inner.resolved.summary {
      rules.append("– " + Self.oneLine(summary))
    }
    let indent = String(repeating: "  ", count: level)
    rows.append((indent + name + suffix, type, Self.joined(rules)))
    guard let object, !isRepeated else { return }
    guard level < Self.maximumDepth else {
      isCut = true
      return
    }
    path += names
    addMembers(of: object, level: level + 1)
    path.removeLast(names.count)
  }

  private mutating func addMembers(of object: ObjectSchema, level: Int) {
    let indent = String(repeating: "  ", count: level)
    if !object.variants.isEmpty {
      rows.append(
        (
          indent + "_type", "text",
          (object.isAbstract ? "required, " : "optional, ")
            + "one of \(Self.alternatives(object.variants.map(\.name)))"
        ))
    }
    for member in object.members {
      let rule =
        object.alternativesText(to: member.name) ?? (member.isRequired ? "required" : "optional")
      add(member.name, member.schema, rules: [rule], level: level)
    }
    if object.isOpen { rows.append((indent + "…", "anything", "more is allowed")) }
  }

  func text(_ palette: Palette) -> String {
    let rows = rows.map { row in
      [row.name.first == " " || row.name.isEmpty ? row.name : "  " + row.name, row.type, row.rules]
    }
    var text = Table(header: [], rows: rows).text()
    if isCut { text += palette.faint("  … there is more: --json-schema shows all of it\n") }
    return text
  }

  /// A place's type and rules on one line: `xs:string[], at most 5`.
  static func typeText(_ schema: Schema) -> String {
    let (inner, suffix, counts) = item(of: schema)
    var rules = counts + rules(schema.resolved)
    if case .scalar(let scalar) = inner.resolved.shape { rules += self.rules(scalar.facets) }
    return joined([typeName(inner) + suffix] + rules)
  }

  /// A place's type alone: `xs:string[]`.
  static func typeWord(_ schema: Schema) -> String {
    let (inner, suffix, _) = item(of: schema)
    return typeName(inner) + suffix
  }

  /// What a list is a list of, as brackets, and how many there may be.
  private static func item(
    of schema: Schema
  ) -> (schema: Schema, suffix: String, counts: [String]) {
    var inner = schema
    var suffix = ""
    var counts: [String] = []
    while case .array(let array) = inner.resolved.shape, suffix.count < 8 {
      suffix += "[]"
      if let count = Self.count(array) { counts.append(count) }
      inner = array.item
    }
    return (inner, suffix, counts)
  }

  private static func typeName(_ schema: Schema) -> String {
    switch schema.resolved.shape {
    case .any, .reference: "anything"
    case .nothing: "nothing"
    case .scalar(let scalar): scalar.typeName
    case .array: "list"
    case .object(let object): object.typeName ?? "object"
    }
  }

  private static func rules(_ schema: Schema) -> [String] {
    var rules: [String] = []
    if schema.isNullable { rules.append("or null") }
    if let fixed = schema.fixedText { rules.append("always \(fixed)") }
    if let text = schema.defaultText { rules.append("\(text) when left out") }
    return rules
  }

  private static func count(_ array: ArraySchema) -> String? {
    switch (array.minimumCount, array.maximumCount) {
    case (0, nil): nil
    case (let least, nil): "at least \(least)"
    case (0, let most?): "at most \(most)"
    case (let least, let most?): least == most ? "exactly \(least)" : "\(least) to \(most)"
    }
  }

  private static func rules(_ facets: Facets) -> [String] {
    var rules: [String] = []
    if !facets.enumeration.isEmpty { rules.append(alternatives(facets.enumeration)) }
    for pattern in facets.patterns.prefix(2) { rules.append("matches \(pattern)") }
    switch (facets.length, facets.minimumLength, facets.maximumLength) {
    case (let length?, _, _): rules.append("\(length) characters")
    case (nil, let least?, let most?): rules.append("\(least) to \(most) characters")
    case (nil, let least?, nil): rules.append("at least \(least) characters")
    case (nil, nil, let most?): rules.append("at most \(most) characters")
    default: break
    }
    if let minimum = facets.minimum, !isNatural(minimum) { rules.append("≥ \(minimum)") }
    if let minimum = facets.exclusiveMinimum { rules.append("> \(minimum)") }
    if let maximum = facets.maximum, !isNatural(maximum) { rules.append("≤ \(maximum)") }
    if let maximum = facets.exclusiveMaximum { rules.append("< \(maximum)") }
    if let digits = facets.totalDigits { rules.append("at most \(digits) digits") }
    if let digits = facets.fractionDigits, digits > 0 { rules.append("\(digits) after the point") }
    return rules
  }

  /// Texts of which one stands, as many as a line holds.
  private static func alternatives(_ texts: [String]) -> String {
    let shown = texts.prefix(8).joined(separator: " | ")
    return texts.count > 8 ? "\(shown) | … \(texts.count - 8) more" : shown
  }

  /// Whether a bound is that of a machine's integers, which the type's name says already.
  private static func isNatural(_ bound: String) -> Bool {
    guard let number = Int128(bound) else { return false }
    return [7, 8, 15, 16, 31, 32, 63, 64].contains {
      number == -(1 << $0) || number == (1 << $0) - 1
    }
  }

  private static func referenceNames(_ schema: Schema) -> [String] {
    if case .reference(let reference) = schema.shape { return [reference.name] }
    return []
  }

  /// Rules with commas between, and the contract's own words behind a dash.
  private static func joined(_ rules: [String]) -> String {
    var text = ""
    for rule in rules { text += (text.isEmpty ? "" : rule.hasPrefix("– ") ? " " : ", ") + rule }
    return text
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension ObjectSchema {
  /// What may stand in a member's place: `or byName, or byCard`; nil when it is in no choice.
  func alternativesText(to name: String) -> String? {
    guard
      let choice = choices.first(where: { $0.alternatives.contains { $0.contains(name) } })
    else { return nil }
    let others = choice.alternatives.filter { !$0.contains(name) }.flatMap { $0 }
    guard !others.isEmpty else { return nil }
    return "or " + others.prefix(4).joined(separator: ", or ")
  }
}
