/// Which fields count tables and choose alternatives, by the numbers of `CopybookIndex`.
struct CopybookPlan {
  private(set) var problems: [CopybookProblem] = []
  /// Where a field's value is noted.
  private(set) var slots: [Int: Int] = [:]
  /// The field that counts a table.
  private(set) var counters: [Int: Int] = [:]
  private(set) var tables: [Int: [TableReference]] = [:]
  /// The choice of an area, by its first item.
  private(set) var choices: [Int: CopybookArea.Choice] = [:]
  private(set) var references: [Int: ChoiceReference] = [:]
  /// The text that samples have for a field, so that they are of one kind.
  private(set) var samples: [Int: String] = [:]

  private let index: CopybookIndex
  private let options: CopybookOptions

  init(_ root: CopybookItem, _ index: CopybookIndex, _ options: CopybookOptions) {
    self.index = index
    self.options = options
    var number = 0
    visit(root, number: &number)
    for name in options.selected { select(name) }
    for segments in options.segments { choose(segments) }
  }

  private mutating func slot(of number: Int) -> Int {
    if let slot = slots[number] { return slot }
    let slot = slots.count
    slots[number] = slot
    return slot
  }

  private mutating func visit(_ item: CopybookItem, number: inout Int) {
    let own = number
    number += 1
    if let occurs = item.entry.occurs, !occurs.dependingOn.isEmpty {
      count(item, own, occurs)
    }
    for child in item.ordered { visit(child, number: &number) }
  }

  // MARK: Tables

  private mutating func count(
    _ item: CopybookItem, _ number: Int, _ occurs: CopybookEntry.Occurs
  ) {
    let name = occurs.dependingOn.joined(separator: " OF ")
    guard let counter = index.item(named: occurs.dependingOn, before: number),
      !index.places[counter].isGroup
    else {
      let known = index.places.prefix(number).map(\.title)
      problems.append(
        CopybookProblem(
          line: item.entry.line,
          message: "\(item.title) depends on \(name), which is no field before it",
          hint: index.item(named: occurs.dependingOn) == nil
            ? known.last.map { "the field before it is \($0)" }
            : "the count must stand before the table to be known when that is read"))
      return
    }
    counters[number] = counter
    _ = slot(of: counter)
    let counts = options.counts(of: item.title)
    if let first = counts.first { samples[counter] = first.text }
    guard let key = index.places[number].key, let way = index.way(from: counter, to: number)
    else { return }
    tables[counter, default: []].append(
      TableReference(
        levels: way.levels, path: way.path + [key], title: item.title, maximum: occurs.maximum,
        counts: counts))
  }

  // MARK: Alternatives

  private mutating func select(_ name: String) {
    guard let number = index.item(named: [name]), let area = index.places[number].area else {
      return wrong(name, "select")
    }
    choices[area.first] = .always(area.alternative)
  }

  private mutating func wrong(_ name: String, _ key: String) {
    problems.append(
      CopybookProblem(
        line: 1, message: "\(key): \(name) is no item that redefines another or is redefined"))
  }

  private mutating func choose(_ segments: CopybookOptions.Segments) {
    var cases: [Int: [(value: String, alternative: Int)]] = [:]
    var keys: [(value: String, keys: [String])] = []
    var way: (levels: Int, path: [String])?
    guard let field = index.item(named: [segments.on]), !index.places[field].isGroup else {
      problems.append(
        CopybookProblem(line: 1, message: "segments: \(segments.on) is no field of the record"))
      return
    }
    for (value, name) in segments.cases {
      guard let number = index.item(named: [name]), let area = index.places[number].area else {
        wrong(name, "segments")
        continue
      }
      guard area.first > field else {
        problems.append(
          CopybookProblem(
            line: 1, message: "segments: \(segments.on) stands behind \(name), which it chooses"))
        continue
      }
      cases[area.first, default: []].append((value, area.alternative))
      keys.append((value, index.places[number].keys))
      way = way ?? index.way(from: field, to: number)
    }
    for (first, cases) in cases { choices[first] = .by(slot: slot(of: field), cases: cases) }
    if let way {
      references[field] = ChoiceReference(levels: way.levels, path: way.path, cases: keys)
    }
    samples[field] = segments.cases.first?.value
  }
}

extension CopybookItem {
  /// The items within in the order that `CopybookIndex` numbers them.
  fileprivate var ordered: [CopybookItem] {
    var ignored: [CopybookProblem] = []
    return CopybookIndex.runs(of: children, problems: &ignored).flatMap { $0 }
  }
}

extension CopybookOptions {
  /// What the text that counts a table stands for.
  func counts(of table: String) -> [(text: String, count: Int)] {
    counts.first { $0.key.uppercased() == table.uppercased() }?.value ?? []
  }
}
