import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Rows layout")
struct RowsLayoutTests {
  @Test(
    "messages and values are each other's",
    arguments: [
      (["rows": [:]], "a,b\r\nc,\r\n", ["rows": [["a", "b"], ["c", ""]]]),
      (["rows": [:]], "\"a,\"\"b\"\"\",\"c\r\nd\"\r\n", ["rows": [["a,\"b\"", "c\r\nd"]]]),
      (["rows": [:]], "", ["rows": []]),
      (
        ["rows": ["separator": "|", "quote": "none", "escape": "\\\\", "line": "lf"]],
        "a\\|b|c\\\\d|e\\\nf\n", ["rows": [["a|b", "c\\d", "e\nf"]]]
      ),
      (
        ["rows": ["header": true, "line": "lf"]], "id,name\n1,a\n2,\n",
        ["rows": [["id": "1", "name": "a"], ["id": "2", "name": ""]]]
      ),
      (
        ["rows": ["columns": ["id", "name", "note"], "line": "cr"]], "1\r1,a,b,c\r",
        ["rows": [["id": "1"], ["id": "1", "name": "a", "note": "b", "_more": ["c"]]]]
      ),
      (["rows": ["one": true]], "a,b", ["fields": ["a", "b"]]),
      (["rows": ["one": true, "columns": ["x", "y"]]], ",b", ["x": "", "y": "b"]),
      (
        // Written by pynmea2 1.19.0, its check and frame taken away.
        [
          "rows": [
            "one": true, "quote": "none", "type": "sentence",
            "columns": ["GPGLL": ["lat", "ns", "lon", "ew", "time", "status"]],
          ]
        ],
        "GPGLL,5057.970,N,00146.110,E,142451,A",
        [
          "sentence": "GPGLL", "lat": "5057.970", "ns": "N", "lon": "00146.110", "ew": "E",
          "time": "142451", "status": "A",
        ]
      ),
      (
        ["rows": ["one": true, "columns": ["A": ["x"]]]], "B,1,2",
        ["type": "B", "_more": ["1", "2"]]
      ),
    ] as [(Value, String, Value)])
  func roundTrip(_ definition: Value, _ text: String, _ value: Value) throws {
    let layout = try makeLayout(definition)
    #expect(try layout.decode(Array(text.utf8)).value == value)
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
  }

  @Test(
    "what are no rows is refused where it is wrong",
    arguments: [
      (["rows": [:]], "a,\"b", "rows[0][1]", 2), (["rows": [:]], "\"a\"b", "rows[0][0]", 3),
      (["rows": ["quote": "none", "escape": "\\\\"]], "a\\", "rows[0][0]", 1),
      (["rows": ["one": true]], "a\nb", "layout.rows", nil),
      (["rows": ["header": true]], "a,a\r\n", "layout.rows", nil),
    ] as [(Value, String, String, Int?)])
  func wrong(_ definition: Value, _ text: String, _ path: String, _ offset: Int?) throws {
    let error = #expect(throws: CodecError.self) {
      try makeLayout(definition).decode(Array(text.utf8))
    }
    #expect(error?.path == path)
    #expect(error?.offset == offset)
  }

  @Test(
    "what no rows can hold is refused",
    arguments: [
      (["rows": [:]], ["x": 1], "rows"), (["rows": [:]], ["rows": ["a"]], "rows[0]"),
      (["rows": ["quote": "none"]], ["rows": [["a,b"]]], "rows[0]"),
      (["rows": ["columns": ["a"]]], ["rows": [["b": 1]]], "rows[0].b"),
      (["rows": ["columns": ["a"]]], ["rows": [["_more": ["x"]]]], "rows[0]._more"),
      (["rows": ["one": true, "columns": ["A": ["x"]]]], ["x": 1], "type"),
    ] as [(Value, Value, String)])
  func unwritable(_ definition: Value, _ value: Value, _ path: String) throws {
    let error = #expect(throws: CodecError.self) { try makeLayout(definition).encode(value) }
    #expect(error?.path == path)
  }

  @Test(
    "mistakes of a definition are told",
    arguments: [
      (["rows": ["columns": ["a", "a"]]], "layout.rows.columns"),
      (["rows": ["columns": "a"]], "layout.rows.columns"),
      (["rows": ["header": true, "one": true]], "layout.rows.header"),
      (["rows": ["separator": "\"\""]], "layout.rows"), (["rows": ["escape": "\""]], "layout.rows"),
    ] as [(Value, String)])
  func definition(_ layout: Value, _ path: String) {
    #expect(mistakes(in: ["layout": layout]).map { $0.prefix { $0 != ":" } } == [path[...]])
  }

  @Test("random rows survive, and mutated bytes never crash")
  func property() throws {
    var generator = SeededGenerator(seed: 2)
    let alphabet = Array("ab,|\"\\é\r\n")
    for definition: Value in [
      ["rows": [:]], ["rows": ["separator": "|", "escape": "\\\\"]],
      ["rows": ["quote": "none", "escape": "\\\\"]], ["rows": ["separator": "||", "line": "cr"]],
    ] {
      let layout = try makeLayout(definition)
      for _ in 0..<200 {
        let rows = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          Value.array(
            (0..<Int.random(in: 1...4, using: &generator)).map { _ in
              .string(
                String(
                  (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                  }))
            })
        }
        let value: Value = ["rows": .array(rows)]
        var bytes = try layout.encode(value)
        #expect(try layout.decode(bytes).value == value)
        guard !bytes.isEmpty else { continue }
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...127, using: &generator)
        _ = try? layout.decode(bytes)
      }
    }
  }
}
