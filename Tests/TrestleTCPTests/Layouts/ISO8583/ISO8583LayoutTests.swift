import Testing
import TrestleCore

@testable import TrestleTCP

@Suite("ISO 8583")
struct ISO8583LayoutTests {
  // The bytes of the golden messages were made with pyiso8583 4.0.1.

  @Test("a message of the standard's table in characters, with bitmaps in hexadecimal")
  func characters() throws {
    let layout = try makeLayout(["iso8583": ["version": 1987, "bitmap": "hex"]])
    let value: Value = [
      "mti": "0100", "2": "4111111111111111", "3": "000000", "4": "000000012345", "11": "000123",
      "41": "T0000001", "70": "301",
    ]
    let bytes = Array(
      hex: """
        30313030463032303030303030303830303030303034303030303030303030303030303031363431313131
        31313131313131313131313030303030303030303030303031323334353030303132335430303030303031
        333031
        """)
    try expectGolden(layout, value, bytes)
  }

  static let binary: Value = [
    "iso8583": [
      "mti": "bcd", "header": "b5",
      "defaults": ["numeric": "bcd", "length": "bcd"],
      "fields": [
        "2": "pan masked", "35": "z..37 track2 masked pad F right", "55": "b...255 ber",
        "128": "mac",
      ],
    ]
  ]

  @Test("packed digits, binary bitmaps, a header, an odd number of digits and chip data")
  func packed() throws {
    let value: Value = [
      "mti": "0200", "header": "6000120034", "pan": "341111111111111", "3": "009000",
      "4": "000000012345", "11": "000124", "22": "051",
      "track2": "4111111111111111=25121010000012345678", "41": "T0000001",
      "52": "0123456789ABCDEF",
      "55": ["9F26": "A1B2C3D4E5F60718", "95": "0000008000", "5F2A": "0840"],
      "mac": "FEDCBA9876543210",
    ]
    let bytes = Array(
      hex: """
        60001200340200f0200400208012000000000000000001150341111111111111009000000000012345
        0001240051374111111111111111d25121010000012345678f54303030303030310123456789abcdef
        00239f2608a1b2c3d4e5f60718950500000080005f2a020840fedcba9876543210
        """)
    try expectGolden(try makeLayout(Self.binary), value, bytes)
  }

  @Test("EBCDIC, and a field above 128 by the third bitmap")
  func ebcdic() throws {
    let layout = try makeLayout([
      "iso8583": [
        "version": 1993, "mti": "cp500", "bitmap": "cp500",
        "defaults": ["numeric": "cp500", "text": "cp500", "length": "ebcdic"],
        "fields": ["43": "ans40 place", "140": "ans...999 further"],
      ]
    ])
    let value: Value = [
      "mti": "1804", "2": "5555444433331111", "11": "000777",
      "place": "CAFÉ [CENTRAL]           LYON         FR", "further": "beyond 128",
    ]
    let bytes = Array(
      hex: """
        f1f8f0f4c3f0f2f0f0f0f0f0f0f0f2f0f0f0f0f0f8f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f1f0f0f0
        f0f0f0f0f0f0f0f0f0f0f1f6f5f5f5f5f4f4f4f4f3f3f3f3f1f1f1f1f0f0f0f7f7f7c3c1c671404ac3c5
        d5e3d9c1d35a4040404040404040404040d3e8d6d5404040404040404040c6d9f0f1f08285a896958440
        f1f2f8
        """)
    try expectGolden(layout, value, bytes)
  }

