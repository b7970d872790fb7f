internal import TrestleCore

/// Makes the layouts of the `layout` section.
enum LayoutReader {
  /// Reads a section: one layout for all messages, or several by name; nil when none can be made.
  static func read(
    _ value: Value, at path: ValuePath, in context: LayoutContext = LayoutContext(),
    problems: inout [ValueProblem]
  ) -> LayoutSet? {
    if let word = value.stringValue {
      if word != "body", LayoutKind.all.contains(where: { $0.key == word }) {
        problems.error(
          "\(word) expects what it is made of", at: path, hint: "like layout: { \(word): { … } }")
        return nil
      }
      if !bodies.contains(word) {
        let known = bodies + LayoutKind.all.dropFirst().map(\.key)
        problems.error(
          "unknown layout \"\(word)\"" + Suggestion.clause(for: word, among: known), at: path,
          hint: "known by their names alone: \(bodies.joined(separator: ", ")); others have keys,"
            + " like layout: { kv: { … } }")
        return nil
      }
      // `layout: xml` is `layout: {body: xml}`.
      return single(["body": .string(word)], at: path, in: context, problems: &problems)
    }
    guard let record = value.objectValue else {
      problems.error("expects a layout, found \(value.kindName)", at: path, hint: hint)
      return nil
    }
    let chosen = LayoutKind.all.filter { record[$0.key] != nil }
    // A kind whose key holds no mapping is no record.
    let isKind = chosen.count == 1 && record[chosen[0].key]?.objectValue == nil
    if isKind || LayoutKind.of(record) != nil
      || !record.contains(where: { $0.value.objectValue != nil })
    {
      guard !chosen.isEmpty else {
        let clause = Suggestion.clause(
          for: record.names.first ?? "", among: LayoutKind.all.map(\.key))
        problems.error("layout does not say what a message is\(clause)", at: path, hint: hint)
        return nil
      }
      return single(record, at: path, in: context, problems: &problems)
    }
    if chosen.count > 1 {
      problems.error(
        "layout says several things: \(chosen.map(\.key).joined(separator: ", "))", at: path,
        hint: hint)
      return nil
    }
    return named(value, at: path, in: context, problems: &problems)
  }

  private static let bodies = ["xml", "json"]

  private static var hint: String {
    "give body: xml, \(LayoutKind.all.dropFirst().map { "\($0.key): …" }.joined(separator: ", "))"
      + " or records of fields by name"
  }

  private static func single(
    _ record: Record, at path: ValuePath, in context: LayoutContext,
    problems: inout [ValueProblem]
  ) -> LayoutSet? {
    layout(record, at: path, in: context, problems: &problems)
      .map { LayoutSet(names: [], layouts: [$0]) }
  }

  /// One layout of a kind that a mapping names.
  static func layout(
    _ record: Record, at path: ValuePath, in context: LayoutContext,
    problems: inout [ValueProblem]
  ) -> (any MessageLayout)? {
    guard let kind = LayoutKind.all.first(where: { record[$0.key] != nil }),
      var keys = KeyReader(.object(record), at: path, problems: &problems)
    else { return nil }
    let layout = kind.make(&keys, context, &problems)
    keys.finish("layout", problems: &problems)
    return layout
  }

  /// Why what is written as a record is meant as a kind of layout: `xml: {}`, `kvv: {separator: ";"}`.
  private static func misspelt(_ name: String, _ record: Record) -> (message: String, hint: String)?
  {
    if bodies.contains(name), record.isEmpty {
      return ("a record without fields", "write layout: { body: \(name) }")
    }
    guard let kind = Suggestion.nearest(to: name, among: LayoutKind.all.map(\.key)),
      !record.isEmpty,
      !record.contains(where: { member in
        member.value.objectValue != nil
          || member.value.stringValue.flatMap { FieldText($0) }.map { isField($0) } ?? false
      })
    else { return nil }
    return (
      "\(name) is no kind of layout; did you mean \"\(kind)\"?",
      "as a record it would have fields, like \(record.names[0]): text(10)"
    )
  }

  private static func isField(_ written: FieldText) -> Bool {
    // `text`, also misspelt, or a record by its name.
    Suggestion.nearest(to: written.type, among: FieldFactory.types) != nil
      || !written.arguments.isEmpty
  }

  /// Several layouts by name: records of fields, and layouts of any kind.
  private static func named(
    _ value: Value, at path: ValuePath, in context: LayoutContext,
    problems: inout [ValueProblem]
  ) -> LayoutSet? {
    var compiler = RecordCompiler(value, at: path, in: context)
    var context = context
    context.encoding = compiler.encoding
    if value["encoding"] != nil { context.ownEncoding = compiler.encoding }
    var names: [String] = []
    var layouts: [any MessageLayout] = []
    var found: [ValueProblem] = []
    for member in value.objectValue ?? [:] {
      guard let record = member.value.objectValue else { continue }
      let place = path.member(member.name)
      if let mistake = misspelt(member.name, record) {
        found.error(mistake.message, at: place, hint: mistake.hint)
        continue
      }
      let layout: (any MessageLayout)? =
        LayoutKind.of(record) == nil
        ? compiler.layout(named: member.name)
        : Self.layout(record, at: place, in: context, problems: &found)
      guard let layout else { continue }
      names.append(member.name)
      layouts.append(layout)
    }
    found += compiler.problems
    problems += found
    return found.hasErrors ? nil : LayoutSet(names: names, layouts: layouts)
  }
}

/// The layouts of a definition.
struct LayoutSet: Sendable {
  /// The layouts' names; empty where one serves all messages.
  let names: [String]
  private(set) var layouts: [any MessageLayout]

  init(names: [String], layouts: [any MessageLayout]) {
    self.names = names
    self.layouts = layouts
  }

  /// Readies the layouts for messages that speak of these names.
  mutating func prepare(for names: Set<String>) {
    layouts = layouts.map { $0.prepared(for: names) }
  }

  /// The path under which messages hold what definitions call by another.
  func place(_ path: ValuePath) -> ValuePath {
    layouts.lazy.map { $0.place(path) }.first { $0 != path } ?? path
  }

  /// The position of the layout that an operation names.
  func position(
    _ name: String?, at path: ValuePath, problems: inout [ValueProblem]
  ) -> Int {
    guard let name else {
      if names.count > 1 {
        problems.error(
          "does not say which layout it has", at: path,
          hint: "give layout: \(names.joined(separator: " | "))")
      }
      return 0
    }
    if let position = names.firstIndex(of: name) { return position }
    problems.error(
      names.isEmpty
        ? "there is one layout for all messages: leave layout out"
        : "unknown layout \"\(name)\"" + Suggestion.clause(for: name, among: names),
      at: path.member("layout"),
      hint: names.isEmpty ? nil : "known: \(names.joined(separator: ", "))")
    return 0
  }

  /// The name of a layout; nil where there is but one.
  func name(of position: Int) -> String? {
    names.indices.contains(position) ? names[position] : nil
  }
}
