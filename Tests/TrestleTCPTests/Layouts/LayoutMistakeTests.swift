import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Mistakes in layouts and frames")
struct LayoutMistakeTests {
  @Test(
    "what is misspelt in a layout has the nearest word",
    arguments: [
      ("kv", "layout: kv expects what it is made of"),
      ("kvv", "layout: unknown layout \"kvv\"; did you mean \"kv\"?"),
      ("jsn", "layout: unknown layout \"jsn\"; did you mean \"json\"?"),
      (["kvv": ["separator": ";"]], "layout.kvv: kvv is no kind of layout; did you mean \"kv\"?"),
      (["xml": [:]], "layout.xml: a record without fields"),
      (
        ["copybook": "x.cpy", "encodng": "cp037"],
        "layout.encodng: layout has no key \"encodng\"; did you mean \"encoding\"?"
      ),
      (["body": "json", "check": ["xor": "hex"]], "layout.check: layout has no key \"check\""),
      (["resp": "three"], "layout.resp: expects 2 or 3, found"),
      (
        ["r": ["b": "bytes(2)", "c": "uint16 = crc16-modbs(b)"]],
        "layout.r.c: unknown check \"crc16-modbs\"; did you mean \"crc16-modbus\"?"
      ),
      (
        ["r": ["t": "const ABC unsigned"]],
        "layout.r.t: const takes everything behind it as its text, \"unsigned\" too"
      ),
      (["iso8583": ["fields": ["3": "n6 bcd ascii"]]], "is written in two ways: bcd and ascii"),
      (["iso8583": ["fields": ["3": "n"]]], "n does not say how long a value is"),
    ] as [(Value, String)])
  func layouts(_ section: Value, _ mistake: String) {
    let mistakes = layoutMistakes(section)
    #expect(mistakes.contains { $0.contains(mistake) }, "\(mistakes)")
  }

  @Test("a quoted constant may hold what are words elsewhere")
  func constant() throws {
    let layout = try makeLayout(["r": ["t": "const \"ABC unsigned\""]])
    #expect(try layout.encode([:]) == Array("ABC unsigned".utf8))
  }

  @Test(
    "a check that a frame has no place for is told",
    arguments: [
      (["self": "ber", "check": ["xor": 1]], "frame.check: a message that says its own end"),
      (["fixed": 1, "check": ["crc16-modbus": "le"]], "frame.check: leaves nothing of the 1 byte"),
      (
        ["lines": "lf", "check": ["xor": 1, "over": "start+body"]],
        "frame.check.over: over: start+body, but the frame has no start"
      ),
      (
        ["stuffing": "hdlc", "check": ["xor": 1, "over": "start+body+end"]],
        "frame.check.over: over: start+body+end, but the frame has no start"
      ),
    ] as [(Value, String)])
  func checks(_ section: Value, _ mistake: String) {
    var problems: [ValueProblem] = []
    #expect(FrameDefinition(section, at: ValuePath([.member("frame")]), problems: &problems) == nil)
    let found = problems.map { "\($0.path): \($0.message)" }
    #expect(found.count == 1 && found[0].hasPrefix(mistake), "\(found)")
  }

  @Test("every error of reading shows the bytes it is about")
  func windows() throws {
    var problems: [ValueProblem] = []
    let layout = try #require(
      CompiledLayout(["kv": [:], "check": ["field": "CS", "xor": "hex"]], problems: &problems))
    let error = #expect(throws: CodecError.self) { try layout.decode(Array("A=1;B=2".utf8)) }
    #expect(error?.path == "CS")
    #expect(error?.offset == 0)
    #expect(error?.reason.hasSuffix(": [41 3d 31 3b 42 3d 32] \"[A=1;B=2]\"") == true)
  }

  @Test("a path of many steps is cut in the middle")
  func longPath() throws {
    var problems: [ValueProblem] = []
    let layout = try #require(CompiledLayout(["resp": 2], problems: &problems))
    let bytes = Array(String(repeating: "*1\r\n", count: 300).utf8)
    let error = try #require(throws: CodecError.self) { try layout.decode(bytes) }
    #expect(error.reason.hasPrefix("is nested deeper than 64"))
    #expect(error.path.hasPrefix("[0][0]") && error.path.contains("…"))
    #expect(error.path.count < 120)
  }
}
