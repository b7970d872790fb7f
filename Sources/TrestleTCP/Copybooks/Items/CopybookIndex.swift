/// Finds the items of a record by name, and what of them JSON calls how.
///
/// Items are numbered from 0 in the order they are written, the record itself first.
struct CopybookIndex {
  struct Place {
    var title: String
    /// Nil for what has no key: FILLER.
    var key: String?
    var isGroup: Bool
    /// Whether the items within stand among those around it.
    var isAnonymous: Bool
    /// The items around it that are values of their own, outermost first.
    var scopes: [Int]
    /// The titles of all items around it, innermost first.
    var qualifiers: [String]
    /// The first item of the bytes that it shares, and its position among those who do.
    var area: (first: Int, alternative: Int)?
    /// The keys that stand for it: its own, or those of the items within.
    var keys: [String] = []
  }

  private(set) var places: [Place] = []
  private(set) var problems: [CopybookProblem] = []
  private let options: CopybookOptions
  /// The keys in use in each scope, with how often.
  private var used: [Int: [String: Int]] = [:]

  init(_ root: CopybookItem, options: CopybookOptions) {
    self.options = options
    places.append(
      Place(
        title: root.title, key: nil, isGroup: true, isAnonymous: false, scopes: [],
        qualifiers: []))
    visit(root.children, scopes: [0], qualifiers: [root.title])
  }

  /// Children in runs that share their bytes: an item, then those that redefine it.
  static func runs(
    of children: [CopybookItem], problems: inout [CopybookProblem]
  ) -> [[CopybookItem]] {
    var runs: [[CopybookItem]] = []
    for child in children {
      guard let target = child.entry.redefines?.uppercased() else {
        runs.append([child])
        continue
      }
      func holds(_ run: [CopybookItem]) -> Bool {
        run.contains { $0.title.uppercased() == target }
      }
      if let last = runs.last, holds(last) {
        runs[runs.count - 1].append(child)
      } else {
        problems.append(
          CopybookProblem(
            line: child.entry.line,
            message: "\(child.title) redefines \(child.entry.redefines ?? "")"
              + (runs.contains(where: holds)
                ? ", which does not stand right before it"
                : ", which is no item before it of its level"),
            hint: "REDEFINES follows the item it names, or another one that redefines that"))
        runs.append([child])
      }
    }
    return runs
  }

  private mutating func visit(
    _ children: [CopybookItem], scopes: [Int], qualifiers: [String]
  ) {
    for run in Self.runs(of: children, problems: &problems) {
      let first = places.count
      for (alternative, item) in run.enumerated() {
        visit(
          item, scopes: scopes, qualifiers: qualifiers,
          area: run.count > 1 ? (first, alternative) : nil)
      }
    }
  }

  private mutating func visit(
    _ item: CopybookItem, scopes: [Int], qualifiers: [String],
    area: (first: Int, alternative: Int)?
  ) {
    let number = places.count
    let isGroup = !item.children.isEmpty
    let isNamed = item.entry.name != nil || (isGroup && item.entry.occurs != nil)
    var place = Place(
      title: item.title, key: nil, isGroup: isGroup, isAnonymous: isGroup && !isNamed,
      scopes: scopes, qualifiers: qualifiers, area: area)
    if isNamed { place.key = key(for: item.title, in: scopes.last ?? 0) }
    places.append(place)
    visit(
      item.children, scopes: place.isAnonymous ? scopes : scopes + [number],
      qualifiers: [item.title] + qualifiers)
    places[number].keys =
      place.key.map { [$0] }
      ?? places[(number + 1)...].filter { $0.scopes == scopes }.compactMap(\.key)
  }

  /// A key that nothing else in the scope has: the second `ADDRESS` is `ADDRESS-2`.
  private mutating func key(for title: String, in scope: Int) -> String {
    let base = options.key(of: title)
    var key = base
    var count = used[scope]?[base] ?? 0
    repeat {
      count += 1
      key = count == 1 ? base : options.key(of: "\(title)-\(count)")
    } while used[scope]?[key] != nil
    used[scope, default: [:]][base] = count
    if key != base { used[scope, default: [:]][key] = 1 }
    return key
  }

  // MARK: Finding

  /// The last item of a name before another one; its own group's names may follow (`N OF HEADER`).
  func item(named path: [String], before limit: Int = .max) -> Int? {
    guard let name = path.first?.uppercased() else { return nil }
    return places.indices.last { number in
      guard number > 0, number < limit, places[number].title.uppercased() == name else {
        return false
      }
      var outer = places[number].qualifiers[...]
      for qualifier in path.dropFirst() {
        guard let found = outer.firstIndex(where: { $0.uppercased() == qualifier.uppercased() })
        else { return false }
        outer = outer[(found + 1)...]
      }
      return true
    }
  }

  /// The way from an item's own scope to the keys of another: levels up, then keys down.
  func way(from: Int, to: Int) -> (levels: Int, path: [String])? {
    let own = places[from].scopes, other = places[to].scopes
    let common = zip(own, other).prefix { $0 == $1 }.count
    let path = other[common...].compactMap { places[$0].key }
    guard path.count == other.count - common else { return nil }
    return (own.count - common, path)
  }
}
