package import TrestleCore

/// Where in a file the parts of its data stand.
package struct PlaceMap: Sendable {
  package struct Place: Sendable, Hashable {
    /// From 1.
    package var line: Int
    package var column: Int
  }

  /// Where a member's name stands, and where its value or an item begins.
  struct Entry: Sendable {
    var name: Place?
    var value: Place?
  }

  private(set) var entries: [ValuePath: Entry] = [:]

  package init() {}

  mutating func set(_ path: ValuePath, name: Place?, value: Place?) {
    entries[path] = Entry(name: name, value: value)
  }

  /// The map for what stands under a path, with the first step of each path below it replaced.
  func rerooted(at root: ValuePath, _ rename: (String) -> [ValuePath.Step]) -> PlaceMap {
    var map = PlaceMap()
    for (path, entry) in entries where path.steps.starts(with: root.steps) {
      let below = path.steps.dropFirst(root.steps.count)
      guard case .member(let name)? = below.first else {
        map.entries[ValuePath()] = entry
        continue
      }
      map.entries[ValuePath(rename(name) + below.dropFirst())] = entry
    }
    return map
  }

  /// The place of a part, or of the nearest part around it that has one.
  package func place(of path: ValuePath, atName: Bool = false) -> Place? {
    var path = path
    while true {
      if let entry = entries[path] {
        // A value that begins on a later line is found by its name.
        if atName || entry.value?.line != entry.name?.line { return entry.name ?? entry.value }
        return entry.value ?? entry.name
      }
      guard !path.isEmpty else { return nil }
      path.steps.removeLast()
    }
  }

  /// The place of the longest path that a text begins with; names in paths may have dots themselves.
  func place(atStartOf text: String) -> Place? {
    var best: (length: Int, path: ValuePath)?
    for path in entries.keys where !path.isEmpty {
      let written = path.description
      guard text.hasPrefix(written), written.utf8.count > best?.length ?? 0 else { continue }
      // `methods.a` is no part of `methods.add`.
      if let next = text.dropFirst(written.count).first, next.isLetter || next.isNumber { continue }
      best = (written.utf8.count, path)
    }
    return best.flatMap { place(of: $0.path) }
  }

  /// The diagnostic for a problem.
  package func diagnostic(_ problem: ValueProblem, file: String) -> Diagnostic {
    let place = place(of: problem.path, atName: problem.concernsName)
    return Diagnostic(
      problem.severity, problem.message, file: file, line: place?.line, column: place?.column,
      hint: problem.hint, operations: problem.operations)
  }
}
