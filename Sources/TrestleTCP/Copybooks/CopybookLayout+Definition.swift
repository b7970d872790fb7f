internal import TrestleCore

extension LayoutKind {
  /// `copybook: CUSTOMER.cpy`
  static let copybook = LayoutKind(
    key: "copybook",
    options: [
      "record", "encoding", "endian", "native_endian", "binary", "floats", "sync", "ascii_signs",
      "decimal_point", "trim", "names", "variable", "short", "strict", "segments", "select",
      "counts", "replacing",
    ]
  ) { keys, context, problems in
    CopybookDefinition.layout(&keys, context, problems: &problems)
  }
}

/// Reads what a definition says about a copybook.
enum CopybookDefinition {
  static func layout(
    _ keys: inout KeyReader, _ context: LayoutContext, problems: inout [ValueProblem]
  ) -> CopybookLayout? {
    let place = keys.place("copybook")
    let file = keys.text("copybook", problems: &problems)
    let record = keys.text("record", problems: &problems)
    let options = options(&keys, context, problems: &problems)
    let marks = (keys.value("replacing")?.objectValue ?? [:]).map {
      (from: $0.name, to: $0.value.scalarText ?? "")
    }
    guard let file, let copybook = read(file, marks, context, at: place, problems: &problems),
      let chosen = copybook.record(named: record, at: keys, problems: &problems)
    else { return nil }
    let compiled = CopybookCompiler.compile(chosen, options: options)
    for problem in copybook.problems + compiled.problems {
      let text = "\(file) line \(problem.line): \(problem.message)"
      if problem.isWarning {
        problems.warn(text, at: place, hint: problem.hint)
      } else {
        problems.error(text, at: place, hint: problem.hint)
      }
    }
    return compiled.layout
  }

  private static func read(
    _ file: String, _ marks: [(from: String, to: String)], _ context: LayoutContext,
    at place: ValuePath, problems: inout [ValueProblem]
  ) -> Copybook? {
    switch context.files.read(file) {
    case .failure(let failure):
      problems.error("\(file): \(failure.message)", at: place, hint: failure.hint)
      return nil
    case .success(let bytes):
      let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .map(String.init)
      let copybook = Copybook(bytes, marks: marks) { name in
        for suffix in CopybookOutline.suffixes {
          let path = (folder + [name + suffix]).joined(separator: "/")
          if case .success(let bytes) = context.files.read(path) { return bytes }
        }
        return nil
      }
      return copybook
    }
  }

  // MARK: Options

  private enum Endian: String, CaseIterable {
    case big, little
    var coding: NumberCoding { self == .big ? .bigEndian : .littleEndian }
  }

  private enum Point: String, CaseIterable {
    case point, comma
  }

  private static func options(
    _ keys: inout KeyReader, _ context: LayoutContext, problems: inout [ValueProblem]
  ) -> CopybookOptions {
    let encoding =
      TextEncoding.read(&keys, problems: &problems) ?? context.ownEncoding
      ?? EBCDICPage(name: "cp037").map { .ebcdic($0) } ?? .ascii
    var options = CopybookOptions(encoding: encoding)
    if let endian = keys.word("endian", as: Endian.self, problems: &problems) {
      options.coding = endian.coding
      options.nativeCoding = endian.coding
    }
    if let endian = keys.word("native_endian", as: Endian.self, problems: &problems) {
      options.nativeCoding = endian.coding
    }
    keys.set(\.binarySizes, "binary", of: &options, problems: &problems)
    keys.set(\.floats, "floats", of: &options, problems: &problems)
    keys.set(\.alignment, "sync", of: &options, problems: &problems)
    keys.set(\.overpunch, "ascii_signs", of: &options, problems: &problems)
    keys.set(\.trim, "trim", of: &options, problems: &problems)
    keys.set(\.names, "names", of: &options, problems: &problems)
    options.isCommaPoint =
      keys.word("decimal_point", as: Point.self, problems: &problems) == .comma
    options.isVariable = keys.flag("variable", problems: &problems)
    options.mayEndEarly = keys.flag("short", problems: &problems) ?? false
    options.isStrict = keys.flag("strict", problems: &problems) ?? false
    options.selected = texts(keys.value("select"), at: keys.place("select"), problems: &problems)
    readSegments(&keys, into: &options, problems: &problems)
    readCounts(&keys, into: &options, problems: &problems)
    return options
  }

