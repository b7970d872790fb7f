internal import TrestleCore
package import TrestleMock
public import TrestleStore

/// What running mocks were called with.
///
/// The calls are the journal's where there is one, with everything so far in it; else the latest ones that are
/// kept in memory (`MockRunner.Options.keepsCalls`), as they came, with nothing masked.
extension RunningMocks {
  /// The calls that a query means: by system, operation, parameters, outcome, time; the newest first unless it
  /// says otherwise.
  ///
  /// - Throws: `MockControlError` where no calls are kept, or the journal cannot be read.
  public func calls(
    _ query: JournalQuery = JournalQuery(), bodies: Bool = true
  ) async throws(MockControlError) -> [JournalEntry] {
    guard let journal = journal.journal else { return try keptCalls(query, bodies: bodies) }
    await journal.flush()
    do throws(JournalError) {
      return try JournalFile(path: journal.path).entries(query, bodies: bodies)
    } catch {
      throw .init(.conflict, error.description, hint: error.hint)
    }
  }

  /// One call by its number.
  ///
  /// - Throws: `MockControlError` where there is no such call.
  public func call(_ id: Int64) async throws(MockControlError) -> JournalEntry {
    let query = JournalQuery(after: id - 1, limit: 1, isOldestFirst: true)
    guard let entry = try await calls(query).first, entry.id == id else {
      throw .init(.notFound, "there is no call \(id)", hint: "older ones may have made room")
    }
    return entry
  }

  /// Holds the calls so far against checks: of the time since (in microseconds since 1970), where one is given. With
  /// `inOrder`, one call of each check is expected, one after the other; others may come between.
  ///
  /// - Throws: `MockControlError` for a system or operation that is not there; checks that fail are in the result.
  public func verify(
    _ checks: [CallCheck], inOrder: Bool = false, since: Int64? = nil
  ) async throws(MockControlError) -> CallVerification {
    let expectations = try expectations(checks, inOrder: inOrder)
    let query = JournalQuery(from: since, limit: .max, isOldestFirst: true)
    let calls = try await calls(query, bodies: false)
    return CallVerification(calls, expectations, inOrder: inOrder)
  }

  /// The calls in memory.
  func keptCalls(
    _ query: JournalQuery, bodies: Bool = true
  ) throws(MockControlError) -> [JournalEntry] {
    guard let ring else {
      throw .init(
        .conflict, "no calls are kept" + (journal.problem.map { ": \($0)" } ?? ""),
        hint: "start the mocks with a journal, or with MockRunner.Options.keepsCalls")
    }
    return ring.entries(query, bodies: bodies)
  }

  /// A check, compiled against the contract of its system.
  package func expectation(
    _ check: CallCheck, inOrder: Bool = false
  ) throws(MockControlError) -> CallExpectation {
    let expectations = try expectations([check], inOrder: inOrder)
    return expectations[0]
  }

  private func expectations(
    _ checks: [CallCheck], inOrder: Bool
  ) throws(MockControlError) -> [CallExpectation] {
    for case let system? in checks.map(\.system) { _ = try control(of: system) }
    return try CheckReader(mocks.map(\.system), isMasked: journal.journal != nil)
      .expectations(checks, inOrder: inOrder)
  }
}
