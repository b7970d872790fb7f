import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("RESP layout")
struct RESPLayoutTests {
  @Test(
    "values of RESP2 are each other's",
    arguments: [
      ("+OK\r\n", ["status": "OK"]),
      ("-ERR unknown command\r\n", ["error": ["code": "ERR", "message": "unknown command"]]),
      ("-oh no\r\n", ["error": ["message": "oh no"]]),
      ("-LOADING\r\n", ["error": ["code": "LOADING"]]),
      (":-42\r\n", ["value": -42]), ("$5\r\nhello\r\n", ["value": "hello"]),
      ("$0\r\n\r\n", ["value": ""]), ("$4\r\na\r\nb\r\n", ["value": "a\r\nb"]),
      ("$-1\r\n", ["value": .null]), ("*0\r\n", ["value": []]),
      ("$2\r\n\u{E9}\r\n", ["value": "é"]),
      ("*3\r\n:1\r\n$1\r\na\r\n*1\r\n+QUEUED\r\n", ["value": [1, "a", [["status": "QUEUED"]]]]),
    ] as [(String, Value)])
  func second(_ text: String, _ value: Value) throws {
    let layout = try makeLayout(["resp": 2])
    #expect(try layout.decode(Array(text.utf8)).value == value)
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
  }

  @Test(
    "values of RESP3 are each other's",
    arguments: [
      ("_\r\n", ["value": .null]), ("#t\r\n", ["value": true]), ("#f\r\n", ["value": false]),
      (",1.50\r\n", ["value": .number(NumberText(verified: "1.50"))]),
      (",10\r\n", ["value": .double(10)]),
      (",inf\r\n", ["value": .double(.infinity)]),
      (
        "(-98765432109876543210987654321\r\n",
        ["value": .number(NumberText(verified: "-98765432109876543210987654321"))]
      ),
      ("%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n_\r\n", ["value": ["a": 1, "b": .null]]),
      ("%1\r\n:1\r\n:2\r\n", ["value": ["map": [[1, 2]]]]),
      ("%1\r\n$3\r\nset\r\n:2\r\n", ["value": ["map": [["set", 2]]]]),
      ("~2\r\n:1\r\n:2\r\n", ["value": ["set": [1, 2]]]),
      (">1\r\n$3\r\nmsg\r\n", ["value": ["push": ["msg"]]]),
      ("=7\r\ntxt:a\nb\r\n", ["value": ["verbatim": "a\nb", "format": "txt"]]),
      ("!7\r\nERR a\nb\r\n", ["error": ["code": "ERR", "message": "a\nb"]]),
    ] as [(String, Value)])
  func third(_ text: String, _ value: Value) throws {
    let layout = try makeLayout(["resp": ["version": 3]])
    #expect(try layout.decode(Array(text.utf8)).value == value)
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
  }

