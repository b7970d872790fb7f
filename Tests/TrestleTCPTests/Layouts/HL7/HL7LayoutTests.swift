import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("HL7 v2 layout")
struct HL7LayoutTests {
  static let head = "MSH|^~\\&|A|B\r"
  static let header: Value = ["1": "|", "2": "^~\\&", "3": "A", "4": "B"]

  @Test(
    "messages and values are each other's",
    arguments: [
      ("", [:]),
      ("PID|||12345\r", ["PID": ["3": "12345"]]),
      ("PID|1||\r", ["PID": ["1": "1", "3": ""]]),
      ("PID\r", ["PID": [:]]),
      ("PID|\r", ["PID": ["1": ""]]),
      (
        "PID|||1^^^HOSP&1.2&ISO\r",
        ["PID": ["3": ["1": "1", "4": ["1": "HOSP", "2": "1.2", "3": "ISO"]]]]
      ),
      ("PID|A&B\r", ["PID": ["1": ["1": ["1": "A", "2": "B"]]]]),
      ("PID|^^\r", ["PID": ["1": ["3": ""]]]),
      ("PID|A~B^C~\r", ["PID": ["1": ["A", ["1": "B", "2": "C"], ""]]]),
      ("OBX|1\rOBX|2\r", ["OBX": [["1": "1"], ["1": "2"]]]),
      ("PID|a\\T\\b\\S\\\\F\\\\R\\\\E\\\\.br\\c\r", ["PID": ["1": "a&b^|~\\\nc"]]),
      ("PID|\\H\\bold\\N\\\\.sp2\\\r", ["PID": ["1": "\\H\\bold\\N\\\\.sp2\\"]]),
      (
        "OBR|1\rOBX|1\rOBR|2\rOBX|2\r",
        [
          "OBR": [["1": "1"], ["1": "2"]], "OBX": [["1": "1"], ["1": "2"]],
          "_order": ["MSH", "OBR", "OBX", "OBR", "OBX"],
        ]
      ),
      ("\rPID|1\r", ["PID": ["1": "1"], "_order": ["MSH", "", "PID"]]),
    ] as [(String, Value)])
  func roundTrip(_ text: String, _ value: Value) throws {
    let layout = try makeLayout(["hl7": [:]])
    var whole: Value = ["MSH": Self.header]
    whole.merge(value)
    let found = try layout.decode(Array((Self.head + text).utf8)).value
    #expect(found == whole)
    #expect(String(decoding: try layout.encode(whole), as: UTF8.self) == Self.head + text)
  }

