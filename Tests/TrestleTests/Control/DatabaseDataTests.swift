import Foundation
import GRDB
import Testing
import Trestle

/// Rows of SQLite tables in templates, on three protocols each.
@Suite("Data in SQLite", .timeLimit(.minutes(1)))
struct DatabaseDataTests {
  /// A workspace with a database, which the body fills.
  private func files(
    _ kind: ShopSystem, _ mock: String, _ fill: (Database) throws -> Void
  ) throws -> TemporaryWorkspace {
    let files = try TemporaryWorkspace(["adapters/shop.yaml": kind.adapter(mock)])
    let queue = try DatabaseQueue(path: files.directory + "/adapters/shop.sqlite")
    try queue.write { database in
      try database.execute(
        sql: """
          CREATE TABLE orders(id INTEGER PRIMARY KEY, item TEXT, price REAL, note BLOB);
          INSERT INTO orders VALUES (7, 'lamp', 12.5, NULL), (8, 'chair', 99, x'01')
          """)
      try fill(database)
    }
    try queue.close()
    return files
  }

  private func mock(_ kind: ShopSystem, _ data: String) -> String {
    """
      data: { orders: { \(data) } }
      stubs:
        - operation: pay
          when_true: data.orders[request.id] present
          reply: \(kind.yaml("{{data.orders[request.id].item}} {{data.orders[request.id].price}}"))
        - { operation: pay, reply: \(kind.yaml("none")) }
    """
  }

  @Test(
    "a row is found by its key, as the table is at the time of the call",
    arguments: ShopSystem.allCases)
  func rows(_ kind: ShopSystem) async throws {
    let mock = mock(kind, "file: shop.sqlite, table: orders, key: id")
    let files = try files(kind, mock) { _ in }
    let workspace = try files.load(.standard)
    #expect(workspace.systems.flatMap(\.diagnostics) == [])
    try await withMock("shop", in: workspace) { shop in
      func pay(_ id: String) async throws -> Value {
        let reply = try await shop.bridge.callLegacySystem(
          "shop", operation: "pay", parameters: ["id": .string(id)])
        return reply["result"] ?? reply
      }
      #expect(try await pay("7") == "lamp 12.5")
      #expect(try await pay("9") == "none")
      #expect(try await pay("7' OR '1'='1") == "none")
      let queue = try DatabaseQueue(path: files.directory + "/adapters/shop.sqlite")
      try await queue.write {
        try $0.execute(sql: "INSERT INTO orders VALUES (9, 'desk', 1.5, NULL)")
      }
      #expect(try await pay("9") == "desk 1.5")
    }
  }

  @Test(
    "what is not in the database is told with the nearest name when the file is loaded",
    arguments: [
      ("file: shop.sqlite, table: order, key: id", "did you mean \"orders\"?"),
      ("file: shop.sqlite, table: orders, key: di", "did you mean \"id\"?"),
      ("file: shop.sqlite, key: id", "a database needs a table"),
      ("file: other.sqlite, table: orders, key: id", "no such file"),
      ("file: shop.yaml, table: orders, key: id", "cannot be read as an SQLite database"),
      ("file: ../../x.sqlite, table: orders, key: id", "outside the workspace"),
      ("file: shop.sqlite, table: many, key: id", "no index on id"),
      ("file: shop.sqlite, table: sqlite_schema, key: name", "has no table"),
    ])
  func mistakes(_ data: String, _ expected: String) throws {
    let files = try files(.xmlRPC, mock(.xmlRPC, data)) { database in
      try database.execute(
        sql: """
          CREATE TABLE many(id TEXT, item TEXT, price REAL);
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
          INSERT INTO many SELECT i, 'x', 1 FROM n
          """)
    }
    let found = try files.load(.standard).systems.flatMap(\.diagnostics).map(\.message)
    #expect(found.contains { $0.contains(expected) }, "\(found)")
  }

  @Test("a column that the table lacks is told, and the database is never written")
  func columns() async throws {
    let mock =
      "  data: { orders: { file: shop.sqlite, table: orders, key: id } }\n"
      + "  responses: { pay: \"{{data.orders[request.id].itme}}\" }"
    let files = try files(.xmlRPC, mock) { _ in }
    let found = try files.load(.standard).systems.flatMap(\.diagnostics).map(\.message)
    #expect(found == ["data \"orders\" has no column \"itme\"; did you mean \"item\"?"])
    #expect(!files.exists("adapters/shop.sqlite-journal"))
    #expect(!files.exists("adapters/shop.sqlite-wal"))
  }
}
