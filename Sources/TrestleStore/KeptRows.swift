internal import GRDB
internal import TrestleCore

/// The rows of one system that are in the file, oldest first: what the caps are kept by.
struct KeptRows {
  private struct KeptRow {
    var id: Int64
    var weight: Int
    var start: Int64
  }

  private var rows: [KeptRow] = []
  /// Where the oldest one is; those before it are gone.
  private var head = 0
  private var bytes = 0

  var count: Int { rows.count - head }

  mutating func append(_ id: Int64, weight: Int, start: Int64) {
    rows.append(KeptRow(id: id, weight: weight, start: start))
    bytes += weight
  }

  /// The rows that a file has already, by system.
  static func load(from database: Database) throws -> [String: KeptRows] {
    var kept: [String: KeptRows] = [:]
    let rows = try Row.fetchCursor(
      database, sql: "SELECT system, id, weight, start FROM exchanges ORDER BY id")
    while let row = try rows.next() {
      kept[row["system"], default: KeptRows()].append(
        row["id"], weight: row["weight"], start: row["start"])
    }
    return kept
  }

  /// Deletes the oldest rows until the caps are kept.
  mutating func trim(
    to settings: JournalSettings, now: Int64, system: String, in database: Database
  ) throws {
    let age = settings.age.components
    let oldest = now - age.seconds * 1_000_000 - age.attoseconds / 1_000_000_000_000
    let first = head
    while head < rows.count,
      count > settings.entries || bytes > settings.bytes || rows[head].start < oldest
    {
      bytes -= rows[head].weight
      head += 1
    }
    guard head > first else { return }
    // One system's rows lie between others': a range and the name are enough, without an index.
    try database.cachedStatement(
      sql: "DELETE FROM exchanges WHERE id BETWEEN ? AND ? AND system = ?"
    ).execute(arguments: [rows[first].id, rows[head - 1].id, system])
    if head > 1000, head * 2 > rows.count {
      rows.removeFirst(head)
      head = 0
    }
  }
}
