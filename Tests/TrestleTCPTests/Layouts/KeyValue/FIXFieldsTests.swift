import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("Key and value layout for FIX")
struct FIXFieldsTests {
  static let definition: Value = [
    "kv": [
      "separator": "\\x01", "assign": "=", "end": true,
      "order": ["BeginString", "BodyLength", "MsgType"],
      "names": [
        "8": "BeginString", "9": "BodyLength", "10": "CheckSum", "35": "MsgType",
        "453": "NoPartyIDs", "448": "PartyID", "447": "PartyIDSource", "452": "PartyRole",
        "802": "NoPartySubIDs", "523": "PartySubID", "95": "RawDataLength", "96": "RawData",
      ],
      "groups": [
        "NoPartyIDs": ["PartyID", "PartyIDSource", "PartyRole", "NoPartySubIDs"],
        "NoPartySubIDs": ["PartySubID", "803"],
      ],
      "data": ["RawDataLength": "RawData"], "length": "BodyLength",
    ],
    "check": ["field": "CheckSum", "sum": "dec"], "encoding": "iso-8859-1",
  ]

  // Written by simplefix 1.0.17; | stands for SOH.
  static let golden =
    "8=FIX.4.4|9=138|35=D|49=BRIDGE|56=VENUE|34=7|52=20260115-09:30:00.000|11=A-1|453=2|448=X"
    + "|447=D|452=1|448=Y|452=3|802=1|523=sub|55=DELL|54=1|95=5|96=a|b=c|10=236|"

  static let value: Value = [
    "BeginString": "FIX.4.4", "MsgType": "D", "49": "BRIDGE", "56": "VENUE", "34": "7",
    "52": "20260115-09:30:00.000", "11": "A-1",
    "NoPartyIDs": [
      ["PartyID": "X", "PartyIDSource": "D", "PartyRole": "1"],
      ["PartyID": "Y", "PartyRole": "3", "NoPartySubIDs": [["PartySubID": "sub"]]],
    ], "55": "DELL", "54": "1", "RawData": "a\u{1}b=c",
  ]

  static func bytes(_ text: String) -> [UInt8] {
    text.utf8.map { $0 == UInt8(ascii: "|") ? 1 : $0 }
  }

