internal import Foundation
internal import GRDB
package import TrestleCore

/// A table of an SQLite database, whose rows are looked up by one column. It is only read.
package final class SQLiteTable: Sendable {
  /// Why a table cannot be used, and what to do.
  package struct Mistake: Error, Sendable, Hashable {
    package var reason: String
    package var hint: String?
    /// Whether the key is to blame rather than the file or the table.
    package var concernsKey = false
    package var concernsTable = false
  }

  /// How much is read.
  package enum Limits {
    package static let columns = 1000
    /// Of one row.
    package static let bytes = 1 << 20
    /// Rows that may be looked through for a key without an index.
    package static let unindexedRows = 10_000
  }

  package let columns: [String]
  /// What is odd about the table, though it works.
  package let warning: String?
  private let queue: DatabaseQueue
  private let statement: String
  private let table: String

  /// Opens a database and holds the table and its key against what is there.
  package init(path: String, table: String, key: String) throws(Mistake) {
    self.table = table
    let found: (queue: DatabaseQueue, columns: [String], warning: String?)
    do {
      found = try Self.open(path: path, table: table, key: key)
    } catch let mistake as Mistake {
      throw mistake
    } catch {
      throw Mistake(reason: "cannot be read as an SQLite database: \(Self.reason(error))")
    }
    (queue, columns, warning) = found
    statement =
      "SELECT * FROM \(table.quotedDatabaseIdentifier) WHERE "
      + "\(key.quotedDatabaseIdentifier) = ? LIMIT 1"
  }

  private static func open(
    path: String, table: String, key: String
  ) throws -> (queue: DatabaseQueue, columns: [String], warning: String?) {
    var configuration = Configuration()
    configuration.readonly = true
    // Calls wait on an event loop: a writer that holds the file is not waited for.
    configuration.busyMode = .immediateError
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    return try queue.read { database in
      let tables = try String.fetchAll(
        database,
        sql: "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
          + "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT 1000")
      guard tables.contains(table) else {
        throw Mistake(
          reason: "has no table \"\(table)\"" + Suggestion.clause(for: table, among: tables),
          hint: tables.isEmpty
            ? "the database is empty" : "tables: \(tables.prefix(8).joined(separator: ", "))",
          concernsTable: true)
      }
      let columns = try database.columns(in: table).map(\.name)
      guard columns.contains(key) else {
        throw Mistake(
          reason: "\(table) has no column \"\(key)\"" + Suggestion.clause(for: key, among: columns),
          hint: "columns: \(columns.prefix(8).joined(separator: ", "))", concernsKey: true)
      }
      guard columns.count <= Limits.columns else {
        throw Mistake(reason: "\(table) has more than \(Limits.columns) columns")
      }
      return (queue, columns, try warning(database, table: table, key: key))
    }
  }

  /// A key that is looked for row by row would hold an event loop up.
  private static func warning(
    _ database: Database, table: String, key: String
  ) throws -> String? {
    let plan = try Row.fetchAll(
      database,
      sql: "EXPLAIN QUERY PLAN SELECT * FROM \(table.quotedDatabaseIdentifier) WHERE "
        + "\(key.quotedDatabaseIdentifier) = ?", arguments: ["x"])
    let isScan = plan.contains { ($0["detail"] as String? ?? "").hasPrefix("SCAN") }
    guard isScan else { return nil }
    let rows =
      try Int.fetchOne(
        database,
        sql: "SELECT count(*) FROM (SELECT 1 FROM \(table.quotedDatabaseIdentifier) LIMIT ?)",
        arguments: [Limits.unindexedRows + 1]) ?? 0
    if rows > Limits.unindexedRows {
      throw Mistake(
        reason: "\(table) has more than \(Limits.unindexedRows) rows and no index on \(key)",
        hint: "CREATE INDEX \(table)_\(key) ON \(table)(\(key))", concernsKey: true)
    }
    return rows > 1000 ? "\(table) has no index on \(key): each look-up goes through all rows" : nil
  }

  /// The row of a key; of several the one that SQLite finds first.
  ///
  /// - Throws: `ExpressionError` where the database cannot be read now.
  package func row(forKey key: String) throws(ExpressionError) -> TrestleCore.Record? {
    let row: Row?
    do {
      row = try queue.read { database in
        let statement = try database.cachedStatement(sql: self.statement)
        return try Row.fetchOne(statement, arguments: [key])
      }
    } catch {
      throw ExpressionError("the table \(table) cannot be read: \(Self.reason(error))")
    }
    guard let row else { return nil }
    var record = TrestleCore.Record()
    var bytes = 0
    for (column, value) in row {
      switch value.storage {
      case .null: record[column] = .null
      case .int64(let number): record[column] = .integer(number)
      case .double(let number): record[column] = .double(number)
      case .string(let text):
        bytes += text.utf8.count
        record[column] = .string(text)
      case .blob(let data):
        bytes += data.count
        record[column] = .bytes([UInt8](data))
      }
    }
    guard bytes <= Limits.bytes else {
      throw ExpressionError(
        "the row of \"\(key.prefix(60))\" has \(bytes) bytes, more than the \(Limits.bytes) that are read"
      )
    }
    return record
  }

  private static func reason(_ error: any Error) -> String {
    (error as? DatabaseError)?.message ?? "\(error)"
  }
}
