/// The warnings of one message: the first twenty are told, the rest counted, since a long document can
/// break one rule very often.
struct WarningList: Sendable {
  private static let maximum = 20

  private var told: [String] = []
  private var untold = 0
  /// Where the warnings stand that are told once, and how often more they were due.
  private var repetitions: [String: (place: Int?, count: Int)] = [:]

  init(_ warnings: [String] = []) { told = warnings }

  mutating func add(_ warning: String) {
    guard told.count < Self.maximum else {
      untold += 1
      return
    }
    told.append(warning)
  }

  /// Adds a warning where its note was not told yet, and counts it otherwise.
  mutating func addOnce(_ note: String, _ warning: () -> String) {
    if repetitions[note] != nil {
      repetitions[note]?.count += 1
      return
    }
    repetitions[note] = (told.count < Self.maximum ? told.count : nil, 0)
    add(warning())
  }

  /// Adds the warnings of a part, with its place before their own.
  mutating func add(contentsOf part: WarningList, inside place: String) {
    for warning in part.told { add("\(place).\(warning)") }
    untold += part.untold
  }

  /// What is told, with a last word on what is not: `and 7 more departures from the spec`.
  func all(ofDeparturesFrom rule: String) -> [String] {
    var all = told
    for (place, count) in repetitions.values where count > 0 {
      if let place { all[place] += " (and \(count) more)" }
    }
    guard untold > 0 else { return all }
    return all + ["and \(untold) more departures from \(rule)"]
  }
}