  private static func texts(
    _ value: Value?, at place: ValuePath, problems: inout [ValueProblem]
  ) -> [String] {
    guard let value else { return [] }
    let items = value.arrayValue ?? [value]
    let texts = items.compactMap { $0.arrayValue == nil ? $0.scalarText : nil }
    if texts.count < items.count { problems.error("expects names of items", at: place) }
    return texts
  }

  private static func readSegments(
    _ keys: inout KeyReader, into options: inout CopybookOptions, problems: inout [ValueProblem]
  ) {
    guard let value = keys.value("segments") else { return }
    for item in value.arrayValue ?? [value] {
      let place = keys.place("segments")
      guard var inner = KeyReader(item, at: place, problems: &problems) else { continue }
      let on = inner.text("on", problems: &problems)
      let cases = inner.value("cases")?.objectValue ?? [:]
      inner.finish("segments", problems: &problems)
      guard let on, !cases.isEmpty else {
        problems.error(
          "segments expects a field and what its values stand for", at: place,
          hint: "like {on: SEGMENT-ID, cases: {C: COMPANY, P: PERSON}}")
        continue
      }
      options.segments.append(
        CopybookOptions.Segments(
          on: on, cases: cases.map { ($0.name, $0.value.scalarText ?? "") }))
    }
  }

  private static func readCounts(
    _ keys: inout KeyReader, into options: inout CopybookOptions, problems: inout [ValueProblem]
  ) {
    guard let value = keys.value("counts") else { return }
    let place = keys.place("counts")
    guard let tables = value.objectValue else {
      return problems.error(
        "counts expects tables with their counts", at: place, hint: "like {DETAIL: {A: 0, B: 1}}")
    }
    for table in tables {
      let counts = (table.value.objectValue ?? [:]).compactMap { member in
        WrittenNumber.integer(member.value).map { (text: member.name, count: $0) }
      }
      if counts.isEmpty || counts.count != table.value.objectValue?.count {
        problems.error(
          "expects texts with the number of items that each stands for",
          at: place.member(table.name), hint: "like {A: 0, B: 1}")
      }
      options.counts[table.name] = counts
    }
  }
}

extension KeyReader {
  fileprivate mutating func set<Word: RawRepresentable & CaseIterable>(
    _ path: WritableKeyPath<CopybookOptions, Word>, _ key: String,
    of options: inout CopybookOptions, problems: inout [ValueProblem]
  ) where Word.RawValue == String {
    if let word = word(key, as: Word.self, problems: &problems) { options[keyPath: path] = word }
  }
}

extension Copybook {
  /// The record that a definition names, or the only one.
  fileprivate func record(
    named name: String?, at keys: KeyReader, problems: inout [ValueProblem]
  ) -> Record? {
    guard let first = records.first else {
      if self.problems.isEmpty {
        problems.error("the copybook has no fields", at: keys.place("copybook"))
      }
      for problem in self.problems {
        problems.error("line \(problem.line): \(problem.message)", at: keys.place("copybook"))
      }
      return nil
    }
    guard let name else {
      guard records.count > 1 else { return first }
      problems.error(
        "the copybook has several records", at: keys.place("copybook"),
        hint: "give record: \(names.joined(separator: " | "))")
      return nil
    }
    if let record = records.first(where: { $0.item.title.uppercased() == name.uppercased() }) {
      return record
    }
    problems.error(
      "the copybook has no record \"\(name)\"" + Suggestion.clause(for: name, among: names),
      at: keys.place("record"), hint: "known: \(names.joined(separator: ", "))")
    return nil
  }
}
