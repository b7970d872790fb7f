internal import Synchronization
internal import TrestleCore
internal import TrestleMock

/// The opened data of a mock: what was read once stays while only live stubs change, and is read again with its
/// adapter file.
final class DataShelf: Sendable {
  private struct Entry {
    let source: (any DataSource)?
    let problems: [ValueProblem]
  }

  private let entries = Mutex<[String: Entry]>([:])

  init() {}

  func open(
    _ definition: DataDefinition, by files: DataFiles, _ problems: inout [ValueProblem]
  ) -> (any DataSource)? {
    if let known = entries.withLock({ $0[definition.name] }) {
      problems += known.problems
      return known.source
    }
    var found: [ValueProblem] = []
    let source = files.open(definition, &found)
    problems += found
    let entry = Entry(source: source, problems: found)
    entries.withLock { $0[definition.name] = entry }
    return source
  }
}
