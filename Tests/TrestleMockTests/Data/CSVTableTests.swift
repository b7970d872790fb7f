import Testing
import TrestleCore
import TrestleMock

@Suite("Data from CSV files")
struct CSVTableTests {
  private func table(_ text: String, separator: Character = ",") throws -> CSVTable {
    var repeats: [Int] = []
    return try CSVTable(
      Array(text.utf8), key: "id", separator: separator.asciiValue ?? 0, repeats: &repeats)
  }

  @Test(
    "a row is read as RFC 4180 has it",
    arguments: [
      ("id,name\r\n1,Ann\r\n", "Ann"), ("id,name\n1,Ann", "Ann"),
      ("name,id\n\"Ann, Lee\",1\n", "Ann, Lee"), ("id,name\n1,\"say \"\"hi\"\"\"\n", "say \"hi\""),
      ("id,name\n1,\"two\r\nlines\"\n2,x\n", "two\r\nlines"), ("id,name\n\n1,\n", ""),
      ("\u{FEFF}id,name\n\"1\",é\n", "é"), ("id,name\n1,Ann\n1,Bob\n", "Ann"),
    ])
  func rows(text: String, name: String) throws {
    #expect(try table(text).row(forKey: "1")?["name"] == .string(name))
    #expect(try table(text).row(forKey: "9") == nil)
  }

  @Test("another separator can be named; rows with a key that was there before are told")
  func options() throws {
    #expect(try table("id;name\n1;a,b\n", separator: ";").row(forKey: "1")?["name"] == "a,b")
    var repeats: [Int] = []
    _ = try CSVTable(Array("id,x\n1,\"a\nb\"\n1,c\n2,d\n1,e".utf8), key: "id", repeats: &repeats)
    #expect(repeats == [4, 6])
  }

  @Test(
    "a file that is not like that is told with the line",
    arguments: [
      ("", "line 1: the file is empty; its first line names the columns"),
      ("Id,name\n", "line 1: no column \"id\" among Id, name; did you mean \"Id\"?"),
      ("id,id\n", "line 1: two columns are called \"id\""),
      ("id,name\n1,a\n2\n", "line 3: 1 fields, where the first line names 2 columns"),
      ("id,name\n1,\"a\nb\n", "line 2: a quote is not closed"),
      ("id,name\n1,\"a\"b\n", "line 2: text stands behind a closing quote"),
      (
        "id,name\n1,a\"b\n",
        "line 2: a quote within a field; put the whole field in quotes, and write it twice"
      ),
      ("id,name\r1,a", "line 1: a line ends with a carriage return alone"),
    ])
  func mistakes(text: String, message: String) {
    let error = #expect(throws: CSVTable.Mistake.self) { try table(text) }
    #expect(error?.description == message)
  }

  @Test("templates look rows up by key; a missing row is absent, in defaults and in conditions")
  func templates() throws {
    let table = try table("id,name,status\n7,Ann,open\n8,Bob,blocked\n")
    let mock = StatefulMock(
      [
        "data": ["customers": ["file": "customers.csv", "key": "id"]],
        "stubs": [
          [
            "operation": "do", "when_true": "data.customers[request.id] absent",
            "fault": ["code": 1, "message": "no customer {{request.id}}"],
          ],
          [
            "operation": "do",
            "when_true": "{{row('customers', request.id).status == 'blocked'}}",
            "reply": "blocked",
          ],
          ["operation": "do", "reply": "{{data.customers[request.id].name}}"],
          ["operation": "whole", "reply": "{{row('customers', 7)}}"],
          ["operation": "fixed", "reply": "{{data.customers.x9.name or 'nobody'}}"],
        ],
      ], data: { definition, _ in definition.file == "customers.csv" ? table : nil })
    #expect(mock.problems == [])
    #expect(mock.value("do", ["id": 7]) == "Ann")
    #expect(mock.value("do", ["id": "8"]) == "blocked")
    #expect(mock.value("do", ["id": "9"]) == "no customer 9")
    #expect(mock.value("do", [:]) == "no customer ")
    #expect(mock.value("whole") == ["id": "7", "name": "Ann", "status": "open"])
    #expect(mock.value("fixed") == "nobody")
  }

  @Test("data or columns that are not there are told at load")
  func unknown() throws {
    let table = try table("id,name\n7,Ann\n")
    let mock = StatefulMock(
      [
        "data": ["customers": ["file": "customers.csv", "key": "id"]],
        "responses": [
          "a": "{{data.customer[request.id].name}}", "b": "{{row('customers', 1).nam}}",
        ],
      ], data: { _, _ in table })
    #expect(
      mock.problems == [
        "error responses.a: no data \"customer\"; did you mean \"customers\"?",
        "error responses.b: data \"customers\" has no column \"nam\"; did you mean \"name\"?",
      ])
  }
}