  // redis-py 8.1.0 packed it of SET, k, "v é", the byte FF and 5.
  @Test("a command is written as another library writes it, numbers too")
  func command() throws {
    let layout = try makeLayout(["resp": 2])
    let bytes = try layout.encode(["command": ["SET", "k", "v é", .bytes([0xFF]), 5]])
    #expect(
      bytes == Array(ascii: "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\nv ") + [0xC3, 0xA9]
        + Array(ascii: "\r\n$1\r\n") + [0xFF] + Array(ascii: "\r\n$1\r\n5\r\n"))
  }

  @Test("attributes are passed over, with a warning")
  func attributes() throws {
    let message = try makeLayout(["resp": 3]).decode(
      Array(ascii: "|1\r\n+ttl\r\n:5\r\n$1\r\na\r\n"))
    #expect(message.value == ["value": "a"])
    #expect(message.warnings == ["attributes of a value were passed over"])
  }

  @Test(
    "what is no value is refused where it is wrong",
    arguments: [
      ("", 0), ("x\r\n", 0), (":a\r\n", 1), ("$5\r\nab\r\n", 1), ("$999999999\r\n", 1),
      ("*999999999\r\n", 1), ("+OK", 0), ("+OK\r\n+OK\r\n", 5), ("*1\r\n:x\r\n", 5), ("#x\r\n", 1),
      ("$-2\r\n", 1), ("=2\r\nab\r\n", 4),
    ])
  func wrong(_ text: String, _ offset: Int) throws {
    let error = #expect(throws: CodecError.self) {
      try makeLayout(["resp": 3]).decode(Array(text.utf8))
    }
    #expect(error?.offset == offset)
  }

  @Test("nesting has its bounds, both ways")
  func nested() throws {
    let layout = try makeLayout(["resp": 2])
    let deep = String(repeating: "*1\r\n", count: 10_000) + ":1\r\n"
    #expect(throws: CodecError.self) { try layout.decode(Array(deep.utf8)) }
    let value = (0..<100).reduce(Value.integer(1)) { inner, _ in .array([inner]) }
    #expect(throws: CodecError.self) { try layout.encode(["value": value]) }
  }

  @Test(
    "what no message can be is refused",
    arguments: [
      ("x", "layout.resp"), (["other": 1], "layout.resp"), (["command": "GET"], "command"),
      (["command": ["GET", [:]]], "command[1]"), (["status": "a\r\nb"], "status"),
      (["value": [["status": "a\n"]]], "value[0].status"),
    ] as [(Value, String)])
  func unwritable(_ value: Value, _ path: String) throws {
    let error = #expect(throws: CodecError.self) { try makeLayout(["resp": 2]).encode(value) }
    #expect(error?.path == path)
  }

  @Test("commands, results and errors pass through frames and both roles")
  func operations() throws {
    let codec = try makeCodec([
      "frame": ["self": "resp"], "layout": ["resp": 2],
      "operations": [
        "get": [
          "request": ["set": ["command": ["GET", "{{request.key}}"]]],
          "reply": ["map": ["value": "value"]],
          "error": ["when": "error present", "code": "error.code", "message": "error.message"],
        ]
      ],
    ])
    #expect(try requestText(codec, "get", ["key": "a"]) == "*2\r\n$3\r\nGET\r\n$1\r\na\r\n")
    let (call, reply) = try exchange(codec, "get", ["key": "a b"]) { _ in .value(["value": "x"]) }
    #expect(call.operation == "get")
    #expect(call.parameters == ["key": "a b"])
    #expect(reply.value == ["value": "x"])
    let (_, fault) = try exchange(codec, "get", ["key": "a"]) { _ in
      .fault(Fault(code: "WRONGTYPE", message: "not a string"))
    }
    #expect(fault.fault?.code == "WRONGTYPE")
    #expect(fault.fault?.message == "not a string")
  }

  @Test("random values survive in RESP3")
  func property() throws {
    let layout = try makeLayout(["resp": 3])
    var generator = SeededGenerator(seed: 12)
    func text() -> String {
      String(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          Array("ab\r\né:$").randomElement(using: &generator) ?? "a"
        })
    }
    func value(_ depth: Int) -> Value {
      switch Int.random(in: 0...(depth > 0 ? 9 : 6), using: &generator) {
      case 0: return .null
      case 1: return .bool(Bool.random(using: &generator))
      case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
      case 3: return .string(text())
      case 4: return .bytes([0xFF, UInt8.random(in: 0...255, using: &generator)])
      case 5: return ["status": "OK"]
      case 6: return ["error": ["code": "ERR", "message": .string("x" + text())]]
      case 7: return .array((0..<3).map { _ in value(depth - 1) })
      case 8: return ["set": .array((0..<2).map { _ in value(depth - 1) })]
      default:
        var record = Record()
        for _ in 0..<2 { record["k" + text()] = value(depth - 1) }
        return .object(record)
      }
    }
    for _ in 0..<500 {
      let message: Value = ["value": .array([value(3)])]
      #expect(try layout.decode(layout.encode(message)).value == message)
    }
  }

  @Test("mutated bytes never crash")
  func mutations() throws {
    let layout = try makeLayout(["resp": 3])
    var generator = SeededGenerator(seed: 8)
    let text = "*4\r\n%1\r\n$1\r\na\r\n~1\r\n:1\r\n=7\r\ntxt:abc\r\n,1.5\r\n|1\r\n+a\r\n:1\r\n_\r\n"
    for _ in 0..<3000 {
      var bytes = Array(text.utf8)
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
          Array("*%$~:=,|+_#!(->0123\r\n".utf8).randomElement(using: &generator) ?? 0
      }
      guard let value = try? layout.decode(bytes).value else { continue }
      #expect(try layout.decode(layout.encode(value)).value == value)
    }
  }
}
