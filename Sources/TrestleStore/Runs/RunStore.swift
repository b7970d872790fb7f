internal import Foundation
internal import GRDB
internal import TrestleCore

/// Keeps runs of workflows and their steps in an SQLite file, each step before the run goes on: what is written is not
/// lost when the process is killed.
public final class RunStore: Sendable {
  private let queue: DatabaseQueue
  /// Where the file is.
  public let path: String

  private static let version = 1

  /// Opens the file, or makes it.
  ///
  /// - Throws: `JournalError` for a file that cannot be opened or is of another version.
  public init(path: String) throws(JournalError) {
    self.path = path
    do {
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      configuration.prepareDatabase { database in
        // A killed process loses nothing that was written; only a crash of the machine may.
        try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
      }
      queue = try DatabaseQueue(path: path, configuration: configuration)
      let found = try queue.write { database in
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if version == 0 { try Self.create(database) }
        return version == 0 ? Self.version : version
      }
      guard found == Self.version else {
        throw JournalError(
          path: path, reason: "the runs are of another version of trestle",
          hint: "move the file away: new runs begin a new one")
      }
    } catch let error as JournalError {
      throw error
    } catch {
      throw JournalError(
        path: path, reason: "the runs cannot be opened: \(error)", hint: "move the file away")
    }
  }

  private static func create(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE run (
          id TEXT PRIMARY KEY, workflow TEXT NOT NULL, file TEXT NOT NULL, status TEXT NOT NULL,
          began INTEGER NOT NULL, ended INTEGER, input TEXT NOT NULL, options TEXT NOT NULL,
          result TEXT NOT NULL);
        CREATE INDEX run_began ON run (began);
        CREATE TABLE step (
          run TEXT NOT NULL REFERENCES run (id), number INTEGER NOT NULL, key TEXT NOT NULL,
          name TEXT NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL, status TEXT NOT NULL,
          began INTEGER NOT NULL, duration INTEGER NOT NULL, call TEXT NOT NULL,
          reply TEXT NOT NULL, before TEXT NOT NULL, updates TEXT NOT NULL, target TEXT,
          PRIMARY KEY (run, key)) WITHOUT ROWID;
        PRAGMA user_version = \(version);
        """)
  }

  /// A new name for a run.
  public static func makeID() -> String {
    let symbols = Array("abcdefghijkmnpqrstuvwxyz23456789")
    return String((0..<8).map { _ in symbols[Int.random(in: symbols.indices)] })
  }

  // MARK: Writing

  /// Keeps a run, in place of what was known of it.
  public func keep(_ run: RunSummary) async throws(JournalError) {
    try await write { database in
      try database.execute(
        sql: """
          INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
            status = excluded.status, ended = excluded.ended, result = excluded.result
          """,
        arguments: [
          run.id, run.workflow, run.file, run.status.rawValue, run.began, run.ended,
          JSONWriter.text(.object(run.input)), JSONWriter.text(.object(run.options)),
          JSONWriter.text(run.result),
        ])
    }
  }

  /// Keeps a step of a run, in place of what was known of it.
  public func keep(_ step: RunStep, number: Int, of run: String) async throws(JournalError) {
    try await write { database in
      try database.execute(
        sql: "INSERT OR REPLACE INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          run, number, step.key, step.name, step.kind, step.owner, step.status.rawValue,
          step.began, step.duration, JSONWriter.text(step.call), JSONWriter.text(step.reply),
          JSONWriter.text(.object(step.before)), JSONWriter.text(.object(step.updates)),
          step.target,
        ])
    }
  }

  private func write(
    _ body: @escaping @Sendable (Database) throws -> Void
  ) async throws(JournalError) {
    // In a task of its own: what a run that is cancelled did is written all the same.
    let writing = Task { [queue] in try await queue.write(body) }
    do {
      try await writing.value
    } catch {
      throw JournalError(
        path: path, reason: "the run cannot be written: \(error)",
        hint: "is the disk full, or the folder read-only?")
    }
  }

  // MARK: Reading

  /// The latest runs, the newest first by the order in which they were made: clocks of runs may be their own.
  public func runs(limit: Int = 20) throws(JournalError) -> [RunSummary] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM run ORDER BY rowid DESC LIMIT ?", arguments: [limit]
      ).map(Self.run)
    }
  }

  /// A run by its name; nil where there is none.
  public func run(_ id: String) throws(JournalError) -> RunSummary? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM run WHERE id = ?", arguments: [id])
        .map(Self.run)
    }
  }

  /// The run of the same workflow that was made before another; nil where that is the first.
  public func run(before run: RunSummary) throws(JournalError) -> RunSummary? {
    try read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT * FROM run WHERE workflow = ? AND rowid < (SELECT rowid FROM run WHERE id = ?)
          ORDER BY rowid DESC LIMIT 1
          """, arguments: [run.workflow, run.id]
      ).map(Self.run)
    }
  }

  /// The steps of a run, in the order in which they ended; what had only begun comes last.
  public func steps(of run: String) throws(JournalError) -> [RunStep] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT * FROM step WHERE run = ? ORDER BY status = 'began', number, key",
        arguments: [run]
      ).map(Self.step)
    }
  }

  private func read<Result>(_ body: (Database) throws -> Result) throws(JournalError) -> Result {
    do {
      return try queue.read(body)
    } catch {
      throw JournalError(
        path: path, reason: "the runs cannot be read: \(error)", hint: "move the file away")
    }
  }

  private static func run(_ row: Row) -> RunSummary {
    RunSummary(
      id: row["id"], workflow: row["workflow"], file: row["file"],
      status: RunSummary.Status(rawValue: row["status"]) ?? .running, began: row["began"],
      ended: row["ended"], input: value(row["input"]).objectValue ?? [:],
      options: value(row["options"]).objectValue ?? [:], result: value(row["result"]))
  }

  private static func step(_ row: Row) -> RunStep {
    RunStep(
      key: row["key"], name: row["name"], kind: row["kind"], owner: row["owner"],
      status: RunStep.Status(rawValue: row["status"]) ?? .began, began: row["began"],
      duration: row["duration"], call: value(row["call"]), reply: value(row["reply"]),
      before: value(row["before"]).objectValue ?? [:],
      updates: value(row["updates"]).objectValue ?? [:], target: row["target"])
  }

  private static func value(_ text: String) -> Value { (try? JSONParser.parse(text)) ?? .null }
}
