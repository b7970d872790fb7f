import TrestleCore

/// Reads the rules of one schema from its JSON.
struct SchemaReader {
  /// The keywords that hold schemas by the names of properties.
  static let maps: Set<String> = ["properties", "patternProperties", "dependentSchemas"]

  let library: SchemaLibrary
  let node: SchemaNode
  let record: Record

  init(_ node: SchemaNode, in library: SchemaLibrary) {
    self.library = library
    self.node = node
    record = node.source.objectValue ?? [:]
  }

  var dialect: SchemaLibrary.Dialect { library.dialect }
  var isModern: Bool { dialect == .openAPI31 }

  func rules() -> SchemaRules {
    var parts = SchemaRules.Parts()
    switch node.source {
    case .bool(let isOpen):
      parts.isNever = !isOpen
    case .object:
      read(into: &parts)
    default:
      report("expects a schema, found \(node.source.kindName)")
    }
    return SchemaRules(parts)
  }

  private func read(into parts: inout SchemaRules.Parts) {
    if let reference = record["$ref"]?.stringValue {
      parts.reference = edge(to: reference)
      // Until JSON Schema 2019-09, what stands beside a reference says nothing.
      if !isModern {
        parts.beside = beside()
        return
      }
    }
    readDynamicReference(into: &parts)
    readKinds(into: &parts)
    parts.choice = choice()
    parts.number = numberRules()
    parts.text = textRules()
    parts.array = arrayRules()
    parts.object = objectRules()
    parts.branches = branchRules()
    parts.notes = notes()
    if parts.kinds == .all, parts.choice == nil, parts.notes.isBinary, !parts.hasShape {
      parts.kinds = .string
    }
  }

  /// The rules beside a reference; nil where there are only words for people.
  private func beside() -> SchemaNode? {
    let rules = record.members.filter { !Self.words.contains($0.name) && !$0.name.hasPrefix("x-") }
    guard !rules.isEmpty else { return nil }
    return SchemaNode(.object(Record(uniqueMembers: rules)), at: node.place)
  }

  /// What no value is held against.
  private static let words: Set<String> = [
    "$ref", "title", "summary", "description", "example", "default", "nullable", "deprecated",
    "readOnly", "writeOnly", "externalDocs", "xml",
  ]

  // MARK: Kinds

  private func readKinds(into parts: inout SchemaRules.Parts) {
    switch record["type"] {
    case nil, .null?: break
    case .string(let word)?: parts.listedKinds = kinds(of: word).map { [$0] } ?? []
    case .array(let words)? where isModern || words.allSatisfy { $0.stringValue != nil }:
      parts.listedKinds = words.compactMap { word in
        word.stringValue.flatMap(kinds) ?? (word == .null ? .null : nil)
      }
    case let other?: report("type expects a word, found \(other)", under: "type")
    }
    if !parts.listedKinds.isEmpty {
      parts.kinds = parts.listedKinds.reduce([]) { $0.union($1) }
    }
    if dialect == .openAPI30, record["nullable"]?.boolValue == true { parts.isNullable = true }
    if !isModern, record["x-nullable"]?.boolValue == true { parts.isNullable = true }
  }

  private func kinds(of word: String) -> SchemaKinds? {
    if let kinds = SchemaKinds(word: word) { return kinds }
    if word == "file" { return .string }
    let known = ["object", "array", "string", "integer", "number", "boolean", "null"]
    report(
      "the type \"\(word)\" is not known" + Suggestion.clause(for: word, among: known),
      under: "type", hint: "The schema is read as if it had no type.")
    return nil
  }

  private func choice() -> ValueChoice? {
    var values = record["enum"]?.arrayValue ?? []
    if let constant = record["const"], isModern {
      // Both are rules: of words to choose from without the constant, none is left.
      let isAmong = values.isEmpty || values.contains { $0.isSameJSON(as: constant) }
      values = isAmong ? [constant] : []
      return ValueChoice(values)
    }
    return values.isEmpty ? nil : ValueChoice(values)
  }

  // MARK: Parts

  func child(_ name: String) -> SchemaNode? {
    record[name].map { library.node($0, at: node.place.appending(name)) }
  }