  @Test(
    "a field and its bytes are each other's, on every axis",
    arguments: [
      ("n4", "0042", "30303432"), ("n4 bcd", "0042", "0042"), ("n3 bcd", "042", "0042"),
      ("n3 bcd pad F right", "042", "042f"), ("n3 bcd pad 0 right", "042", "0420"),
      ("n..19 bcd length bcd", "12345", "05012345"), ("n..19 bcd length u16", "1234", "00041234"),
      ("n..9 bcd length binary counts bytes pad F right", "12345", "0312345f"),
      ("n..9 bcd length binary counts bytes pad F left", "1234", "021234"),
      ("n4 cp500", "0042", "f0f0f4f2"), ("n4 ebcdic", "0042", "f0f0f4f2"),
      ("x+n4", "D0042", "4430303432"), ("x+n4 bcd", "C0042", "430042"),
      ("x+n4 cp037", "D0042", "c4f0f0f4f2"),
      ("an4", "A1  ", "41312020"), ("ans..9", "a=b", "3033613d62"),
      ("ans.9", "abc", "33616263"), ("ans...99 length bcd", "abc", "0003616263"),
      ("ans....99 length u8", "abc", "03616263"),
      ("ans..99 length hex", "abcdefghijk", "30426162636465666768696a6b"),
      ("ans..9 cp037 length ebcdic", "AÉ", "f0f2c171"), ("ans..9 latin1", "É", "3031c9"),
      ("ans..9 utf-8", "É", "3032c389"), ("ans..8 counts halves", "ab", "30346162"),
      ("ans4 pad \" \" left trim", "ab", "20206162"), ("ans4 trim", "ab", "61622020"),
      ("z..37 bcd", "12=34", "3035012d34"), ("z..37 bcd pad F right", "12=34", "303512d34f"),
      ("z..37", "12=34", "303531323d3334"), ("z..9 bcd", "1:?", "303301af"),
      ("b4", "DEADBEEF", "deadbeef"), ("b..9", "DEAD", "3032dead"), ("b2 hex", "DEAD", "44454144"),
      ("b2 ebcdic", "DEAD", "c4c5c1c4"), ("b..9 hex", "DEAD", "303244454144"),
      ("b..9 hex counts digits", "DEA", "3033444541"),
      ("b3 counts digits pad 0 left", "DEA", "0dea"),
      ("b..9 counts digits pad F right length bcd", "DEA", "03deaf"), ("b..9 length u8", "", "00"),
      ("ans...99 tlv(2,3)", ["01": "abc", "99": ""], "303133 3031303033616263 3939303030"),
      ("b..99 tlv(1,1)", ["1": "x"], "3033313178"),
      ("b..99 hex ber", ["5A": "1234"], "3034 354130323132 3334"),
    ] as [(String, Value, String)])
  func field(_ line: String, _ value: Value, _ hex: String) throws {
    let layout = try makeLayout(["iso8583": ["fields": ["2": .string(line)]]])
    try expectGolden(
      layout, ["mti": "0100", "2": value],
      Array(hex: "30313030 4000000000000000") + Array(hex: hex))
  }

  @Test(
    "what the standard fills up is filled up: digits with zeros before, text with spaces after",
    arguments: [
      ("n6", 42, "303030303432", "000042"), ("n6 bcd", "42", "000042", "000042"),
      ("n3 bcd", "7", "0007", "007"), ("an6", "AB", "414220202020", "AB    "),
      ("x+n4", "C5", "4330303035", "C0005"), ("x+n4 bcd", "C5", "430005", "C0005"),
      ("ans4 pad * left", "x", "2a2a2a78", "***x"), ("ans4 cp037", "a", "81404040", "a   "),
      ("b2", .bytes([1, 2]), "0102", "0102"), ("b2", "abcd", "abcd", "ABCD"),
      ("z..9 bcd", "12D3", "303412d3", "12=3"),
    ] as [(String, Value, String, Value)])
  func filled(_ line: String, _ value: Value, _ hex: String, _ read: Value) throws {
    let layout = try makeLayout(["iso8583": ["fields": ["2": .string(line)]]])
    let bytes = Array(hex: "30313030 4000000000000000") + Array(hex: hex)
    #expect(try layout.encode(["mti": "0100", "2": value]) == bytes)
    #expect(try layout.decode(bytes).value == ["mti": "0100", "2": read])
  }

