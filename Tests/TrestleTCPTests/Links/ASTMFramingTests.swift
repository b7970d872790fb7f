import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("ASTM transfers as frames")
struct ASTMFramingTests {
  private let text = Array("H|\\^&|||HOST\rQ|1|^S1||ALL\rL|1|N\r".utf8)

  @Test(
    "messages come out of transfers however they were cut",
    arguments: [
      ["link": "astm"], ["link": ["astm": ["split": "message"]]],
      ["link": ["astm": ["text": 3]]], ["link": ["astm": ["text": 3, "split": "message"]]],
      ["link": ["astm": [:]], "max": "64k"],
    ] as [Value])
  func laws(_ definition: Value) throws {
    let framing = try makeFraming(definition)
    #expect(framing.linkLayer != nil)
    try expectFramingLaws(framing, text)
    try expectFramingLaws(framing, Array("no record".utf8))
    try expectFramingLaws(framing, Array("H\u{d}\u{a}L\u{d}\u{a}".utf8))
  }

  @Test("frames are those that another implementation writes")
  func golden() throws {
    // python-astm 0.9.0 wrote them, each record as a message of its own, as one message, and in pieces.
    let message = Array(
      "H|\\^&|||HOST|||||||P|1|20260115093000\rQ|1|^S1||ALL\rL|1|N\r".utf8)
    let records =
      "\u{5}\u{2}1H|\\^&|||HOST|||||||P|1|20260115093000\r\u{3}31\r\n\u{2}2Q|1|^S1||ALL\r\u{3}6F\r\n"
      + "\u{2}3L|1|N\r\u{3}06\r\n\u{4}"
    let whole =
      "\u{5}\u{2}1H|\\^&|||HOST|||||||P|1|20260115093000\rQ|1|^S1||ALL\rL|1|N\r\u{3}3B\r\n\u{4}"
    let pieces =
      "\u{5}\u{2}1H|\\^&|||HOST|||||||P|1|20\u{17}DD\r\n\u{2}2260115093000\rQ|1|^S1||ALL\u{17}DE\r\n"
      + "\u{2}3\rL|1|N\r\u{3}13\r\n\u{4}"
    let cases: [(Value, String)] = [
      ([:], records), (["split": "message"], whole), (["split": "message", "text": 25], pieces),
    ]
    for (keys, bytes) in cases {
      let framing = try makeFraming(["link": ["astm": keys]])
      #expect(try framing.frame(message) == Array(bytes.utf8))
      #expect(try messages(of: [Array(bytes.utf8)], by: framing) == [message])
    }
  }

  @Test("a capture of both sides gives the messages alone, frames that were repeated once")
  func capture() throws {
    let framing = try makeFraming(["link": "astm"])
    var wrong = ASTMFrame(number: 1, text: "H|1\r".utf8, isLast: true).bytes
    wrong[3] ^= 1
    let first = ASTMFrame(number: 1, text: "H|1\r".utf8, isLast: true).bytes
    let second = ASTMFrame(number: 2, text: "L|1\r".utf8, isLast: true).bytes
    let bytes: [UInt8] =
      [5, 0x15, 5, 6] + wrong + [0x15] + first + [6] + first + [6] + second + [6, 4, 5, 6]
      + first + [6, 4]
    #expect(
      try messages(of: [bytes], by: framing) == [Array("H|1\rL|1\r".utf8), Array("H|1\r".utf8)])
    #expect(try messages(of: [first], by: framing) == [Array("H|1\r".utf8)])
  }

  @Test("a header record after ETX begins another message of the same transfer")
  func several() throws {
    let framing = try makeFraming(["link": "astm"])
    let message = Array("H|1\rL|1\r".utf8)
    #expect(
      try messages(of: [try framing.frame(message + message)], by: framing) == [message, message])
  }

  @Test(
    "what is no whole transfer is told",
    arguments: [
      ([5], "frame: the stream ends inside a frame"),
      ([2, 0x31], "frame: the stream ends inside a frame"),
      (
        [5] + ASTMFrame(number: 1, text: [0x41], isLast: false).bytes + [4],
        "frame.link: the sender"
      ),
      (
        [5] + ASTMFrame(number: 2, text: [0x41], isLast: true).bytes + [4], "frame.link: the sender"
      ),
      (Array("H|\\^&".utf8), "frame.link: expects ENQ or STX"),
    ] as [([UInt8], String)])
  func broken(_ bytes: [UInt8], _ expected: String) throws {
    let framing = try makeFraming(["link": "astm"])
    let error = #expect(throws: CodecError.self) { try messages(of: [bytes], by: framing) }
    #expect(error.map { "\($0.path): \($0.reason)" }?.hasPrefix(expected) == true)
  }

  @Test("a text with a control character of the link is refused", arguments: [2, 3, 4, 5, 0x17])
  func controls(_ byte: UInt8) throws {
    let framing = try makeFraming(["link": "astm"])
    let error = #expect(throws: CodecError.self) { try framing.frame([0x41, byte]) }
    #expect(error?.offset == 1)
  }

  @Test(
    "a mistake is told with its place",
    arguments: [
      (["link": "asmt"], "frame.link: unknown link \"asmt\"; did you mean \"astm\"?"),
      (["link": [:]], "frame.link: link does not say which it is"),
      (
        ["link": ["asm": [:]]], "frame.link: link does not say which it is; did you mean \"astm\"?"
      ),
      (
        ["link": ["astm": ["tires": 3]]],
        "frame.link.astm.tires: frame.link.astm has no key \"tires\"; did you mean \"tries\"?"
      ),
      (
        ["link": ["astm": ["text": 64001]]],
        "frame.link.astm.text: expects a whole number from 1 to 64000, found 64001"
      ),
      (
        ["link": ["astm": ["timeout": "0s"]]],
        "frame.link.astm.timeout: expects a time span like"
      ),
      (
        ["link": ["astm": ["caller": "hots"]]],
        "frame.link.astm.caller: unknown caller \"hots\"; did you mean \"host\"?"
      ),
      (
        ["link": "astm", "check": ["xor": "hex"]],
        "frame.check: the link's frames have a check of their own"
      ),
      (["link": "astm", "start": "x"], "frame.start: start does not go with link"),
      (
        ["in": ["link": "astm"], "out": ["lines": "lf"]],
        "frame: a link carries both directions: it cannot be that of one"
      ),
      (
        [["lines": "lf"], ["link": "astm"]],
        "frame[1]: a link is below all frames: it must come first"
      ),
    ] as [(Value, String)])
  func mistakes(_ definition: Value, _ expected: String) {
    #expect(
      frameMistakes(definition).first?.hasPrefix(expected) == true, "\(frameMistakes(definition))")
  }
}
