internal import Foundation
internal import GRDB
internal import TrestleCore

/// The tables of the journal's file.
enum JournalTable {
  /// Raised when the tables change; a file of another version is begun anew.
  static let version = 1

  static func create(in database: Database) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if found != 0, found != version {
      try database.execute(sql: "DROP TABLE IF EXISTS exchanges; DROP TABLE IF EXISTS systems")
    }
    // No index: a journal is written far more often than it is read, and bounded.
    try database.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS exchanges(
          id INTEGER PRIMARY KEY AUTOINCREMENT, system TEXT NOT NULL, weight INTEGER NOT NULL,
          start INTEGER NOT NULL, duration INTEGER NOT NULL, operation TEXT, outcome TEXT NOT NULL,
          origin TEXT, scope TEXT, peer TEXT, near_miss TEXT, error TEXT, warnings TEXT,
          method TEXT, target TEXT, status INTEGER, request_size INTEGER, response_size INTEGER,
          call TEXT, call_headers TEXT, reply TEXT, reply_headers TEXT,
          request_headers TEXT, response_headers TEXT, request BLOB, response BLOB);
        CREATE TABLE IF NOT EXISTS systems(
          name TEXT PRIMARY KEY, seen INTEGER NOT NULL, superseded INTEGER NOT NULL,
          dropped INTEGER NOT NULL);
        PRAGMA user_version = \(version)
        """)
  }

  private static let columns = [
    "system", "weight", "start", "duration", "operation", "outcome", "origin", "scope", "peer",
    "near_miss", "error", "warnings", "method", "target", "status", "request_size",
    "response_size", "call", "call_headers", "reply", "reply_headers", "request_headers",
    "response_headers", "request", "response",
  ]

  static let insertion =
    "INSERT INTO exchanges(\(columns.joined(separator: ", "))) VALUES ("
    + columns.map { _ in "?" }.joined(separator: ", ") + ")"

  static func entry(_ row: Row, bodies: Bool) -> JournalEntry {
    let reply = json(row["reply"])
    let outcome = JournalEntry.Outcome(rawValue: row["outcome"]) ?? .failed
    let answersFault = reply["fault"]
    return JournalEntry(
      id: row["id"], start: row["start"], duration: .microseconds(row["duration"] as Int64),
      system: row["system"], operation: row["operation"], outcome: outcome, origin: row["origin"],
      scope: row["scope"], peer: row["peer"], parameters: json(row["call"]),
      callHeaders: json(row["call_headers"]).objectValue ?? [:], value: reply["value"],
      fault: answersFault, replyHeaders: json(row["reply_headers"]).objectValue ?? [:],
      nearMiss: row["near_miss"], error: row["error"],
      warnings: json(row["warnings"]).arrayValue?.compactMap(\.stringValue) ?? [],
      method: row["method"], target: row["target"], status: row["status"],
      request: bodies
        ? message(row["request_headers"], row["request"], size: row["request_size"]) : nil,
      response: bodies
        ? message(row["response_headers"], row["response"], size: row["response_size"]) : nil)
  }

  private static func json(_ text: String?) -> Value {
    text.flatMap { try? JSONParser.parse($0) } ?? .null
  }

  private static func message(
    _ headers: String?, _ body: Data?, size: Int?
  ) -> JournalEntry.Message? {
    guard let size else { return nil }
    var message = JournalEntry.Message()
    message.size = size
    message.body = body.map { [UInt8]($0) } ?? []
    for line in (headers ?? "").split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      message.headers.append(
        name: String(line[..<colon]), value: String(line[line.index(colon, offsetBy: 2)...]))
    }
    return message
  }
}
