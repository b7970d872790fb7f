internal import TrestleCore

/// Makes the layouts of a `layout` section that names records: `{encoding: cp037, inquiry: {…}, answer: {…}}`.
struct RecordCompiler {
  let encoding: TextEncoding
  let records: Record
  /// Layouts of other kinds that fields may name.
  let kinds: Record
  let context: LayoutContext
  let path: ValuePath
  /// What is wrong, but for records that are only parts of others.
  private(set) var mistakes: [ValueProblem] = []
  /// What records measure that they do not have; fine for those that others hold.
  private var unresolved: [String: [ValueProblem]] = [:]
  /// The records that others name.
  private var parts: Set<String> = []
  /// The records being compiled, outermost first.
  private var open: [String] = []
  /// The fields so far of the records and groups being compiled, outermost first.
  var siblings: [[RecordField]] = []
  /// The names of all the fields of each.
  private(set) var besides: [Set<String>] = []

  private static let maximumDepth = 16

  init(_ value: Value, at path: ValuePath, in context: LayoutContext = LayoutContext()) {
    var problems: [ValueProblem] = []
    self.path = path
    var rest = Record()
    var records = Record()
    var kinds = Record()
    for member in value.objectValue ?? [:] {
      guard let record = member.value.objectValue else {
        rest[member.name] = member.value
        continue
      }
      if LayoutKind.of(record) == nil {
        records[member.name] = member.value
      } else {
        kinds[member.name] = member.value
      }
    }
    self.records = records
    self.kinds = kinds
    var encoding = TextEncoding.utf8
    if var keys = KeyReader(.object(rest), at: path, problems: &problems) {
      encoding = TextEncoding.read(&keys, problems: &problems) ?? .utf8
      keys.finish("layout", problems: &problems)
    }
    self.encoding = encoding
    self.context = LayoutContext(encoding: encoding, files: context.files)
    mistakes = problems
  }

  /// What is wrong with the records that were made so far.
  var problems: [ValueProblem] {
    // A field that could not be made is missed by what measures it: that says nothing new.
    guard !mistakes.hasErrors else { return mistakes }
    return mistakes
      + records.names.filter { !parts.contains($0) }.flatMap { unresolved[$0] ?? [] }
  }

  /// The names of the section's records.
  var names: [String] { records.names }

  /// The layouts, in the order of `names`.
  mutating func layouts() -> [RecordLayout] { names.map { layout(named: $0) } }

  /// The layout of one record.
  mutating func layout(named name: String) -> RecordLayout {
    var written = fields(ofRecord: name)
    let mistakes = RestResolver.resolve(&written) + RecordReferences.mistakes(in: written)
    let (fields, plan, unmeasured) = MeasureResolver.resolve(written)
    var layout = RecordLayout(fields: fields, plan: plan)
    var all = mistakes + unmeasured.map { RecordMistake(path: $0.path, message: $0.message) }
    if fields.isEmpty, records[name]?.objectValue?.isEmpty ?? true {
      all.append(
        RecordMistake(
          path: [], message: "has no fields", hint: "a message without bytes cannot be told"))
    }
    guard let first = all.first else { return layout }
    unresolved[name] = all.map { mistake in
      ValueProblem(
        .error, mistake.message, at: mistake.path.reduce(path.member(name)) { $0.member($1) },
        hint: mistake.hint)
    }
    layout.partReason = CodecError(
      path: first.path.joined(separator: "."), reason: first.message,
      hint: "\(name) is only a part of other records")
    return layout
  }

  mutating func error(_ message: String, at place: ValuePath, hint: String? = nil) {
    mistakes.error(message, at: place, hint: hint)
  }

  /// Runs what reads a part of the definition and tells of its mistakes.
  mutating func reading<Result>(_ read: (inout [ValueProblem]) -> Result) -> Result {
    read(&mistakes)
  }

  // MARK: Records

  /// The fields of a record that a field names.
  mutating func fields(ofPart name: String) -> [RecordField] {
    parts.insert(name)
    return fields(ofRecord: name)
  }

