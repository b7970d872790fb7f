import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Frame definitions")
struct FrameDefinitionTests {
  @Test(
    "a mistake is told with its place",
    arguments: [
      ([:], "frame: frame does not say how a message ends"),
      (
        ["lines": "lf", "fixed": 3],
        "frame: frame says in 2 ways how a message ends: lines, fixed"
      ),
      (["lines": "crfl"], "frame.lines: unknown lines \"crfl\"; did you mean \"crlf\"?"),
      (
        ["length": ["bytes": 4, "az": "be"]],
        "frame.length.az: frame.length has no key \"az\"; did you mean \"as\"?"
      ),
      (
        ["length": ["bytes": 9]],
        "frame.length.bytes: expects a whole number from 1 to 8, found 9"
      ),
      (
        ["length": ["as": "be"]],
        "frame.length: frame.length does not say how many bytes the length has"
      ),
      (
        ["length": ["bytes": 2, "at": 4, "header": 5]],
        "frame.length.header: a header of 5 bytes ends before the length does (byte 6)"
      ),
      (
        ["delimiter": ["\\r", "\\r\\n"]],
        "frame.delimiter: the delimiter 0d is the beginning of another one"
      ),
      (["lines": "lf", "max": "x"], "frame.max: expects a size like 512, 64k or 1m, found \"x\""),
      (["lines": "lf", "check": ["md5": "hex"]], "frame.check: check does not name an algorithm"),
      (["quiet": "soon"], "frame.quiet: expects a time span like 200ms, 60s or 2m, found \"soon\""),
      (["in": ["lines": "lf"]], "frame: in and out go together"),
    ] as [(Value, String)])
  func mistakes(_ definition: Value, _ expected: String) {
    #expect(frameMistakes(definition).first == expected)
  }

