/// One item of a record: an entry with what it inherits and the items within.
struct CopybookItem: Sendable {
  var entry: CopybookEntry
  var children: [CopybookItem] = []
  /// Condition names (level 88) with their values.
  var conditions: [(name: String, values: [CopybookValue])] = []
  /// The usage by its own clause or that of a group around it.
  var usage: CopybookUsage?
  var sign: CopybookEntry.Sign?
  var isSynchronized = false

  var level: Int { entry.level }
  /// As messages call it.
  var title: String { entry.name ?? "FILLER" }
}

/// A copybook, read: its records with what is wrong about each.
package struct Copybook: Sendable {
  struct Record: Sendable {
    var item: CopybookItem
    var problems: [CopybookProblem]
    /// The lines of its entries.
    var lines: ClosedRange<Int>
  }

  private(set) var records: [Record]
  /// Mistakes that belong to no record.
  private(set) var problems: [CopybookProblem]
  /// Whether the fields stand for themselves, without a 01 before them.
  private(set) var isHeadless = false

  /// The names of the records, in order; one without a 01 before it is named for nothing.
  package var names: [String] { records.map(\.item.title) }

  /// How many fields of any level a copybook may have.
  private static let maximumEntries = 100_000

  /// Reads a copybook; its text is UTF-8, or ISO-8859-1 where it is not.
  init(
    _ bytes: [UInt8], marks: [(from: String, to: String)] = [],
    include: @escaping (String) -> [UInt8]? = { _ in nil }
  ) {
    let text = Self.text(of: bytes)
    var best: CopybookParser?
    // What the format is shows in how it reads: the first that reads without a mistake is right.
    for format in CopybookText.Format.allCases {
      let tokens = CopybookReplacing(marks: marks).applied(
        to: CopybookLexer.tokens(of: CopybookText(text, format: format)))
      var parser = CopybookParser(tokens) { name in
        include(name).map {
          CopybookLexer.tokens(of: CopybookText(Self.text(of: $0), format: format))
        }
      }
      parser.parse()
      let isBetter = best.map { Self.score(parser) < Self.score($0) } ?? true
      if isBetter { best = parser }
      if Self.score(parser) == 0 { break }
    }
    records = []
    problems = []
    guard let best, best.entries.count <= Self.maximumEntries else {
      problems = [CopybookProblem(line: 1, message: "the copybook has too many entries")]
      return
    }
    build(best.entries, best.problems)
  }

  private static func text(of bytes: [UInt8]) -> String {
    String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
  }

  private static func score(_ parser: CopybookParser) -> Int {
    parser.problems.count + (parser.entries.isEmpty ? 1_000_000 : 0)
  }

  // MARK: Records

  private mutating func build(_ entries: [CopybookEntry], _ found: [CopybookProblem]) {
    var runs: [[CopybookEntry]] = []
    for entry in entries {
      let begins = entry.level == 1 || entry.level == 77 || runs.isEmpty
      if begins { runs.append([entry]) } else { runs[runs.count - 1].append(entry) }
    }
    if let first = runs.first?.first, first.level != 1, first.level != 77 {
      isHeadless = true
      runs[0].insert(CopybookEntry(level: 1, name: nil, line: first.line), at: 0)
    }
    var rest = found
    for run in runs {
      guard let first = run.first, let last = run.last else { continue }
      let start = records.isEmpty ? 0 : first.line
      let next = runs.first { ($0.first?.line ?? 0) > first.line }?.first?.line
      let own = rest.filter { $0.line >= start && $0.line < next ?? .max }
      rest.removeAll { $0.line >= start && $0.line < next ?? .max }
      var builder = CopybookItemBuilder(problems: own)
      let item = builder.item(of: run)
      records.append(
        Record(
          item: item, problems: builder.problems,
          lines: first.line...max(first.line, last.line)))
    }
    problems += rest
  }
}

/// Nests entries by their levels.
struct CopybookItemBuilder {
  private(set) var problems: [CopybookProblem]

  init(problems: [CopybookProblem]) { self.problems = problems }

  /// The item of a run of entries, whose first holds all others.
  mutating func item(of entries: [CopybookEntry]) -> CopybookItem {
    var open: [CopybookItem] = []
    for entry in entries {
      if entry.level == 88 {
        if !open.isEmpty {
          open[open.count - 1].conditions.append((entry.name ?? "", entry.values))
        }
        continue
      }
      while open.count > 1, let last = open.last, last.level >= entry.level { close(&open) }
      open.append(CopybookItem(entry: entry))
    }
    while open.count > 1 { close(&open) }
    var root = open.first ?? CopybookItem(entry: CopybookEntry(level: 1, name: nil, line: 1))
    inherit(&root, usage: nil, sign: nil, isSynchronized: false)
    return root
  }

  private func close(_ open: inout [CopybookItem]) {
    let item = open.removeLast()
    open[open.count - 1].children.append(item)
  }

  /// `USAGE`, `SIGN` and `SYNCHRONIZED` of a group hold for the items within (COBOL 2002 §13.16).
  private mutating func inherit(
    _ item: inout CopybookItem, usage: CopybookUsage?, sign: CopybookEntry.Sign?,
    isSynchronized: Bool
  ) {
    item.usage = item.entry.usage ?? usage
    item.sign = item.entry.sign ?? sign
    item.isSynchronized = item.entry.isSynchronized || isSynchronized
    if item.entry.picture != nil, !item.children.isEmpty {
      problems.append(
        CopybookProblem(
          line: item.entry.line,
          message: "\(item.title) has a picture and fields within",
          hint: "the level of the next entry is probably wrong"))
    }
    for position in item.children.indices {
      inherit(
        &item.children[position], usage: item.usage, sign: item.sign,
        isSynchronized: item.isSynchronized)
    }
  }
}
