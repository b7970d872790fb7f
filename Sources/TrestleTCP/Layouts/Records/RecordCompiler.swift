internal import TrestleCore

/// Makes the layouts of a `layout` section that names records: `{encoding: cp037, inquiry: {…}, answer: {…}}`.
struct RecordCompiler {
  private let records: Record
  let encoding: TextEncoding
  private let path: ValuePath
  private(set) var problems: [ValueProblem] = []
  /// The records being compiled, outermost first.
  private var open: [String] = []

  private static let maximumDepth = 16
  private static let defaultMaximumItems = 65536

  init(_ value: Value, at path: ValuePath) {
    var problems: [ValueProblem] = []
    self.path = path
    var rest = Record()
    var records = Record()
    for member in value.objectValue ?? [:] {
      if let record = member.value.objectValue {
        if LayoutKind.of(record) == nil { records[member.name] = member.value }
      } else {
        rest[member.name] = member.value
      }
    }
    self.records = records
    var encoding = TextEncoding.utf8
    if var keys = KeyReader(.object(rest), at: path, problems: &problems) {
      encoding = TextEncoding.read(&keys, problems: &problems) ?? .utf8
      keys.finish("layout", problems: &problems)
    }
    self.encoding = encoding
    self.problems = problems
  }

  /// The names of the section's records.
  var names: [String] { records.names }

  /// The layouts, in the order of `names`.
  mutating func layouts() -> [RecordLayout] { names.map { layout(named: $0) } }

  /// The layout of one record.
  mutating func layout(named name: String) -> RecordLayout {
    RecordLayout(fields: fields(ofRecord: name))
  }

  private mutating func fields(ofRecord name: String) -> [RecordField] {
    guard !open.contains(name), open.count < Self.maximumDepth else {
      problems.error(
        "\(name) contains itself: \((open + [name]).joined(separator: " → "))",
        at: path.member(name))
      return []
    }
    open.append(name)
    defer { open.removeLast() }
    return fields(records[name] ?? .emptyObject, at: path.member(name))
  }

  private mutating func fields(_ value: Value, at path: ValuePath) -> [RecordField] {
    var fields: [RecordField] = []
    for member in value.objectValue ?? [:] {
      let place = path.member(member.name)
      guard
        var field =
          member.value.stringValue.flatMap({ self.field(member.name, $0, at: place) })
          ?? (member.value.objectValue == nil
            ? nil : compound(member.name, member.value, at: place, among: fields))
      else {
        if member.value.stringValue == nil, member.value.objectValue == nil {
          problems.error("expects a field like text(10), found \(member.value)", at: place)
        }
        continue
      }
      if member.name.hasPrefix("filler") { field.source = .filler }
      if case .list(_, .field(let counter), _) = field.kind {
        if let position = fields.firstIndex(where: { $0.name == counter }) {
          fields[position].source = .count(of: member.name)
        } else {
          problems.error(
            "the count \"\(counter)\" is no field before it"
              + Suggestion.clause(for: counter, among: fields.map(\.name)), at: place)
        }
      }
      fields.append(field)
    }
    return fields
  }

  // MARK: One line

  private mutating func field(
    _ name: String, _ text: String, at place: ValuePath
  ) -> RecordField? {
    guard let written = FieldText(text) else {
      problems.error("\(text): a parenthesis or quote is not closed", at: place)
      return nil
    }
    guard let kind = kind(written, text, at: place) else { return nil }
    var field = RecordField(name: name, kind: kind, type: text)
    field.isOptional = written.has("optional")
    if let value = written.argument(of: "default") { field.source = .defaults(.string(value)) }
    if let value = written.argument(of: "const") { field.source = .constant(.string(value)) }
    if let expression = written.expression {
      guard let expression = Expression.compile(expression, at: place, problems: &problems) else {
        return nil
      }
      field.source = .computed(expression)
    }
    return field
  }

  private mutating func kind(
    _ written: FieldText, _ text: String, at place: ValuePath
  ) -> RecordField.Kind? {
    if written.type == "list" { return list(written, at: place) }
    if records[written.type] != nil, written.arguments.isEmpty {
      return .group(fields(ofRecord: written.type))
    }
    var encoding = encoding
    if let name = written.argument(of: "encoding") {
      guard let own = TextEncoding(name: name) else {
        problems.error(
          "unknown encoding \"\(name)\"" + Suggestion.clause(for: name, among: TextEncoding.names),
          at: place)
        return nil
      }
      encoding = own
    }
    var factory = FieldFactory(written: written, encoding: encoding)
    if let codec = factory.make() { return .scalar(codec) }
    let known = FieldFactory.types + records.names
    problems.error(
      factory.reason ?? "unknown field type \"\(written.type)\""
        + Suggestion.clause(for: written.type, among: known), at: place,
      hint: factory.reason == nil ? "known: \(known.joined(separator: ", "))" : nil)
    return nil
  }