  @Test("a claimed length over max is refused before a byte of it has come")
  func claims() throws {
    let framing = try makeFraming(["length": ["bytes": 4], "max": "1k"])
    let error = try frameError(framing, Array(hex: "7fffffff"))
    #expect(error.path == "frame.length")
    #expect(error.offset == 0)
    #expect(
      error.reason
        == "claims a body of 2147483647 bytes, more than max 1024: [7f ff ff ff] \"[....]\"")
    let eight = try makeFraming(["length": ["bytes": 8]])
    #expect(try frameError(eight, Array(hex: "ffffffffffffffff")).path == "frame.length")
  }

  @Test("a length that is no number shows its bytes and where they are")
  func wrongDigits() throws {
    let framing = try makeFraming(["length": ["bytes": 4, "as": "ascii"]])
    let error = try frameError(framing, Array(ascii: "0002ab-001xyz"))
    #expect(error.offset == 6)
    #expect(error.reason.hasPrefix("expects 4 ASCII digits: "))
    #expect(error.reason.contains("[2d 30 30 31]"))
  }

  @Test(
    "what is too long is refused",
    arguments: [
      (["lines": "crlf", "max": 4], "abcde\r\n"),
      (["lines": "crlf", "max": 4], "abcdefgh"),
      (["delimiter": "~", "escape": ["byte": "\\\\"], "max": 4], "abcdefgh"),
      (["until": "close", "max": 4], "abcdefgh"),
      (["length": ["bytes": 1], "max": 4], "\u{5}abcde"),
      (["self": "resp", "max": 8], "$9\r\nabcdefghi\r\n"),
      (["self": "ber", "max": 8], "0\u{7}abcdefg"),
      (["self": "fix", "max": 20], "8=FIX.4.2\u{1}9=21\u{1}"),
    ] as [(Value, String)])
  func tooLong(_ definition: Value, _ stream: String) throws {
    let framing = try makeFraming(definition)
    #expect(try frameError(framing, Array(ascii: stream)).path.hasPrefix("frame"))
  }

  @Test("a message of max bytes still passes", arguments: [1, 4, 5])
  func exactlyMaximum(_ count: Int) throws {
    let framing = try makeFraming(["lines": "crlf", "max": 4])
    let message = [UInt8](repeating: 0x61, count: count)
    if count <= 4 {
      try expectFramingLaws(framing, message)
    } else {
      #expect(throws: CodecError.self) { try framing.frame(message) }
    }
  }

  @Test(
    "a message that its frame cannot hold is refused",
    arguments: [
      (["lines": "crlf"], "a\r\nb"),
      (["lines": "any"], "a\nb"),
      (["delimiter": "aa"], "a"),
      (["length": ["bytes": 1]], String(repeating: "a", count: 256)),
      (["length": ["bytes": 2, "as": "ascii"]], String(repeating: "a", count: 100)),
      (["fixed": 3], "ab"),
      (["by_type": ["bytes": 2, "sizes": ["AB": 3]]], "AB"),
      (["by_type": ["bytes": 2, "sizes": ["AB": 3]]], "XY1"),
      (["self": "resp"], "+OK\r\n+OK\r\n"),
      (["self": "fix"], "8=FIX"),
    ] as [(Value, String)])
  func unframeable(_ definition: Value, _ message: String) throws {
    let framing = try makeFraming(definition)
    #expect(throws: CodecError.self) { try framing.frame(Array(ascii: message)) }
  }

  @Test(
    "a stream that ends inside a frame gives an error that shows what there was",
    arguments: [
      (["length": ["bytes": 4]], [0, 0], "0"), (["lines": "crlf"], [0x41], "0"),
      (["fixed": 3], [0x41], "0"), (["self": "resp"], [0x2A], "0"),
    ] as [(Value, [UInt8], String)])
  func endsInside(_ definition: Value, _ bytes: [UInt8], _ offset: String) throws {
    let framing = try makeFraming(definition)
    let error = try frameError(framing, bytes)
    #expect(error.reason.hasPrefix("the stream ends inside a frame"))
    #expect(error.offset.map(String.init) == offset)
  }

  @Test("a frame without its start says so")
  func missingStart() throws {
    let framing = try makeFraming(["start": "\\x0b", "delimiter": "\\x1c\\r"])
    let error = try frameError(framing, Array(ascii: "MSH|"))
    #expect(error.path == "frame.start")
    #expect(error.hint == "the peer may send this message without a frame")
  }

  @Test("a wrong check is refused with the right one")
  func wrongCheck() throws {
    let framing = try makeFraming([
      "start": "\\x02", "delimiter": "\\x03", "check": ["xor": 1, "over": "body+end"],
    ])
    let error = try frameError(framing, Array(hex: "02 41 42 03 7f"))
    #expect(error.path == "frame.check")
    #expect(error.reason == "expects xor 00: [7f] \"[.]\"")
    #expect(error.offset == 4)
  }

  @Test("flags between SLIP frames carry nothing")
  func flags() throws {
    let framing = try makeFraming(["stuffing": "slip"])
    let stream = Array(hex: "c0 c0 61 c0 c0 c0 62 c0")
    #expect(try messages(of: [stream], by: framing) == [[0x61], [0x62]])
  }

  @Test("empty messages are passed over where the definition says so")
  func skipsEmpty() throws {
    let framing = try makeFraming(["lines": "any", "skip_empty": true])
    let stream = Array(ascii: "\r\n\na\n\r\nb\r\n")
    #expect(try messages(of: [stream], by: framing) == [[0x61], [0x62]])
  }

  @Test("requests and replies may be framed differently")
  func directions() throws {
    let framing = try makeFraming(["in": ["lines": "lf"], "out": ["length": ["bytes": 1]]])
    #expect(try framing.requests.frame([0x61]) == [0x61, 0x0A])
    #expect(try framing.replies.frame([0x61]) == [0x01, 0x61])
    // Without a direction a framing is the service's: it takes requests and gives replies.
    #expect(try framing.frame([0x61]) == [0x01, 0x61])
    var decoder = framing.makeDecoder()
    decoder.append([0x61, 0x0A])
    #expect(try decoder.next() == [0x61])
  }

  @Test(
    "a long message in small pieces costs time in proportion to its length",
    .timeLimit(.minutes(1)),
    arguments: [
      ["delimiter": "\\r\\n\\r\\n"], ["stuffing": "slip"], ["length": ["bytes": 4]],
      ["self": "resp"],
    ] as [Value])
  func linearTime(_ definition: Value) throws {
    let framing = try makeFraming(definition)
    // Work that grows with the square of this would take hours.
    let message =
      definition["self"] == nil
      ? [UInt8](repeating: 0x61, count: 200_000)
      : Array(ascii: "+" + String(repeating: "a", count: 60_000) + "\r\n")
    #expect(try messages(of: try framing.frame(message).map { [$0] }, by: framing) == [message])
  }
}
