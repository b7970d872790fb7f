internal import TrestleCore

/// Fields in longer forms: mappings.
extension RecordCompiler {
  private static var marks: Set<String> { ["is", "list", "switch", "layout", "bits", "fields"] }
  private static var options: Set<String> {
    marks.union([
      "names", "size", "pad", "if", "unless", "optional", "count", "until", "max", "cases", "else",
    ])
  }

  /// Whether a mapping is a field in a longer form, and not a group with a field of such a name.
  private static func isLongForm(_ record: Record) -> Bool {
    if record["is"] != nil || record["switch"] != nil || record["list"] != nil { return true }
    return record.names.contains(where: marks.contains)
      && record.names.allSatisfy {
        options.contains($0) || Suggestion.nearest(to: $0, among: options.sorted()) != nil
      }
  }

  /// `{is: text(5), if: 'kind == "A"'}`, `{list: {…}, count: n}`, `{switch: kind, cases: {…}}`,
  /// `{layout: other, size: u16}`, `{bits: {…}}`, `{fields: {…}, size: ll}`, or a group of fields.
  mutating func compound(_ name: String, _ value: Value, at place: ValuePath) -> RecordField? {
    guard let record = value.objectValue else { return nil }
    guard Self.isLongForm(record) else {
      return RecordField(name: name, kind: .group(fields(value, at: place)))
    }
    guard var keys = reading({ KeyReader(value, at: place, problems: &$0) }) else { return nil }
    var field: RecordField?
    if let text = text("is", &keys) {
      field = named(self.field(name, text, at: place), &keys)
    } else if let kind = kind(name, &keys, at: place) {
      field = RecordField(name: name, kind: kind)
    }
    let size = text("size", &keys)
    let pad = text("pad", &keys)
    if field != nil, let size {
      if let extent = extent(size, pad: pad, of: name, at: place.member("size")),
        let inner = field?.kind
      {
        field?.kind = .within(extent, inner)
      }
    }
    if let condition = text("if", &keys) {
      field?.condition = expression(condition, at: place.member("if"))
    }
    if let condition = text("unless", &keys) {
      field?.condition = expression("not (\(condition))", at: place.member("unless"))
    }
    if reading({ keys.flag("optional", problems: &$0) }) ?? false { field?.isOptional = true }
    reading { keys.finish("a field", problems: &$0) }
    return field
  }

  private mutating func text(_ key: String, _ keys: inout KeyReader) -> String? {
    reading { keys.text(key, problems: &$0) }
  }

  /// A field with the names of its codes.
  private mutating func named(_ field: RecordField?, _ keys: inout KeyReader) -> RecordField? {
    guard let names = keys.value("names") else { return field }
    let pairs = (names.objectValue ?? [:]).compactMap { member in
      member.value.scalarText.map { (code: member.name, name: $0) }
    }
    guard !pairs.isEmpty, case .scalar(let codec)? = field?.kind else {
      error("names expects codes with names, like {1: read, 2: write}", at: keys.place("names"))
      return field
    }
    check(pairs, of: codec, at: keys.place("names"))
    var field = field
    field?.kind = .scalar(NamedCodesField(codec, pairs))
    return field
  }

  private mutating func kind(
    _ name: String, _ keys: inout KeyReader, at place: ValuePath
  ) -> RecordField.Kind? {
    if let items = keys.value("list") {
      return list(name, items, &keys, at: place)
    }
    if let inner = keys.value("fields") {
      return .group(fields(inner, at: place.member("fields")))
    }
    if let bits = keys.value("bits") {
      return self.bits(bits, at: place.member("bits"))
    }
    if let layout = keys.value("layout") {
      return self.layout(layout, at: place.member("layout"))
    }
    return choice(&keys, at: place)
  }

  private mutating func list(
    _ name: String, _ items: Value, _ keys: inout KeyReader, at place: ValuePath
  ) -> RecordField.Kind? {
    let inner: RecordField.Kind?
    if let text = items.stringValue {
      inner = field("item", text, at: place)?.kind
    } else {
      inner = compound("item", items, at: place.member("list"))?.kind
    }
    let count = text("count", &keys)
    let end = text("until", &keys)
    let maximum = text("max", &keys)
    guard let inner else { return nil }
    return list(of: inner, named: name, count: count, until: end, maximum: maximum, at: place)
  }

  /// `{mode: 3, urgent: flag, rest: 4}`: names with numbers of bits, the highest bits first.
  private mutating func bits(_ value: Value, at place: ValuePath) -> RecordField.Kind? {
    guard let record = value.objectValue else {
      error("bits expects names with numbers of bits, like {mode: 3, rest: 5}", at: place)
      return nil
    }
    let lines = record.map { member in
      Record.Member(
        name: member.name,
        value: WrittenNumber.integer(member.value).map { .string("bits(\($0))") } ?? member.value)
    }
    let fields = fields(.object(Record(lines)), at: place)
    for field in fields {
      guard case .scalar(let codec) = field.kind, codec.bits != nil else {
        error("\(field.name) has no bits: give a number of them, flag, or bits(3) {…}", at: place)
        return nil
      }
    }
    return .group(fields)
  }

  /// The name of a layout, or one that is written out.
  private mutating func layout(_ value: Value, at place: ValuePath) -> RecordField.Kind? {
    if let name = value.stringValue {
      if let written = FieldText(name), let found = embedded(written, at: place) {
        return found.kind
      }
      let known = records.names + kinds.names + ["xml", "json"]
      error(
        "unknown layout \"\(name)\"" + Suggestion.clause(for: name, among: known), at: place,
        hint: "known: \(known.joined(separator: ", "))")
      return nil
    }
    guard let record = value.objectValue, LayoutKind.of(record) != nil else {
      if value.objectValue != nil { return .group(fields(value, at: place)) }
      error("expects the name of a layout or its keys, found \(value.kindName)", at: place)
      return nil
    }
    return embedded(value, named: record.names.first ?? "", at: place)
  }

  private mutating func choice(
    _ keys: inout KeyReader, at place: ValuePath
  ) -> RecordField.Kind? {
    guard let on = text("switch", &keys) else { return nil }
    let cases = keys.value("cases")?.objectValue ?? [:]
    let otherwise = keys.value("else")
    guard earlier(on) != nil else {
      error(
        "switch expects a field before it, found \"\(on)\""
          + Suggestion.clause(for: on, among: (siblings.last ?? []).map(\.name)), at: place)
      return nil
    }
    var compiled: [String: [RecordField]] = [:]
    for member in cases {
      if case .scalar(let codec)? = earlier(on)?.kind {
        check(
          member.name, isHeldBy: codec, as: "the case",
          at: place.member("cases").member(member.name)
        )
      }
      compiled[member.name] = caseFields(
        member.value, at: place.member("cases").member(member.name))
    }
    return .choice(
      on: on, cases: compiled,
      otherwise: otherwise.map { caseFields($0, at: place.member("else")) })
  }

  private mutating func caseFields(_ value: Value, at place: ValuePath) -> [RecordField] {
    if value.objectValue != nil { return fields(value, at: place) }
    guard let name = value.stringValue, records[name] != nil else {
      error(
        "expects the name of a record or its fields, found \(value)", at: place,
        hint: "records: \(records.names.joined(separator: ", "))")
      return []
    }
    return fields(ofPart: name)
  }
}
