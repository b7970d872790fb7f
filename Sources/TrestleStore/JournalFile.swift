internal import Foundation
internal import GRDB
internal import TrestleCore

/// A journal's file, to be read: also while mocks write it, and after they have ended.
public final class JournalFile: Sendable {
  /// What a journal knows of one system beside its calls.
  public struct SystemSummary: Sendable, Hashable {
    /// The system.
    public var name: String
    /// How many calls the last mock of it had.
    public var seen: Int64
    /// How many of them were left out because newer ones would have pushed them out of the file.
    public var superseded: Int64
    /// How many of them were lost because the writer fell behind.
    public var dropped: Int64

    package init(name: String, seen: Int64, superseded: Int64, dropped: Int64) {
      self.name = name
      self.seen = seen
      self.superseded = superseded
      self.dropped = dropped
    }
  }

  private let queue: DatabaseQueue
  /// Where it is.
  public let path: String

  /// Opens a journal to be read.
  public init(path: String) throws(JournalError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw JournalError(
        path: path, reason: "there is no journal here",
        hint: "trestle mock writes one while it runs, unless mock.journal.durability is off")
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let version = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } ?? 0
      guard version == JournalTable.version else {
        throw JournalError(
          path: path, reason: "the journal is of another version of trestle",
          hint: "start the mock once: it begins the file anew")
      }
    } catch let error as JournalError {
      throw error
    } catch {
      throw JournalError(
        path: path, reason: "the journal cannot be read: \(error)", hint: "delete the file")
    }
  }

  /// The calls that a query means; without `bodies`, their messages are left out.
  public func entries(
    _ query: JournalQuery = JournalQuery(), bodies: Bool = true
  ) throws(JournalError) -> [JournalEntry] {
    try read { database in
      var found: [JournalEntry] = []
      let (sql, arguments) = query.selection(bodies: bodies)
      let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
      while found.count < query.limit, let row = try rows.next() {
        let entry = JournalTable.entry(row, bodies: bodies)
        if query.conditions.allSatisfy({ $0.holds(in: entry.parameters) }) { found.append(entry) }
      }
      return found
    }
  }

  /// One call by its number.
  public func entry(_ id: Int64) throws(JournalError) -> JournalEntry? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM exchanges WHERE id = ?", arguments: [id])
        .map { JournalTable.entry($0, bodies: true) }
    }
  }

  /// The highest number there is; 0 for an empty journal.
  public func lastID() throws(JournalError) -> Int64 {
    try read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM exchanges") ?? 0 }
  }

  /// What is known of each system beside its calls.
  public func systems() throws(JournalError) -> [SystemSummary] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM systems ORDER BY name").map {
        SystemSummary(
          name: $0["name"], seen: $0["seen"], superseded: $0["superseded"], dropped: $0["dropped"])
      }
    }
  }

  /// Whether SQLite finds the file whole.
  package func isWhole() throws(JournalError) -> Bool {
    try read { try String.fetchOne($0, sql: "PRAGMA integrity_check") == "ok" }
  }

  private func read<Result>(_ body: (Database) throws -> Result) throws(JournalError) -> Result {
    do {
      return try queue.read(body)
    } catch {
      throw JournalError(path: path, reason: "the journal cannot be read: \(error)")
    }
  }
}

extension JournalQuery {
  /// The part of the query that SQLite answers.
  fileprivate func selection(bodies: Bool) -> (String, StatementArguments) {
    var terms: [String] = []
    var arguments = StatementArguments()
    func add(_ term: String, _ values: (any DatabaseValueConvertible)...) {
      terms.append(term)
      arguments += StatementArguments(values)
    }
    if let system { add("system = ?", system) }
    if let operation { add("operation = ?", operation) }
    if !outcomes.isEmpty {
      terms.append("outcome IN (\(outcomes.map { _ in "?" }.joined(separator: ", ")))")
      arguments += StatementArguments(outcomes.map(\.rawValue))
    }
    if let origin {
      // By its whole text, or by the stub's name alone.
      add("origin IN (?, ?)", origin, "stub '\(origin)'")
    }
    if let from { add("start >= ?", from) }
    if let to { add("start <= ?", to) }
    if let after { add("id > ?", after) }
    if let before { add("id < ?", before) }
    if let text {
      let columns = [
        "call", "call_headers", "reply", "reply_headers", "error", "near_miss", "origin",
      ]
      let tests =
        columns.map { "instr(\($0), ?) > 0" }
        + ["request", "response"].map { "instr(\($0), CAST(? AS BLOB)) > 0" }
      terms.append("(" + tests.joined(separator: " OR ") + ")")
      arguments += StatementArguments(Array(repeating: text, count: tests.count))
    }
    let filter = terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ")
    let columns =
      bodies
      ? "*"
      : "id, system, start, duration, operation, outcome, origin, scope, peer, near_miss, error, "
        + "warnings, method, target, status, call, call_headers, reply, reply_headers"
    return (
      "SELECT \(columns) FROM exchanges\(filter) ORDER BY id \(isOldestFirst ? "ASC" : "DESC")",
      arguments
    )
  }
}