  func children(_ name: String) -> [SchemaNode] {
    guard case .array(let values)? = record[name] else { return [] }
    let place = node.place.appending(name)
    return values.enumerated().map { library.node($1, at: place.appending($0)) }
  }

  func namedChildren(_ name: String) -> [(name: String, node: SchemaNode)] {
    guard case .object(let values)? = record[name] else { return [] }
    let place = node.place.appending(name)
    return values.members.map { ($0.name, library.node($0.value, at: place.appending($0.name))) }
  }

  func count(_ name: String) -> Int? {
    guard let value = record[name] else { return nil }
    guard let decimal = value.isNumber ? value.decimalText : nil, decimal.isWhole else {
      report("\(name) expects a count, found \(value)", under: name)
      return nil
    }
    // A limit beyond what can be counted limits nothing, or all.
    guard let count = decimal.integer else { return .max }
    return max(0, Int(clamping: count))
  }

  func report(
    _ message: String, under name: String? = nil, hint: String? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    let place = name.map(node.place.appending) ?? node.place
    library.report(severity, message, at: place, hint: hint)
  }

  // MARK: Numbers and texts

  private func numberRules() -> NumberRules? {
    var bounds: [NumberRules.Bound] = []
    func add(_ side: NumberRules.Bound.Side, _ name: String, _ value: Value?) {
      guard let value else { return }
      guard value.isNumber, let decimal = value.decimalText, let text = value.scalarText else {
        report("\(name) expects a number, found \(value)", under: name)
        return
      }
      bounds.append(
        NumberRules.Bound(side: side, text: text, decimal: decimal, integer: decimal.integer))
    }
    let lower = record["exclusiveMinimum"]
    let upper = record["exclusiveMaximum"]
    // Draft 4 says whether the bound itself is left out; later drafts give another bound.
    add(lower?.boolValue == true ? .exclusiveMinimum : .minimum, "minimum", record["minimum"])
    add(upper?.boolValue == true ? .exclusiveMaximum : .maximum, "maximum", record["maximum"])
    if lower?.boolValue == nil { add(.exclusiveMinimum, "exclusiveMinimum", lower) }
    if upper?.boolValue == nil { add(.exclusiveMaximum, "exclusiveMaximum", upper) }
    var divisors: [(text: String, decimal: DecimalText)] = []
    if let divisor = record["multipleOf"] {
      if divisor.isNumber, let text = divisor.scalarText, let decimal = DecimalText(text),
        let zero = DecimalText("0"), decimal.order(against: zero) > 0
      {
        divisors.append((text, decimal))
      } else {
        report("multipleOf expects a number above zero, found \(divisor)", under: "multipleOf")
      }
    }
    let format = record["format"]?.stringValue.flatMap { NumberFormat($0) }
    guard !bounds.isEmpty || !divisors.isEmpty || format != nil else { return nil }
    return NumberRules(bounds: bounds, divisors: divisors, format: format)
  }

  private func textRules() -> TextRules? {
    let pattern = record["pattern"]?.stringValue.flatMap { self.pattern($0, under: "pattern") }
    let name = record["format"]?.stringValue
    let format = name.flatMap { TextFormat(named: $0, in: dialect) }
    // JSON Schema 2020-12 validation §8: what a text holds is told, and not checked.
    let isEncoded = isModern && record["contentEncoding"]?.stringValue == "base64"
    let minimum = count("minLength")
    let maximum = count("maxLength")
    guard pattern != nil || name != nil || isEncoded || minimum != nil || maximum != nil else {
      return nil
    }
    return TextRules(
      minimumLength: minimum ?? 0, maximumLength: maximum, pattern: pattern, format: format,
      shownFormat: format ?? (isEncoded ? .base64 : nil), formatName: name)
  }

  func pattern(_ text: String, under name: String) -> SchemaPattern? {
    if let pattern = SchemaPattern(text) { return pattern }
    report(
      "the pattern \(text) cannot be checked here", under: name,
      hint: "Texts are let pass by it: it uses what is beyond regular languages, or is malformed.",
      severity: .warning)
    return nil
  }
}

extension SchemaRules.Parts {
  /// Whether something besides `type` says what kind of value is meant.
  fileprivate var hasShape: Bool {
    object != nil || array != nil || branches != nil || reference != nil
  }
}