  /// `list(entry, count: n, max: 20)`
  private mutating func list(_ written: FieldText, at place: ValuePath) -> RecordField.Kind? {
    guard let item = written.arguments.first else {
      problems.error(
        "list expects what it is a list of", at: place, hint: "like list(entry, count: n)")
      return nil
    }
    var options: [String: String] = [:]
    for argument in written.arguments.dropFirst() {
      let parts = argument.split(separator: ":", maxSplits: 1).map { String($0).trimmed }
      if parts.count == 2 { options[parts[0]] = parts[1] }
    }
    let kind: RecordField.Kind?
    if records[item] != nil {
      kind = .group(fields(ofRecord: item))
    } else {
      kind = field("item", item, at: place)?.kind
    }
    guard let kind else { return nil }
    return list(of: kind, count: options["count"], maximum: options["max"], at: place)
  }

  private mutating func list(
    of kind: RecordField.Kind, count: String?, maximum: String?, at place: ValuePath
  ) -> RecordField.Kind? {
    let limit = maximum.flatMap { Int($0) } ?? Self.defaultMaximumItems
    switch count {
    case nil, "until_end"?: return .list(kind, count: .untilEnd, maximum: limit)
    case let count?:
      guard let number = Int(count) else {
        return .list(kind, count: .field(count), maximum: limit)
      }
      guard (0...limit).contains(number) else {
        problems.error("count is over max \(limit)", at: place)
        return nil
      }
      return .list(kind, count: .fixed(number), maximum: limit)
    }
  }

  // MARK: Longer forms

  /// `{is: text(5), if: 'kind == "A"'}`, `{list: {…}, count: n}`, `{switch: kind, cases: {…}}`, or a
  /// group of fields.
  private mutating func compound(
    _ name: String, _ value: Value, at place: ValuePath, among earlier: [RecordField]
  ) -> RecordField? {
    guard let record = value.objectValue else { return nil }
    if record["is"] != nil || record["switch"] != nil || record["list"] != nil {
      guard var keys = KeyReader(value, at: place, problems: &problems) else { return nil }
      var field: RecordField?
      if let text = keys.text("is", problems: &problems) {
        field = self.field(name, text, at: place)
      } else if let items = keys.value("list") {
        let inner: RecordField.Kind? =
          items.stringValue.flatMap { self.field("item", $0, at: place)?.kind }
          ?? (items.objectValue == nil ? nil : .group(fields(items, at: place.member("list"))))
        let count = keys.text("count", problems: &problems)
        let maximum = keys.text("max", problems: &problems)
        field = inner.flatMap { list(of: $0, count: count, maximum: maximum, at: place) }
          .map { RecordField(name: name, kind: $0) }
      } else {
        field = choice(name, &keys, at: place, among: earlier)
      }
      if let text = keys.text("if", problems: &problems) {
        field?.condition = Expression.compile(text, at: place.member("if"), problems: &problems)
      }
      if keys.flag("optional", problems: &problems) ?? false { field?.isOptional = true }
      keys.finish("a field", problems: &problems)
      return field
    }
    return RecordField(name: name, kind: .group(fields(value, at: place)))
  }

  private mutating func choice(
    _ name: String, _ keys: inout KeyReader, at place: ValuePath, among earlier: [RecordField]
  ) -> RecordField? {
    guard let on = keys.text("switch", problems: &problems) else { return nil }
    let cases = keys.value("cases")?.objectValue ?? [:]
    let otherwise = keys.value("else")
    guard earlier.contains(where: { $0.name == on }) else {
      problems.error(
        "switch expects a field before it, found \"\(on)\""
          + Suggestion.clause(for: on, among: earlier.map(\.name)), at: place)
      return nil
    }
    var compiled: [String: [RecordField]] = [:]
    for member in cases {
      compiled[member.name] = caseFields(
        member.value, at: place.member("cases").member(member.name))
    }
    return RecordField(
      name: name,
      kind: .choice(
        on: on, cases: compiled,
        otherwise: otherwise.map { caseFields($0, at: place.member("else")) }))
  }

  private mutating func caseFields(_ value: Value, at place: ValuePath) -> [RecordField] {
    if value.objectValue != nil { return fields(value, at: place) }
    guard let name = value.stringValue, records[name] != nil else {
      problems.error(
        "expects the name of a record or its fields, found \(value)", at: place,
        hint: "records: \(records.names.joined(separator: ", "))")
      return []
    }
    return fields(ofRecord: name)
  }
}