  static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { $0 == 1 ? UInt8(ascii: "|") : $0 }, as: UTF8.self)
  }

  @Test("another library's message is read by names, groups and data, and written the same")
  func golden() throws {
    let layout = try makeLayout(Self.definition)
    #expect(try layout.decode(Self.bytes(Self.golden)).value == Self.value)
    #expect(Self.text(try layout.encode(Self.value)) == Self.golden)
  }

  @Test("keys may be called as the wire has them, and the length goes where the order says")
  func numbers() throws {
    let layout = try makeLayout(Self.definition)
    let bytes = try layout.encode([
      "35": "0", "34": 1, "8": "FIX.4.4", "453": [["448": "A"]], "9": "7", "10": "x",
    ])
    #expect(Self.text(bytes) == "8=FIX.4.4|9=22|35=0|34=1|453=1|448=A|10=210|")
  }

  @Test("a list of pairs is written in its order")
  func pairs() throws {
    let layout = try makeLayout(Self.definition)
    var spans: [FieldSpan] = []
    try layout.list(Self.bytes(Self.golden), into: &spans)
    let pairs = spans.map { Value.array([.string($0.path), $0.value]) }
    #expect(spans.map(\.path).suffix(3) == ["RawDataLength", "RawData", "CheckSum"])
    #expect(Self.text(try layout.encode(.array(pairs))) == Self.golden)
  }

  @Test(
    "a wrong length or check is named with what is right and what was found",
    arguments: [
      (
        "8=FIX.4.4|9=13|35=A|108=45|10=000|", "BodyLength",
        "is wrong: 12 bytes follow it, found \"13\""
      ),
      (
        "8=FIX.4.4|9=X|35=A|108=45|10=000|", "BodyLength",
        "is wrong: 12 bytes follow it, found \"X\""
      ),
      ("8=FIX.4.4|35=A|108=45|10=000|", "BodyLength", "is missing: the length of the message"),
      (
        "8=FIX.4.4|9=12|35=A|108=45|10=001|", "CheckSum",
        "is wrong: sum of what stands before it is 034"
      ),
      ("8=FIX.4.4|9=12|35=A|108=45|", "CheckSum", "is missing: the check of the message"),
      ("8=FIX.4.4|9=12|35=A|108=45|10=034|8=F|", "CheckSum", "does not end the message"),
      ("8=FIX.4.4|9=22|35=A|95=12|96=abc|10=071|", "RawData", "has"),
      ("8=FIX.4.4|9=18|35=A|95=x|96=a|10=071|", "RawDataLength", "is no length"),
      ("8=FIX.4.4|9=18|35=A|95=1|58=a|10=071|", "RawData", "is expected after its length"),
      ("8=FIX.4.4|9=18|35=A|95=1|96=ab|10=071|", "RawData", "does not end where its length says"),
      ("8=FIX.4.4|9=5|95=0|", "RawData", "is missing after its length"),
    ])
  func wrong(_ text: String, _ path: String, _ reason: String) throws {
    let layout = try makeLayout(Self.definition)
    let error = #expect(throws: CodecError.self) { try layout.decode(Self.bytes(text)) }
    #expect(error?.path == path)
    #expect(error?.reason.hasPrefix(reason) == true, "\(error?.reason ?? "")")
  }

  @Test(
    "a group that is not as it is declared is refused",
    arguments: [
      (["NoPartyIDs": "1"], "NoPartyIDs"), (["NoPartyIDs": ["x"]], "NoPartyIDs[0]"),
      (["NoPartyIDs": [["PartyRole": "1"]]], "NoPartyIDs[0].PartyID"),
      (["NoPartyIDs": [["PartyID": "1", "55": "x"]]], "NoPartyIDs[0].55"),
    ] as [(Value, String)])
  func unwritable(_ value: Value, _ path: String) throws {
    let error = #expect(throws: CodecError.self) {
      try makeLayout(Self.definition).encode(value)
    }
    #expect(error?.path == path)
  }

  @Test("a group with another number of entries is refused, with what was found")
  func count() throws {
    var definition = Self.definition
    definition.set(.null, at: ValuePath([.member("check")]))
    definition.set(.null, at: ValuePath([.member("kv"), .member("length")]))
    let layout = try makeLayout(definition)
    let error = #expect(throws: CodecError.self) {
      try layout.decode(Self.bytes("35=D|453=3|448=A|448=B|55=x|"))
    }
    #expect(error?.path == "NoPartyIDs")
    #expect(error?.reason.hasPrefix("says 3 entries follow, found 2") == true)
    #expect(try layout.decode(Self.bytes("453=0|55=x|")).value == ["NoPartyIDs": [], "55": "x"])
  }

  @Test(
    "mistakes of a definition are told",
    arguments: [
      (["kv": ["names": ["1": "A", "2": "A"]]], "layout.kv.names.2"),
      (["kv": ["groups": ["A": []]]], "layout.kv.groups.A"),
      (["kv": ["data": ["A": []]]], "layout.kv.data.A"),
      (["kv": ["length": ["digits": 3]]], "layout.kv.length"),
    ] as [(Value, String)])
  func definition(_ layout: Value, _ path: String) {
    #expect(mistakes(in: ["layout": layout]).map { $0.prefix { $0 != ":" } } == [path[...]])
  }

  @Test("random groups and data survive")
  func property() throws {
    let layout = try makeLayout(Self.definition)
    var generator = SeededGenerator(seed: 7)
    func text() -> Value {
      .string(
        String(
          (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            Array("a=1|é").randomElement(using: &generator) ?? "a"
          }))
    }
    for _ in 0..<300 {
      let entries = (0..<Int.random(in: 0...3, using: &generator)).map { _ -> Value in
        var entry: Record = ["PartyID": text()]
        if Bool.random(using: &generator) { entry["PartyRole"] = text() }
        if Bool.random(using: &generator) {
          entry["NoPartySubIDs"] = .array([["PartySubID": text(), "803": text()]])
        }
        return .object(entry)
      }
      let message: Value = [
        "MsgType": "D", "NoPartyIDs": .array(entries), "58": text(), "RawData": "\u{1}10=000\u{1}",
      ]
      #expect(try layout.decode(layout.encode(message)).value == message)
    }
  }

  @Test("mutated bytes never crash")
  func mutations() throws {
    let layout = try makeLayout(Self.definition)
    var open = Self.definition
    open.set(.null, at: ValuePath([.member("check")]))
    open.set(.null, at: ValuePath([.member("kv"), .member("length")]))
    let unchecked = try makeLayout(open)
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      var bytes = Self.bytes(Self.golden)
      for _ in 0..<3 {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = Self.bytes("|=0123456789").randomElement(using: &generator) ?? 0
      }
      _ = try? layout.decode(bytes)
      if let value = try? unchecked.decode(bytes).value,
        let written = try? unchecked.encode(value)
      {
        #expect(try unchecked.decode(written).value == value)
      }
    }
  }
}
