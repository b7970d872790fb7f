import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Headers layout")
struct HeadersLayoutTests {
  static let stomp: Value = [
    "headers": [
      "first": "command", "escapes": ["c": ":", "n": "\n", "r": "\r", "\\": "\\\\"],
      "plain": ["CONNECT", "CONNECTED"], "length": "content-length", "end": "\\0",
    ]
  ]

  @Test(
    "messages and values are each other's",
    arguments: [
      (
        "CONNECT\naccept-version:1.2\nhost:a:b\n\n\0",
        ["command": "CONNECT", "headers": ["accept-version": "1.2", "host": "a:b"]]
      ),
      (
        // stomp.py 9.0.0 writes the note so.
        "SEND\ndestination:/queue/a\nnote:x\\ny\\\\z\\cw\ncontent-length:5\n\nhe\0lo\0",
        [
          "command": "SEND", "headers": ["destination": "/queue/a", "note": "x\ny\\z:w"],
          "body": "he\0lo",
        ]
      ),
      ("ACK\nid:1\nid:2\n\n\0", ["command": "ACK", "headers": ["id": ["1", "2"]]]),
      ("NACK\n\n\0", ["command": "NACK"]),
    ] as [(String, Value)])
  func roundTrip(_ text: String, _ value: Value) throws {
    let layout = try makeLayout(Self.stomp)
    #expect(try layout.decode(Array(text.utf8)).value == value)
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
  }

  @Test("a body without its length goes up to the end, and lines may end in CR LF")
  func withoutLength() throws {
    let layout = try makeLayout(Self.stomp)
    #expect(
      try layout.decode(Array(ascii: "MESSAGE\r\na:b\r\n\r\nhi\0")).value
        == ["command": "MESSAGE", "headers": ["a": "b"], "body": "hi"])
  }

  @Test("a body may be JSON, and messages may lack a first line")
  func json() throws {
    let layout = try makeLayout([
      "headers": ["assign": ": ", "line": "crlf", "body": "json", "length": "Content-Length"]
    ])
    let text = "Content-Length: 7\r\n\r\n{\"a\":1}"
    #expect(try layout.decode(Array(text.utf8)).value == ["body": ["a": 1]])
    #expect(String(decoding: try layout.encode(["body": ["a": 1]]), as: UTF8.self) == text)
  }

  @Test(
    "what is no message is refused where it is wrong",
    arguments: [
      ("SEND", "command"), ("\n\n\0", "command"), ("SEND\nx\n\n\0", "headers"),
      ("SEND\n:x\n\n\0", "headers"), ("SEND\na:\\t\n\n\0", "headers.a"), ("SEND\na:b\n", "headers"),
      ("SEND\ncontent-length:9\n\nhi\0", "headers.content-length"),
      ("SEND\ncontent-length:1\n\nhi\0", "body"), ("SEND\n\nhi", "body"),
      ("SEND\n\nh\0i\0", "body"),
    ])
  func wrong(_ text: String, _ path: String) throws {
    let error = #expect(throws: CodecError.self) {
      try makeLayout(Self.stomp).decode(Array(text.utf8))
    }
    #expect(error?.path == path)
  }

  @Test(
    "what no message can hold is refused",
    arguments: [
      ([:], "command"), (["command": "A\nB"], "command"), (["command": "A", "x": 1], "x"),
      (["command": "A", "headers": ["b": []], "body": [:]], "body"),
      (["command": "CONNECT", "headers": ["a": "b\nc"]], "headers.a"),
      (["command": "A", "headers": ["b": ["c": 1]]], "headers.b"),
    ] as [(Value, String)])
  func unwritable(_ value: Value, _ path: String) throws {
    let error = #expect(throws: CodecError.self) { try makeLayout(Self.stomp).encode(value) }
    #expect(error?.path == path)
  }

  @Test("STOMP frames are cut by length or NUL, however they arrive, beside heart beats")
  func framing() throws {
    var problems: [ValueProblem] = []
    let frame = try #require(
      FrameDefinition(["self": "stomp"], at: ValuePath(), problems: &problems))
    let messages = ["SEND\ncontent-length:3\n\na\0b\0", "ACK\nid:1\n\n\0", "SEND\r\n\r\nhi\0"]
      .map { Array($0.utf8) }
    let stream = Array(("\n\r\n" + "").utf8) + messages[0] + [0x0A] + messages[1] + messages[2]
    for split in 0...stream.count {
      var decoder = frame.framing.makeDecoder()
      var found: [[UInt8]] = []
      for part in [stream[..<split], stream[split...]] {
        decoder.append(Array(part))
        while let message = try decoder.next() { found.append(message) }
      }
      #expect(found == messages)
    }
    for message in messages { #expect(try frame.framing.frame(message) == message) }
  }

  @Test(
    "what is no STOMP frame is refused",
    arguments: [
      "SEND\0", "SEND\ncontent-length:x\n", "SEND\ncontent-length:99999999\n",
      "SEND\ncontent-length:1\n\nab\0",
    ])
  func wrongFrame(_ text: String) throws {
    var problems: [ValueProblem] = []
    let frame = try #require(
      FrameDefinition(["self": "stomp", "max": "64k"], at: ValuePath(), problems: &problems))
    var decoder = frame.framing.makeDecoder()
    decoder.append(Array(text.utf8))
    let error = #expect(throws: CodecError.self) { try decoder.next() }
    #expect(error?.path == "frame.stomp")
  }

  @Test("random messages survive")
  func property() throws {
    let layout = try makeLayout(Self.stomp)
    var generator = SeededGenerator(seed: 10)
    func text(_ count: ClosedRange<Int>) -> String {
      String(
        (0..<Int.random(in: count, using: &generator)).map { _ in
          Array("ab:\\\n\r é").randomElement(using: &generator) ?? "a"
        })
    }
    for _ in 0..<300 {
      var headers = Record()
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        headers[text(1...4)] = .string(text(0...5))
      }
      let message: Value = [
        "command": "SEND", "headers": .object(headers), "body": .string("\0" + text(0...9)),
      ]
      #expect(try layout.decode(layout.encode(message)).value == message)
    }
  }

  @Test("mutated bytes never crash")
  func mutations() throws {
    let layout = try makeLayout(Self.stomp)
    var generator = SeededGenerator(seed: 4)
    let text = "SEND\ndestination:/q\nnote:x\\ny\\cw\ncontent-length:5\n\nhe\0lo\0"
    for _ in 0..<2000 {
      var bytes = Array(text.utf8)
      for _ in 0..<2 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...127, using: &generator)
      }
      guard let value = try? layout.decode(bytes).value,
        let written = try? layout.encode(value)
      else { continue }
      #expect(try layout.decode(written).value == value)
    }
  }
}
