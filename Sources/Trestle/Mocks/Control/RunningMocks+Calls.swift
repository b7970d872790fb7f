public import TrestleCore
public import TrestleMock
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
    guard let journal = journal.journal else {
      throw .init(
        .conflict, "no calls are kept", hint: "start the mocks with a journal, or with keepsCalls")
    }
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
    var query = JournalQuery(limit: 1)
    query.after = id - 1
    query.before = id + 1
    guard let entry = try await calls(query).first else {
      throw .init(.notFound, "there is no call \(id)")
    }
    return entry
  }

  /// Holds the calls so far against checks. With `inOrder`, one call of each check is expected, one after the other.
  ///
  /// - Throws: `MockControlError` for a system or operation that is not there; checks that fail are in the result.
  public func verify(
    _ checks: [CallCheck], inOrder: Bool = false, since: Int64? = nil
  ) async throws(MockControlError) -> CallVerification {
    CallVerification(findings: [])
  }
}

/// What calls are expected, and how many.
public struct CallCheck: Sendable {
  /// The system; nil for any.
  public var system: String?
  /// The operation; nil for any.
  public var operation: String?
  /// Conditions on the parameters, as in a stub's `when`.
  public var conditions: Record
  /// How many there shall be.
  public var count: CallCount
  /// The check as its author wrote it; nil where it was not written as text.
  public var text: String?

  /// Expects calls of an operation with such parameters.
  public init(
    system: String? = nil, operation: String? = nil, where conditions: Record = [:],
    _ count: CallCount = .atLeast(1)
  ) {
    self.system = system
    self.operation = operation
    self.conditions = conditions
    self.count = count
  }

  /// Reads a check as `trestle verify` does: `billing CreateInvoice amount:=10 exactly 2`.
  ///
  /// - Throws: `MockControlError` of kind `unreadable` that says which word is wrong.
  public init(_ text: String) throws(MockControlError) {
    self.init()
    self.text = text
  }
}

/// What checks came to.
public struct CallVerification: Sendable, Hashable, CustomStringConvertible {
  /// What one check came to.
  public struct Finding: Sendable, Hashable {
    /// The check as its author wrote it.
    public var check: String
    /// How many calls were as expected.
    public var count: Int
    /// Nil where the check holds; else what came instead, in lines.
    public var failure: String?

    /// Whether the check holds.
    public var holds: Bool { failure == nil }
  }

  /// One for each check; one for all of them where their order was checked.
  public var findings: [Finding]

  /// Whether all checks hold.
  public var holds: Bool { findings.allSatisfy(\.holds) }

  /// The failures, or that all is as expected.
  public var description: String {
    let failures = findings.compactMap(\.failure)
    return failures.isEmpty ? "as expected" : failures.joined(separator: "\n")
  }
}
