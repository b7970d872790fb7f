import TrestleCore

/// Finds the stubs of an operation that a call could match, by the values at a few places.
///
/// The first place is the one where looking leaves the fewest stubs to try; stubs that ask for nothing
/// there are found by a second, and so on. Positions are those in the order stubs are tried.
struct StubIndex: Sendable {
  struct Place: Sendable {
    let path: ValuePath
    let stubs: [StubKey: [Int]]
    /// The values asked for, in order: a call's neighbours among them are the likely typing errors.
    let sorted: Lazy<[(text: String, position: Int)]>
  }

  private(set) var places: [Place] = []
  /// Those that no place tells apart.
  private(set) var others: [Int]
  /// The stubs' conditions on parameters: most calls end at them, without a look at the rest of a stub.
  let matchers: [Matcher]

  /// So few are tried one by one.
  private static let fewest = 4
  private static let mostPlaces = 4

  init(_ matchers: [Matcher]) {
    self.matchers = matchers
    others = Array(matchers.indices)
    while others.count >= Self.fewest, places.count < Self.mostPlaces {
      guard let place = Self.bestPlace(for: others, among: matchers) else { break }
      places.append(place.place)
      others = place.rest
    }
  }

  /// The positions of the stubs to try, in order.
  func candidates(for call: Call) -> [Int] {
    var found = others
    for place in places {
      guard let value = Self.value(at: place.path, of: call), let key = StubKey(value),
        let stubs = place.stubs[key]
      else { continue }
      if found.isEmpty {
        found = stubs
      } else {
        found.append(contentsOf: stubs)
        found.sort()
      }
    }
    return found
  }

  /// Positions of stubs that may be near a call, those asking for the values next to the call's own, the
  /// nearest first. At most `2 * limit` for each place.
  func neighbours(of call: Call, limit: Int) -> [Int] {
    var found: [Int] = []
    for place in places {
      guard let text = Self.value(at: place.path, of: call)?.scalarText else { continue }
      let sorted = place.sorted.value
      var low = 0
      var high = sorted.count
      while low < high {
        let middle = (low + high) / 2
        if sorted[middle].text < text { low = middle + 1 } else { high = middle }
      }
      let range = max(0, low - limit)..<min(sorted.count, low + limit)
      let nearestFirst = range.sorted { abs(2 * ($0 - low) + 1) < abs(2 * ($1 - low) + 1) }
      found += nearestFirst.map { sorted[$0].position }
    }
    return found
  }

  private static func value(at path: ValuePath, of call: Call) -> Value? {
    if path.steps.count == 1, case .member(let name) = path.steps[0] {
      return call.parameters[name]
    }
    return Value.object(call.parameters)[at: path]
  }

  private static func bestPlace(
    for positions: [Int], among matchers: [Matcher]
  ) -> (place: Place, rest: [Int])? {
    var found: [ValuePath: [(position: Int, texts: [String])]] = [:]
    for position in positions {
      var seen: Set<ValuePath> = []
      matchers[position].forEachKey { path, texts in
        if seen.insert(path).inserted { found[path, default: []].append((position, texts)) }
      }
    }
    var best: (path: ValuePath, stubs: [StubKey: [Int]], left: Double)?
    for (path, entries) in found where entries.count >= fewest / 2 {
      var stubs: [StubKey: [Int]] = [:]
      for entry in entries {
        for key in Set(entry.texts.map(StubKey.init(text:))) {
          stubs[key, default: []].append(entry.position)
        }
      }
      let squares = stubs.values.reduce(0) { $0 + $1.count * $1.count }
      let sum = stubs.values.reduce(0) { $0 + $1.count }
      let left =
        Double(positions.count - entries.count) + Double(squares) / Double(max(sum, 1))
      // The same numbers for two places: the name decides, so that every load decides alike.
      let isBetter =
        best.map { left < $0.left || (left == $0.left && path.description < $0.path.description) }
        ?? true
      if isBetter { best = (path, stubs, left) }
    }
    guard let best, best.left < Double(positions.count) * 0.9, let entries = found[best.path] else {
      return nil
    }
    let indexed = Set(entries.map(\.position))
    let place = Place(
      path: best.path, stubs: best.stubs,
      sorted: Lazy {
        entries.flatMap { entry in entry.texts.map { (text: $0, position: entry.position) } }
          .sorted { ($0.text, $0.position) < ($1.text, $1.position) }
      })
    return (place, positions.filter { !indexed.contains($0) })
  }
}
