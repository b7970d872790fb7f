import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("ASTM E1394 layout")
struct ASTMLayoutTests {
  static let text =
    "H|\\^&|||Analyzer^1.2|||||||P|1|20260115093000\rP|1||4711||DOE^JANE\rO|1|S-1||^^^GLU\\^^^HGB\r"
    + "R|1|^^^GLU|5.4|mmol/L||N\rC|1|I|a&S&b&F&c\rR|2|^^^HGB|14\rL|1|N\r"

  @Test("records are objects of fields by their number, the type being field 1")
  func roundTrip() throws {
    let layout = try makeLayout(["astm": [:]])
    let value = try layout.decode(Array(Self.text.utf8)).value
    #expect(value["H"]?["2"] == "\\^&")
    #expect(value["H"]?["5"] == ["1": "Analyzer", "2": "1.2"])
    #expect(value["P"] == ["2": "1", "4": "4711", "6": ["1": "DOE", "2": "JANE"]])
    #expect(value["O"]?["5"] == [["4": "GLU"], ["4": "HGB"]])
    #expect(value["C"]?["4"] == "a^b|c")
    #expect(value["_order"] == ["H", "P", "O", "R", "C", "R", "L"])
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == Self.text)
  }

  @Test("places are those of the standard, and results pass through both roles")
  func operations() throws {
    let codec = try makeCodec([
      "layout": ["astm": [:]],
      "operations": [
        "query": [
          "request": [
            "set": [
              "H-5": "HOST", "H-14": "{{now}}", "Q-2": "1", "Q-3.2": "{{request.sample}}",
              "L-2": "1",
            ]
          ],
          "reply": [
            "map": [
              "tests": ["list": "R", "map": ["code": "R-3.4", "value": "R-4"]], "first": "R-4",
            ]
          ],
          "match": "Q present",
        ]
      ],
    ])
    let text = try requestText(codec, "query", ["sample": "S^1"])
    #expect(text == "H|\\^&|||HOST|||||||||19700101000000\rQ|1|^S&S&1\rL|1\r")
    #expect(try received(codec, text).parameters == ["sample": "S^1"])
    #expect(
      try readReply(codec, "query", Self.text).value
        == [
          "tests": [["code": "GLU", "value": "5.4"], ["code": "HGB", "value": "14"]],
          "first": "5.4",
        ])
  }

  @Test("a frame's number and end are taken away, and its check is a frame's")
  func framed() throws {
    let codec = try makeCodec([
      "frame": ["start": "\\x02", "delimiter": "\\r\\n", "check": ["sum": "hex"]],
      "layout": ["astm": ["framed": true]],
    ])
    guard case .framed(let framing, _) = codec.wire else { return }
    let layout = try makeLayout(["astm": ["framed": true]])
    let message = try layout.encode(["H-5": "A", "L-2": "1"])
    #expect(message == Array(ascii: "1H|\\^&|||A\rL|1\r\u{3}"))
    let sum = message.reduce(UInt8(0)) { $0 &+ $1 }
    let digits = String(sum, radix: 16, uppercase: true)
    #expect(
      try framing.frame(message)
        == [2] + message + Array((digits.count < 2 ? "0" : "").utf8) + Array(digits.utf8) + [
          13, 10,
        ])
    #expect(try layout.decode(message).value["H"]?["5"] == "A")
    for wrong in ["", "1", "H|\\^&|A\r", "1H|\\^&|A\r"] {
      #expect(throws: CodecError.self) { try layout.decode(Array(wrong.utf8)) }
    }
  }
}