  @Test("with escapes: raw texts stay as they are written")
  func raw() throws {
    let layout = try makeLayout(["hl7": ["escapes": "raw"]])
    let bytes = Array((Self.head + "PID|a\\T\\b\\X41\\\r").utf8)
    let value = try layout.decode(bytes).value
    #expect(value["PID"] == ["1": "a\\T\\b\\X41\\"])
    #expect(try layout.encode(value) == bytes)
    let error = #expect(throws: CodecError.self) {
      try layout.encode(["MSH-3": "A", "PID": ["5": ["1": "x^y"]]])
    }
    #expect(error?.path == "PID.5.1")
  }

  // What python-hl7 0.4.5 reads from \X41\ and writes for the five characters.
  @Test("hexadecimal escapes are read, and texts escaped as another library does it")
  func escapes() throws {
    let layout = try makeLayout(["hl7": [:]])
    let value = try layout.decode(Array((Self.head + "PID|\\X41\\\\X0D0A\\\r").utf8)).value
    #expect(value["PID"] == ["1": "A\r\n"])
    let bytes = try layout.encode(["MSH-3": "A", "PID-1": "a|b^c&d~e\\f"])
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "MSH|^~\\&|A\rPID|a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\r")
  }

  @Test("separators are those of MSH-1 and MSH-2")
  func separators() throws {
    let layout = try makeLayout(["hl7": [:]])
    let bytes = Array(ascii: "MSH$%@!?$A\rPID$a%b?c@d$e^f|g\r")
    let value = try layout.decode(bytes).value
    #expect(
      value["PID"] == ["1": [["1": "a", "2": ["1": "b", "2": "c"]], "d"], "2": "e^f|g"])
    #expect(try layout.encode(value) == bytes)
  }

  @Test(
    "places of every depth are written where they are",
    arguments: [
      (["PID-3.1": "7"], "PID|||7"),
      (["PID-3": "7"], "PID|||7"),
      (["PID.3.1": "7"], "PID|||7"),
      (["PID-3.4.2": "7"], "PID|||^^^&7"),
      (["PID-3[1].1": "7"], "PID|||~7"),
      (["PID-3.1": "a", "PID-3.4": "b"], "PID|||a^^^b"),
      (["PID-3.1": "a", "PID-3[1].1": "b", "PID-3[1].2": "c"], "PID|||a~b^c"),
      (["OBX-1": 1, "OBX[1]-1": 2], "OBX|1\rOBX|2"),
      (["PID": ["5.1": "a", "PID-5.2": "b"]], "PID|||||a^b"),
      (["PID": ["3": ["a", ["1": "b", "2": "c"]]]], "PID|||a~b^c"),
      (["PID-1": .null, "PID-2": "x"], "PID||x"),
    ] as [(Value, String)])
  func places(_ value: Value, _ segment: String) throws {
    var whole: Value = ["MSH-3": "A"]
    whole.merge(value)
    let bytes = try makeLayout(["hl7": [:]]).encode(whole)
    #expect(String(decoding: bytes, as: UTF8.self) == "MSH|^~\\&|A\r\(segment)\r")
  }

  @Test("a declared version is MSH-12 where nobody else says it, and MSH is the first segment")
  func version() throws {
    let layout = try makeLayout(["hl7": ["version": "2.5"]])
    let bytes = try layout.encode(["PID-1": "1", "MSH-9": ["1": "ADT", "2": "A01"]])
    #expect(
      String(decoding: bytes, as: UTF8.self) == "MSH|^~\\&|||||||ADT^A01|||2.5\rPID|1\r")
  }

  @Test(
    "segments end with CR, LF or both",
    arguments: [
      ("cr", "MSH|^~\\&|A\rPID|1\r"), ("lf", "MSH|^~\\&|A\nPID|1\n"),
      ("crlf", "MSH|^~\\&|A\r\nPID|1\r\n"),
    ])
  func segmentEnds(_ word: Value, _ text: String) throws {
    let layout = try makeLayout(["hl7": ["segment_end": word]])
    let value = try layout.decode(Array(text.utf8)).value
    #expect(value["PID"] == ["1": "1"])
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
    let other = try makeLayout(["hl7": [:]])
    #expect(try other.decode(Array(text.utf8)).value == value)
    #expect(try other.decode(Array(text.utf8).dropLast()).value == value)
  }

  @Test(
    "MSH-18 says the encoding",
    arguments: [
      ("8859/1", [0xE9]), ("UNICODE UTF-8", [0xC3, 0xA9]), ("", [0xC3, 0xA9]),
    ] as [(String, [UInt8])])
  func charset(_ name: String, _ bytes: [UInt8]) throws {
    let layout = try makeLayout(["hl7": ["charset": "MSH-18 default utf-8"]])
    let message =
      Array("MSH|^~\\&|A|||||||||||||||\(name)\rPID|".utf8) + bytes + Array("\r".utf8)
    let value = try layout.decode(message).value
    #expect(value["PID"] == ["1": "é"])
    #expect(try layout.encode(value) == message)
  }

  @Test("an encoding that is not known is refused where it matters")
  func unknownCharset() throws {
    let layout = try makeLayout(["hl7": [:]])
    let head = Array("MSH|^~\\&|A|||||||||||||||8859/7\rPID|".utf8)
    #expect(try layout.decode(head + [0x41, 0x0D]).value["PID"] == ["1": "A"])
    let error = #expect(throws: CodecError.self) { try layout.decode(head + [0xE1, 0x0D]) }
    #expect(error?.path == "PID-1")
    #expect(error?.offset == head.count)
  }

  @Test("batches keep their wrappers")
  func batch() throws {
    let layout = try makeLayout(["hl7": [:]])
    let text =
      "FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|A\rPID|1^2\rMSH|^~\\&|A\rPID|3\rBTS|2\rFTS|1\r"
    let value = try layout.decode(Array(text.utf8)).value
    #expect(value["PID"] == [["1": ["1": "1", "2": "2"]], ["1": "3"]])
    #expect(String(decoding: try layout.encode(value), as: UTF8.self) == text)
    let mixed = Array(text.replacing("BHS|^~", with: "BHS|~^").utf8)
    let error = #expect(throws: CodecError.self) { try layout.decode(mixed) }
    #expect(error?.path == "BHS-2")
  }

  @Test(
    "what is no message is refused where it is wrong",
    arguments: [
      ("", "layout.hl7", 0), ("PID|1\r", "layout.hl7", 0), ("MSH", "MSH-2", 3),
      ("MSH|\r", "MSH-2", 3), ("MSH|^^\\&|A\r", "MSH-2", 3), ("MSHA^~|A\r", "MSH-2", 3),
      ("MSH|^~\\&|A\r|1\r", "layout.hl7", 11),
    ])
  func wrong(_ text: String, _ path: String, _ offset: Int) throws {
    let layout = try makeLayout(["hl7": [:]])
    let error = #expect(throws: CodecError.self) { try layout.decode(Array(text.utf8)) }
    #expect(error?.path == path)
    #expect(error?.offset == offset)
  }

  @Test(
    "what no message can hold is refused",
    arguments: [
      ("text", "layout.hl7"), ([:], "layout.hl7"), (["PID-1": "1"], "layout.hl7"),
      (["MSH-3": "A", "PID": "1"], "PID"), (["MSH-3": "A", "PID": ["x": "1"]], "PID.x"),
      (["MSH-3": "A", "PID": ["0": "1"]], "PID.0"),
      (["MSH-3": "A", "PID": ["99999": "1"]], "PID.99999"),
      (["MSH-3": "A", "OBX[2]-1": "1"], "OBX[2]-1"),
      (["MSH-3": "A", "PID-1": ["1": ["1": []]]], "PID-1.1.1"),
      (["MSH-2": "^^", "PID-1": "1"], "MSH-2"), (["MSH-3": "A", "P|D": ["1": "1"]], "P|D"),
    ] as [(Value, String)])
  func unwritable(_ value: Value, _ path: String) throws {
    let layout = try makeLayout(["hl7": [:]])
    let error = #expect(throws: CodecError.self) { try layout.encode(value) }
    #expect(error?.path == path)
  }

  @Test("fields have their places, also before a failure")
  func fields() throws {
    let layout = try makeLayout(["hl7": [:]])
    var spans: [FieldSpan] = []
    try layout.list(Array(ascii: "MSH|^~\\&|A\rPID||x~y^z\rPID|1\r"), into: &spans)
    #expect(
      spans.map(\.path) == [
        "MSH-1", "MSH-2", "MSH-3", "PID-2[0]", "PID-2[1].1", "PID-2[1].2", "PID[1]-1",
      ])
    #expect(spans.last?.range == 26..<27)
    #expect(spans[4].value == "y")
    spans = []
    #expect(throws: CodecError.self) {
      try layout.list(Array(ascii: "MSH|^~\\&|A\rPID|") + [0xFF, 0x0D], into: &spans)
    }
    #expect(spans.map(\.path) == ["MSH-1", "MSH-2", "MSH-3"])
  }

  @Test(
    "mistakes of a definition are told",
    arguments: [
      (["hl7": ["segment_end": "cx"]], "layout.hl7.segment_end"),
      (["hl7": ["charset": "MSH-19 default x"]], "layout.hl7.charset"),
      (["hl7": ["charset": "utf-9"]], "layout.hl7.charset"),
      (["hl7": ["escapes": "off"]], "layout.hl7.escapes"),
      (["hl7": ["versio": "2"]], "layout.hl7.versio"),
    ] as [(Value, String)])
  func definition(_ layout: Value, _ path: String) {
    #expect(mistakes(in: ["layout": layout]).map { $0.prefix { $0 != ":" } } == [path[...]])
  }

  @Test("random values survive, and mutated bytes never crash")
  func property() throws {
    let layout = try makeLayout(["hl7": [:]])
    var generator = SeededGenerator(seed: 5)
    let alphabet = Array("ab|^~\\&é\n.T1 ")
    func text() -> Value {
      .string(
        String(
          (0..<Int.random(in: 1...5, using: &generator)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
          }))
    }
    func numbered(_ inner: () -> Value) -> Value {
      var record = Record()
      for number in 1...Int.random(in: 2...4, using: &generator)
      where number != 1 || Bool.random(using: &generator) {
        record[String(number)] = inner()
      }
      return .object(record)
    }
    func component() -> Value { Bool.random(using: &generator) ? text() : numbered(text) }
    func single() -> Value { Bool.random(using: &generator) ? text() : numbered(component) }
    for _ in 0..<300 {
      var message: Record = ["MSH": Self.header]
      for name in ["PID", "OBX", "ZZ9"] where Bool.random(using: &generator) {
        message[name] = numbered {
          Bool.random(using: &generator) ? single() : .array([single(), single()])
        }
      }
      let value = Value.object(message)
      var bytes = try layout.encode(value)
      #expect(try layout.decode(bytes).value == value)
      for _ in 0..<20 {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = UInt8.random(in: 0...255, using: &generator)
        guard let mutated = try? layout.decode(bytes).value else { continue }
        let again = try layout.encode(mutated)
        #expect(try layout.decode(again).value == mutated)
      }
    }
  }
}