  @Test(
    "what a field cannot hold is refused at the field",
    arguments: [
      ("n6", "1234567"), ("n6", "-1"), ("n6", "12a"), ("n6 pad none", "123"), ("n..3", "1234"),
      ("an2 pad none", "a"), ("an2", "abc"), ("ans..9", "É"), ("n3 bcd pad none", "123"),
      ("n..9 bcd length u8 counts bytes", "123"), ("z..9 bcd", "12x"), ("b2", "0g00"),
      ("b2", "000"), ("b2", "0000000"), ("b2", ["a": 1]), ("x+n4", ""), ("x+n4", "C12345"),
      ("ans..9", .bytes([1])), ("b..9 ber", "00"), ("n6", ["a": 1]), ("b..9 counts digits", "123"),
    ] as [(String, Value)])
  func unwritable(_ line: String, _ value: Value) throws {
    let layout = try makeLayout(["iso8583": ["fields": ["2": .string("\(line) f")]]])
    let error = #expect(throws: CodecError.self) {
      try layout.encode(["mti": "0100", "f": value])
    }
    #expect(error?.path == "f")
  }

  @Test(
    "bytes that are no value of a field are refused there, with the bytes",
    arguments: [
      ("n4", "3031323a"), ("n4 bcd", "012a"), ("n3 bcd", "1042"), ("n3 bcd pad F right", "0420"),
      ("n4", "303132"), ("ans..4", "30356162636465"), ("ans..4", "3a30"), ("ans..4", "30"),
      ("ans..4", "303461"), ("ans..99999 length u32", "ffffffff61"), ("ans4", "ff616263"),
      ("b2 hex", "30303047"), ("ans..8 counts halves", "303361626364"),
      ("b3 counts digits", "0dea"), ("b..9 ber", "30335a0512"), ("x+n2", "433a30"),
    ])
  func wrong(_ line: String, _ hex: String) throws {
    let layout = try makeLayout(
      ["iso8583": ["fields": ["2": .string("\(line) f")]]])
    let bytes = Array(hex: "30313030 4000000000000000") + Array(hex: hex)
    let error = #expect(throws: CodecError.self) { try layout.decode(bytes) }
    guard let path = error?.path else { return }
    #expect(path == "f" || path.hasPrefix("f."))
    #expect((error?.offset ?? 0) >= 12)
    #expect(error?.reason.contains("[") == true)
    var spans: [FieldSpan] = []
    _ = try? layout.list(bytes, into: &spans)
    #expect(spans.map(\.path) == ["mti", "bitmap"])
  }

  @Test(
    "a message that is broken before or after its fields says where",
    arguments: [
      ("3031", "mti", 0), ("30313030 40", "bitmap", 4), ("30313030 8000000000000000 00", "1", 12),
      ("30313030 8000000000000000 8000000000000000 00", "65", 20),
      ("30313030 0000000000000000 00", "bitmap", 12),
      ("30313030 0800000000000000 303030303030303030303031 55", "5", 24),
    ])
  func broken(_ hex: String, _ path: String, _ offset: Int) throws {
    let layout = try makeLayout(["iso8583": "1987"])
    let error = #expect(throws: CodecError.self) { try layout.decode(Array(hex: hex)) }
    #expect(error?.path == path)
    #expect(error?.offset == offset)
  }

  @Test("a field that the bitmap has and the layout lacks is refused by its number")
  func undeclared() throws {
    let layout = try makeLayout(["iso8583": ["fields": ["2": "none"]]])
    let error = #expect(throws: CodecError.self) {
      try layout.decode(Array(hex: "30313030 4000000000000000"))
    }
    #expect(error?.path == "2")
    #expect(error?.offset == 12)
  }

  @Test(
    "members that are no fields are refused, with the nearest right name",
    arguments: [
      (["pan": "1", "2": "1"], "pan", "given twice"),
      (["pann": "1"], "pann", "did you mean \"pan\""),
      (["193": "1"], "bitmap", "no bit for a field 193"), (["0": "1"], "bitmap", "no bit"),
      (["header": "00"], "header", "not declared"), (["mti": "100"], "mti", "4 digits"),
      (["mti": nil], "mti", "missing"),
    ] as [(Record, String, String)])
  func members(_ record: Record, _ path: String, _ reason: String) throws {
    let layout = try makeLayout(["iso8583": ["fields": ["2": "pan"]]])
    var message: Record = ["mti": "0100"]
    for member in record { message[member.name] = member.value }
    let error = #expect(throws: CodecError.self) { try layout.encode(.object(message)) }
    #expect(error?.path == path)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }

  @Test("fields are taken by name or number, and nulls are left out")
  func names() throws {
    let layout = try makeLayout(["iso8583": ["fields": ["2": "pan", "3": "n6 code"]]])
    let byName = try layout.encode(["mti": "0100", "code": "000000", "pan": "1"])
    #expect(try layout.encode(["mti": "0100", "2": "1", "3": "000000", "4": nil]) == byName)
    #expect(layout.key(of: "2") == "pan")
    #expect(layout.key(of: "pan") == "pan")
    #expect(layout.key(of: "41") == "41")
    #expect(layout.key(of: "else") == "else")
  }

  @Test("a header is written as declared, or as the default says")
  func header() throws {
    let layout = try makeLayout(["iso8583": ["header": ["type": "b5", "default": "6000010002"]]])
    let empty = Array(hex: "30313030 0000000000000000")
    #expect(try layout.encode(["mti": "0100"]) == Array(hex: "6000010002") + empty)
    let value: Value = ["mti": "0100", "header": "6000000001"]
    try expectGolden(layout, value, Array(hex: "6000000001") + empty)
    let text = try makeLayout(["iso8583": ["header": "ans..12"]])
    try expectGolden(
      text, ["mti": "0100", "header": "ISO01"], Array(hex: "303549534f3031") + empty)
    let error = #expect(throws: CodecError.self) { try text.encode(["mti": "0100"]) }
    #expect(error?.path == "header")
  }

  @Test("field 65, where it is declared, is a field and no bitmap")
  func field65() throws {
    let layout = try makeLayout(["iso8583": ["fields": ["65": "b1"]]])
    try expectGolden(
      layout, ["mti": "0100", "65": "07"],
      Array(hex: "30313030 8000000000000000 8000000000000000 07"))
  }

  @Test(
    "a reply's type is that of the request's answer",
    arguments: [
      ("0100", "0110"), ("0420", "0430"), ("0800", "0810"), ("0401", "0410"), ("0121", "0130"),
      ("0110", "0110"), ("1804", "1814"), ("2240", "2250"),
    ])
  func answer(_ type: String, _ reply: String) throws {
    let layout = try makeLayout(["iso8583": ["header": "b2"]])
    let request: Value = ["mti": .string(type), "header": "0001", "11": "000001"]
    #expect(
      layout.answer(to: request, generators: .fixed()) == [
        "mti": .string(reply), "header": "0001",
      ])
  }
}