  private mutating func fields(ofRecord name: String) -> [RecordField] {
    guard !open.contains(name), open.count < Self.maximumDepth else {
      error(
        "\(name) contains itself: \((open + [name]).joined(separator: " → "))",
        at: path.member(name))
      return []
    }
    open.append(name)
    defer { open.removeLast() }
    return fields(records[name] ?? .emptyObject, at: path.member(name))
  }

  mutating func fields(_ value: Value, at path: ValuePath) -> [RecordField] {
    siblings.append([])
    besides.append(Set(value.objectValue?.names ?? []))
    defer { besides.removeLast() }
    var bits: [Int] = []
    let level = siblings.count - 1
    for member in value.objectValue ?? [:] {
      let place = path.member(member.name)
      guard var field = field(member.name, member.value, at: place) else { continue }
      if member.name.hasPrefix("filler") { field.source = .filler }
      if field.bits == nil {
        placeBits(&bits, at: place)
      } else {
        bits.append(siblings[level].count)
        if field.condition != nil || field.isOptional {
          error("bits are there or not with their whole bytes: put them into a group", at: place)
        }
      }
      siblings[level].append(field)
    }
    placeBits(&bits, at: path)
    return siblings.removeLast()
  }

  private mutating func field(
    _ name: String, _ value: Value, at place: ValuePath
  ) -> RecordField? {
    switch value {
    case .string(let text): return field(name, text, at: place)
    case .object: return compound(name, value, at: place)
    default:
      error("expects a field like text(10), found \(value)", at: place)
      return nil
    }
  }

  /// Gives fields of bits that follow each other their places in the bytes that they share.
  private mutating func placeBits(_ run: inout [Int], at path: ValuePath) {
    let level = siblings.count - 1
    let total = run.reduce(0) { $0 + (siblings[level][$1].bits ?? 0) }
    if !total.isMultiple(of: 8) {
      let names = run.map { siblings[level][$0].name }.joined(separator: ", ")
      error(
        "\(names) \(run.count == 1 ? "has" : "have") \(total) bit\(total == 1 ? "" : "s"), which"
          + " make no whole bytes", at: path,
        hint: "fields of bits beside each other fill bytes together: add \(8 - total % 8) more")
      run = []
    }
    var offset = 0
    for index in run {
      guard case .scalar(let codec) = siblings[level][index].kind else { continue }
      siblings[level][index].kind = .scalar(codec.placed(at: offset, of: total))
      offset += codec.bits ?? 0
    }
    run = []
  }

  // MARK: Fields before a field

  /// A field before the one that is compiled, by its path.
  func earlier(_ path: String) -> RecordField? {
    guard let fields = siblings.last else { return nil }
    return Self.find(path.split(separator: ".").map(String.init)[...], in: fields)
  }

  private static func find(
    _ names: ArraySlice<String>, in fields: [RecordField]
  ) -> RecordField? {
    guard let field = fields.first(where: { $0.name == names.first }) else { return nil }
    let rest = names.dropFirst()
    if rest.isEmpty { return field }
    guard case .group(let inner) = field.kind else { return nil }
    return find(rest, in: inner)
  }

  /// Lets a field before the one that is compiled write itself, where it has no source of its own.
  mutating func write(_ path: String, by source: RecordField.Source) {
    guard var fields = siblings.last else { return }
    Self.set(path.split(separator: ".").map(String.init)[...], source, in: &fields)
    siblings[siblings.count - 1] = fields
  }

  private static func set(
    _ names: ArraySlice<String>, _ source: RecordField.Source, in fields: inout [RecordField]
  ) {
    guard let index = fields.firstIndex(where: { $0.name == names.first }) else { return }
    if names.count == 1 {
      if case .caller = fields[index].source { fields[index].source = source }
    } else if case .group(var inner) = fields[index].kind {
      set(names.dropFirst(), source, in: &inner)
      fields[index].kind = .group(inner)
    }
  }
}

extension RecordField {
  /// How many bits the field has of bytes that it shares; nil for all other fields.
  fileprivate var bits: Int? {
    if case .scalar(let codec) = kind { return codec.bits }
    return nil
  }
}
